"""From draws of a path to the answer: how likely is a target, and what would it take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast import learned
from forecast.ensemble import (
    BACKTEST_HORIZONS,
    Options,
    Paths,
    backtest,
    effective_cases,
    generator,
    scored,
    simulate,
    spread_factors,
)
from forecast.evidence import Evidence
from forecast.history import History, HistoryError, reconcile
from forecast.transforms import FloatArray
from forecast.windows import EnsembleError

QUANTILES = (0.05, 0.2, 0.25, 0.35, 0.5, 0.65, 0.75, 0.8, 0.95)

# What each kind of target needs before a probability can be given; printed on its page.
NEEDED = {
    "level": "a published yearly level and enough years to forecast from",
    "markets": "the yearly turnover of each market, for several years up to now",
    "legs": "the fastest scheduled time of every leg, and opening dates of lines being built",
    "count": "the date of every event since the plan was adopted",
    "rank": "the rank in several yearly editions of the same index",
    "comparison": "both series, the city's and the one it is compared with, for several years",
    "cumulative": "yearly amounts since the start of the period that is added up",
}


@dataclass(frozen=True, eq=False)
class Assessment:
    """The answer on one target.

    Attributes
    ----------
    status : str
        ``assessed``, ``already_met`` (the last known year meets it; the question is whether it
        stays), ``not_assessable`` or ``judgement``.
    probability : float or None
        Chance that the target is met in its year, never nearer to 0 or 1 than the past cases
        support; None where nothing supports one.
    probability_draws : float or None
        The plain share of draws that meet it.
    standard_error : float or None
        Monte Carlo error of `probability_draws`.
    record : DataFrame
        All past forecasts of all series, scored; see `forecast.ensemble.scored`.
    floor : float or None
        Smallest probability that the number of past cases supports.
    probability_low, probability_high : float or None
        Lowest and highest among the families: what the choice of model does to the answer.
    probability_strict : float or None
        For "about" targets, the chance of reaching the value itself, without tolerance.
    probability_ever : float or None
        Chance of meeting it in at least one year from the plan's adoption to the target year.
    first_year : dict of str to float
        Distribution of the first year in which it is met; ``never`` is the rest.
    quantiles : dict of float to float
        Of the value in the target year.
    achieved : dict of int to float
        Growth per year over the last 3 and 5 years: percent, or percentage points of a share.
    required : float or None
        Growth per year still needed, same unit.
    """

    target: pd.Series
    status: str
    reason: str
    threshold: float
    unit: str
    history: History | None = None
    paths: Paths | None = None
    record: pd.DataFrame = field(default_factory=pd.DataFrame)
    probability: float | None = None
    probability_draws: float | None = None
    standard_error: float | None = None
    floor: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    probability_strict: float | None = None
    probability_ever: float | None = None
    first_year: dict[str, float] = field(default_factory=dict)
    quantiles: dict[float, float] = field(default_factory=dict)
    by_family: dict[str, float] = field(default_factory=dict)
    achieved: dict[int, float] = field(default_factory=dict)
    required: float | None = None
    known: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def key(self) -> str:
        """``plan/target``."""
        return f"{self.target['plan']}/{self.target['target']}"

    @property
    def year(self) -> int:
        """The target year."""
        return int(self.target["year"])

    @property
    def value(self) -> float:
        """The plan's figure, in `unit`."""
        return float(self.target["value"])


def threshold(target: pd.Series) -> float:
    """Return the value from which a target counts as met; "about" takes its tolerance off.

    Examples
    --------
    >>> about = pd.Series({"comparison": "about", "value": 10000.0, "tolerance": 5.0})
    >>> threshold(about)
    9500.0
    """
    value = float(target["value"])
    if target["comparison"] == "about":
        return value * (1 - float(target["tolerance"]) / 100)
    return value


def attained(values: FloatArray, comparison: str, limit: float) -> np.ndarray:
    """Whether each value meets a limit; `comparison` as in ``targets.csv``."""
    if comparison in ("at_least", "about"):
        return values >= limit
    if comparison == "exceed":
        return values > limit
    if comparison in ("at_most", "rank_within"):
        return values <= limit
    raise ValueError(f"unknown comparison {comparison!r}")


