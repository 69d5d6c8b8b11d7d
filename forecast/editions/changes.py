"""Why the chance of a target moved from one edition to the next, in parts that add up.

The parts are found by changing one thing after the other, always in this order, and assessing the
target anew by today's program after each:

1. ``program``: the code or its learned tables;
2. ``parameters``: the day up to which figures count, the models, whether forecasts by others do;
3. ``sampling``: the seed or the number of draws, which change nothing but the sampling error;
4. ``definitions``: the tables of targets, indicators, bases and regions;
5. ``revised``: figures that were revised or withdrawn;
6. ``new``: figures that came.

The part of a step is what the chance moves by in it, so that the parts add up to the whole. What
did not change is no step, and the ends are known: with one cause nothing is computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from forecast.cache import cached
from forecast.editions.figures import UNCHANGED, Difference, difference, redefined, without_new
from forecast.editions.store import Edition, Inputs
from forecast.evidence.evidence import Evidence, known_on
from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    from forecast.forecasting.model_pool import Options
    from forecast.study import Study

PARTS = ("program", "parameters", "sampling", "definitions", "revised", "new")
NOISE = 2.0  # standard errors: a smaller move may be sampling alone


@dataclass(frozen=True)
class Change:
    """What became of the chance of a target since an earlier edition."""

    target: str
    #: The probability then and now; None where there was or is none.
    before: float | None
    now: float | None
    error: float = 0.0  # standard error of sampling of their difference
    #: What of it is due to each cause, in the order of `PARTS`; without what did not change, and
    #: empty where a probability is missing or `unsplit` says why it cannot be told.
    parts: dict[str, float] = field(default_factory=dict)
    unsplit: str = ""  # why the difference cannot be split; empty where it can

    @property
    def whole(self) -> float | None:
        """The difference."""
        return None if self.before is None or self.now is None else self.now - self.before

    def is_noise(self, part: float) -> bool:
        """Say whether a difference is no larger than sampling alone may make it."""
        return abs(part) <= NOISE * self.error

    @property
    def moved(self) -> bool:
        """Whether the chance moved by more than sampling may move it."""
        return self.whole is not None and not self.is_noise(self.whole)


@dataclass(frozen=True, eq=False)
class _State:
    """Figures and options between two editions."""

    evidence: Evidence
    options: Options


@dataclass(eq=False)
class Comparison:
    """Two editions of a plan, the later one with the study that it is the answer of."""

    before: Edition
    after: Edition
    study: Study  # of the data and the options of `after`
    _studies: dict[int, Study] = field(default_factory=dict, repr=False)
    _difference: Difference | None = field(default=None, repr=False)
    _steps: list[tuple[str, _State]] | None = field(default=None, repr=False)

    def difference(self) -> Difference:
        """Return how the tables differ, as far as the later edition uses them.

        Raises
        ------
        forecast.editions.store.StoreError
            If a table of the earlier edition is missing or damaged.
        forecast.evidence.problems.DataError
            If today's program cannot read them.
        """
        if self._difference is None:
            now = self.study.evidence
            parts = ("difference", sorted(self.before.tables.items()), now.as_of, now.digest)
            same = self.before.inputs.data == self.after.inputs.data
            self._difference = (
                UNCHANGED if same else cached(parts, lambda: difference(self._old(now.as_of), now))
            )
        return self._difference

    def change(self, target: str) -> Change:
        """Return what became of the chance of a target that both editions have, in parts."""
        found = between(self.before, self.after, target)
        if found.whole is None:
            return found
        try:
            return replace(found, parts=self._split(target, found))
        except UserError as problem:
            return replace(found, unsplit=str(problem).splitlines()[0])

    def causes(self) -> list[str]:
        """Return what differs between the editions, in the order of `PARTS`.

        Raises
        ------
        forecast.evidence.problems.UserError
            As `difference` does.
        """
        a, b, differs = self.before.inputs, self.after.inputs, self.difference()
        changed = {
            "program": a.program != b.program,
            "parameters": _parameters(a) != _parameters(b),
            "sampling": (a.seed, a.draws) != (b.seed, b.draws),
            "definitions": differs.definitions,
            "revised": differs.has("revised"),
            "new": differs.has("new"),
        }
        return [name for name in PARTS if changed[name]]

    def _split(self, target: str, found: Change) -> dict[str, float]:
        causes, whole = self.causes(), found.whole or 0.0
        if len(causes) < 2 or (whole == 0 and not self._touches(target)):
            # A difference without a cause is one of machines: the program's.
            named = causes or (["program"] if whole else [])
            return {name: whole if name == named[-1] else 0.0 for name in named}
        assert found.before is not None
        assert found.now is not None
        steps = self._path(causes)
        last = len(steps) - 1
        values = [found.before] * len(steps)
        for i, (_, state) in enumerate(steps):
            if i == 0 and self._is_todays(self.before):
                continue
            if i == last and self._is_todays(self.after):
                values[i] = found.now
                continue
            chance = self._chance(state, target)
            # Without the later figures there may be no chance: their step has it all.
            values[i] = values[max(i - 1, 0)] if chance is None else chance
        parts = {steps[i][0]: values[i] - values[i - 1] for i in range(1, len(steps))}
        rest = (values[0] - found.before) + (found.now - values[-1])
        return {"program": rest} | parts if "program" in causes or rest else parts

    def _is_todays(self, edition: Edition) -> bool:
        return edition.inputs.program == Inputs.of(self.study).program

    def _touches(self, target: str) -> bool:
        """Say whether figures of the target's own series changed."""
        row = self.study.evidence.target(self.after.plan, target)
        changed = self.difference().statements
        own = (changed["region"] == row["region"]) & (changed["indicator"] == row["indicator"])
        return bool(own.any())

    def _path(self, causes: list[str]) -> list[tuple[str, _State]]:
        """Return the states from the one edition to the other, each with what leads to it."""
        if self._steps is None:
            self._steps = list(self._states(causes))
        return self._steps

    def _states(self, causes: list[str]) -> Iterator[tuple[str, _State]]:
        a, b, now = self.before.inputs, self.study.options, self.study.evidence
        b = replace(b, quick=not b.families)
        old = replace(
            b, draws=a.draws, seed=a.seed, families=a.families, outside=a.outside,
            quick=not a.families,
        )  # fmt: skip
        same = self.before.inputs.data == self.after.inputs.data
        figures = now if same else self._old(date.fromisoformat(a.as_of) if a.as_of else None)
        yield "", _State(figures, old)
        if "parameters" in causes:
            figures = now if same else self._old(now.as_of)
            old = replace(b, draws=a.draws, seed=a.seed)
            yield "parameters", _State(figures, old)
        if "sampling" in causes:
            yield "sampling", _State(figures, b)
        if "definitions" in causes:
            figures = redefined(figures, now)
            yield "definitions", _State(figures, b)
        if "revised" in causes:
            left = without_new(figures, now, self.difference().new)
            yield "revised", _State(left, b)
        if "new" in causes:
            yield "new", _State(now, b)

    def _old(self, day: date | None) -> Evidence:
        evidence = self.before.evidence
        return evidence if day is None else known_on(evidence, day)

    def _chance(self, state: _State, target: str) -> float | None:
        """Return the probability in a state, by today's program."""
        from forecast.study import Study

        evidence, plan = state.evidence, self.after.plan
        study = self._studies.setdefault(id(state), Study(evidence, state.options))
        parts = ("chance", evidence.digest, evidence.as_of, state.options, plan, target)
        return cached(parts, lambda: study.assess(target, plan).probability)


def between(before: Edition, after: Edition, target: str) -> Change:
    """Return what became of the chance of a target that both editions have, without parts."""
    (old, first), (now, second) = (_chance_in(e, target) for e in (before, after))
    return Change(target, old, now, math.hypot(first, second))


def _chance_in(edition: Edition, target: str) -> tuple[float | None, float]:
    """Return the probability of a target in an edition and its standard error; 0 without one."""
    table = edition.answers[["probability", "standard_error"]].astype(float)
    chance, error = table.loc[target].to_numpy()
    return None if math.isnan(chance) else float(chance), 0.0 if math.isnan(error) else float(error)


def _parameters(inputs: Inputs) -> tuple[object, ...]:
    return inputs.as_of, inputs.families, inputs.outside
