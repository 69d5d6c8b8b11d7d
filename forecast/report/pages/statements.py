"""What was published on a series: the table with sources, and the points and lines of charts."""

from __future__ import annotations

import html
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.evidence.calendar import JANUARY, period_name
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.tables import records
from forecast.evidence.measures import TO_DATE
from forecast.evidence.registries import listed
from forecast.evidence.units import convert, exchanged
from forecast.facts import Amount, Interval, Items, Month
from forecast.reconciliation.observations import SUM_OF, SUM_OF_PARTS
from forecast.report.language import Language
from forecast.report.pages import shared
from forecast.report.pages.evidence import sources
from forecast.report.text import amounts

Row = Mapping[Hashable, Any]  # a statement, by column

#: States that only the office itself can give a figure.
OFFICIAL_STATES = ("preliminary", "final", "revised", "census")

# The table ----------------------------------------------------------------------------------------


def table(tell: Language, evidence: Evidence, frame: pd.DataFrame, own: str = "") -> pd.DataFrame:
    """List every statement with its source, remarks and, where reconciled, how it fits.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    frame : DataFrame
        Statements as `Evidence.statements` or `History.observations` has them.
    own : str
        Region of the page: the place is left out where all rows are of it, or, without it, of one.

    Returns
    -------
    DataFrame
        Cells are safe HTML; columns without any entry are left out.
    """
    if frame.empty:
        return pd.DataFrame()
    rows = evidence.observations
    shown = rows[rows["observation"].isin(frame["observation"])]
    notes = {row["observation"]: tell.of(row, "note") for row in records(shown)}
    found = pd.DataFrame([_row(tell, evidence, row, notes) for row in records(frame)])
    if frame["region"].nunique() == 1 and own in ("", frame["region"].iloc[0]):
        found = found.drop(columns="place")
    if frame["indicator"].nunique() == 1:
        found = found.drop(columns="indicator")
    found = found.loc[:, [c for c in found if found[c].ne("").any()]]
    return found.rename(columns=lambda name: tell(f"statements-head-{name}"))


def _row(tell: Language, evidence: Evidence, row: Row, notes: Mapping[str, str]) -> dict[str, str]:
    unit, fitted = str(row["unit"]), row.get("fitted", float("nan"))
    series = str(row["region"]), str(row["indicator"])
    texts = {
        "place": tell.write(evidence.place(series[0])),
        "indicator": tell.write(evidence.indicator_name(series[1], series[0])),
        "period": _period(tell, row, evidence.year_starts(*series)),
        "what": what(tell, row),
        "value": "" if _calculated(row) else _published(tell, row),
        "fitted": "" if pd.isna(fitted) else tell.write(Amount(float(fitted), unit)),
    }
    cells = {name: html.escape(text) for name, text in texts.items()}
    source = evidence.source(str(row["source"]))
    cells["what"] += f"<br>{_small(tell, evidence, row, str(source['rank']))}"
    remark = _remark(tell, evidence, row, notes.get(str(row["observation"]), ""))
    told = [sources.cell(tell, source, str(row["published"])), remark]
    return {**cells, "source": "<br>".join(filter(None, told))}


def _period(tell: Language, row: Row, starts: int) -> str:
    """Return what a statement covers; the months of a figure that adds them up are named."""
    period = str(row["period"])
    if len(period) == 7 and str(row["measure"]) in TO_DATE and starts == JANUARY:
        year, month = int(period[:4]), int(period[5:])
        first, last = Month(0, JANUARY), Month(0 if month > JANUARY else year, month)
        form = "part" if month > JANUARY else "month"
        return tell("release-period", form=form, year=year, first=first, last=last)
    return period_name(period, starts)


def _small(tell: Language, evidence: Evidence, row: Row, rank: str) -> str:
    """Return identifier, basis and status in small print, as HTML that links can lead to."""
    basis = str(row.get("basis_name", row["basis"]))
    named = tell.write(shared.basis(evidence, str(row["indicator"]), basis)) if basis else ""
    names = shared.identifiers(row["observation"])
    place = names[0] if len(names) == 1 and re.fullmatch(r"[\w-]+", names[0]) else ""
    word = status(tell, str(row["status"]))
    if str(row["status"]) in OFFICIAL_STATES and rank in sources.SECOND_HAND:
        word = tell("status-second-hand", status=word)
    return shared.small([" ".join(names), named, word], place)


def what(tell: Language, row: Row) -> str:
    """Return what a statement is on: a level, growth, a bound, of which prices."""
    growth = "growth" in str(row["measure"])
    return tell(
        "statements-what",
        measure=str(row["measure"]),
        prices=str(row["prices"]) if growth else "none",
        bound=str(row["bound"]),
    )