def assess(
    evidence: Evidence,
    plan: str,
    target: str,
    options: Options | None = None,
    year: int | None = None,
    record: pd.DataFrame | None = None,
    histories: Mapping[str, History] | None = None,
) -> Assessment:
    """Answer one target.

    Parameters
    ----------
    evidence : Evidence
    plan, target : str
        Key of a row of ``targets.csv``.
    options : Options, optional
    year : int, optional
        Another year than the plan's.
    record : DataFrame, optional
        Pooled `forecast.ensemble.backtest` of other series, which decides how near to 0 or 1 a
        probability may come. Without it only the series' own past counts.
    histories : mapping of str to History, optional
        All series of the data, among which the learned ensemble forecasts this one. Without them
        the families are pooled.

    Returns
    -------
    Assessment
    """
    options = options or Options()
    row = evidence.target(plan, target).copy()
    if year is not None:
        row["year"] = year
    limit = threshold(row)
    unit = str(row["unit"])
    if row["kind"] != "level":
        return Assessment(
            row, "not_assessable", f"To assess it takes {NEEDED[str(row['kind'])]}.", limit, unit,
            known=_known(evidence, row),
        )  # fmt: skip
    region, indicator = str(row["region"]), str(row["indicator"])
    try:
        history = (histories or {}).get(f"{region}/{indicator}")
        history = history or reconcile(evidence, region, indicator)
    except HistoryError:
        reason = f"To assess it takes {NEEDED['level']}."
        return Assessment(row, "not_assessable", reason, limit, unit, known=_known(evidence, row))
    stated = str(evidence.plans.set_index("plan").loc[plan, "adopted"])[:4]
    adopted = int(stated) if stated else int(history.years[0])
    horizon = int(row["year"]) - int(history.years[-1])
    if int(row["year"]) < int(history.years[0]):
        raise ValueError(
            f"year is {row['year']}; {region}/{indicator} is known from {history.years[0]} on"
        )
    if histories is None or record is None:
        own = backtest(history, options)
    else:
        own = record[record["series"] == history.key]
    pooled = own if record is None else record
    paths = None
    try:
        if horizon > 0:
            factors = spread_factors(own, pooled, horizon)
            paths = simulate(
                history, horizon, options, factors, _learned(history, horizon, options, histories)
            )
    except EnsembleError as error:
        return Assessment(
            row, "not_assessable", str(error), limit, unit, history=history,
            required=_required(history, row, limit), achieved=_achieved(history),
            known=_known(evidence, row),
        )  # fmt: skip
    return _answer(row, limit, history, paths, scored(pooled), adopted, options, evidence)


def _learned(
    history: History, horizon: int, options: Options, histories: Mapping[str, History] | None
) -> FloatArray | None:
    if histories is None or not learned.serves(history):
        return None
    rng = generator(options.seed, history.key, "learned")
    return learned.draws(histories, history, horizon, options.draws, options.imputations, rng)


