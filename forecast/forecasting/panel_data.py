"""Panels of yearly series as arrays on the scale of the models, one part for each scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence.panels import admitted, file_of, known_scale
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.evidence.scales import TRANSFORMS, FloatArray

IntArray = npt.NDArray[np.int64]

KINDS = ("flow", "stock")
MOST_YEARS = 90  # most recent years kept of a path
TINY = 1e-12
PEER_COHERENCE = (0.03, 0.15)  # intraclass correlation of growth by year, of mixed panels and peers
COHERENCE_YEARS = 20  # most recent years it is computed from
COHERENCE_RATES = 3  # growth rates a series must have to count in it
COHERENCE_SERIES = 5  # such series, below which there is no estimate

WINDOW = 20  # years of a history used by a forecast at most; growth changes over longer spans
WANTED = 5  # years with something published that are wanted ...
MIN_INFORMED = 3  # ... and that will do where they are dense; with fewer there is no forecast
DENSE = 0.6  # share of the window's years with evidence that is wanted ...
SPARSE = 0.25  # ... and the share that will do where a dense window would be too short


class EnsembleError(UserError):
    """The history is too thin for a forecast; the message names what is missing.

    Attributes
    ----------
    years : int
        Length of a path that every component model needs more of; 0 where evidence is missing.
    """

    status = 1
    years = 0


def window(informed: npt.NDArray[np.bool_]) -> slice:
    """Choose the years of a history to forecast from: recent, from one with evidence, few gaps.

    Parameters
    ----------
    informed : ndarray of bool, shape (n_years,)
        Years about which something was published.

    Returns
    -------
    slice

    Raises
    ------
    EnsembleError
        When fewer than `MIN_INFORMED` years have evidence, or they lie too far apart.

    Examples
    --------
    >>> window(np.array([True] * 30))
    slice(10, 30, None)
    >>> window(np.array([True] + [False] * 9 + [True] * 4))
    slice(0, 14, None)
    >>> window(np.array([True] + [False] * 20 + [True] * 3))
    slice(21, 24, None)
    """
    n = len(informed)
    starts = [s for s in range(max(0, n - WINDOW), n) if informed[s]]
    for least, share in ((WANTED, DENSE), (WANTED, SPARSE), (MIN_INFORMED, DENSE)):
        for s in starts:
            if informed[s:].sum() >= least and informed[s:].mean() >= share:
                return slice(s, n)
    raise EnsembleError(
        f"Too little is known to forecast from: it takes {MIN_INFORMED} years with evidence, not "
        "too far apart."
    )


@dataclass(frozen=True, eq=False)
class Paths:
    """A panel on the scale of the models, right-aligned: the last column is each series' origin."""

    y: FloatArray  # paths without gaps; NaN before a series begins; shape (n_series, width)
    #: Where a value was given, not interpolated; shape (n_series, width).
    seen: npt.NDArray[np.bool_]
    scale: str = "log"  # ``log``, ``logit`` or ``linear``

    @property
    def years(self) -> IntArray:
        """Number of years of each path, shape (n_series,)."""
        years: IntArray = np.isfinite(self.y).sum(axis=1)
        return years

    def of_rows(self, rows: Sequence[int]) -> Paths:
        """Return the paths of some series."""
        return Paths(self.y[rows], self.seen[rows], self.scale)

    def cut(self, years: int, at_least: int = 2) -> tuple[Paths, IntArray]:
        """Return the paths as of an earlier origin.

        Parameters
        ----------
        years : int
            How many years before the last column the origin lies.
        at_least : int
            Values a series must have until then, the one at the origin among them.

        Returns
        -------
        Paths
            Of the series that are long enough.
        ndarray of int
            Their rows.
        """
        end = self.y.shape[1] - years
        if end < at_least:
            return Paths(self.y[:0], self.seen[:0], self.scale), np.empty(0, np.int64)
        begin = max(0, end - MOST_YEARS)
        y, seen = self.y[:, begin:end], self.seen[:, begin:end]
        kept = np.flatnonzero((seen.sum(axis=1) >= at_least) & seen[:, -1])
        return Paths(y[kept], seen[kept], self.scale), kept


@dataclass(frozen=True, eq=False)
class Part:
    """The series of a panel that share a scale."""

    ids: npt.NDArray[np.str_]  # shape (n_series,)
    paths: Paths
    last: IntArray  # year of each series' last value; shape (n_series,)
    #: Series that were never negative, though not on the log scale; shape (n_series,).
    floor: npt.NDArray[np.bool_]
    kind: str = "flow"  # ``flow`` or ``stock``


