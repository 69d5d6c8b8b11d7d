"""One object to work with: the data, the options, and every answer that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from forecast.cache import source_digest
from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import content, default_folder, load
from forecast.evidence.problems import UserError
from forecast.forecasting.model_pool import Options
from forecast.progress import steps
from forecast.reconciliation.history import History, HistoryError
from forecast.reconciliation.reconcile import Histories, reconcile
from forecast.reconciliation.stored import stored_histories
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.verification import holdout, replay
from forecast.verification.reference_record import kinds_of, supplemented
from forecast.verification.track_record import (
    LEARNED,
    RECORD,
    Piece,
    ensemble_pieces,
    ensemble_record,
    model_record,
    pool_pieces,
    pool_record,
    scored,
)
from forecast.workers.backend import Workers

if TYPE_CHECKING:
    from forecast.scenarios.apply import Outcome
    from forecast.scenarios.joint_draws import Joint
    from forecast.scenarios.spec import RefusedError, Scenario

MOST_ANSWERS = 32  # that a study keeps, a megabyte of paths each


@dataclass
class Study:
    """Everything that follows from one state of the data and one set of options.

    Attributes
    ----------
    evidence : Evidence
    options : Options

    Examples
    --------
    >>> import forecast
    >>> study = forecast.open_study(draws=1000)  # doctest: +SKIP
    >>> study.assess("gdp").probability  # doctest: +SKIP
    """

    evidence: Evidence
    options: Options
    _histories: Histories | None = field(default=None, repr=False)
    _listed: dict[str, History] = field(default_factory=dict, repr=False)
    _record: pd.DataFrame | None = field(default=None, repr=False)
    _joints: dict[str, Joint] = field(default_factory=dict, repr=False)
    _answers: dict[tuple[object, ...], Assessment] = field(
        default_factory=dict, init=False, repr=False
    )

    def history(self, region: str, indicator: str) -> History:
        """Reconciled yearly path of a series; see `forecast.reconciliation.reconcile.reconcile`."""
        found = self.find_history(region, indicator)
        # What is missing is said by the function that found it missing.
        return found or reconcile(self.evidence, region, indicator)

    def find_history(self, region: str, indicator: str) -> History | None:
        """Return the reconciled path, or None where the statements do not add up to one."""
        return self._all_histories().get(f"{region}/{indicator}")

    def failed(self) -> dict[str, str]:
        """Return the series that cannot be computed, by ``region/indicator``, and why."""
        return self._all_histories().failed

    def _all_histories(self) -> Histories:
        if self._histories is None:
            self._histories = stored_histories(self.evidence)
        return self._histories

    def series(self) -> list[tuple[str, str]]:
        """Return all (region, indicator) pairs with observations, in the order of the data."""
        frame = self.evidence.observations[["region", "indicator"]].drop_duplicates()
        return [(str(r), str(i)) for r, i in frame.itertuples(index=False)]

    def backtest(self, region: str, indicator: str) -> pd.DataFrame:
        """Track record of one series; empty where there is no history to test on."""
        try:
            return pool_record(self.history(region, indicator), self.options)
        except HistoryError:
            return pd.DataFrame(columns=RECORD)

    def record(self) -> pd.DataFrame:
        """Track record pooled over all series of the data."""
        if self._record is None:
            if self.options.families:
                found = (piece.table() for piece in self.pieces())
                self._record = holdout.stacked(found, RECORD)
            else:
                self._record = ensemble_record(self.histories())
        return self._record

    def pieces(self) -> list[Piece]:
        """Return the pieces of `record`, which several processes may compute."""
        if not self.options.families:
            return ensemble_pieces(self.histories())
        others = self.evidence.exchange_indicators
        known = (self.find_history(r, i) for r, i in sorted(self.series()) if i not in others)
        return pool_pieces([history for history in known if history is not None], self.options)

    def track_record(self) -> pd.DataFrame:
        """Every past forecast of every series, scored; see `track_record.scored`.

        Where there are few one year ahead, those of the reference panels are in it; see
        `forecast.verification.reference_record`.
        """
        kinds = kinds_of(self.histories().values())
        return supplemented(scored(self.record()), kinds, 1).copy(deep=False)

    def hidden(self, plan: str = "") -> pd.DataFrame:
        """Every published level hidden and looked for; see `holdout.hidden`."""
        return holdout.hidden(self.evidence, self._region(plan))

    def replayed(self, plan: str = "") -> pd.DataFrame:
        """Estimate running years as of past days; see `forecast.verification.replay.replayed`."""
        return replay.replayed(self.evidence, self._region(plan))

    def plan(self, plan: str = "") -> str:
        """Return the key of a plan: the one named, or the first of ``plans.csv`` if none is.

        Raises
        ------
        forecast.evidence.problems.UserError
            If there is no such plan; the message names the known ones.
        """
        return str(self.evidence.plan(plan)["plan"])

    def _region(self, plan: str) -> str:
        return str(self.evidence.plan(plan)["region"])

    def histories(self) -> dict[str, History]:
        """Return every series that adds up to a path, by ``region/indicator``."""
        if not self._listed:
            every = self._all_histories()
            self._listed = {
                key: h
                for key, h in every.items()
                if h.indicator not in self.evidence.exchange_indicators
            }
        return self._listed

    def comparison(
        self, kind: str = "", families: Sequence[str] = (), series: str = ""
    ) -> pd.DataFrame:
        """Past forecasts of all series by every method, for the same origins and horizons.

        Parameters
        ----------
        kind, families, series : optional
            Series of this kind alone; families to compare with, all of which take a minute or two;
            or one series, ``region/indicator``.

        Returns
        -------
        DataFrame
            As of `track_record.model_record`, with the ``kind`` of the indicator.
        """
        every = self.histories().items()
        histories = {k: h for k, h in every if kind in ("", h.kind) and series in ("", k)}
        options = Options(self.options.draws, self.options.seed, tuple(families))
        pooled = self.options.families
        learned = ensemble_record(self.histories()) if pooled else self.record()
        frames = [learned.query("series in @histories").assign(method=LEARNED)]
        compared = steps(histories.values(), "models compared", lambda history: history.key)
        frames += [model_record(history, options) for history in compared]
        found = holdout.stacked(frames, [*RECORD, "method"])
        return found.assign(kind=found["series"].map(lambda key: histories[key].kind))

    def revised(self, evidence: Evidence) -> Study:
        """Return the study of evidence that differs in a few figures: quick, not exact.

        The record of past forecasts, which one figure hardly moves, stays as it is.
        """
        return Study(evidence, self.options, _record=self.record())

    def quick(self) -> Study:
        """Return the study with the same answers and no family beside them but the drift."""
        return replace(self, options=replace(self.options, quick=True))

    def assess(self, target: str, plan: str = "", year: int | None = None) -> Assessment:
        """Answer one target; see `forecast.targets.assess.assess`."""
        plan = self.plan(plan)
        self.evidence.target(plan, target)  # an unknown name is said before anything is computed
        key, kept = (source_digest(), plan, target, year), self._answers
        if key not in kept:
            answer = assess(
                self.evidence, plan, target, self.options, year, self.record(), self.histories()
            )
            while len(kept) >= MOST_ANSWERS:
                del kept[next(iter(kept))]
            kept[key] = answer
        return kept[key]

    def assess_all(self, plan: str = "") -> list[Assessment]:
        """Answer every target of a plan, in the plan's order."""
        plan, targets = self.plan(plan), self.evidence.targets
        names = steps(targets.loc[targets["plan"] == plan, "target"], "target", str)
        return [self.assess(name, plan) for name in names]

    def joint(self, plan: str = "") -> Joint:
        """Joint draws of a plan's region and its parents; see `forecast.scenarios.joint_draws`."""
        from forecast.scenarios import joint_draws as joint

        plan = self.plan(plan)
        if plan not in self._joints:
            self._joints[plan] = joint.stored(self, plan)
        return self._joints[plan]

    def scenarios(self) -> dict[str, Scenario]:
        """Return the scenarios of the data, the baseline first."""
        from forecast.scenarios.files import load_scenarios

        return load_scenarios(self.evidence)

    def scenario(self, scenario: str | Scenario, plan: str = "") -> Outcome:
        """Lay a scenario on the joint draws: one of the data by its name, or one of your own.

        Raises
        ------
        forecast.scenarios.spec.RefusedError
            When it contradicts itself or an identity, or lies out of reach.
        """
        from forecast.scenarios.apply import apply

        if isinstance(scenario, str):
            known = self.scenarios()
            if scenario not in known:
                raise UserError(f"no scenario {scenario!r}; there are {', '.join(known)}")
            scenario = known[scenario]
        return apply(self.joint(plan), scenario)

    def outcomes(
        self, plan: str = "", names: Sequence[str] = ()
    ) -> dict[str, Outcome | RefusedError]:
        """Lay scenarios on the joint draws, the baseline always first.

        Parameters
        ----------
        plan : str
        names : sequence of str, optional
            Scenarios of the data; all of them if not given.

        Returns
        -------
        dict
            By name; the reason in the place of a scenario that had to be refused.
        """
        from forecast.scenarios.apply import apply_all

        known = self.scenarios()
        for name in names:
            if name not in known:
                raise UserError(f"no scenario {name!r}; there are {', '.join(known)}")
        wanted = [s for key, s in known.items() if not names or key in names or key == "baseline"]
        return apply_all(self.joint(plan), wanted)

    def what_if(self, scenario: str | Scenario, target: str = "", plan: str = "") -> pd.DataFrame:
        """Hold a scenario against the baseline, target by target.

        Parameters
        ----------
        scenario : str or Scenario
            One of the data by its name, or one of your own.
        target : str, optional
            One target only.
        plan : str

        Returns
        -------
        DataFrame
            ``target, year, unit, baseline, scenario`` (probabilities), ``median_baseline,
            median_scenario, floor`` (of the probabilities) and ``reliable``, whether a figure that
            the scenario states has a reliable link to the target.
        """
        from forecast.scenarios.joint_targets import beside

        return beside(self.scenario("baseline", plan), self.scenario(scenario, plan), target)

    def prepare(self, plan: str, workers: Workers | None = None) -> None:
        """Compute all backtests and assessments side by side into the cache.

        The numbers are the same as without: every series has its own generator.

        Parameters
        ----------
        plan : str
        workers : Workers, optional
            Who computes; two processes if not given.
        """
        from forecast.preparation import prepare

        prepare(self, self.series(), [plan], workers or Workers())


