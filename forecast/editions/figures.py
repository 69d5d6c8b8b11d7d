"""How the tables of two editions differ: which figures are new, revised or withdrawn."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from forecast.evidence.calendar import parse_period
from forecast.evidence.evidence import REMARKS, Evidence
from forecast.evidence.measures import FORECASTS
from forecast.evidence.units import UnitError, convert

#: Tables that say what figures and targets mean.
DEFINITIONS = ("regions", "indicators", "bases", "plans", "targets")
#: Columns that name a row of the tables that hold figures besides the observations.
OTHERS = {"openings": ["opening"], "judgements": ["plan", "target", "expert"]}

#: Columns in which two statements of one figure agree, and those that a statement consists of.
FIGURE = ("region", "indicator", "period", "measure", "bound", "prices", "basis")
CONTENT = (*FIGURE, "value", "unit", "status", "mark", "source", "published")
COLUMNS = (
    "change", "observation", *FIGURE, "value", "unit", "status", "published", "old_value",
    "old_unit", "old_status", "source",
)  # fmt: skip

Row = dict[Hashable, Any]


@dataclass(frozen=True, eq=False)
class Difference:
    """How the tables of two editions differ."""

    #: Observations that are ``new``, ``revised`` (another figure for what had one) or ``withdrawn``
    #: (column ``change``), with the columns `COLUMNS`; a new one has no old value, a withdrawn one
    #: nothing but that.
    statements: pd.DataFrame
    new: frozenset[str]  # observations among them that are new
    #: The tables of `OTHERS` with other rows: ``new`` if rows came, ``revised`` if some changed.
    others: dict[str, frozenset[str]]
    definitions: bool  # whether a table of `DEFINITIONS` differs

    def has(self, change: str) -> bool:
        """Say whether there are figures that are ``new``, or ``revised`` or withdrawn."""
        kinds = {"new"} if change == "new" else {"revised", "withdrawn"}
        found = set(self.statements["change"]).union(*self.others.values())
        return bool(found & kinds)


UNCHANGED = Difference(pd.DataFrame(columns=list(COLUMNS)), frozenset(), {}, False)


def difference(before: Evidence, after: Evidence) -> Difference:
    """Compare the tables of two editions.

    A statement is revised if its row has other content, and also if it is a later statement of a
    figure that had another value before. A later one that says the same, up to rounding, is new.
    """
    rows = list(_changes(before, after))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.astype({"value": "float64", "old_value": "float64"})
    table = table.sort_values(["region", "indicator", "period", "observation"], kind="stable")
    others = {
        name: found
        for name, keys in OTHERS.items()
        if (found := _rows_of(getattr(before, name), getattr(after, name), keys))
    }
    return Difference(
        table.reset_index(drop=True),
        frozenset(str(row["observation"]) for row in rows if row["change"] == "new"),
        others,
        any(_differ(getattr(before, name), getattr(after, name)) for name in DEFINITIONS),
    )


def _changes(before: Evidence, after: Evidence) -> Iterator[Row]:
    old = {row["observation"]: row for row in before.observations.to_dict("records")}
    now = {row["observation"]: row for row in after.observations.to_dict("records")}
    gone = {key: row for key, row in old.items() if key not in now}
    known: dict[tuple[Any, ...], list[Row]] = {}
    for row in old.values():
        known.setdefault(figure_of(before, row), []).append(row)
    for key, row in now.items():
        if key in old:
            if _cells(row) != _cells(old[key]):
                yield _told("revised", row, old[key])
            continue
        alike = known.get(figure_of(after, row), [])
        # Identifiers made for rows without one follow the content: the row itself was changed.
        own = next((r for r in alike if _was(r, row) and r["observation"] in gone), None)
        if own is not None:
            del gone[own["observation"]]
            yield _told("revised", row, own)
        elif alike and row["measure"] not in FORECASTS and not any(_same(r, row) for r in alike):
            yield _told("revised", row, alike[-1])
        else:
            yield _told("new", row, {})
    for row in gone.values():
        yield _told("withdrawn", row, row) | {"value": None, "unit": "", "status": ""}


def figure_of(evidence: Evidence, row: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return what a row of `observations` is on: cells of `FIGURE`, however they are written.

    An empty basis is the newest. A row that is not complete yet may lack some of the cells.
    """
    cells = {name: str(row.get(name, "")) for name in FIGURE}
    starts = evidence.year_starts(cells["region"], cells["indicator"])
    period = parse_period(cells["period"], starts)
    cells["period"] = period.text if period else cells["period"]
    cells["basis"] = cells["basis"] or evidence.newest_basis(cells["indicator"])
    return tuple(cells.values())


def _was(old: Row, new: Row) -> bool:
    return bool(old["source"] == new["source"])


def _cells(row: Row) -> list[Any]:
    return [row[name] for name in CONTENT]


def _same(old: Row, new: Row) -> bool:
    """Say whether two statements have one value, up to the rounding of the rougher one."""
    try:
        value = convert(float(old["value"]), str(old["unit"]), str(new["unit"]))
    except UnitError:  # two currencies
        return True
    other = float(new["value"])
    digits = min(_decimals(value), _decimals(other))
    return abs(value - other) <= 0.5 * 10.0**-digits * (1 + 1e-9)


def _decimals(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def _told(change: str, row: Row, old: Row) -> Row:
    return {
        "change": change,
        "observation": row["observation"],
        **{name: row[name] for name in FIGURE},
        **{name: row[name] for name in ("value", "unit", "status", "published")},
        "old_value": old.get("value"),
        "old_unit": old.get("unit", ""),
        "old_status": old.get("status", ""),
        "source": row["source"],
    }


def _rows_of(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str]) -> frozenset[str]:
    """Return which changes a table has: ``new`` rows, ``revised`` ones, or both."""
    if not _differ(before, after):
        return frozenset()
    fresh = set(_keys(after, keys)) - set(_keys(before, keys))
    kept = after[~_keys(after, keys).isin(fresh)]
    found = {"new"} if fresh else set()
    return frozenset(found | ({"revised"} if _differ(before, kept) else set()))


def _keys(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series[Any]:
    return pd.Series(
        list(table[list(keys)].itertuples(index=False, name=None)), table.index, object
    )


def _differ(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Say whether two tables have other rows; notes and the places in the files do not count."""
    columns = [name for name in after.columns if name not in REMARKS]
    if not set(columns) <= set(before.columns):
        return True
    first, second = (t[columns].reset_index(drop=True) for t in (before, after))
    return not first.equals(second)


def redefined(before: Evidence, after: Evidence) -> Evidence:
    """Return the figures of before with the definitions of after, as far as these have a place."""
    known = before.observations
    known = known[
        known["region"].isin(after.regions["region"])
        & known["indicator"].isin(after.indicators["indicator"])
    ]
    spare = ~before.sources["source"].isin(after.sources["source"])
    return replace(
        after,
        observations=known,
        openings=before.openings[before.openings["region"].isin(after.regions["region"])],
        judgements=before.judgements,
        sources=pd.concat([after.sources, before.sources[spare]]),
    )


def without_new(before: Evidence, after: Evidence, new: frozenset[str]) -> Evidence:
    """Return the evidence of after without what is new in it: with the revised figures alone."""
    kept = {
        name: table[_keys(table, keys).isin(set(_keys(getattr(before, name), keys)))]
        for name, keys in OTHERS.items()
        for table in [getattr(after, name)]
    }
    return replace(
        after, observations=after.observations[~after.observations["observation"].isin(new)], **kept
    )
