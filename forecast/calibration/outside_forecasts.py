"""Learn how forecasts of others combine with those of the learned ensemble, from the IMF's record.

The World Economic Outlook of the IMF has forecast real growth of every country zero to five years
ahead, twice a year since 1990. Each forecast is compared with ours of the same country and year,
made by the learned ensemble from growth known at the time. The best linear combination of the two
(Bates & Granger 1969) and the spread that is left are learned by lead: the years between a
forecast and the end of the year it is for. Errors of one year share its shock, so every outcome
year counts the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence import panels as reading
from forecast.evidence.scales import FloatArray
from forecast.expectations.update import CAP
from forecast.forecasting.ensemble import year_shocks
from forecast.forecasting.learned_tables import Tables
from forecast.forecasting.panel_data import IntArray, parts
from forecast.forecasting.panel_forecast import forecast
from forecast.verification.scores import pinball

HORIZONS = 5  # years ahead of ours
LEADS = np.arange(0, 5.5, 0.5)  # as the WEO file counts: half a year between its two issues
LEVELS = (np.arange(100) + 0.5) / 100
COLLAPSE = -60.0  # percent: wars and the end of states, left out of the record
SPREADS = np.arange(0.3, 1.21, 0.05)  # factors that are tried
ROUNDS = 30  # of reweighting; the median regression has settled by then
CALM = 0.15  # log points: price changes beyond are another regime
FIRST = 1990  # year from which price changes are used
# Seasons of the WEO, the year of its issue less our last known year, and its lead less our horizon.
# In spring the year before is known; the autumn issue is used in its own year and in the next.
ISSUES = (("S", 1, -0.5), ("F", 1, -1.0), ("F", 0, 0.0))


@dataclass(frozen=True)
class Cases:
    """Their and our forecasts of the same growth, and its outcomes."""

    country: npt.NDArray[np.str_]  # shape (n,)
    #: The outcome's year, and how many years ahead of the last known one it is; shape (n,).
    year: IntArray
    horizon: IntArray
    lead: FloatArray  # of theirs, as the WEO counts; shape (n,)
    #: Log growth in percent; the outcome as recorded one year later; shape (n,).
    theirs: FloatArray
    came: FloatArray
    #: Quantiles of our forecast, log growth in percent; shape (n, len(LEVELS)).
    ours: FloatArray

    def where(self, kept: npt.NDArray[np.bool_]) -> Cases:
        """Return some of the cases."""
        return Cases(**{name: values[kept] for name, values in vars(self).items()})

    @property
    def centre(self) -> FloatArray:
        """Median of ours, shape (n,)."""
        return np.median(self.ours, axis=1)

    @property
    def scale(self) -> FloatArray:
        """Standard deviation of ours, from its 16 and 84 % quantiles, shape (n,)."""
        low, high = np.quantile(self.ours, [0.16, 0.84], axis=1)
        out: FloatArray = (high - low) / 2
        return out

    @property
    def weight(self) -> FloatArray:
        """Equal for every outcome year, shape (n,)."""
        _, place, count = np.unique(self.year, return_inverse=True, return_counts=True)
        return 1 / count[place]


def real_growth(frame: pd.DataFrame) -> pd.DataFrame:
    """Chain the World Bank's real growth, ``Code, Year, Growth`` (percent), to index levels.

    A panel, of every country the years after its last gap or collapse.
    """
    rows = []
    for code, own in frame.sort_values("Year").groupby("Code"):
        growth = pd.to_numeric(own["Growth"], errors="coerce").to_numpy(float)
        years = pd.to_numeric(own["Year"]).to_numpy(float).astype(int)
        fine = np.isfinite(growth) & (np.nan_to_num(growth) > COLLAPSE)
        growth, years = growth[fine], years[fine]
        if not len(years):
            continue
        start = int(np.flatnonzero(np.diff(years, prepend=years[0] - 2) != 1)[-1])
        level = 100 * np.exp(np.concatenate([[0.0], np.cumsum(np.log1p(growth[start:] / 100))]))
        span = np.arange(years[start] - 1, years[-1] + 1)
        rows.append(pd.DataFrame({"series_id": str(code), "year": span, "value": level}))
    return pd.concat(rows, ignore_index=True)


def ours(panel: pd.DataFrame, origin: int, tables: Tables | None) -> dict[str, FloatArray]:
    """Forecast yearly growth of every country of `real_growth` from one origin.

    Quantiles of log growth in percent by country, shape (HORIZONS, len(LEVELS)).
    """
    seen = panel[panel["year"] <= origin]
    years = seen.groupby("series_id")["year"]
    long = (years.transform("max") == origin) & (years.transform("size") >= 8)
    if not long.any():
        return {}
    (part,) = parts(reading.checked(seen[long]), "log")
    found = forecast(part, HORIZONS, tables)
    from scipy.special import ndtr

    level = ndtr(year_shocks(2000, HORIZONS, np.random.default_rng(origin)))
    at = np.linspace(0.0005, 0.9995, 2000)
    quantiles = found.scaled(at)
    out = {}
    for i, country in enumerate(found.part.ids):
        ahead = zip(level.T, quantiles[i], strict=True)
        path = np.column_stack([np.interp(u, at, q) for u, q in ahead])
        growth = np.diff(path, axis=1, prepend=found.part.paths.y[i, -1])
        out[str(country)] = 100 * np.quantile(growth, LEVELS, axis=0).T
    return out


def cases(weo: pd.DataFrame, world: pd.DataFrame, tables: Tables | None = None) -> Cases:
    """Pair every forecast of the WEO with ours.

    Parameters
    ----------
    weo : DataFrame
        Columns ``ISOAlpha_3Code, forecast_year, forecast_season, target_year, prediction, tv_1``.
    world : DataFrame
        Columns ``Code, Year, Growth``.
    tables : Tables, optional
        Of the learned ensemble; the committed ones if not given.
    """
    weo = weo.astype({"forecast_year": int, "target_year": int})
    for name in ("prediction", "tv_1"):
        weo[name] = pd.to_numeric(weo[name], errors="coerce")
    weo = weo[(weo["prediction"] > COLLAPSE) & (weo["tv_1"] > COLLAPSE)]
    panel = real_growth(world)
    rows = []
    for origin in range(int(weo["forecast_year"].min()) - 1, int(weo["target_year"].max())):
        made = ours(panel, origin, tables)
        for season, after, less in ISSUES:
            issue = weo[(weo["forecast_season"] == season)
                        & (weo["forecast_year"] == origin + after)
                        & weo["target_year"].between(origin + 1, origin + HORIZONS)
                        & weo["ISOAlpha_3Code"].isin(made)]  # fmt: skip
            rows += [
                (c, t, t - origin, t - origin + less, 100 * np.log1p(p / 100),
                 100 * np.log1p(came / 100), made[c][t - origin - 1])
                for c, t, p, came in issue[
                    ["ISOAlpha_3Code", "target_year", "prediction", "tv_1"]
                ].itertuples(index=False)
            ]  # fmt: skip
    country, year, horizon, lead, theirs, came, quantiles = zip(*rows, strict=True)
    return Cases(
        np.array(country), np.array(year), np.array(horizon), np.array(lead, float),
        np.array(theirs), np.array(came), np.array(quantiles),
    )  # fmt: skip


# Learning ----------------------------------------------------------------------------------------


def crps(quantiles: FloatArray, came: FloatArray) -> FloatArray:
    """Continuous ranked probability score of outcomes from quantiles at `LEVELS`, shape (n,)."""
    out: FloatArray = 2 * pinball(came, quantiles, LEVELS).mean(axis=1)
    return out


def regression(x: FloatArray, y: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Intercept and slope of the median regression of y on x, the slope kept within 0 and 1.

    Weighted least squares, reweighted by the size of the residual (Schlossmacher 1973).
    """
    design, w = np.column_stack([np.ones(len(x)), x]), weight
    found: FloatArray = np.zeros(2)
    for _ in range(ROUNDS):
        scaled = design * w[:, None]
        found = np.asarray(
            np.linalg.solve(scaled.T @ design + 1e-9 * np.eye(2), scaled.T @ y), np.float64
        )
        w = weight / np.maximum(np.abs(y - design @ found), 0.05)
    slope = float(np.clip(found[1], 0.0, 1.0))
    return float(found[0]), slope