def open_study(
    data: str | Path | None = None,
    as_of: str | None = None,
    draws: int = 4000,
    seed: int = 2027,
    families: Sequence[str] = (),
    imputations: int = 4,
    outside: str = "all",
) -> Study:
    """Load the data and set the options.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; the repository's own by default.
    as_of : str, optional
        Use only what was published by this date, ``YYYY-MM-DD``; empty means everything.
    draws, seed, families, imputations, outside
        See `forecast.forecasting.model_pool.Options`.

    Raises
    ------
    forecast.evidence.problems.DataError
        With all problems of the data at once.
    forecast.evidence.problems.UserError
        For options out of range, naming the option and what was expected.
    """
    source_digest()  # before anything is computed: results belong to the source that made them
    if isinstance(families, str):
        raise UserError(f"families is {families!r}; expected a list of names: [{families!r}]")
    options = Options(draws, seed, tuple(families), imputations, outside=outside)
    root, day = Path(data) if data else default_folder(), str(as_of) if as_of else None
    if _shared is None:
        return Study(load(root, as_of=day), options)
    asked = (root, day, options, content(root, {}))
    if not any(kept.asked == asked and kept.unchanged for kept in _shared):
        study = Study(load(root, as_of=day), options)
        _shared[:] = [_Opened(study, asked, study.evidence.digest)]
    return _shared[0].study


@dataclass(frozen=True)
class _Opened:
    """A study, what was asked for when it was opened, and the digest of its tables then."""

    study: Study
    asked: tuple[object, ...]
    digest: str

    @property
    def unchanged(self) -> bool:
        """Whether the tables are as they were read: they may have been changed in place since."""
        return replace(self.study.evidence).digest == self.digest


_shared: list[_Opened] | None = None  # what was opened last; None: each opens one of its own


def share(whether: bool = True) -> None:
    """Let those who open the same data with the same options have one study, as pages may.

    Parameters
    ----------
    whether : bool
        Whether they do; from the start each has a study of its own.

    Examples
    --------
    >>> share()
    >>> open_study(draws=400) is open_study(draws=400), open_study() is open_study(draws=400)
    (True, False)
    >>> share(False)
    """
    global _shared
    _shared = (_shared or []) if whether else None
