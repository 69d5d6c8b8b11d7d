"""Evidence made in memory from a few statements, for tests of what comes after the reading."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence.evidence import Evidence

DEFAULTS = {
    "region": "city", "indicator": "gdp", "measure": "level", "bound": "", "prices": "nominal",
    "unit": "亿元", "basis": "", "status": "final", "mark": "", "source": "book", "published": "",
    "note": "", "note_zh": "",
}  # fmt: skip


def statement(period: int | str, value: float, **fields: Any) -> dict[str, Any]:
    """One row of observations; growth rows get their unit."""
    row = {**DEFAULTS, **fields, "period": str(period), "value": float(value)}
    if "growth" in row["measure"]:
        row["unit"] = "%"
    return row


def world(rows: list[dict[str, Any]], **target: Any) -> Evidence:
    """Evidence on `city` (in `province`), with a plan `plan` and one target `goal`."""
    for number, row in enumerate(rows, start=1):
        row.setdefault("observation", f"o{number:04d}")
    goal = {
        "plan": "plan", "target": "goal", "name": "Goal", "indicator": "gdp", "region": "city",
        "kind": "level", "comparison": "at_least", "value": 100.0, "unit": "亿元", "year": 2027,
        "start": float("nan"), "tolerance": float("nan"), "items": "", "reference_region": "",
        "wording": "w.", "reading": "r.", "source": "book", "note": "",
    }  # fmt: skip
    indicators = [
        ("gdp", "GDP", "亿元", "log", "flow", "nominal", "gdp", ""),
        ("share", "R&D share", "%", "logit", "share", "none", "", ""),
        ("population", "Population", "万人", "log", "stock", "none", "", ""),
        ("trade", "Trade", "亿元", "log", "flow", "nominal", "", "exports;imports"),
        ("exports", "Exports", "亿元", "log", "flow", "nominal", "", ""),
        ("imports", "Imports", "亿元", "log", "flow", "nominal", "", ""),
        ("friends", "Friendly cities", "count", "linear", "count", "none", "", ""),
        ("place", "Place in the index", "rank", "linear", "rank", "none", "", ""),
        ("time", "Travel time", "minutes", "linear", "duration", "none", "", ""),
    ]
    return Evidence(
        root=Path("."),
        regions=pd.DataFrame(
            [
                ("city", "City", "", "city", "province"),
                ("province", "Province", "", "province", ""),
            ],
            columns=["region", "name", "name_zh", "kind", "parent"],
        ),
        indicators=pd.DataFrame(
            [(*i, "what it is.") for i in indicators],
            columns=[
                "indicator",
                "name",
                "unit",
                "transform",
                "kind",
                "prices",
                "deflator",
                "sum_of",
                "description",
            ],
        ).assign(name_zh="", country_zh=""),
        bases=pd.DataFrame(
            [
                ("gdp", "old", 1, "step", ""),
                ("gdp", "new", 2, "reference", ""),
                ("share", "on_old_gdp", 1, "against_gdp", "old"),
                ("share", "on_new_gdp", 2, "reference", ""),
                ("population", "before", 1, "none", ""),
                ("population", "counted", 2, "reference", ""),
            ],
            columns=["indicator", "basis", "sequence", "link", "gdp_basis"],
        ).assign(name="", description=""),
        sources=pd.DataFrame(
            [("book", "Yearbook", "Bureau", "https://example.org", "", "yearbook", "")],
            columns=["source", "title", "publisher", "url", "published", "kind", "note"],
        ),
        observations=pd.DataFrame(rows),
        plans=pd.DataFrame(
            [("plan", "The plan", "", "city", "2022", 2027, "book", "")],
            columns=["plan", "name", "name_zh", "region", "adopted", "horizon", "source", "note"],
        ),
        targets=pd.DataFrame([{**goal, **target}]),
    )


# ------------------------------------------------------------------------------------------------
# Ragged worlds with a known truth
# ------------------------------------------------------------------------------------------------

FIRST, LAST = 2000, 2026  # the last year is running
CHAIN = {"nation": "", "province": "nation", "city": "province", "county": "city"}
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ragged:
    """A world as ragged as our data, and what is true in it.

    Attributes
    ----------
    evidence : Evidence
        Everything published.
    truth : dict of ndarray, shape (n_years,)
        By (region, indicator): the true values of `FIRST` to `LAST` on the reference basis.
    bad : frozenset of str
        Keys of the observations that are plainly wrong.
    """

    evidence: Evidence
    truth: dict[tuple[str, str], FloatArray]
    bad: frozenset[str]


def ragged(
    rng: np.random.Generator,
    parents: Mapping[str, str] = CHAIN,
    indicators: Sequence[str] = ("gdp", "trade", "share"),
    shocks: float = 0.0,
) -> Ragged:
    """Draw a world: a tree of regions, some indicators, and statements as uneven as ours.

    What it assumes, so that nobody takes it for more:

    - *Paths.* The nation's yearly log growth is a falling trend, a wave (AR(1), persistence 0 to
      0.8) and Student-t shocks with 4 degrees of freedom. A region's growth is its parent's times a
      share between 0 and 1 and its own process for the rest, plus its own shocks. Price changes
      follow the parent's with a noise of their own. A share wanders on the logit scale, and owes
      nothing to the parent's.
    - *Shocks*, if asked for: the level moves for good in one year, two times in three down by 10 to
      60 %, else up by 10 to 100 %. A flow's shock enters its growth, and so a part's by its share.
    - *Months.* A flow's months are a fixed season, a holiday that moves between January and
      February, the trend and persistent noise, and the year is their sum: what year-to-date figures
      say of the year is as loose as that noise makes it.
    - *Bases.* GDP was revised by a census, in every region by a step of its own that resembles
      the parent's and wobbles by 0.2 to 1.2 %, persistently. Older figures stay on the old basis,
      some years were revised back, and the share was published against the old GDP.
    - *Statements.* Levels come in runs with gaps, rounded to 3 to 6 digits, with errors of a size
      that the world draws around what their status suggests (half to twice). Growth is nominal or
      real, rounded to 0.1 points. Of some years there is only "more than" a
      round number that was passed by less than ten percent, as ours were. Changes of the share are
      rounded to 0.01 points. One row in twenty is wrong: ten times too large or small, two digits
      swapped, a wrong sign, or off by up to 30 %.
    - *The running year* has year-to-date figures of the nation, and of each lower region with a
      falling chance; its growth may be known without the level.

    All scales are drawn anew for every world, over ranges wider than our data show; none was chosen
    by looking at what a reconciliation makes of it.

    Parameters
    ----------
    rng : Generator
    parents : mapping
        Parent by region, parents first; the root has none. By default a chain of four.
    indicators : sequence of str
        ``gdp``, on two bases; ``share``, on two bases; every other name is a flow on one.
    shocks : float
        Probability that a series has one, per year.
    """
    extra = rng.spawn(1)[0]  # worlds without shocks are the same as ever
    years = np.arange(FIRST, LAST + 1)
    style = {
        "noise": _log_uniform(rng, 0.004, 0.04), "shock": _log_uniform(rng, 0.003, 0.03),
        "own": _log_uniform(rng, 0.003, 0.05), "prices": _log_uniform(rng, 0.003, 0.015),
        "monthly": _log_uniform(rng, 0.003, 0.03), "error": _log_uniform(rng, 0.5, 2.0),
        "growth_error": _log_uniform(rng, 0.001, 0.008), "share": _log_uniform(rng, 0.01, 0.06),
        "wobble": _log_uniform(rng, 0.002, 0.012), "step": float(rng.normal(0.03, 0.04)),
        "census": int(rng.integers(2008, 2024)),
    }  # fmt: skip
    depth: dict[str, int] = {}
    growth: dict[tuple[str, str], FloatArray] = {}
    truth: dict[tuple[str, str], FloatArray] = {}
    steps: dict[str, float] = {"": -style["step"]}
    rows: list[dict[str, Any]] = []
    for region, parent in parents.items():
        depth[region] = min(depth[parent] + 1, 3) if parent else 0
        if parent:
            prices = growth[parent, "prices"] + rng.normal(0, style["prices"], len(years))
            steps[region] = float(rng.uniform(0, 1) * steps[parent] + rng.normal(0, 0.02))
        else:
            prices, steps[region] = _trend(rng, 0.03, 0.015, style), steps[""]
        growth[region, "prices"] = prices
        follow = rng.uniform(0, 1)
        for indicator in indicators:
            if indicator == "share":
                wander = np.r_[rng.normal(-4.2, 0.4), rng.normal(0.03, style["share"], 26)]
                wander += _shocks(extra, shocks)
                truth[region, "share"] = 100 / (1 + np.exp(-np.cumsum(wander)))
                rows += _share(rng, region, truth[region, "share"], style, -steps[region])
                continue
            scale, start = (1.0, 0.09) if indicator == "gdp" else (3.0, 0.10)
            real = _trend(rng, start, 0.045, style, scale)
            if parent:
                real = real * (1 - follow) + follow * growth[parent, indicator]
                real = real + scale * rng.normal(0, style["own"], len(years))
            real = real + _shocks(extra, shocks)
            growth[region, indicator] = real
            path = np.cumsum(real + (prices if indicator == "gdp" else 0.0))
            path += 11.5 - 1.8 * depth[region] + rng.normal(0, 0.4)
            months = _months(rng, path, style["monthly"] * scale)
            truth[region, indicator] = months.sum(axis=1)
            name = {"region": region, "indicator": indicator}
            rows += _flow(rng, name, months, prices, style, depth[region], steps[region])
    bad = _spoil(rng, rows)
    return Ragged(_evidence(rows, parents, indicators), truth, bad)


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _trend(
    rng: np.random.Generator, start: float, end: float, style: dict[str, Any], scale: float = 1.0
) -> FloatArray:
    """Yearly growth: a falling trend, a wave and fat-tailed shocks, shape (n_years,)."""
    n = LAST - FIRST + 1
    persistence, wave = rng.uniform(0, 0.8), np.zeros(n)
    for t in range(1, n):
        wave[t] = persistence * wave[t - 1] + scale * rng.normal(0, style["noise"])
    shocks = scale * style["shock"] * rng.standard_t(4, n) / np.sqrt(2)
    level = np.linspace(rng.normal(start, 0.02), rng.normal(end, 0.01), n)
    result: FloatArray = level + wave + shocks
    return result


def _shocks(rng: np.random.Generator, share: float) -> FloatArray:
    """Moves of the level in logs, zero in most years, shape (n_years,)."""
    n = LAST - FIRST + 1
    down = -np.log(rng.uniform(1 / 0.9, 1 / 0.4, n))
    up = np.log(rng.uniform(1.1, 2.0, n))
    moves = np.where(rng.random(n) < 2 / 3, down, up)
    moves[rng.random(n) >= share] = 0.0
    moves[0] = 0.0
    return moves


def _months(rng: np.random.Generator, path: FloatArray, noise: float) -> FloatArray:
    """Months of a flow whose log path through the years is `path`, shape (n_years, 12)."""
    n = len(path) * 12
    season = rng.normal(0, 0.10, 12) + np.linspace(-0.08, 0.08, 12)
    season[1] -= 0.2  # the short month, and the holiday
    persistence, wave = rng.uniform(0, 0.8), np.zeros(n)
    for t in range(1, n):
        wave[t] = persistence * wave[t - 1] + rng.normal(0, noise)
    middle = np.arange(len(path)) * 12 + 5.5
    trend = np.interp(np.arange(n), middle, path)
    trend[:6] = path[0] + (np.arange(6) - 5.5) / 12 * (path[1] - path[0])
    trend[-6:] = path[-1] + (np.arange(6) + 0.5) / 12 * (path[-1] - path[-2])
    holiday = np.zeros((len(path), 12))
    shift = rng.normal(0, 0.1, len(path))
    holiday[:, 0], holiday[:, 1] = shift, -shift
    months: FloatArray = np.exp(trend + wave).reshape(-1, 12) * np.exp(season + holiday) / 12
    return months


def _wobble(rng: np.random.Generator, sd: float) -> FloatArray:
    """How far an old basis is from its usual step, persistent, shape (n_years,)."""
    off = rng.normal(0, sd, LAST - FIRST + 1)
    for t in range(1, len(off)):
        off[t] = 0.8 * off[t - 1] + 0.6 * off[t]
    return off


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _runs(rng: np.random.Generator, n: int, share: float) -> npt.NDArray[np.bool_]:
    """Years with a figure: `share` of them on average, in runs of some three years."""
    out = np.zeros(n, dtype=bool)
    now = rng.random() < share
    for t in range(n):
        if rng.random() < 1 / 3:
            now = rng.random() < share
        out[t] = now
    return out


def _flow(
    rng: np.random.Generator,
    name: dict[str, str],
    months: FloatArray,
    prices: FloatArray,
    style: dict[str, Any],
    depth: int,
    step: float,
) -> list[dict[str, Any]]:
    """Statements on a flow: levels, bounds, growth, year-to-date figures of some years."""
    truth = months.sum(axis=1)
    years = np.arange(FIRST, LAST + 1)
    gdp = name["indicator"] == "gdp"
    rows: list[dict[str, Any]] = []
    digits = int(rng.integers(3, 7))
    errors = {"final": 0.001, "preliminary": 0.002, "secondary": 0.01, "unknown": 0.01}
    usual = str(rng.choice(list(errors), p=[0.5, 0.3, 0.1, 0.1]))
    old_until = style["census"] if gdp else FIRST - 1
    revised = years <= old_until - int(rng.integers(0, 12)) if rng.random() < 0.5 else years < 0
    wobble = _wobble(rng, style["wobble"])

    def level(t: int, basis: str) -> None:
        status = usual if rng.random() < 0.8 else str(rng.choice(list(errors)))
        log = np.log(truth[t]) + style["error"] * rng.normal(0, errors[status])
        log += step + wobble[t] if basis else 0.0
        fields = {"status": status, "basis": basis, **name}
        rows.append(statement(int(years[t]), _rounded(np.exp(log), digits), **fields))

    known = _runs(rng, len(years) - 1, rng.uniform(0.4, 1.0))
    for t in np.flatnonzero(known):
        old = years[t] <= old_until
        if old:
            level(int(t), "old")
        if not old or (revised[t] and rng.random() < 0.6):
            level(int(t), "")
    if not any(row["basis"] == "" for row in rows):
        level(len(years) - 2, "")
    for t in np.flatnonzero(~known):
        if years[t] > old_until and rng.random() < 0.08:
            rows.append(statement(int(years[t]), _floor(truth[t]), bound="lower", **name))
    growth = np.diff(np.log(truth), prepend=np.nan)
    real_share = rng.uniform(0.3, 1.0) if gdp else 0.0
    for t in np.flatnonzero(_runs(rng, len(years) - 1, rng.uniform(0.2, 0.95)))[1:]:
        real = rng.random() < real_share
        log = growth[t] - (prices[t] if real else 0.0) + rng.normal(0, style["growth_error"])
        fields = {"measure": "growth", "prices": "real" if real else "nominal", **name}
        if t > 0:
            rows.append(statement(int(years[t]), round(100 * np.expm1(log), 1), **fields))
    cumulative = months.cumsum(axis=1)
    density = rng.uniform(0.0, 0.6)
    for t in range(1, len(years)):
        running = t == len(years) - 1
        some = rng.random() < (1.0, 0.8, 0.65, 0.5)[depth] if running else rng.random() < density
        if not some:
            continue
        choice = (3, 6, 9) if gdp else tuple(range(2, 12))
        when = rng.choice(choice, int(rng.integers(1, 3)), replace=False)
        for month in np.sort(when):
            value, before = cumulative[t, month - 1], cumulative[t - 1, month - 1]
            period = f"{years[t]}-{month:02d}"
            basis = "old" if years[t] <= old_until else ""
            only_growth = rng.random() < 0.4
            log = np.log(value / before) + rng.normal(0, style["growth_error"])
            real = rng.random() < real_share
            log -= prices[t] if real else 0.0
            fields = {"measure": "ytd_growth", "prices": "real" if real else "nominal", **name}
            rows.append(statement(period, round(100 * np.expm1(log), 1), **fields))
            if not only_growth:
                value *= np.exp(step + wobble[t] if basis else 0.0)
                fields = {"measure": "ytd_level", "basis": basis, **name}
                rows.append(statement(period, _rounded(value, digits), **fields))
    return rows


def _floor(value: float) -> float:
    """The round number that a value has passed: of one digit, unless that says too little."""
    unit = 10.0 ** (len(str(int(value))) - 1)
    floor = float(unit * np.floor(value / unit))
    return floor if value < 1.1 * floor else float(unit / 10 * np.floor(10 * value / unit))


def _share(
    rng: np.random.Generator, region: str, truth: FloatArray, style: dict[str, Any], step: float
) -> list[dict[str, Any]]:
    """Statements on a share: levels on two bases, and changes in percentage points."""
    fields = {"region": region, "indicator": "share", "unit": "%", "prices": "none"}
    rows: list[dict[str, Any]] = []
    years = np.arange(FIRST, LAST + 1)
    known = _runs(rng, len(years) - 1, rng.uniform(0.3, 0.9))
    wobble = _wobble(rng, style["wobble"])
    known[-1] = known[-1] or not known[years[:-1] > style["census"]].any()
    for t in np.flatnonzero(known):
        old = years[t] <= style["census"]
        value = truth[t] * np.exp(step + wobble[t] if old else 0.0)
        basis = "on_old_gdp" if old else ""
        rows.append(statement(int(years[t]), round(value, 2), basis=basis, **fields))
    for t in range(1, len(years) - 1):
        if rng.random() < 0.25:
            change = {**fields, "measure": "change", "unit": "pp"}
            rows.append(statement(int(years[t]), round(truth[t] - truth[t - 1], 2), **change))
    return rows


def _spoil(rng: np.random.Generator, rows: list[dict[str, Any]]) -> frozenset[str]:
    """Make one row in twenty wrong; return their keys."""
    bad = []
    for number, row in enumerate(rows, start=1):
        row["observation"] = f"o{number:05d}"
        if row["bound"] or rng.random() >= 0.05:
            continue
        value = row["value"]
        if row["measure"] in ("growth", "ytd_growth", "change"):
            wrong = value * float(rng.choice([-1.0, 10.0, 0.1])) + 0.1
        else:
            factors = [10.0, 0.1, _swapped(value, rng) / value, rng.uniform(0.7, 1.3)]
            wrong = value * float(rng.choice(factors))
        if row["indicator"] == "share" and row["measure"] == "level":
            wrong = min(wrong, 90.0)
        if row["measure"] == "ytd_growth" or row["measure"] == "growth":
            wrong = max(wrong, -90.0)
        row["value"] = float(f"{wrong:.6g}")
        bad.append(row["observation"])
    return frozenset(bad)


def _swapped(value: float, rng: np.random.Generator) -> float:
    """Swap two neighbouring digits of a number, if two differ."""
    text = list(f"{value:.6g}")
    pairs = list(itertools.pairwise(text))
    places = [
        i for i, (a, b) in enumerate(pairs) if (a + b).isdigit() and a != b and b != "0"
    ]  # fmt: skip
    if not places:
        return value * 1.1
    i = int(rng.choice(places))
    text[i], text[i + 1] = text[i + 1], text[i]
    return float("".join(text))


def _evidence(
    rows: list[dict[str, Any]], parents: Mapping[str, str], indicators: Sequence[str]
) -> Evidence:
    """Put the rows into the tables of :func:`world`, with these regions and indicators."""
    plain = world(rows)
    like = plain.indicators.set_index("indicator")
    named = [like.loc[i if i in ("gdp", "share") else "exports"].rename(i) for i in indicators]
    regions = [(r, r.title(), "", "city", p) for r, p in parents.items()]
    return replace(
        plain,
        regions=pd.DataFrame(regions, columns=["region", "name", "name_zh", "kind", "parent"]),
        indicators=pd.DataFrame(named).rename_axis("indicator").reset_index(),
    )
