"""Editions of the small data folder, and a chance that is known in closed form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forecast.editions import store
from forecast.editions.changes import Comparison
from forecast.evidence.evidence import Evidence
from forecast.forecasting.model_pool import Options
from forecast.report.editions import answers
from forecast.study import Study, open_study

PLAN, TARGET = "jinhua_2027", "gdp"


def law(evidence: Evidence, options: Options) -> float:
    """Return a made-up chance: every cause moves it by an amount of its own."""
    rows = evidence.observations
    gdp = rows[(rows["indicator"] == "gdp") & (rows["measure"] == "level")]
    limit = float(evidence.target(PLAN, TARGET)["value"])
    return float(
        0.4
        + 0.01 * len(rows)
        + 1e-6 * gdp["value"].sum()
        + 1e-7 * (limit - 10000)
        + 0.001 * (options.seed - 2027)
        + (0.02 if options.outside == "none" else 0.0)
    )


def kept(
    folder: Path, data: Path, run: str, *, more: float = 0.0, code: str = "", **options: Any
) -> tuple[store.Edition, Study]:
    """Put an edition of data into a store, its chance by `law`, and return it with its study.

    `more` is what another program would add to the chance; `code` its digest.
    """
    study = open_study(data, draws=400, families=("drift",), **options)
    made = answers.edition(study, PLAN, [], run, "2026-11-01T00:00:00Z")
    row: dict[str, Any] = dict.fromkeys(store.OF_TARGET, "")
    row |= dict.fromkeys(answers.NUMBERS, 0.01) | {"target": TARGET, "year": 2027}
    row["probability"] = law(study.evidence, study.options) + more
    table = made.answers.reset_index()
    table.loc[0] = row
    made = replace(made, answers=table.set_index("target"))
    if code:
        made = replace(made, inputs=replace(made.inputs, code=code))
    assert store.add(folder, made, store.tables_of(data))
    return store.read(folder / f"{run}.parquet"), study


def compared(folder: Path, before: Path, after: Path, **options: Any) -> Comparison:
    """Return two editions of two data folders, compared, with chances by `law`."""
    first, _ = kept(folder, before, "a")
    second, study = kept(folder, after, "b", **options)
    return Comparison(first, second, study)


@pytest.fixture
def lawful(monkeypatch: pytest.MonkeyPatch) -> list[Evidence]:
    """Let states have the chance of `law`; return the evidence of each that was computed."""
    seen: list[Evidence] = []

    def chance(self: Comparison, state: Any, target: str) -> float:
        seen.append(state.evidence)
        return law(state.evidence, state.options)

    monkeypatch.setattr(Comparison, "_chance", chance)
    return seen
