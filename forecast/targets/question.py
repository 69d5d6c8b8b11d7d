"""What is asked of a target, and what an answer may rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from forecast.dependence.copula import Label, among, ordered, over_years, start_variance
from forecast.evidence.calendar import parse_period, year_and_number, year_end
from forecast.evidence.comparisons import Criterion
from forecast.evidence.evidence import Evidence
from forecast.evidence.registries import listed
from forecast.evidence.scales import FloatArray
from forecast.expectations.outlook import Outlook
from forecast.facts import Fact, Name, Year, fact
from forecast.forecasting import floor as bounds
from forecast.forecasting.model_pool import Draws, Options, generator, simulate
from forecast.forecasting.panel_data import EnsembleError, window
from forecast.reconciliation.history import History, HistoryError
from forecast.reconciliation.reconcile import reconcile
from forecast.targets import pseudo_targets
from forecast.targets.assessment import Assessment, Missing, criterion, threshold
from forecast.targets.evidence_dates import last_complete_year, newest
from forecast.verification import track_record
from forecast.verification.reference_record import kinds_of, supplemented

# Families that draw in milliseconds: they answer hypothetical questions, of which a page has many.
FAST = ("drift", "damped_drift", "theta")

Answer = TypeVar("Answer", bound=Assessment)


class Source(Protocol):
    """One state of the data with one set of options; `forecast.study.Study` is one."""

    evidence: Evidence
    options: Options

    def histories(self) -> dict[str, History]:
        """Return every series that adds up to a path, by ``region/indicator``."""

    def find_history(self, region: str, indicator: str) -> History | None:
        """Return one of them, or None."""

    def record(self) -> pd.DataFrame:
        """Return past forecasts of all series; see `forecast.verification.track_record`."""

    def pieces(self) -> list[track_record.Piece]:
        """Return the pieces that the past forecasts are put together from."""

    def assess(self, target: str, plan: str = "", year: int | None = None) -> Assessment:
        """Answer one target of a plan."""


@dataclass(frozen=True, eq=False)
class Question:
    """One target, and everything an answer may rest on."""

    evidence: Evidence
    row: pd.Series  # of ``targets.csv``, its year perhaps another
    options: Options
    #: `forecast.verification.track_record` of all series, pooled. Without it only the series' own
    #: past counts.
    record: pd.DataFrame | None = None
    #: All series of the data; without them a series is reconciled when it is asked for, and the
    #: families are pooled.
    histories: Mapping[str, History] | None = None
    #: Leave out what is only shown beside the answer, and let fast families stand for the pool.
    quick: bool = False

    @property
    def region(self) -> str:
        """Region of the target."""
        return str(self.row["region"])

    @property
    def indicator(self) -> str:
        """Indicator of the target."""
        return str(self.row["indicator"])

    @cached_property
    def criterion(self) -> Criterion:
        """What counts as meeting it."""
        return criterion(self.row)

    @property
    def year(self) -> Year:
        """Year in which it is to be met."""
        return Year(int(self.row["year"]), self.year_starts)

    @property
    def year_starts(self) -> int:
        """Month in which its years begin."""
        return self.evidence.year_starts(self.region, self.indicator)

    @property
    def end(self) -> date:
        """Last day of the year in which it is to be met."""
        return year_end(self.year, self.year_starts)

    @property
    def items(self) -> list[str]:
        """Regions the target lists."""
        return listed(str(self.row["items"]))

    @cached_property
    def adopted(self) -> str:
        """When the plan was adopted, as far as known; may be empty."""
        return str(self.evidence.plan(self.row["plan"])["adopted"])

    @property
    def adopted_in(self) -> int:
        """The year of the series in which the plan was adopted; 0 where that is not known."""
        day = parse_period(self.adopted)
        return year_and_number(day, self.year_starts)[0] if day else 0

    def on(self, region: str, indicator: str) -> Question:
        """Return the same question on another series."""
        return replace(self, row=pd.Series({**self.row, "region": region, "indicator": indicator}))

    def place(self, region: str) -> Name:
        """Return a region's name."""
        return self.evidence.place(region)

    def statements(self, region: str) -> pd.DataFrame:
        """Return what was published on the target's indicator in a region."""
        return self.evidence.statements(region, self.indicator)

    @cached_property
    def known(self) -> pd.DataFrame:
        """All that was published on the indicator: in its region, its items, the reference."""
        others = [*self.items, *listed(str(self.row["reference_region"]))]
        regions = dict.fromkeys([self.region, *others])
        frames = [self.statements(region) for region in regions]
        if per := str(self.row.get("per", "")):
            frames.append(self.evidence.statements(self.region, per))
        frames = [f.assign(place=f["region"].map(self.place)) for f in frames if len(f)]
        return pd.concat(frames, ignore_index=True) if frames else self.statements(self.region)

    def answer(
        self,
        form: type[Answer],
        status: str,
        reason: Fact | None = None,
        cases: float | None = None,
        **found: Any,
    ) -> Answer:
        """Make the answer, every probability of it within what past cases support.

        Parameters
        ----------
        form : type
            Of the kind of target.
        status : str
        reason : Fact, optional
        cases : float, optional
            Informative observations behind the probability, where no record of forecasts gives the
            floor (``floor`` in `found`). With neither it is taken for certain, as published.
        **found
            Fields of `form`.
        """
        if cases is not None and found.get("probability") is not None:
            found["floor"] = bounds.least(cases)
        bounded = within_floor(found, found.get("floor"))
        own = self.known[~self.known["region"].isin(listed(str(self.row["reference_region"])))]
        return form(
            self.row, status, reason, threshold(self.row), str(self.row["unit"]), known=self.known,
            newest_own=newest(self.evidence, own), year_starts=self.year_starts,
            adopted=self.adopted_in, **bounded,
        )  # fmt: skip

    # What forecasts say ---------------------------------------------------------------------------

    def history(self, region: str) -> History:
        """Return the reconciled path of the target's indicator in a region.

        Raises
        ------
        HistoryError
            When no level that counts was published.
        """
        known = (self.histories or {}).get(f"{region}/{self.indicator}")
        return known or reconcile(self.evidence, region, self.indicator)

    def drawn(self, region: str) -> tuple[History | None, FloatArray | None]:
        """Return the path of the target's indicator in a region, and its draws; see `draws`.

        None where too little was published for it.
        """
        try:
            history = self.history(region)
        except HistoryError:
            return None, None
        try:
            return history, self.draws(history)
        except EnsembleError:
            return history, None

    def lacking(self, region: str, history: History | None) -> tuple[Missing, ...]:
        """Return the yearly levels that would make a series long enough to forecast from."""
        until = last_complete_year(self.evidence, self.year_starts)
        if history is not None:
            until = max(until, int(history.years[-1]))
        wanted = years_wanted(history, until)
        what = fact("missing-level")
        return tuple(Missing(region, self.indicator, str(year), what) for year in wanted)

    def own_record(self, history: History) -> pd.DataFrame:
        """Return the past forecasts of one series."""
        if self.histories is None or self.record is None:
            return track_record.pool_record(history, self.options)
        return track_record.of_series(self.record, history.key)

    def paths(self, history: History) -> Draws:
        """Draw a series from its last known year to the target year.

        Raises
        ------
        EnsembleError
            When the history is too thin.
        """
        horizon, options = self.year - int(history.years[-1]), self.options
        factors = self.factors(history)
        if self.histories is not None and not options.families:
            window(history.informed)  # too thin a history is refused before anything is drawn
            found, alone, factors = self.outlook(history).draws(history, horizon, factors)
            if self.quick:
                years = history.years[-1] + np.arange(1, horizon + 1)
                answer = history.in_unit(found.ahead)
                return Draws(years, {}, factors, {}, answer, found.seen)
            made = simulate(history, horizon, options, factors, found.ahead)
            without = history.in_unit(np.median(alone, axis=0))
            return replace(made, expected=found.seen, without=without)
        if self.quick:
            options = replace(options, families=FAST, quick=False)
        return simulate(history, horizon, options, factors)

    def outlook(self, history: History) -> Outlook:
        """Return what draws a series by the learned ensemble."""
        every = {**(self.histories or {}), history.key: history}
        return Outlook(self.evidence, every, self.record, self.options)

    def factors(self, history: History) -> FloatArray:
        """Return the factors on the spread of the years from the last known one to the target."""
        own = self.own_record(history)
        every = own if self.record is None else self.record
        return track_record.spread_factors(own, every, self.year - int(history.years[-1]))

    def draws(self, history: History) -> FloatArray:
        """Draw a series in every year up to the target year, past and future of a draw together.

        Years whose figure is published have that figure in every draw. In the unit, shape (draws,
        n_years); the last column is the target year.

        Raises
        ------
        EnsembleError
            When the history is too thin.
        """
        last, first = int(history.years[-1]), int(history.years[0])
        if self.year <= last:
            rng = generator(self.options.seed, history.key, "past")
            path = history.in_unit(history.draws(self.options.draws, rng))
        else:
            path = self._joined(history)
        decided = [i for i, year in enumerate(history.years) if history.decided(int(year))]
        path[:, decided] = history.figures()[decided]
        return path[:, : self.year - first + 1]

    def _joined(self, history: History) -> FloatArray:
        """Draw past and future of a series to the target year, in the unit."""
        horizon, options = self.year - int(history.years[-1]), self.options
        if self.histories is not None and not options.families:
            window(history.informed)  # too thin a history is refused before anything is drawn
            found, *_ = self.outlook(history).draws(history, horizon, self.factors(history))
            return history.in_unit(np.hstack([found.past, found.ahead]))
        fitted = replace(options, families=FAST, quick=False) if self.quick else options
        made = simulate(history, horizon, fitted, self.factors(history))
        pasts = history.pasts(
            fitted.imputations, generator(fitted.seed, history.key, "history")
        )  # those that each family was fitted to, in this order
        past = [np.repeat(pasts, len(d) // len(pasts), axis=0) for d in made.by_family.values()]
        joined: FloatArray = np.hstack([history.in_unit(np.concatenate(past)), made.pooled])
        return joined

    def joint(self, histories: Sequence[History], paths: Sequence[FloatArray]) -> list[FloatArray]:
        """Join draws of several series to the target year, as their errors have gone together.

        Whole paths of each series are put into another order, by a Gaussian copula of the figures
        of the target year (`forecast.dependence.copula`); each series alone stays as it is, and has
        as many draws as the others. Without a record they are independent.
        """
        n, keys = min(map(len, paths)), [history.key for history in histories]
        if len(paths) == 1:
            return list(paths)
        order = generator(self.options.seed, *keys, "joint").standard_normal((n, len(paths)))
        order = order @ np.linalg.cholesky(self._correlation(histories, paths)).T
        return [
            path[np.argsort(path[:, -1], kind="stable")][
                ordered(np.arange(float(len(path))), z).astype(int)
            ]
            for path, z in zip(paths, order.T, strict=True)
        ]

    def _correlation(self, histories: Sequence[History], paths: Sequence[FloatArray]) -> FloatArray:
        """Correlation of the figures of several series in the target year."""
        if self.record is None or self.record.empty:
            return np.eye(len(histories))
        shocks = among(
            track_record.past_errors(self.record),
            [Label(h.key, h.region, h.indicator, h.kind) for h in histories],
            self.evidence.parents,
            self.evidence.accounts.kin,
        )
        last = [min(int(h.years[-1]), self.year) for h in histories]
        start = [
            start_variance(h.scale.forward(path[:, end - self.year - 1 :]))
            if end < self.year
            else 1.0
            for h, path, end in zip(histories, paths, last, strict=True)
        ]
        cells = [(i, self.year) for i in range(len(histories))]
        return over_years(shocks, last, start, cells)

    def judged(self, histories: list[History]) -> tuple[pd.DataFrame, float]:
        """Return the scored record, `supplemented`, and the smallest probability it supports."""
        pooled = self.record
        if pooled is None:
            pooled = pd.concat([self.own_record(h) for h in histories], ignore_index=True)
        horizon = max(self.year - min(int(h.years[-1]) for h in histories), 1)
        record = supplemented(track_record.scored(pooled), kinds_of(histories), horizon)
        return record.copy(deep=False), pseudo_targets.least(record, horizon)


CHANCES = ("probability", "probability_low", "probability_high", "probability_strict")


def within_floor(found: dict[str, Any], floor: float | None) -> dict[str, Any]:
    """Return fields of an answer with every probability bounded; see `forecasting.floor`."""
    out = dict(found)
    for name in CHANCES:
        if out.get(name) is not None:
            out[name] = bounds.within(out[name], floor)
    first, ever = bounds.by_year(out.get("first_year", {}), floor), out.get("probability_ever")
    certain = first.get(bounds.NEVER) == 0.0
    if ever is not None and not certain:
        out["probability_ever"] = bounds.within(ever, floor)
    if "by_family" in out:
        out["by_family"] = {n: bounds.within(p, floor) for n, p in out["by_family"].items()}
    if "first_year" in out:
        out["first_year"] = first
    if "parts" in out and floor is not None:
        chance = out["parts"]["chance"].astype(float)
        out["parts"] = out["parts"].assign(chance=chance.clip(floor, 1 - floor))
    return out


def years_wanted(history: History | None, until: int) -> list[int]:
    """Return the latest years whose levels would make a series long enough to forecast from.

    Ascending, up to the last that can be asked for; empty where the series is long enough. The
    history is what is known now, None where there is no path.
    """
    known = set() if history is None else {int(y) for y in history.years[history.informed]}
    first = until if history is None else int(history.years[0])
    wanted: set[int] = set()
    for year in range(until, until - 60, -1):
        have = known | wanted
        span = np.arange(min(first, year + 1), max([until, *have]) + 1)
        informed = np.isin(span, list(have))
        start = int(informed.argmax()) if informed.any() else 0
        try:
            window(informed[start:])
        except EnsembleError:
            if year not in known:
                wanted.add(year)
        else:
            return sorted(wanted)
    return sorted(wanted)
