"""The probability that one series meets one target, without a folder of tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.panels import yearly
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.forecasting.distribution import Forecast
from forecast.forecasting.ensemble import year_shocks
from forecast.forecasting.learned_tables import kind_of
from forecast.forecasting.panel_data import MIN_INFORMED, parts
from forecast.forecasting.panel_forecast import attain, forecast
from forecast.verification.reference_record import reference_record
from forecast.verification.track_record import coverage

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Probability:
    """The probability that a target on a series is met, and the forecast behind it.

    Attributes
    ----------
    probability : float
        Never nearer to 0 or 1 than past forecasts of comparable series support.
    standard_error : float
        Of a share of so many comparable past forecasts.
    floor : float
        Smallest probability that these support; 1 less it is the largest.
    target : float
        In the unit of the series.
    year : int
    comparison : str
    origin : int
        Last year of the series.

    Notes
    -----
    ``float(answer)`` is the probability.
    """

    probability: float
    standard_error: float
    floor: float
    target: float
    year: int
    comparison: str
    origin: int
    _forecast: Forecast = field(repr=False)

    def __float__(self) -> float:
        return self.probability

    @property
    def years(self) -> range:
        """Years of the forecast, to the target's."""
        return range(self.origin + 1, self.year + 1)

    def quantiles(self, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
        """Return quantiles of the forecast.

        Parameters
        ----------
        levels : sequence of float
            Between 0 and 1.

        Returns
        -------
        DataFrame
            A row per year, a column per level, in the unit of the series.
        """
        values = self._forecast.quantiles(np.array(levels, float))[0]
        index = pd.Index(self.years, name="year")
        return pd.DataFrame(values, index, pd.Index(levels, name="quantile"))

    def draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw paths of the series.

        The years of a path are joined as those of a random walk.

        Parameters
        ----------
        n : int
        rng : Generator

        Returns
        -------
        DataFrame
            A row per draw, a column per year, in the unit of the series.
        """
        from scipy.special import ndtr

        levels: FloatArray = ndtr(year_shocks(n, len(self.years), rng))
        values = self._forecast.quantiles(levels.T)[0].T
        return pd.DataFrame(values, columns=pd.Index(self.years, name="year"))

    def record(self) -> pd.DataFrame:
        """Return how past forecasts of series alone covered what came, on the reference panels.

        Returns
        -------
        DataFrame
            By years ahead (``horizon``) the ``coverage`` of the 80 % intervals and the ``cases``;
            see `forecast.verification.reference_record`.
        """
        part = self._forecast.part
        return coverage(reference_record((kind_of(part.paths.scale, part.kind),)))


def probability(
    series: pd.Series[Any],
    target: float,
    year: int,
    comparison: str = "at_least",
    *,
    transform: str = "auto",
    kind: str = "flow",
) -> Probability:
    """Return the probability that a series meets a target, by the learned ensemble.

    Parameters
    ----------
    series : Series
        Three yearly values or more; the index holds years, dates (one a year) or yearly periods.
        Missing values are missing years.
    target : float
        In the unit of the series.
    year : int
        After the last year of the series, by 50 years at most.
    comparison : {"at_least", "exceed", "at_most", ">=", ">", "<=", "<"}
    transform : {"auto", "log", "logit", "linear"}
        Scale of the models; ``auto``: log where all values are positive, linear otherwise. A share
        in percent is ``logit``.
    kind : {"flow", "stock"}
        A flow, such as output, or a stock, such as population.

    Returns
    -------
    Probability

    Raises
    ------
    forecast.evidence.problems.DataError
        With everything that is wrong with the series or the target.
    forecast.evidence.problems.UserError
        For an unknown scale or kind.

    See Also
    --------
    forecast.forecasting.panel_forecast.attain : The same for many series and targets.

    Examples
    --------
    >>> output = pd.Series({2021: 100.0, 2022: 104.0, 2023: 109.0, 2024: 112.0})
    >>> answer = probability(output, target=120, year=2026)
    >>> round(answer.probability, 2), answer.quantiles([0.1, 0.5, 0.9]).round().loc[2026].tolist()
    (0.38, [111.0, 118.0, 126.0])
    """
    if not math.isfinite(float(target)):
        raise UserError(f"target is {target}; expected a number")
    values = yearly(series, MIN_INFORMED)
    name = "series" if series.name is None else str(series.name)
    panel = values.rename("value").reset_index().assign(series_id=name)
    aim = {"target_id": "target", "series_id": name, "year": year}
    aims = pd.DataFrame([{**aim, "comparison": comparison, "value": target}])
    (row,) = attain(panel, aims, transform=transform, kind=kind).to_dict("records")
    (part,) = parts(panel, transform, kind=kind)
    made = forecast(part, int(row["horizon"]))
    floor = float(made.bounded(np.zeros(1), np.array([row["horizon"]]))[0])
    return Probability(
        float(row["probability"]), float(row["standard_error"]), floor, float(target),
        int(row["year"]), comparison, int(row["origin"]), made,
    )  # fmt: skip
