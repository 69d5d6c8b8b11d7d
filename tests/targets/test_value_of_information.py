from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.cli.main import main
from forecast.evidence.files.tables import TEXT
from forecast.forecasting.model_pool import Options
from forecast.report.language import language
from forecast.report.pages.gaps import work_plan
from forecast.study import Study
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.value_of_information import (
    Gap,
    all_gaps,
    expected_change,
    gaps,
    hypothetical,
    knowing,
    scores,
    supposing,
)
from tests import builders
from tests.targets.test_assess import MANY, levels
from tests.targets.test_types import COUNT, RANK, TIME, tally
from tests.worlds import statement, world

QUICK = Options(400, families=("drift", "theta"), imputations=2)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "cache"))


def found(rows: list[dict[str, Any]], **goal: Any) -> tuple[Study, Assessment, list[Gap]]:
    study = Study(world(rows or [statement(2024, 1.0)], **goal), QUICK, _record=MANY)
    answer = study.assess("goal", "plan")
    return study, answer, gaps(study, answer)


def dated() -> list[dict[str, Any]]:
    """Levels to 2024, the last of them published in the spring after: 2025 is still to come."""
    return [*levels(n=12), statement(2024, 225.2, published="2025-03-01")]


FRIENDS = {"kind": "count", "value": 10, "comparison": "exceed", "indicator": "friends"}


def test_supposed_figure_gives_what_the_real_one_would() -> None:
    study, answer, _ = found([statement(2024, 1.0)], **FRIENDS, unit="count")
    row = {"region": "city", "indicator": "friends", "period": "2025-06-30", "value": 6.0,
           "unit": "count", "measure": "count_to_date"}  # fmt: skip
    real = assess(
        world([statement(2024, 1.0), tally("2025-06-30", 6)], **FRIENDS, unit="count"),
        "plan", "goal", QUICK, record=MANY,
    )  # fmt: skip
    assert hypothetical(study, answer, [row]).probability == pytest.approx(real.probability)


def test_nothing_is_changed_by_supposing() -> None:
    evidence = world(levels())
    before = evidence.observations.copy()
    row = {"region": "city", "indicator": "gdp", "period": "2025", "value": 1.0, "unit": "亿元"}
    more = supposing(evidence, [row], [])
    texts = evidence.observations.dtypes == TEXT
    assert (more.observations.dtypes[texts] == TEXT).all()  # those of pandas' own are slow
    assert len(more.observations) == len(before) + 1
    assert more.digest != evidence.digest
    pd.testing.assert_frame_equal(evidence.observations, before)
    assert more.statements("city", "gdp")["canonical"].notna().all()


@pytest.mark.parametrize(
    ("rows", "goal"),
    [
        ([], {**FRIENDS, "unit": "count"}),
        ([], {"kind": "rank", "comparison": "rank_within", "value": 20.0, **RANK}),
        ([], {"kind": "legs", "items": "city;province", "value": 60, "comparison": "at_most",
              **TIME}),
        ([], {"value": 200.0, "indicator": "exports"}),
        ([], {"kind": "markets", "items": "city;province", "value": 200.0, "indicator": "exports"}),
        ([], {"kind": "cumulative", "start": 2025, "value": 900.0, "indicator": "exports"}),
        ([], {"kind": "comparison", "reference_region": "province", "value": float("nan"),
              "indicator": "exports"}),
    ],
)  # fmt: skip
def test_every_kind_says_what_its_missing_figures_would_tell(
    rows: list[dict[str, Any]], goal: dict[str, Any]
) -> None:
    goal = {k: v for k, v in goal.items() if k != "prices"}
    _, answer, (gap,) = found(rows, **goal)
    assert gap.opens
    assert gap.figures == answer.missing
    chances = gap.what_if["probability"].astype(float)
    assert chances.notna().all()
    assert chances.max() - chances.min() > 0.3  # it matters what the figure is
    floor = gap.what_if["floor"].astype(float).fillna(0.0)
    assert ((chances >= floor) & (chances <= 1 - floor)).all()