def measure(tell: Language, key: str) -> str:
    """Return the word for a measure."""
    return tell("measure", measure=key)


def status(tell: Language, key: str) -> str:
    """Return the word for the status of a statement."""
    return tell(f"status-{key}")


def _calculated(row: Row) -> bool:
    """Whether a level was calculated from published ones: nobody published it."""
    made = str(row["note"]) == SUM_OF_PARTS or len(row.get("sources", ())) > 0
    return str(row["status"]) == "derived" and made


def _calculation(tell: Language, evidence: Evidence, row: Row) -> str:
    """Return how a level was calculated, by the names of its terms."""
    months = str(row["note"]) == SUM_OF_PARTS
    plus, *minus = ("" if months else str(row["note"]).removeprefix(SUM_OF)).split(" less ")
    return tell(
        "statements-calculated",
        value=_published(tell, row),
        how="months" if months else "difference" if minus else "sum",
        plus=_terms(evidence, plus.split(" and ")),
        minus=_terms(evidence, minus),
    )


def _terms(evidence: Evidence, keys: Sequence[str]) -> Items:
    return Items([evidence.indicator_name(key) for key in keys if key])


def _published(tell: Language, row: Row) -> str:
    return tell.write(Amount(float(row["value"]), str(row["unit"]), exact=True))


def _converted(tell: Language, evidence: Evidence, row: Row) -> str:
    """Return at which exchange rate, of which source, a figure was converted; empty if at none."""
    names = str(row["converted_with"]).split("; ")
    unit, to = str(row["unit"]), str(evidence.indicator(str(row["indicator"]))["unit"])
    rates = evidence.observations[evidence.observations["observation"].isin(names)]
    pair = exchanged(unit, to)
    if pair is None or rates.empty or not row["value"]:
        return ""
    rate = float(row["canonical"]) / convert(float(row["value"]), unit, to, 1.0)
    titles = [str(evidence.source(key)["title"]) for key in rates["source"].unique()]
    return tell(
        "statements-converted",
        rate=Amount(float(f"{rate:.5g}"), "/".join(pair), exact=True),
        indicator=evidence.indicator_name(str(rates["indicator"].iloc[0])),
        source=Items(titles),
    )


def _remark(tell: Language, evidence: Evidence, row: Row, note: str) -> str:
    told = []
    if _calculated(row):
        told.append(_calculation(tell, evidence, row))
    if row.get("converted_with", "") and (rate := _converted(tell, evidence, row)):
        told.append(rate)
    if mark := str(row["mark"]).replace("_", "-"):
        told.append(tell(f"mark-{mark}"))
    if row.get("outlier") in (True,):  # missing in what is not reconciled
        told.append(tell("statements-outlier"))
    if not bool(row.get("used", True)):
        told.append(tell("statements-unused", reason=unused(tell, str(row["unused"]))))
    if note:
        told.append(tell("statements-note", note=note, chinese=str(amounts.chinese(note))))
    if more := [sources.brief(tell, evidence.source(k)) for k in listed(row.get("also_in", ""))]:
        told.append(tell("statements-also", sources=Items(more)))
    return shared.small([tell.write(Items(told, long=True))]) if told else ""


def unused(tell: Language, reason: str) -> str:
    """Return why the path does not rest on a statement.

    Parameters
    ----------
    tell : Language
    reason : str
        As the column `unused` of `History.observations` has it.

    Examples
    --------
    >>> from forecast.report.language import language
    >>> unused(language("zh"), "counted in the sum through 2024-06")
    '已计入截至2024年6月的累计数'
    """
    found = re.search(r"(\d{4})-(\d{2})$", reason)
    key = re.sub("[^a-z]+", "-", reason).strip("-")
    if found:
        return tell(f"unused-{key}", month=Month(int(found[1]), int(found[2])))
    return tell(f"unused-{key}")


def expected(tell: Language, row: Any, unit: str) -> str:
    """Return what a forecaster expects: a figure or a range, of which prices, and if a target.

    Parameters
    ----------
    tell : Language
    row : mapping
        ``low``, ``high``, ``prices`` and ``kind``.
    unit : str
        Of the figures; ``%`` is growth.
    """
    low, high = float(row["low"]), float(row["high"])
    some = Interval(low, high, unit, exact=True)
    return tell(
        "statements-expected",
        value=some if high > low else Amount(low, unit, exact=True),
        prices=str(row["prices"]) if unit == "%" else "none",
        kind=str(row["kind"]),
    )
