"""The histories of all series, stored by what each depends on.

Indicators that no identity, basis or ratio joins are reconciled apart, and their paths are stored
by the content of their own statements: after a change of one figure only those joined with it are
reconciled again. What a path rests on takes ten times its memory, and stays in the store until it
is asked for: every process needs the paths of all series, and the statements of a few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Set
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.cache import cache_dir, cached, kept, once
from forecast.evidence.evidence import REMARKS, Evidence
from forecast.evidence.measures import exchange_indicators
from forecast.evidence.registries import listed
from forecast.evidence.scales import FloatArray
from forecast.evidence.units import exchanged
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import NO_TABLES, Histories, reconcile_all
from forecast.reconciliation.related_series.links import closure, rank

Hashes = npt.NDArray[np.uint64]
Tables = dict[str, Any]  # of a history: what `NO_TABLES` names


def stored_histories(evidence: Evidence) -> Histories:
    """Return what `reconcile_all` returns, computing only what has changed.

    Where results are kept, the tables of a history are read when they are asked for.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Histories
        By ``region/indicator``, in the order of the data; sums of other series come last.
    """
    if not kept(cache_dir()):
        return _joined(evidence, [part.computed() for part in parts(evidence)])
    paths, covs, marks = cached(("histories", evidence.figures), partial(_by_parts, evidence))
    for key, path in _whole(paths, covs).items():
        paths[key] = _Stored.of(path, partial(_tables, evidence, marks[key], key))
    return paths


def _by_parts(evidence: Evidence) -> tuple[Histories, FloatArray, dict[str, str]]:
    """Return the paths of all series, apart, and the mark of the part that each belongs to."""
    found = [(part.mark, part.histories()) for part in parts(evidence)]
    marks = {key: mark for mark, histories in found for key in histories}
    return *_apart(_joined(evidence, [histories for _, histories in found])), marks


def _apart(paths: Histories) -> tuple[Histories, FloatArray]:
    """Return paths without their covariances, and these one after the other.

    They take most of the memory, and few are read: in one array, the others stay in its file.
    """
    none, covs, known = np.zeros((0, 0)), [np.zeros(0)], dict[Hashable, Any]()
    for key, path in paths.items():
        covs.append(path.cov.ravel())
        years = known.setdefault(path.years.tobytes(), path.years)  # most series have the same
        origin = known.setdefault(path.origin, path.origin)
        paths[key] = replace(path, years=years, origin=origin, cov=none, **NO_TABLES)
        vars(paths[key])["fingerprint"] = path.fingerprint  # for which all would be read
    return paths, np.concatenate(covs)


def _whole(paths: Histories, covs: FloatArray) -> Histories:
    """Return paths with their covariances."""
    stop = 0
    for path in paths.values():
        n, start = len(path.years), stop
        stop += n * n
        vars(path)["cov"] = covs[start:stop].reshape(n, n)
    return paths


class _Stored(History):
    """A history whose tables are in the store; a copy of it has them itself."""

    @classmethod
    def of(cls, path: History, tables: Callable[[], Tables]) -> History:
        """Return the history of a path, and of the tables that a call returns."""
        found = object.__new__(cls)
        known = {name: it for name, it in vars(path).items() if name not in NO_TABLES}
        vars(found).update(known, _read=tables)
        return found

    def __getattr__(self, name: str) -> Any:
        if name not in NO_TABLES:
            raise AttributeError(name)
        return vars(self)["_read"]()[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(History, **{f.name: getattr(self, f.name) for f in fields(History)}), ()


@lru_cache(maxsize=128)  # those of the regions of a plan
def _tables(evidence: Evidence, mark: str, key: str) -> Tables:
    """Return the tables of a history, reconciled again if they are no longer stored."""

    def again() -> Tables:
        part = part_of(evidence, key.split("/")[1])
        every = part.computed()
        part.keep(every)  # what was stored with these tables went with them
        return _tables_of(every[key])

    return cached(("tables", mark, key), again)


def _tables_of(history: History) -> Tables:
    return {name: getattr(history, name) for name in NO_TABLES}


@dataclass(frozen=True, eq=False)
class Part:
    """Indicators that are reconciled together, and the evidence on them alone.

    Attributes
    ----------
    names : frozenset of str
    evidence : Evidence
        Their observations, exchange rates where one converts any, and the sources of these. What is
        read of the other tables is read of regions, indicators and bases alone.
    key : tuple
        What identifies all that.
    """

    names: frozenset[str]
    evidence: Evidence
    key: tuple[object, ...]

    @cached_property
    def mark(self) -> str:
        """Digest of all that the histories depend on."""
        # Nothing that is not in the key can be read: the part has no other rows.
        return hashlib.sha256(repr((*self.key, self.evidence.as_of is None)).encode()).hexdigest()

    def histories(self) -> Histories:
        """Return the paths of the indicators, computed if need be; their tables stay stored."""
        return _whole(*cached(("histories", self.mark), self._split))

    def _split(self) -> tuple[Histories, FloatArray]:
        every = self.computed()
        self.keep(every)
        return _apart(every)

    def keep(self, every: Histories) -> None:
        """Store the tables of histories that were computed."""
        for key, history in every.items():
            cached(("tables", self.mark, key), partial(_tables_of, history))

    def paths(self) -> Histories:
        """Return the paths of the indicators, computed without tables if need be."""
        return cached(("paths", self.mark), partial(self.computed, False))

    def computed(self, tables: bool = True) -> Histories:
        """Return the histories of the indicators, computed now.

        Parameters
        ----------
        tables : bool
            See `forecast.reconciliation.reconcile.reconcile`.
        """
        return reconcile_all(self.evidence, set(self.names), tables)


@lru_cache(maxsize=4)
def parts(evidence: Evidence) -> tuple[Part, ...]:
    """Return the parts of the evidence, one for each set of `apart`."""
    return tuple(part(evidence, names) for names in apart(evidence))


def part(evidence: Evidence, names: Iterable[str]) -> Part:
    """Return the part of indicators that are reconciled together."""
    mine = bearing(evidence, evidence.observations["indicator"].isin(set(names)).to_numpy(bool))
    alone = only(evidence, mine)
    rows = alone.observations.drop(columns=[*REMARKS], errors="ignore")
    tables = (alone.regions, alone.indicators, alone.bases, rows, alone.sources)
    hashes = (_hashes(table).tobytes() for table in tables)
    return Part(frozenset(names), alone, (*sorted(names), *hashes))


def part_of(evidence: Evidence, indicator: str) -> Part:
    """Return the part that an indicator belongs to."""
    return next(part for part in parts(evidence) if indicator in part.names)


def only(evidence: Evidence, mine: npt.NDArray[np.bool_], more: Set[str] = frozenset()) -> Evidence:
    """Return the evidence with some observations and the sources that they name, without others.

    Nor has it openings or judgements, which have sources of their own.

    Parameters
    ----------
    evidence : Evidence
    mine : ndarray of bool
        Which observations.
    more : set of str
        Further sources.
    """
    rows, sources = evidence.observations[mine], evidence.sources
    return evidence.but(
        observations=rows,
        sources=sources[sources["source"].isin(named(rows) | more)],
        openings=evidence.openings.iloc[:0],
        judgements=evidence.judgements.iloc[:0],
    )


def named(rows: pd.DataFrame) -> set[str]:
    """Return the sources that some observations name."""
    others = rows.get("also_in", ())
    return {*rows["source"], *(key for cell in others for key in listed(cell))}


def apart(evidence: Evidence) -> list[set[str]]:
    """Return the sets of indicators that are reconciled together, in the order of the table."""
    accounts = evidence.accounts
    groups: list[set[str]] = []
    for name in evidence.indicators["indicator"]:
        if any(name in group for group in groups):
            continue
        found = {name}
        while True:
            near = closure(evidence, found).union(*(accounts.related(n) for n in found))
            near |= {n for n in near if accounts.whole.get(n) in near}
            near |= {whole for n in near for whole in accounts.wholes(n)}
            near |= {part for part, whole in accounts.whole.items() if whole in near}
            if near == found:
                break
            found = near
        joined = [group for group in groups if group & found]
        groups = [group for group in groups if not group & found]
        groups.append(found.union(*joined))
    return groups


@once  # of evidence cut back in many ways, some tables are the same
def _hashes(table: pd.DataFrame) -> Hashes:
    """Return the hash of every row, wherever it stands in the file."""
    return np.asarray(pd.util.hash_pandas_object(table, index=False, categorize=False), np.uint64)


def bearing(evidence: Evidence, mine: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which observations bear on some of them: these, and rates that convert them."""
    rows = evidence.observations
    units = dict(zip(evidence.indicators["indicator"], evidence.indicators["unit"], strict=True))
    stated = rows.loc[mine, ["indicator", "unit"]].drop_duplicates()
    if any(exchanged(unit, units[of]) for of, unit in stated.itertuples(index=False, name=None)):
        rates = rows["indicator"].isin(exchange_indicators(evidence.indicators))
        return mine | rates.to_numpy(bool)
    return mine


def _joined(evidence: Evidence, parts: list[Histories]) -> Histories:
    """Join the histories of the parts in the order that `reconcile_all` has."""
    every = {key: history for part in parts for key, history in part.items()}
    rows = evidence.observations
    order = dict.fromkeys(rows["region"] + "/" + rows["indicator"])
    ranks = {name: rank(evidence, name) for name in {h.indicator for h in every.values()}}
    sums = sorted(
        (h for key, h in every.items() if key not in order),
        key=lambda h: (ranks[h.indicator], len(evidence.chain(h.region)), h.region, h.indicator),
    )
    found = Histories((key, every[key]) for key in order if key in every)
    found.update((h.key, h) for h in sums)
    found.failed = {key: reason for part in parts for key, reason in part.failed.items()}
    return found
