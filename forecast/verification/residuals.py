"""Diagnostics of the residuals of one model on one series, its errors, and scores of several."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.verification import scores
from forecast.verification.multiples import RATIOS, attained
from forecast.verification.track_record import LEARNED, LEVELS, inside

LAGS = (1, 2, 4)  # of the Ljung-Box test


def diagnostics(residuals: FloatArray) -> pd.DataFrame:
    """Test whether residuals are what a model takes them for: independent, normal, about zero.

    Ten or twenty residuals detect gross faults only; a large p-value is no proof.

    Parameters
    ----------
    residuals : ndarray, shape (n,)
        Five or more.

    Returns
    -------
    DataFrame
        By ``test`` the ``statistic`` and the ``p_value``: Ljung-Box at each of `LAGS` that leaves
        half of the residuals, Shapiro-Wilk, and Student's t.

    Raises
    ------
    ValueError
        With fewer than five residuals.

    Examples
    --------
    >>> table = diagnostics(np.array([0.1, -0.2, 0.05, 0.15, -0.1, 0.1])).round(2)
    >>> table.loc["Student t: zero mean"]
    statistic    0.30
    p_value      0.78
    Name: Student t: zero mean, dtype: float64
    """
    if len(residuals) < 5:
        raise ValueError(f"there are {len(residuals)} residuals; expected 5 or more")
    from scipy import stats
    from statsmodels.stats.diagnostic import acorr_ljungbox

    lags = [lag for lag in LAGS if lag <= len(residuals) / 2]
    independent = acorr_ljungbox(residuals, lags)
    rows = {
        f"Ljung-Box, lag {lag}: independent": tuple(independent.loc[lag, ["lb_stat", "lb_pvalue"]])
        for lag in lags
    }
    rows["Shapiro-Wilk: normal"] = tuple(stats.shapiro(residuals))
    rows["Student t: zero mean"] = tuple(stats.ttest_1samp(residuals, 0.0))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "p_value"])
    return table.astype(float).rename_axis("test")


def autocorrelation(residuals: FloatArray, lags: int = 8) -> pd.DataFrame:
    """Return the autocorrelation of residuals, and how large it is by chance.

    Parameters
    ----------
    residuals : ndarray, shape (n,)
    lags : int
        Largest lag; less where there are fewer residuals.

    Returns
    -------
    DataFrame
        ``lag, autocorrelation, limit``: independent residuals stay within the limit either way in
        95 of 100 cases.
    """
    from statsmodels.tsa.stattools import acf

    most = min(lags, len(residuals) - 2)
    values = acf(residuals, nlags=most, fft=False)[1:]
    limit = 1.96 / np.sqrt(len(residuals))
    return pd.DataFrame({"lag": range(1, most + 1), "autocorrelation": values, "limit": limit})


def rolling(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of past forecasts: outcome less median, on the scale of the models.

    Parameters
    ----------
    comparison : DataFrame
        A record with ``method``; see `forecast.verification.track_record`.

    Returns
    -------
    DataFrame
        ``series, method, origin, horizon, error``; on a logarithmic scale 0.01 is one percent.
    """
    medians = [quantiles[49] for quantiles in comparison["quantiles"]]
    error = comparison["actual"].to_numpy(float) - np.array(medians, float)
    return comparison[["series", "method", "origin", "horizon"]].assign(error=error)


def mean_scores(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of several methods on the cases that all of them forecast.

    Parameters
    ----------
    comparison : DataFrame
        A record with ``method``.

    Returns
    -------
    DataFrame
        A row per method; by score and horizon ``crps``, ``inside`` (coverage of the 80 % interval)
        and ``brier`` (of growth at least each of `RATIOS` times the pace). Empty where no case is
        forecast by all methods.
    """
    keys = ["series", "origin", "horizon"]
    methods = comparison["method"].nunique()
    common = comparison[comparison.groupby(keys)["method"].transform("nunique") == methods]
    if common.empty:
        return pd.DataFrame()
    q = scores.quantiles_of(common)
    actual = common["actual"].to_numpy(float)
    events = [attained(common, ratio, LEVELS) for ratio in RATIOS]
    found = common[["method", "horizon"]].assign(
        crps=scores.crps(actual[:, None], q[:, None, :], LEVELS)[:, 0],
        inside=inside(common).astype(float),
        brier=np.mean([(given - came) ** 2 for given, came in events], axis=0),
    )
    return pd.DataFrame(found.groupby(["method", "horizon"]).mean().unstack("horizon"))


def crps_ratios(mean: pd.DataFrame) -> pd.DataFrame:
    """Return the CRPS of every method relative to the learned ensemble's, the best method first.

    Parameters
    ----------
    mean : DataFrame
        As `mean_scores` returns it.

    Returns
    -------
    DataFrame
        One row per method and one column per horizon; relative to the least of each horizon where
        the learned ensemble is not among the methods.
    """
    base = mean["crps"].loc[LEARNED] if LEARNED in mean.index else mean["crps"].min()
    ratios: pd.DataFrame = mean["crps"] / base
    return ratios.loc[ratios.mean(axis=1).sort_values().index]
