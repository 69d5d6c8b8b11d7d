from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.loading import load
from forecast.evidence.problems import DataError
from forecast.report.language import language
from forecast.report.pages import overview
from forecast.report.pages.target import judgement, kinds
from forecast.report.text.markup import markdown
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from tests import builders
from tests.targets.test_assess import MANY, levels
from tests.targets.test_types import QUICK, RANK
from tests.worlds import statement, world

LEVELS = np.array([0.05, 0.5, 0.95])


def judged(*experts: tuple[str, list[float]], date: str = "2025-01-01", **goal: Any) -> Any:
    unit = goal.get("unit", "亿元")
    rows = [
        ("plan", "goal", name, date, level, value, unit, "because")
        for name, values in experts
        for level, value in zip(LEVELS, values, strict=True)
    ]
    columns = ["plan", "target", "expert", "date", "level", "value", "unit", "reason"]
    return pd.DataFrame(rows, columns=columns)


def ask(judgements: pd.DataFrame, rows: list[dict[str, Any]], **goal: Any) -> Assessment:
    evidence = dataclasses.replace(world(rows, **goal), judgements=judgements)
    return assess(evidence, "plan", "goal", QUICK, record=MANY)


PLACE = {"kind": "rank", "comparison": "rank_within", "value": 20.0, **RANK}


def test_judgement_alone_is_labelled() -> None:
    found = ask(judged(("A", [10, 20.5, 31]), unit="rank"), [statement(2023, 50, **RANK)], **PLACE)
    assert found.status == "judgement"
    assert found.probability == pytest.approx(0.5, abs=0.01)
    text = markdown(kinds.lead(language("en"), found))
    assert text.startswith("**A judgement, not a forecast")
    assert "An assessment requires" in text  # what is missing is said all the same
    assert "judgement" in judgement.section(language("en"), found)
    assert "(judgement)" in overview.chance(language("en"), found)
    assert found.missing


def test_experts_are_pooled_with_equal_weight() -> None:
    table = judged(("A", [10, 20.5, 31]), ("B", [100, 120, 140]), unit="rank")
    found = ask(table, [statement(2023, 50, **RANK)], **PLACE)
    assert found.judgement.probability == pytest.approx(0.25, abs=0.01)
    assert (found.judgement.low, found.judgement.high) == pytest.approx((0.0, 0.5), abs=0.01)
    assert found.judgement.quantiles[0.5] == pytest.approx(60, abs=35)


def test_statistics_lead_where_there_are_both() -> None:
    evidence = world(levels(), value=250.0)
    alone = assess(evidence, "plan", "goal", QUICK, record=MANY)
    found = ask(judged(("A", [100.0, 150.0, 200.0])), levels(), value=250.0)
    assert found.probability == alone.probability
    assert found.status == "assessed"
    assert found.judgement.probability < 0.05
    text = judgement.section(language("en"), found)
    assert "the forecast from figures, which leads" in text


def test_latest_judgement_of_an_expert_counts() -> None:
    old, new = judged(("A", [500, 600, 700])), judged(("A", [1, 2, 3]), date="2026-01-01")
    found = ask(pd.concat([old, new], ignore_index=True), levels(), value=250.0)
    assert found.judgement.experts["date"].tolist() == ["2026-01-01"]


def test_judgement_on_another_year_is_not_used() -> None:
    evidence = dataclasses.replace(
        world(levels(), value=250.0), judgements=judged(("A", [1.0, 2.0, 3.0]))
    )
    found = assess(evidence, "plan", "goal", QUICK, year=2030, record=MANY)
    assert found.judgement is None


def test_counts_and_ranks_fill_half_a_place() -> None:
    table = judged(("A", [5, 10.5, 16]), unit="count")
    goal = {"kind": "count", "indicator": "friends", "unit": "count", "prices": "none"}
    goal = {k: v for k, v in goal.items() if k != "prices"}
    found = ask(table, levels(n=3), value=10.0, comparison="exceed", **goal)
    assert found.probability == pytest.approx(0.5, abs=0.01)  # more than ten begins at 10.5
    found = ask(table, levels(n=3), value=11.0, comparison="at_least", **goal)
    assert found.probability == pytest.approx(0.5, abs=0.01)


# What the check says ------------------------------------------------------------------------------


def refused(folder: Path) -> list[str]:
    with pytest.raises(DataError) as found:
        load(folder)
    return [str(problem) for problem in found.value.problems]


def test_good_judgements_and_openings_are_read(tmp_path: Path) -> None:
    evidence = load(builders.build(tmp_path / "data"))
    assert len(evidence.judgements) == 3
    assert evidence.openings["minutes"].tolist() == [105.0]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": "9"}, "no increase over the level 0.5 (row 3); expected more than 24 rank"),
        ({"unit": "亿元"}, "wrong unit for the target; expected a unit of rank such as rank"),
        ({"level": "1.5"}, "expected 0.001 to 0.999"),
        ({"reason": ""}, "expected a value, not an empty cell"),
        ({"target": "nothing"}, "expected a plan and target of data/targets.csv"),
        ({"date": "2025-03"}, "expected a form such as 2023-06-28"),
        (
            {"expert": "B. Adviser"},
            "only 1 in the judgement by B. Adviser of 2025-03-01 on jinhua_2027/rank",
        ),
    ],
)
def test_wrong_judgement_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    folder = builders.build(tmp_path / "data")
    builders.edit(folder, "judgements", 4, **cells)
    found = refused(folder)
    assert any(said in problem and "judgements.csv" in problem for problem in found), found


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"likely": "2030"}, "expected a day between 2026-06 and 2028"),
        ({"region": "jinhua"}, "not a journey; expected a region of the kind link"),
        ({"minutes": "0"}, "expected 1 to 10000"),
        ({"earliest": "2026-13"}, "earliest: '2026-13'"),
    ],
)
def test_wrong_opening_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    folder = builders.build(tmp_path / "data")
    builders.edit(folder, "openings", 2, **cells)
    assert any(said in problem for problem in refused(folder)), refused(folder)


def test_one_project_opens_once(tmp_path: Path) -> None:
    folder = builders.build(tmp_path / "data")
    builders.append(folder, "openings", opening="other", region="jinhua_shanghai", latest="2029")
    assert any("one project opens once" in problem for problem in refused(folder))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"indicator": "gdp", "unit": "亿元"}, "gdp does not count events"),
        ({"value": "2.5"}, "a whole number of events"),
    ],
)
def test_wrong_count_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    folder = builders.build(tmp_path / "data")
    row = builders.row_of("observations", indicator="friendly_cities")
    builders.edit(folder, "observations", row, measure="count_to_date", **cells)
    assert any(said in problem for problem in refused(folder)), refused(folder)


def test_sum_without_a_first_year_is_named(tmp_path: Path) -> None:
    folder = builders.build(tmp_path / "data")
    row = builders.row_of("targets", target="gdp")
    builders.edit(folder, "targets", row, kind="cumulative")
    assert any("the first year of the sum, up to 2027" in p for p in refused(folder))
    builders.edit(folder, "targets", row, start="2025")
    assert any("the kind is level; expected an empty cell" in p for p in refused(folder))


def test_judgement_made_later_is_not_known_before(tmp_path: Path) -> None:
    folder = builders.build(tmp_path / "data")
    assert len(load(folder, as_of="2025-02-28").judgements) == 0
    assert len(load(folder, as_of="2025-03-01").judgements) == 3
    assert len(load(folder, as_of="2025-02-09").openings) == 0
