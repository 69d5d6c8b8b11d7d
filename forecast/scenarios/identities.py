"""Identities between the indicators of a region: kept in every draw by the choice of coordinates.

Which identities there are is read off the columns `sum_of`, `part_of` and `share_of` of
``indicators.csv`` (`forecast.evidence.registries.Accounts`): a total is the sum of its parts, a
part is at most its whole, an amount is a share times a base. Whatever moves the draws moves
coordinates that are free to take any value: a total's logarithm and the log ratios of its parts,
the log odds of a part within a whole. The figures that are read off them keep the identities by
construction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from forecast.evidence.registries import Accounts
from forecast.evidence.scales import FloatArray, Transform

ROOM = 0.9  # of a total that one of its parts may take
Coordinate = Callable[[str], FloatArray]


@dataclass(frozen=True)
class System:
    """The identities that hold between some series, and the coordinates that keep them."""

    scale: Mapping[str, Transform]  # of every series, by ``region/indicator``
    #: Total and its parts; the last part is the one the others are measured against.
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    part: Mapping[str, str] = field(default_factory=dict)  # part and whole
    #: Amount, and the share (in percent) and the base it is the product of.
    product: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def free(self) -> tuple[str, ...]:
        """Series that have a coordinate of their own."""
        last = {parts[-1] for parts in self.sums.values()}
        return tuple(key for key in self.scale if key not in last and key not in self.product)

    @property
    def total(self) -> dict[str, str]:
        """Total of every part of a sum."""
        return {part: total for total, parts in self.sums.items() for part in parts}

    def coordinates_of(self, key: str) -> set[str]:
        """Return the free series whose coordinates a series is read off."""
        if key in self.product:
            share, base = self.product[key]
            return self.coordinates_of(share) | self.coordinates_of(base)
        if key in self.part:
            return {key} | self.coordinates_of(self.part[key])
        if key in self.total:
            total = self.total[key]
            return {*self.sums[total][:-1]} | self.coordinates_of(total)
        return {key}

    def tied(self, a: str, b: str) -> bool:
        """Whether one of two series is part of the other, or both are members of a product."""
        products = ({amount, *factors} for amount, factors in self.product.items())
        return a in self._wholes(b) or b in self._wholes(a) or any({a, b} <= m for m in products)

    def _wholes(self, key: str) -> list[str]:
        """Return what a series is part of, the smallest whole first."""
        found, above = [key], self.total | dict(self.part)
        while (whole := above.get(found[-1], "")) and whole not in found:
            found.append(whole)
        return found[1:]

    def decode(self, key: str, coordinate: Coordinate) -> FloatArray:
        """Figures of a series, in its unit, from the `coordinate` of each free series."""
        if key in self.product:
            share, base = self.product[key]
            return self.decode(share, coordinate) / 100 * self.decode(base, coordinate)
        if key in self.part:
            odds: FloatArray = np.exp(-coordinate(key))
            return self.decode(self.part[key], coordinate) / (1 + odds)
        if key not in self.total:
            return self.scale[key].inverse(coordinate(key))
        total = self.total[key]
        parts = self.sums[total]
        ratio = {part: np.exp(coordinate(part)) for part in parts[:-1]}
        last = self.decode(total, coordinate) / (1 + sum(ratio.values()))
        return last if key == parts[-1] else last * ratio[key]

    def encode(self, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Coordinates of figures that keep the identities; the reverse of `decode`."""
        out = {}
        total = self.total
        for key in self.free:
            value = values[key]
            if key in self.part:
                out[key] = np.log(value / (values[self.part[key]] - value))
            elif key in total:
                out[key] = np.log(value / values[self.sums[total[key]][-1]])
            else:
                out[key] = self.scale[key].forward(value)
        return out


def system(
    scale: Mapping[str, Transform], level: Mapping[str, float], accounts: Accounts
) -> System:
    """Find the identities whose members are all there, region by region.

    Scales and last known levels are those of every series that is forecast, by
    ``region/indicator``: the largest part of a sum is the one the others are measured against.
    """
    sums: dict[str, tuple[str, ...]] = {}
    part: dict[str, str] = {}
    product: dict[str, tuple[str, str]] = {}
    for region in dict.fromkeys(key.split("/")[0] for key in scale):
        for total, names in accounts.sums.items():
            keys = [f"{region}/{name}" for name in names]
            if {f"{region}/{total}", *keys} <= set(scale):
                sums[f"{region}/{total}"] = tuple(sorted(keys, key=lambda k: level[k]))
        for name, whole in accounts.part_of.items():
            if {f"{region}/{name}", f"{region}/{whole}"} <= set(scale):
                part[f"{region}/{name}"] = f"{region}/{whole}"
        for share, (amount, base) in accounts.shares.items():
            if {f"{region}/{share}", f"{region}/{base}"} <= set(scale):
                product[f"{region}/{amount}"] = (f"{region}/{share}", f"{region}/{base}")
    everything = dict(scale)
    for amount, (_, base) in product.items():
        everything[amount] = scale[base]
    return System(everything, sums, part, product)