def _answer(
    row: pd.Series,
    limit: float,
    history: History,
    paths: Paths | None,
    record: pd.DataFrame,
    adopted: int,
    options: Options,
    evidence: Evidence,
) -> Assessment:
    comparison = str(row["comparison"])
    if paths is None:
        past = history.draws(options.draws, np.random.default_rng(options.seed))
        i = int(np.flatnonzero(history.years == int(row["year"]))[0])
        by_family = {"history": history.scale.inverse(past[:, [i]])}
        paths = Paths(history.years[[i]], by_family, np.ones(1), {})
    last = paths.pooled[:, -1]
    met = attained(last, comparison, limit)
    by_family_p = {
        name: float(attained(draws[:, -1], comparison, limit).mean())
        for name, draws in paths.by_family.items()
    }
    cases = record[record["horizon"] == min(len(paths.years), BACKTEST_HORIZONS)]
    if cases.empty:
        return Assessment(
            row, "not_assessable",
            "No past forecast can be held against what came, so nothing supports a probability.",
            limit, str(row["unit"]), history=history, required=_required(history, row, limit),
            achieved=_achieved(history), known=_known(evidence, row),
        )  # fmt: skip
    floor = 1 / (effective_cases(cases) + 2)
    share = float(met.mean())
    known_years = history.known & (history.years >= adopted)
    known_years &= history.years <= int(row["year"])
    known_met = attained(history.values(), comparison, limit) & known_years
    first = _first_year(paths, comparison, limit, history.years[known_met])
    now = bool(history.known[-1] and attained(history.values()[-1:], comparison, limit)[0])
    low, high = min(by_family_p.values()), max(by_family_p.values())
    return Assessment(
        target=row,
        status="already_met" if now else "assessed",
        reason="",
        threshold=limit,
        unit=str(row["unit"]),
        history=history,
        paths=paths,
        record=record,
        probability=float(np.clip(share, floor, 1 - floor)),
        probability_draws=share,
        standard_error=_standard_error(paths, comparison, limit),
        floor=floor,
        probability_low=float(np.clip(low, floor, 1 - floor)),
        probability_high=float(np.clip(high, floor, 1 - floor)),
        probability_strict=(
            float(np.clip(np.mean(last >= float(row["value"])), floor, 1 - floor))
            if comparison == "about"
            else None
        ),
        probability_ever=float(
            np.clip(1 - first["never"], floor, 1 if known_met.any() else 1 - floor)
        ),
        first_year=first,
        quantiles={q: float(np.quantile(last, q)) for q in QUANTILES},
        by_family=by_family_p,
        achieved=_achieved(history),
        required=_required(history, row, limit),
        known=_known(evidence, row),
    )


def _standard_error(paths: Paths, comparison: str, limit: float) -> float:
    """Return the Monte Carlo error of a share of draws; of pooled families, stratum by stratum."""
    if paths.answer is not None:
        met = attained(paths.answer[:, -1], comparison, limit)
        return float(np.sqrt(np.var(met) / len(met)))
    parts = [
        (float(np.var(attained(draws[:, -1], comparison, limit))), len(draws))
        for draws in paths.by_family.values()
    ]
    return float(np.sqrt(sum(variance / n for variance, n in parts)) / len(parts))


def _first_year(paths: Paths, comparison: str, limit: float, known: np.ndarray) -> dict[str, float]:
    """Distribution of the first year of attainment; a year already known to meet it is certain."""
    if len(known):
        return {str(int(known[0])): 1.0, "never": 0.0}
    met = attained(paths.pooled, comparison, limit)
    first = np.where(met.any(axis=1), met.argmax(axis=1), len(paths.years))
    share = np.bincount(first, minlength=len(paths.years) + 1) / len(first)
    named = {str(int(y)): float(p) for y, p in zip(paths.years, share, strict=False)}
    return {**named, "never": float(share[-1])}


def growth(history: History, start: float, end: float, years: int) -> float:
    """Growth per year from `start` to `end`: percent for levels, percentage points for shares."""
    if history.scale.name == "log":
        return float(100 * ((end / start) ** (1 / years) - 1))
    return (end - start) / years


def _achieved(history: History) -> dict[int, float]:
    values = history.values()
    return {
        span: growth(history, float(values[-1 - span]), float(values[-1]), span)
        for span in (3, 5)
        if len(values) > span
    }


def _required(history: History, row: pd.Series, limit: float) -> float | None:
    years = int(row["year"]) - int(history.years[-1])
    if years < 1:
        return None
    return growth(history, float(history.values()[-1]), limit, years)


def _known(evidence: Evidence, row: pd.Series) -> pd.DataFrame:
    """All that was published on a target's indicator: its region, items and reference region."""
    items = [r.strip() for r in str(row["items"]).split(";") if r.strip()]
    reference = str(row["reference_region"])
    regions = dict.fromkeys([str(row["region"]), *items, *([reference] if reference else [])])
    frames = [evidence.statements(region, str(row["indicator"])) for region in regions]
    names = evidence.regions.set_index("region")["name"]
    frames = [frame.assign(place=frame["region"].map(names)) for frame in frames if len(frame)]
    if not frames:
        return evidence.statements(str(row["region"]), str(row["indicator"]))
    return pd.concat(frames, ignore_index=True)
