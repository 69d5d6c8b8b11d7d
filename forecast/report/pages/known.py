"""What is known of a series: its last figures, how its years are known, and what is in doubt."""

from __future__ import annotations

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS
from forecast.facts import Amount, Items, Percent, Year, Years, fact
from forecast.reconciliation.derived_years import LOW_QUALITY, calculated, fitting, known_from
from forecast.reconciliation.history import History, doubted, shown_origins, stated_level
from forecast.reconciliation.observations import SUM_OF_PARTS
from forecast.report.language import Language, sentences
from forecast.report.pages import shared
from forecast.targets.assessment import Assessment

LEAST_INFLUENCE = 0.005  # percent or points: less is not shown
SMALL_INFLUENCE = 0.1  # less matters little


def since(tell: Language, history: History) -> str:
    """Return the last published figure, and how the years after it are known."""
    last = last_published(history)
    if last is not None:
        value = Amount(history.published(last), history.unit, exact=True)
        weak = weak_levels(history)
        firm = weak.empty or bool((weak["year"] <= last).all())
        head = tell("known-published", value=value, year=last, firm=str(firm))
    else:
        head = tell("known-none", state=_lacking(history))
        if (older := last_on_older_basis(history)) is not None:
            value = Amount(older[0], history.unit, exact=True)
            head = sentences(tell, head, tell("known-older", value=value, year=older[1]))
    start = _start(history)
    years: dict[str, list[Year]] = {}
    for year, how in zip(history.years, known_from(history), strict=True):
        if year > start and how:
            years.setdefault(how, []).append(history.dated(year))
    return sentences(
        tell,
        head,
        *(doubt(tell, history, row) for y, row in doubted(history).items() if y > start),
        *(_weak(tell, history, r) for _, r in weak_levels(history).iterrows() if r["year"] > start),
        *(
            tell(f"known-years-{how}", years=Years(some), n=len(some))
            for how, some in years.items()
        ),
    )


def _start(history: History) -> int:
    """Return the year after which `since` tells how each year is known."""
    last, older = last_published(history), last_on_older_basis(history)
    if last is not None:
        return last
    if older is not None:
        return older[1]
    return int(max(history.years[history.known], default=history.years[0])) - 1


def doubts(tell: Language, history: History) -> str:
    """Return which published figures are in doubt, but for those that `since` tells."""
    last = history.years[-1] if history.origin[-1] == "published" else _start(history)
    found = doubted(history).items()
    return sentences(tell, *(doubt(tell, history, row) for year, row in found if year <= last))


def summed(history: History, year: int) -> float | None:
    """Return what the figures published of the parts of a year add up to, if of all of them."""
    if "note" not in history.observations:
        return None
    rows = fitting(history)
    rows = rows[(rows["measure"] == "level") & (rows["year"] == year) & (rows["basis"] == "")]
    rows = rows[(rows["status"] == "derived") & (rows["note"] == SUM_OF_PARTS)]
    return stated_level(rows.iloc[-1]) if len(rows) else None


def weak_levels(history: History) -> pd.DataFrame:
    """Return the levels from weak sources in years without a published figure that stands."""
    rows = fitting(history)
    if rows.empty:
        return rows
    pairs = zip(history.years, history.origin, strict=True)
    open_years = [int(year) for year, origin in pairs if origin != "published"]
    weak = (rows["measure"] == "level") & (rows["mark"] == LOW_QUALITY)
    return rows[weak & (rows["status"] != "derived") & rows["year"].isin(open_years)]


def _weak(tell: Language, history: History, row: pd.Series) -> str:
    return tell(
        "known-weak",
        value=Amount(float(row["value"]), str(row["unit"]), exact=True),
        year=history.dated(row["year"]),
        at=shared.at_row("known-at", row),
        basis="older" if row["basis"] else "same",
    )


def _lacking(history: History) -> str:
    """Return what no figure is: published or free of doubt, of any basis or of today's."""
    weak = weak_levels(history)
    found = doubted(history).values()
    if (history.observations["basis"] == "").all() and not found:
        return "certain" if len(weak) else "published"
    some = any(row["basis"] == "" for row in found) or (
        len(weak) > 0 and bool((weak["basis"] == "").any())
    )
    return "current-certain" if some else "current-published"