def reconciled(
    values: Mapping[str, FloatArray],
    known: Mapping[str, np.ndarray],
    of: System,
    kept: frozenset[str] = frozenset(),
    most: Mapping[str, float] | None = None,
) -> dict[str, FloatArray]:
    """Make figures drawn series by series keep the identities, changing as little as may be.

    A total keeps its figures and its parts are brought to add up to it, the one known worst moving
    most; unless a part is among those to be `kept` and the total is not: then the total is what its
    parts add up to. A part of a whole that it is no summand of keeps its figures: the
    whole is raised where it would be smaller, and the other summands of its total make room.

    Parameters
    ----------
    values : mapping of str to ndarray, shape (n, n_years)
    known : mapping of str to ndarray of bool, shape (n_years,)
        Years in which a series is known rather than forecast.
    of : System
    kept : frozenset of str
        Series that must keep their figures: those of targets.
    most : mapping of str to float, optional
        Largest share that a part may take of its whole.

    Returns
    -------
    dict of str to ndarray, shape (n, n_years)
        The amounts that are products of a share and a base are among them.
    """
    out = {key: value.copy() for key, value in values.items()}
    for total, parts in of.sums.items():
        from_parts = total not in kept and any(part in kept for part in parts)
        for y in range(out[total].shape[1]):
            drawn = np.stack([out[part][:, y] for part in parts])
            complete = all(known[part][y] for part in parts)
            if not known[total][y] and (from_parts or complete):
                out[total][:, y] = drawn.sum(axis=0)
                continue
            for part, figures in zip(parts, adding_up(drawn, out[total][:, y]), strict=True):
                out[part][:, y] = figures
    for part, whole in of.part.items():
        _make_room(out, part, whole, of, (most or {}).get(part, 0.99))
    for amount, (share, base) in of.product.items():
        out[amount] = out[share] / 100 * out[base]
    return out


def adding_up(parts: FloatArray, total: FloatArray) -> FloatArray:
    """Move parts so that they add up to a total, each by its variance, none below zero.

    A part's logarithm moves in proportion to its level times the variance of its logarithm: for
    small gaps this is the least-squares reconciliation of forecasts (Wickramasuriya,
    Athanasopoulos & Hyndman 2019).

    Parameters
    ----------
    parts : ndarray, shape (n_parts, n)
        Positive.
    total : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n_parts, n)

    Examples
    --------
    >>> known, guessed = np.full(4, 90.0), np.array([8.0, 9.0, 11.0, 12.0])
    >>> adding_up(np.stack([known, guessed]), np.full(4, 105.0)).round(2)[:, 0]
    array([90., 15.])
    """
    weight = np.median(parts, axis=1) * (np.log(parts).std(axis=1) + 1e-6) ** 2
    weight /= weight.max()
    # Newton's method from above, where the sum is convex in the step: it cannot pass the answer.
    step = np.log(total / parts[weight.argmax()].clip(1e-300)).clip(0.0)
    for _ in range(100):
        moved = parts * np.exp(weight[:, None] * step)
        gap = moved.sum(axis=0) - total
        step = step - gap / (weight[:, None] * moved).sum(axis=0)
        if np.abs(gap / total).max() < 1e-13:
            break
    moved = parts * np.exp(weight[:, None] * step)
    out: FloatArray = moved * (total / moved.sum(axis=0))
    return out


def _make_room(out: dict[str, FloatArray], part: str, whole: str, of: System, limit: float) -> None:
    """Raise a whole to hold its part, and let the other parts of the total make room."""
    total = of.total.get(whole)
    if total is None:
        out[whole] = np.maximum(out[whole], out[part] / limit)
        return
    out[part] = np.minimum(out[part], limit * ROOM * out[total])
    raised = np.maximum(out[whole], out[part] / limit)
    factor = (out[total] - raised) / (out[total] - out[whole])
    for other in of.sums[total]:
        if other != whole:
            out[other] = out[other] * factor
    out[whole] = raised