def combination(past: Cases) -> dict[str, float]:
    """Learn how forecasts of one lead combine with ours.

    ``gain``: what of the difference of theirs and ours is taken over; ``shift``: added to the
    centre, in standard deviations of ours; ``spread``: factor on the standard deviation of ours,
    relative to the factor that ours would need alone, at most 1.
    """
    m, s, weight = past.centre, past.scale, past.weight
    theirs = np.clip((past.theirs - m) / s, -CAP, CAP)
    came = np.clip((past.came - m) / s, -CAP, CAP)
    shift, gain = regression(theirs, came, weight)
    z = (past.ours - m[:, None]) / s[:, None]
    outcome = (past.came - m) / s

    def factor(centre: FloatArray) -> float:
        scores = [np.average(crps(k * z, outcome - centre), weights=weight) for k in SPREADS]
        return float(SPREADS[int(np.argmin(scores))])

    spread = min(factor(shift + gain * theirs) / factor(np.zeros(len(m))), 0.98)
    return {"gain": gain, "shift": shift, "spread": spread}


def learn(past: Cases) -> dict[str, Any]:
    """Learn the constants of the section ``outside`` of ``data/calibration.json``.

    By ``lead``: ``gain, shift, spread`` (see `combination`), ``bias`` (outcome less forecast,
    percentage points), ``error`` (standard deviation of that, errors capped), ``reached`` (share of
    outcomes that reached the forecast). ``across``: correlation of the errors of one issue from
    year to year; ``between``: of two successive issues for one year.
    """
    out: dict[str, Any] = {"lead": LEADS.tolist()}
    names = ("gain", "shift", "spread", "bias", "error", "reached")
    out |= {name: [] for name in names}
    for lead in LEADS:
        here = past.where(past.lead == lead)
        error, weight = here.came - here.theirs, here.weight
        typical = float(np.quantile(np.abs(error), 0.6827))
        bias = float(np.average(error, weights=weight))
        capped = np.clip(error - bias, -CAP * typical, CAP * typical)
        found = combination(here) | {
            "bias": bias,
            "error": float(np.sqrt(np.average(capped**2, weights=weight))),
            "reached": float(np.average(error >= 0, weights=weight)),
        }
        for name in names:
            out[name].append(round(found[name], 4))
    out["across"], out["between"] = (round(r, 4) for r in correlations(past))
    return out