def doubt(tell: Language, history: History, row: pd.Series) -> str:
    """Return why a published figure is not the estimate of its year.

    The estimate is in the unit and on the basis of the figure, as the statement is fitted.
    """
    unit = str(row["unit"])
    return tell(
        "known-doubt",
        value=Amount(float(row["value"]), unit, exact=True),
        year=history.dated(row["year"]),
        at=shared.at_row("known-at", row),
        fitted=Amount(float(row["fitted"]), unit),
        basis="older" if row["basis"] else "same",
    )


def last_origin(tell: Language, history: History) -> str:
    """Return how the last year of a path is known, in a word."""
    return origin(tell, shown_origins(history)[-1])


def origin(tell: Language, key: str) -> str:
    """Return the word for how a year is known."""
    return tell(f"origin-{key}")


def last_published(history: History) -> Year | None:
    """Return the last year of which a level on today's basis was published."""
    origins = zip(history.years, history.origin, strict=True)
    found = [history.dated(y) for y, origin in origins if origin == "published"]
    return found[-1] if found else None


def last_on_older_basis(history: History) -> tuple[float, Year] | None:
    """Return the last level that was published on a basis older than today's, with its year."""
    row = _row_on_older_basis(history)
    return None if row is None else (stated_level(row), history.dated(row["year"]))


def _row_on_older_basis(history: History) -> pd.Series | None:
    rows = fitting(history)
    if rows.empty:
        return None
    good = (rows["measure"] == "level") & (rows["mark"] != LOW_QUALITY)
    rows = rows[good & (rows["basis"] != "")]
    return None if rows.empty else rows.sort_values("year", kind="stable").iloc[-1]


def last_figure(answer: Assessment) -> pd.Series | None:
    """Return the statement of the last figure that is known of a target; None where there is none.

    Of a level it is the one that the path rests on; else the newest that is not doubtful.
    """
    known = answer.known
    if known.empty:
        return None
    if answer.history is not None:
        stated = known[known["observation"] == _last_statement(answer.history)]
        if len(stated):
            return stated.iloc[0]
    known = known[~known["measure"].isin(FORECASTS)].sort_values(["year", "month"])
    firm = known[known["mark"] == ""]
    known = known if firm.empty else firm
    return None if known.empty else known.iloc[-1]


def _last_statement(history: History) -> str:
    """Return the identifier of the statement of the figure that `last_known` gives, if any."""
    last = last_published(history)
    row = _row_on_older_basis(history) if last is None else history.decisive(last)
    return "" if row is None else str(row["observation"])


def estimated_from(history: History, year: int) -> str:
    """Return whether a year without a published figure is ``calculated`` or ``estimated``."""
    return "calculated" if year in calculated(history) else "estimated"


def last_known(tell: Language, history: History | None) -> str:
    """Return the last figure of a series with its year, for the cell of a table.

    A figure that was not published is marked as an estimate, after the last one that was.
    """
    if history is None:
        return tell("known-nothing")
    year, last = history.last_year, last_published(history)
    stated, how = (None if last is None else history.published(last)), "published"
    if last is None and (older := last_on_older_basis(history)) is not None:
        (stated, last), how = older, "older"
    told = []
    if stated is not None:
        value = Amount(stated, history.unit, exact=True)
        told.append(fact("known-figure", value=value, year=last, how=how))
    if how == "older" or last != year:
        total = summed(history, year)
        value = Amount(float(history.values()[-1]) if total is None else total, history.unit)
        how = estimated_from(history, year) if total is None else "summed"
        told.append(fact("known-figure", value=value, year=year, how=how))
    return tell.write(Items(told, long=True))


def near(history: History) -> pd.DataFrame:
    """Return the related series that move the last estimate, those that matter most first."""
    size = history.related["influence"].abs().sort_values(ascending=False)
    return history.related.reindex(size[size >= LEAST_INFLUENCE].index)


def steps(tell: Language, evidence: Evidence, history: History) -> str:
    """Return by how much figures on older bases are changed; empty where there are none."""

    def step(row: pd.Series) -> str:
        return tell(
            "known-step",
            basis=shared.basis(evidence, history.indicator, str(row["basis"])),
            change=Percent(float(row["percent"]), 1, signed=True),
            low=Percent(float(row["low"]), 1, signed=True),
            high=Percent(float(row["high"]), 1, signed=True),
        )

    return sentences(tell, *(step(row) for _, row in history.steps.iterrows()))
