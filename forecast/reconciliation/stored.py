"""The histories of all series, stored by what each depends on.

Indicators that no identity, basis or ratio joins are reconciled apart, and their paths are stored
by the content of their own statements: after a change of one figure only those joined with it are
reconciled again.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.cache import cached
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import exchange_indicators
from forecast.evidence.registries import listed
from forecast.evidence.units import exchanged
from forecast.reconciliation.reconcile import Histories, reconcile_all
from forecast.reconciliation.related_series.links import closure, rank

Hashes = npt.NDArray[np.uint64]


def stored_histories(evidence: Evidence) -> Histories:
    """Return what `reconcile_all` returns, computing only what has changed.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Histories
        By ``region/indicator``, in the order of the data; sums of other series come last.
    """
    return cached(("histories", evidence.figures), partial(_by_parts, evidence))


def stored_part(evidence: Evidence, names: set[str]) -> Histories:
    """Return the histories of indicators that are reconciled together, computed if need be.

    Parameters
    ----------
    evidence : Evidence
    names : set of str
        One of `apart`.
    """
    return _part(evidence, names, *_all_hashes(evidence))


def _by_parts(evidence: Evidence) -> Histories:
    hashes = _all_hashes(evidence)
    return _joined(evidence, [_part(evidence, names, *hashes) for names in apart(evidence)])


def _all_hashes(evidence: Evidence) -> tuple[tuple[bytes, ...], Hashes, Hashes]:
    whole = (_hashes(getattr(evidence, name)) for name in ("regions", "indicators", "bases"))
    rows, sources = _hashes(evidence.observations), _hashes(evidence.sources)
    return tuple(hashes.tobytes() for hashes in whole), rows, sources


def _part(
    evidence: Evidence, names: set[str], whole: tuple[bytes, ...], rows: Hashes, sources: Hashes
) -> Histories:
    mine = _bearing(evidence, names)
    named = _named(evidence, mine)
    key = (
        "histories", *sorted(names), *whole, evidence.as_of is None,
        rows[mine].tobytes(), sources[named].tobytes(),
    )  # fmt: skip
    part = evidence.but(observations=evidence.observations[mine], sources=evidence.sources[named])
    # Nothing that is not in the key can be read: the part has no other rows.
    return cached(key, partial(reconcile_all, part, names))


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


def _hashes(table: pd.DataFrame) -> Hashes:
    """Return the hash of every row, wherever it stands in the file."""
    return np.asarray(pd.util.hash_pandas_object(table, index=False, categorize=False), np.uint64)


def _bearing(evidence: Evidence, names: set[str]) -> npt.NDArray[np.bool_]:
    """Return which observations bear on some indicators: theirs, and rates that convert them."""
    rows = evidence.observations
    mine = rows["indicator"].isin(names)
    units = dict(zip(evidence.indicators["indicator"], evidence.indicators["unit"], strict=True))
    stated = rows.loc[mine, ["indicator", "unit"]].drop_duplicates()
    if any(exchanged(unit, units[of]) for of, unit in stated.itertuples(index=False, name=None)):
        mine |= rows["indicator"].isin(exchange_indicators(evidence.indicators))
    return mine.to_numpy(bool)


def _named(evidence: Evidence, mine: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which sources some observations name."""
    rows = evidence.observations[mine]
    names = set(rows["source"])
    if "also_in" in rows:
        names.update(key for cell in rows["also_in"] for key in listed(cell))
    return evidence.sources["source"].isin(names).to_numpy(bool)


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