def correlations(past: Cases) -> tuple[float, float]:
    """Correlation of standardized errors: of one issue from year to year, and of two issues."""
    # Every forecast once: an autumn issue is paired with ours of two origins.
    once = past.where(past.lead != past.horizon)
    z = np.clip((once.came - once.theirs) / once.scale, -CAP, CAP)
    frame = pd.DataFrame({
        "country": once.country, "year": once.year, "lead": once.lead, "z": z,
        "issue": once.year - once.lead,
    })  # fmt: skip
    later = frame.assign(year=frame["year"] - 1)
    next_issue = frame.assign(issue=frame["issue"] - 0.5)
    pairs = [
        frame.merge(later, on=["country", "issue", "year"]),
        frame.merge(next_issue, on=["country", "year", "issue"]),
    ]
    across, between = (
        float(p["z_x"] @ p["z_y"] / np.sqrt((p["z_x"] ** 2).sum() * (p["z_y"] ** 2).sum()))
        if len(p)
        else 0.0
        for p in pairs
    )
    return across, between


def prices(world: pd.DataFrame) -> dict[str, float]:
    """Learn the persistence of changes of prices: consumer prices of calm countries and years.

    From the columns ``Code, Year, CPI`` (an index): ``persistence`` from year to year, and
    ``spread`` of what is new in a year, log points.
    """
    pairs = []
    for _, own in world.sort_values("Year").groupby("Code"):
        years = pd.to_numeric(own["Year"]).to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            change = np.diff(np.log(pd.to_numeric(own["CPI"], errors="coerce").to_numpy(float)))
        pairs.append(np.column_stack([change[:-1], change[1:], years[2:]]))
    rows = np.concatenate(pairs)
    fine = np.isfinite(rows).all(axis=1) & (np.abs(rows[:, :2]) < CALM).all(axis=1)
    rows = rows[fine & (rows[:, 2] >= FIRST)]
    before, after = (rows[:, :2] - np.median(rows[:, 0])).T
    persistence = float(before @ after / (before @ before))
    spread = float(np.std(after - persistence * before))
    return {"persistence": round(persistence, 4), "spread": round(spread, 4)}


def learned(weo: pd.DataFrame, world: pd.DataFrame, tables: Tables | None) -> dict[str, Any]:
    """Return the whole section ``outside`` of ``data/calibration.json``; see `cases`."""
    world = world[world["Code"].isin(weo["ISOAlpha_3Code"])]  # aggregates are no countries
    past = cases(weo, world, tables)
    years = f"{past.year.min()}-{past.year.max()}"
    return {
        **learn(past),
        "prices": prices(world),
        "countries": len(np.unique(past.country)),
        "cases": len(past.year),
        "years": years,
    }
