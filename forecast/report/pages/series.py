"""The page of a series: its path, the statements it rests on, and where they disagree."""

from __future__ import annotations

import html

import pandas as pd

from forecast.evidence.calendar import period_name
from forecast.evidence.evidence import Evidence
from forecast.evidence.units import BARE
from forecast.facts import Amount, Interval, Items, Number, Percent, Points, fact
from forecast.reconciliation.derived_years import known_from
from forecast.reconciliation.history import DOUBTED, History
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import known, shared, statements


def heading(tell: Language, evidence: Evidence, region: str, indicator: str) -> str:
    """Return the first heading of a series' page."""
    return tell("series-heading", series=evidence.series_name(region, indicator))


def definition(tell: Language, evidence: Evidence, region: str, indicator: str) -> str:
    """Return what an indicator measures, in which unit, and by which fiscal years, if by any."""
    row, rows = evidence.indicator(indicator), evidence.statements(region, indicator)
    unit = str(row["unit"])
    shown = tell.unit(unit)
    described = tell.of(row, "description")
    ends = described.endswith((".", "。")) or not described
    told = [
        described if ends else tell("series-definition", text=described),
        tell(
            "series-unit",
            unit=shown,
            kind=unit if unit in BARE else "unit",
            prices=str(row["prices"]),
        ),
    ]
    if shown and tell.scaled(1.0, unit) != 1:
        told.append(tell("series-source-unit", own=unit, one=Amount(1.0, unit, exact=True)))
    if len(rows):
        told.append(shared.fiscal(tell, evidence.dated(region, indicator, rows["year"].max())))
    return sentences(tell, *told)


# The path -----------------------------------------------------------------------------------------


def lead(tell: Language, history: History | None, rows: pd.DataFrame) -> str:
    """Return the first paragraph of a series' page.

    Parameters
    ----------
    tell : Language
    history : History, optional
        None where there is no path.
    rows : DataFrame
        The statements on the series, as `Evidence.statements` has them.
    """
    if history is None:
        ranks = len(rows) > 0 and bool((rows["unit"] == "rank").all())
        return tell("series-no-path", kind="ranks" if ranks else "levels", n=len(rows))
    table = history.table()
    last = table.iloc[-1]
    year, unit = history.dated(last["year"]), history.unit
    estimate = Amount(float(last["estimate"]), unit)
    interval = Interval(float(last["low"]), float(last["high"]), unit)
    if last["origin"] == "published":
        value = Amount(history.published(year), unit, exact=True)
        head = [
            tell("series-published", value=value, year=year),
            tell("series-reconciled", estimate=estimate, interval=interval),
        ]
    else:
        why = _not_published(history, year, str(last["origin"]))
        if why == "summed" and (total := known.summed(history, year)) is not None:
            estimate = Amount(total, unit)
        head = [
            tell("series-estimated", value=estimate, year=year, interval=interval, why=why),
            known.since(tell, history),
        ]
    return sentences(
        tell,
        *head,
        *_rests_on(tell, history, rows),
        _origins(tell, table),
        known.doubts(tell, history),
        *_disagreements(tell, history),
    )


def _not_published(history: History, year: int, origin: str) -> str:
    """Return why the last year has no published figure that stands."""
    if origin == DOUBTED:
        return "doubted"
    weak = known.weak_levels(history)
    if len(weak) and (weak["year"] == year).any():
        return "weak"
    if known_from(history)[year - int(history.years[0])] == "calculated":
        return "calculated" if known.summed(history, year) is None else "summed"
    return "not-published"


def _rests_on(tell: Language, history: History, rows: pd.DataFrame) -> list[str]:
    """Return how many of a series' statements its path rests on, and what was calculated."""
    used = history.observations.loc[history.observations["used"].astype(bool), "observation"]
    # What was added up in a sum names its terms: "o0001 + o0002".
    terms = {term for name in used for term in str(name).replace(" - ", " + ").split(" + ")}
    stated = int(rows["observation"].isin(terms).sum())
    told = [
        tell(
            "series-rests",
            span="path" if len(history.years) > 1 else "year",
            some="all" if stated == len(rows) else "part",
            first=history.dated(history.years[0]),
            used=stated,
            n=len(rows),
        )
    ]
    if more := int((~used.isin(rows["observation"])).sum()):
        told.append(tell("series-sums", n=more))
    return told


def _origins(tell: Language, table: pd.DataFrame) -> str:
    """Return how many years are known in which way; empty for a single one."""
    if len(table) == 1:
        return ""
    counts = [
        fact("series-origin", n=int(n), origin=fact(f"origin-{key}"))
        for key, n in table["origin"].value_counts().items()
    ]
    if len(counts) == 1:
        return tell("series-origin-all", **counts[0].args)
    return tell("series-origins", n=len(table), origins=Items(counts))


def _disagreements(tell: Language, history: History) -> list[str]:
    """Return the statements that are marked as doubtful or do not fit the others."""
    found = history.observations
    off = _off_identity(tell, history)
    bad = found[found["outlier"].astype(bool)]
    marked = found[found["used"] & (found["mark"] != "") & ~found["outlier"].astype(bool)]
    told = []
    if len(marked):
        told.append(tell("series-marked", n=len(marked), statements=_listed(history, marked)))
    told += off
    if len(bad):
        return [*told, tell("series-outliers", n=len(bad), statements=_listed(history, bad))]
    return [*told, tell("series-agree", rest="others" if told else "all")]


