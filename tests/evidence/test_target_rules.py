"""Targets that a folder may not hold: each is one clear error with its row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.evidence.loading import load
from forecast.evidence.problems import DataError
from tests import norland

GDP = {"target": "goal", "name": "Goal", "indicator": "gdp", "comparison": "at_least",
       "value": 6000, "unit": "亿元"}  # fmt: skip
GROWTH = {**GDP, "kind": "growth", "value": 40, "unit": "%", "start": 2020}
RATIO = {**GDP, "kind": "ratio", "per": "population", "unit": "元 / 人"}
PLACE = {**GDP, "kind": "rank", "comparison": "rank_within", "unit": "rank", "value": 3,
         "items": "east;west;south"}  # fmt: skip
PEERS = {
    **GDP,
    "value": 90,
    "region": "east",
    "kind": "comparison",
    "reference_region": "west;south",
}


@pytest.mark.parametrize(
    "target",
    [
        {**GDP, "comparison": "below"},
        {**GDP, "comparison": "between", "value_to": 7000},
        GROWTH,
        {**GROWTH, "value": -50, "comparison": "at_most"},
        {**GROWTH, "unit": "% per year"},
        {**GROWTH, "unit": "index"},
        {**GROWTH, "indicator": "unemployment", "unit": "pp", "value": -1},
        {**GROWTH, "start": 2026},
        RATIO,
        {**RATIO, "per": "debt", "unit": "%"},
        PLACE,
        PEERS,
        {**PEERS, "comparison": "between", "value": 90, "value_to": 110},
    ],
)
def test_what_a_target_may_be(tmp_path: Path, target: dict[str, object]) -> None:
    assert len(load(norland.write(tmp_path / "data", [target])).targets) == 1


@pytest.mark.parametrize(
    ("target", "column", "said"),
    [
        ({**GDP, "comparison": "between"}, "value_to", "the upper end of the range"),
        ({**GDP, "comparison": "between", "value_to": 5000}, "value_to", "above the value"),
        ({**GDP, "value_to": 7000}, "value_to", "the comparison is at_least; expected an empty"),
        ({**GROWTH, "start": ""}, "start", "the base year, before 2030"),
        ({**GROWTH, "start": 2030}, "start", "the base year, before 2030"),
        ({**GDP, "start": 2020}, "start", "the kind is level; expected an empty cell"),
        ({**GROWTH, "unit": "亿元"}, "unit", "one of %, % per year, index"),
        ({**GROWTH, "unit": "pp"}, "unit", "one of %, % per year, index"),
        ({**GROWTH, "value": -100}, "value", "more than -100 %"),
        ({**GROWTH, "comparison": "about", "value": -50, "tolerance": 5}, "value", "above zero"),
        ({**RATIO, "per": ""}, "per", "the indicator to divide by"),
        ({**GDP, "per": "population"}, "per", "the kind is level; expected an empty cell"),
        ({**RATIO, "per": "people"}, "per", "unknown indicator"),
        ({**RATIO, "unit": "%"}, "unit", "wrong unit for 亿元 per 万人"),
        ({**PLACE, "unit": "亿元"}, "unit", "the kind is rank"),
        ({**PLACE, "value": 5}, "value", "a whole number from 1 to 4"),
        ({**PLACE, "value": 1, "items": "norland"}, "items", "the target's own region"),
        ({**PLACE, "items": "east;wset"}, "items", "(meant 'west'?)"),
        ({**PEERS, "unit": "%"}, "unit", "value is in % as it is; expected an empty cell"),
        ({**PEERS, "reference_region": "west;west"}, "reference_region", "each region once"),
        ({**PEERS, "reference_region": "west;east"}, "reference_region", "another region"),
        ({**PEERS, "reference_region": ""}, "reference_region", "the region to compare with"),
    ],
)
def test_what_a_target_may_not_be(
    tmp_path: Path, target: dict[str, object], column: str, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        load(norland.write(tmp_path / "data", [target]))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("data/targets.csv", 2, column)
    assert said in str(problem)