def parts(
    panel: pd.DataFrame, transform: str = "auto", origin: int | None = None, kind: str = "flow"
) -> list[Part]:
    """Turn a checked panel into arrays, one part for each scale.

    Missing years are interpolated on the scale of the models and do not count as evidence.

    Parameters
    ----------
    panel : DataFrame
        As `forecast.evidence.panels.checked` returns it.
    transform : {"auto", "log", "logit", "linear"}
        ``auto``: log where all values of a series are positive, linear otherwise. ``logit`` is for
        percentages between 0 and 100 and must be named: values cannot tell a share from an index.
    origin : int, optional
        Last year to be used.
    kind : {"flow", "stock"}
        Values cannot tell a stock, such as population, from a flow, such as output.

    Raises
    ------
    UserError
        For an unknown scale or kind.
    DataError
        When the scale does not admit the values, or the origin leaves too little.
    """
    known_scale(transform)
    if kind not in KINDS:
        raise UserError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
    file = file_of(panel)
    if origin is not None:
        kept = panel[panel["year"] <= origin]
        n = kept.groupby("series_id")["year"].transform("size")
        panel = kept[n >= 2].reset_index(drop=True)
        if panel.empty:
            expected = "an origin with two earlier values of some series"
            raise DataError([Problem("error", file, None, "year", str(origin), expected)])
    names = panel["series_id"].to_numpy()
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    values = panel["value"].to_numpy(float)
    lowest, highest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    scale = np.where(lowest > 0, "log", "linear")
    if transform != "auto":
        scale = np.full(len(starts), transform)
        admitted(names[starts], lowest, highest, transform, file)
    series = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(names)]))
    years = panel["year"].to_numpy(np.int64)
    out = []
    for name in np.unique(scale):
        chosen = scale == name
        rows = chosen[series]
        y = TRANSFORMS[name].forward(values[rows])
        paths, last = _aligned((np.cumsum(chosen) - 1)[series[rows]], years[rows], y, name)
        floor = (lowest[chosen] >= 0) & (name == "linear")
        out.append(Part(names[starts[chosen]], paths, last, floor, kind))
    return out


def _aligned(series: IntArray, year: IntArray, y: FloatArray, scale: str) -> tuple[Paths, IntArray]:
    """Right-align values that are sorted by series and year, and fill the gaps between them."""
    ends = np.flatnonzero(np.r_[series[1:] != series[:-1], True])
    begins = np.r_[0, ends[:-1] + 1]
    last = year[ends]
    # The value before the last is needed even if it lies far back.
    width = int(min((last - year[begins]).max() + 1, MOST_YEARS))
    width = max(width, int((last - year[ends - 1]).max()) + 1)
    back = last[series] - year
    kept = back < width
    full = np.full((len(ends), width), np.nan)
    full[series[kept], width - 1 - back[kept]] = y[kept]
    seen = np.isfinite(full)
    gaps = np.flatnonzero(seen.sum(axis=1) < width - seen.argmax(axis=1))
    for i in gaps:
        at = np.flatnonzero(seen[i])
        full[i, at[0] :] = np.interp(np.arange(at[0], width), at, full[i, at])
    return Paths(full, seen, scale), last


# Coherence -------------------------------------------------------------------------------------


def peer_share(paths: Paths, last: IntArray) -> float:
    """How far a panel is one of peers, between 0 and 1, by the coherence of its growth.

    Parameters
    ----------
    paths : Paths
    last : ndarray of int, shape (n_series,)
        Year of each series' last value.
    """
    low, high = PEER_COHERENCE
    return float(np.clip((coherence(paths, last) - low) / (high - low), 0, 1))


def coherence(paths: Paths, last: IntArray) -> float:
    """Intraclass correlation by year of standardized growth; 0 where too few series can tell.

    Parameters
    ----------
    paths : Paths
    last : ndarray of int, shape (n_series,)
        Year of each series' last value.
    """
    d = np.diff(paths.y, axis=1)[:, -COHERENCE_YEARS:]
    has = np.isfinite(d)
    long = has.sum(axis=1) >= COHERENCE_RATES
    if long.sum() < COHERENCE_SERIES:
        return 0.0
    d, has = d[long], has[long]
    year = last[long, None] - np.arange(d.shape[1])[::-1]
    mean = np.nanmean(d, axis=1, keepdims=True)
    z = (d - mean) / (np.nanstd(d, axis=1, keepdims=True) + TINY)
    return intraclass(z[has], year[has])


def intraclass(z: FloatArray, group: IntArray) -> float:
    """Intraclass correlation from one-way analysis of variance; 0 where it is negative.

    Parameters
    ----------
    z : ndarray, shape (n,)
    group : ndarray of int, shape (n,)
    """
    _, place, size = np.unique(group, return_inverse=True, return_counts=True)
    k, n = len(size), len(z)
    if k in (1, n):
        return 0.0
    means = np.bincount(place, z) / size
    between = float((size * (means - z.mean()) ** 2).sum() / (k - 1))
    within = float(((z - means[place]) ** 2).sum() / (n - k))
    typical = (n - float((size.astype(float) ** 2).sum()) / n) / (k - 1)
    shared = (between - within) / max(between + (typical - 1) * within, TINY)
    return max(shared, 0.0)
