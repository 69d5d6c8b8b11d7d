"""Series forecast alone, from a few years: how wide their intervals have to be, and their record.

A new series brings neither a long past nor others of its kind. Series of the reference panels are
put in its place: one at a time, cut to their last few years at a past origin. Where the tables,
which are learned on panels, leave their 80 % intervals too narrow, these are widened. The forecasts
so made are the record that is shown where there is none of one's own series.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from forecast.calibration.training import Panel
from forecast.evidence.scales import FloatArray
from forecast.forecasting.distribution import Forecast, size_at
from forecast.forecasting.error_scale import weighted_quantiles
from forecast.forecasting.learned_tables import SHORT_YEARS, Tables
from forecast.forecasting.panel_data import Part, Paths
from forecast.forecasting.panel_forecast import forecast
from forecast.verification.multiples import pace_at

HORIZON = 5  # years ahead
PAST = 10  # years that a series must have had at an origin
CASES = 500  # forecasts of a panel, from each number of years, that the widening is learned from
RECORDED = (3, 4, 5, 6, 8, 10)  # years behind the forecasts that are kept as a record ...
FORECASTS = 240  # ... and how many of them, of each kind of series
COVERED = 0.8  # share of the outcomes that intervals are widened to hold
SEED = 1


@dataclass(frozen=True, eq=False)
class Case:
    """A series at a past origin, and what came."""

    #: Row of the panel, and year.
    series: int
    origin: int
    past: FloatArray  # on the scale of the models; shape (PAST,)
    came: FloatArray  # changes from the last value of the past; shape (HORIZON,)

    def forecast(self, years: int, scale: str, kind: str, tables: Tables) -> Forecast:
        """Forecast it alone, from its last years."""
        y = self.past[None, -years:]
        paths = Paths(y, np.ones_like(y, bool), scale)
        last, unbounded = np.array([self.origin]), np.zeros(1, bool)
        part = Part(np.array([str(self.series)]), paths, last, unbounded, kind)
        return forecast(part, HORIZON, tables)


def cases(panel: Panel, rng: np.random.Generator) -> Iterator[Case]:
    """Yield the series of a panel at their past origins, in random order."""
    y = np.where(panel.paths.seen, panel.paths.y, np.nan)
    if y.shape[1] < PAST + HORIZON:
        return
    spans = np.lib.stride_tricks.sliding_window_view(y, PAST + HORIZON, axis=1)
    rows, starts = np.nonzero(np.isfinite(spans).all(axis=2))
    for place in rng.permutation(len(rows)):
        i, start = int(rows[place]), int(starts[place])
        past, came = np.split(spans[i, start], [PAST])
        origin = int(panel.last[i]) - (y.shape[1] - start - PAST)
        yield Case(i, origin, past, came - past[-1])


def widening(panels: Mapping[str, Sequence[Panel]], tables: Tables) -> dict[str, list[list[float]]]:
    """Learn by how much the intervals of short histories are to be widened, by kind of series.

    The factor brings the share of the outcomes in the central interval to `COVERED`, every panel
    counting the same. Nothing is narrowed: a few quiet years are no evidence of quiet ones to come.
    The tables are learned, without such factors; there is one for each of `SHORT_YEARS` and year
    ahead.
    """
    found = {}
    for kind, some in panels.items():
        sizes, weight = [], []
        for number, panel in enumerate(some):
            chosen = list(islice(cases(panel, np.random.default_rng([SEED, number])), CASES))
            for case in chosen:
                made = [case.forecast(n, panel.paths.scale, kind, tables) for n in SHORT_YEARS]
                sizes.append([np.abs(case.came - _centre(f)) / _width(f) for f in made])
            weight += [1 / len(chosen)] * len(chosen)
        every, level = np.array(sizes), np.array([COVERED])
        needed = [
            [weighted_quantiles(of_years[:, h], np.array(weight), level)[0] for h in range(HORIZON)]
            for of_years in every.transpose(1, 0, 2)
        ]
        found[kind] = np.maximum(needed, 1.0).round(3).tolist()
    return found


def record(
    panels: Mapping[str, Sequence[Panel]], tables: Tables
) -> dict[str, dict[str, list[list[float]]]]:
    """Keep forecasts of series alone, widened as of `widening`, and their outcomes, as a record.

    By kind and panel, a row per forecast: series, origin, years of the past, pace and step
    (`forecast.verification.multiples.pace_at`), then by years ahead the centre, the scale of the
    error and the outcome, as changes from the origin on the scale of the models.
    """
    found: dict[str, dict[str, list[list[float]]]] = {}
    for kind, some in panels.items():
        each = FORECASTS // (len(RECORDED) * len(some))
        found[kind] = {}
        for number, panel in enumerate(some):
            drawn = islice(
                cases(panel, np.random.default_rng([SEED, number])), each * len(RECORDED)
            )
            found[kind][panel.name] = [
                _kept(case, RECORDED[k % len(RECORDED)], panel.paths.scale, kind, tables)
                for k, case in enumerate(drawn)
            ]
    return found


def _kept(case: Case, years: int, scale: str, kind: str, tables: Tables) -> list[float]:
    made = case.forecast(years, scale, kind, tables)
    _, pace, step = pace_at(case.past, PAST - 1)
    inside = np.array([COVERED])
    usual = [
        size_at(inside, made.table.sizes[made.table.at(h)], made.table, h)[0]
        for h in range(1, HORIZON + 1)
    ]
    numbers = [pace, step, *_centre(made), *(_width(made) / usual), *case.came]
    return [case.series, case.origin, years, *(round(float(v), 4) for v in numbers)]


def _centre(made: Forecast) -> FloatArray:
    centre: FloatArray = made.combination.centre[0]
    return centre


def _width(made: Forecast) -> FloatArray:
    width: FloatArray = made.widths(np.full((HORIZON, 1), COVERED))[0, :, 0]
    return width


def learned(
    tables: Tables,
    regional: Mapping[str, Sequence[Panel]],
    mixed: Sequence[Panel] = (),
) -> Tables:
    """Return tables with the widening of short histories, and the record of series alone.

    Regional panels are by the kind of their series (flow, share, stock); `mixed` ones of unlike
    flows, whose years are not known, teach the widening.
    """
    long = {
        kind: [p for p in some if next(cases(p, np.random.default_rng(SEED)), None)]
        for kind, some in regional.items()
    }
    taught = {k: [*some, *(mixed if k == "flow" else ())] for k, some in long.items()}
    wide = replace(tables, short=widening(taught, tables))
    return replace(wide, record=record(long, wide))