def test_figures_that_narrow_are_ordered() -> None:
    _, answer, some = found(dated(), value=262.0)
    assert 0 < (answer.probability or 0) < 1
    assert some
    assert not any(gap.opens for gap in some)
    changes = [gap.change for gap in some]
    assert changes == sorted(changes, reverse=True)
    assert all(0 < (gap.narrower or 0) < 100 for gap in some)


def test_nearer_year_tells_more() -> None:
    _, answer, _ = found(levels(), value=250.0)
    assert 0.2 < knowing(answer, 2025) < knowing(answer, 2026) < 1
    assert knowing(answer, 2024) < 0.3  # it is published


def test_change_agrees_with_draws() -> None:
    """Two normal values with correlation 0.8: what is expected is what a simulation finds."""
    rng = np.random.default_rng(0)
    answer = dataclasses.make_dataclass("A", ["probability", "floor"])(0.3, 0.0)
    from scipy.special import ndtr, ndtri

    seen = rng.standard_normal(200_000)
    limit = ndtri(0.7)
    after = ndtr((0.8 * seen - limit) / 0.6)
    assert after.mean() == pytest.approx(0.3, abs=0.005)
    assert expected_change(answer, 0.8) == pytest.approx(np.abs(after - 0.3).mean(), abs=0.003)


@given(st.floats(0.01, 0.99), st.floats(0, 0.99), st.floats(0, 0.99))
def test_more_knowledge_never_moves_less(p: float, one: float, other: float) -> None:
    answer = dataclasses.make_dataclass("A", ["probability", "floor"])(p, 0.0)
    less, more = sorted((one, other))
    assert expected_change(answer, less) <= expected_change(answer, more) + 1e-3
    assert expected_change(answer, more) <= 2 * p * (1 - p) + 1e-3  # perfect knowledge


def test_scores_are_normal_whatever_the_draws() -> None:
    rng = np.random.default_rng(3)
    z = scores(rng.lognormal(0, 2, 1000))
    assert z.mean() == pytest.approx(0, abs=1e-9)
    assert z.std() == pytest.approx(1, abs=0.02)


def test_work_plan_begins_with_what_opens_a_target_by_fewest_figures() -> None:
    evidence = world(dated(), value=262.0)
    rank = {"target": "rank", "kind": "rank", "comparison": "rank_within", "value": 20.0,
            "indicator": "place", "unit": "rank"}  # fmt: skip
    many = {"target": "many", "indicator": "exports", "value": 300.0}
    rows = [evidence.targets.iloc[0].to_dict() | more for more in ({}, many, rank)]
    evidence = dataclasses.replace(evidence, targets=pd.DataFrame(rows))
    study = Study(evidence, QUICK, _record=MANY)
    some = all_gaps(study, study.assess_all("plan"))
    assert [gap.target for gap in some][:2] == ["rank", "many"]
    plan = work_plan(language("en"), evidence, some)
    assert plan["rank"].tolist() == list(range(1, len(some) + 1))
    assert plan["figures"].tolist()[:2] == [2, 3]
    assert "would give a probability" in plan["effect"][0]
    assert "percentage points on average" in plan["effect"].iloc[-1]


def test_command_prints_and_writes_the_work_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = builders.build(tmp_path / "data")
    options = ["--data", str(folder), "--draws", "300", "--families", "drift"]
    assert main(["gaps", *options]) == 0
    said = capsys.readouterr().out
    assert " 1. " in said
    assert "Tax" in said
    file = tmp_path / "out" / "gaps.csv"
    assert main(["gaps", *options, "--csv", str(file)]) == 0
    table = pd.read_csv(file)
    assert {"get", "effect", "target"} <= set(table)
    assert set(table["target"]) >= {"market", "tax", "friends"}
    assert main(["gaps", *options, "--plan", "nothing"]) == 2
    assert "no plan 'nothing'" in capsys.readouterr().err


def test_counts_are_supposed_from_what_is_known_on() -> None:
    event = statement("2024-03-28", 1, measure="event", **COUNT)
    _, _, (gap,) = found([event], **FRIENDS, unit="count")
    chances = gap.what_if["probability"].to_list()
    assert chances == sorted(chances)
    assert gap.what_if["figure"][0].args["n"] == 1
    assert chances[-1] == 1.0