def _off_identity(tell: Language, history: History) -> list[str]:
    """Return which published levels differ from what published totals and parts give for them."""
    rows = history.observations
    if "identity" not in rows:
        return []
    told = rows["decides"].astype(bool) | rows["outlier"].astype(bool)
    found = rows[told & rows["identity"].notna() & (rows["measure"] == "level")]
    return [
        tell(
            "series-identity",
            year=history.dated(row["year"]),
            value=Amount(float(row["value"]), str(row["unit"]), exact=True),
            other=Amount(float(row["identity"]), str(row["unit"])),
            at=shared.at_row("known-at", row),
        )
        for _, row in found.iterrows()
    ]


def _listed(history: History, rows: pd.DataFrame) -> Items:
    pairs = zip(rows["observation"], _periods(history, rows), strict=True)
    return Items(
        [fact("series-statement", id=link, period=p) if (link := shared.id_links(i)) else p
         for i, p in pairs]
    )  # fmt: skip


def _periods(history: History, rows: pd.DataFrame) -> list[str]:
    """Return the periods of statements as tables of a page write them."""
    return [period_name(str(p), history.year_starts) for p in rows["period"]]


def origins_note(tell: Language, evidence: Evidence, history: History | None) -> str:
    """Return how the years of a path may be known, and the steps between bases."""
    if history is None:
        return ""
    return paragraphs(tell("series-origins-note"), known.steps(tell, evidence, history))


def years(tell: Language, history: History | None, linked: bool = True) -> pd.DataFrame:
    """List the reconciled path, year by year, with the statements behind each figure.

    The statements are links to their rows on the same page, or bare for a terminal.
    """
    if history is None:
        return pd.DataFrame()
    table, unit = history.table(), history.unit
    shown = tell.unit(unit)
    found = pd.DataFrame(
        {
            tell("series-head-year"): [history.dated(y).text for y in table["year"]],
            tell("series-head-estimate", unit=shown, given=str(bool(shown))): [
                tell.write(Amount(v, unit, bare=True)) for v in table["estimate"]
            ],
            tell("series-head-interval"): [
                tell.write(Interval(low, high, unit, bare=True))
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            tell("statements-origin"): [known.origin(tell, key) for key in table["origin"]],
            (head := tell("series-head-statements")): [
                shared.id_anchors(s) if linked else " ".join(shared.identifiers(s))
                for s in table["statements"]
            ],
        }
    )
    return found if found[head].any() else found.drop(columns=head)


# What the figures rest on -------------------------------------------------------------------------


def influence_note(tell: Language, history: History | None) -> str:
    """Return heading and reading of the table of influences."""
    if history is None:
        return ""
    none = tell("series-influence-none") if influences(tell, history).empty else ""
    return paragraphs(tell("series-influence", year=history.last_year), none)


def influences(tell: Language, history: History | None, most: int = 10) -> pd.DataFrame:
    """List the statements whose omission would change the last year's estimate most."""
    if history is None:
        return pd.DataFrame()
    used = history.observations[history.observations["used"]].dropna(subset=["influence"])
    top = used.reindex(used["influence"].abs().sort_values(ascending=False).index).head(most)
    top = top[top["influence"].abs() >= known.LEAST_INFLUENCE]
    found = pd.DataFrame(
        {
            (head := tell("statements-head-id")): [
                shared.id_anchors(o) for o in top["observation"]
            ],
            tell("statements-head-period"): [html.escape(p) for p in _periods(history, top)],
            tell("statements-head-what"): [
                statements.measure(tell, str(m)) for m in top["measure"]
            ],
            _change(tell, history): [tell.write(_signed(v)) for v in top["influence"]],
            tell("series-head-weight"): [tell.write(Number(w, 2)) for w in top["weight"]],
        }
    )
    return found if found[head].any() else found.drop(columns=head)


def _change(tell: Language, history: History) -> str:
    """Return the head of a column of influences, with its unit."""
    return tell("series-head-change", scale=history.scale.name)


def _signed(value: float) -> Number:
    return Number(value, 2, signed=True)


def related_note(tell: Language, history: History | None) -> str:
    """Return heading and text on the series that a path is reconciled with."""
    if history is None or history.related.empty:
        return ""
    shown = len(known.near(history))
    rest = len(history.related) - shown
    points = history.scale.name == "logit"
    least = (Points if points else Percent)(known.LEAST_INFLUENCE, 3)
    return sentences(
        tell,
        tell("series-related"),
        tell("series-related-rest", n=rest, least=least, some="rest" if shown else "all")
        if rest
        else "",
        tell("series-related-table", year=history.last_year) if shown else "",
    )


def related(tell: Language, evidence: Evidence, history: History | None) -> pd.DataFrame:
    """List the related series that move the last estimate, those that matter most first."""
    if history is None:
        return pd.DataFrame()
    found = known.near(history)
    return pd.DataFrame(
        {
            tell("series-head-relative"): [
                html.escape(tell.write(evidence.series_name(str(r), str(i))))
                for r, i in zip(found["region"], found["indicator"], strict=True)
            ],
            tell("series-head-relation"): [
                tell(f"relation-{_relation(history, row)}") for _, row in found.iterrows()
            ],
            _change(tell, history): [tell.write(_signed(v)) for v in found["influence"]],
        }
    )


def _relation(history: History, row: pd.Series) -> str:
    above = row["relation"] == "parent"
    if row["region"] == history.region:
        return "followed" if above else "follows"
    return "above" if above else "part"
