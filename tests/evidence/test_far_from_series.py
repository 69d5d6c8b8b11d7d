"""Figures far from their series that are true: balances, quiet years, collapses; ends of scales."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.evidence.loading import load
from forecast.evidence.problems import DataError, Problem


def folder(
    path: Path, indicator: str, values: list[float], comparison: str = "at_least", value: float = 1
) -> Path:
    """A folder with one series from 2014 on, whose row of `indicators.csv` is given."""
    columns = "name,unit,transform"
    tables = {
        "regions": "region,name\nland,Land",
        "indicators": f"indicator,{columns}\nseries,{indicator}",
        "sources": "source,title\nbook,Yearbook",
        "plans": "plan,name,region\nplan,Plan,land",
        "targets": "plan,target,name,indicator,region,comparison,value,year\n"
        f"plan,goal,Goal,series,land,{comparison},{value:g},2030",
        "observations": "region,indicator,period,value,source\n"
        + "\n".join(f"land,series,{2014 + i},{v:g},book" for i, v in enumerate(values)),
    }
    for name, text in tables.items():
        (path / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("value", [-5, 0, 5])
def test_a_balance_that_changes_its_sign_has_no_size_to_compare(
    value: float, tmp_path: Path
) -> None:
    values = [-500, -320, 120, 0, 310, -80, -220, 150, -900]
    path = folder(tmp_path, "Balance,million EUR,linear", values, value=value)
    assert load(path).warnings == ()


def warned(path: Path) -> list[Problem]:
    return [w for w in load(path).warnings if w.column == "value"]


def test_a_quiet_year_of_inflation_is_no_error(tmp_path: Path) -> None:
    """Consumer prices of the United States rose by 0.1 % in 2015."""
    found = warned(folder(tmp_path, "Inflation,%,linear", [2.1, 1.5, 1.6, 0.1, 1.3, 2.1, 2.4]))
    assert [w.value for w in found] in ([], ["0.1"])


def test_a_collapse_that_is_no_power_of_ten_is_doubted_and_taken(tmp_path: Path) -> None:
    values = [196.74, 50.25, 75.77, 188.67, 224.0]
    found = warned(folder(tmp_path, "Tourists,persons,log", values, value=200))
    assert [w.value for w in found] == ["196.74"]


@pytest.mark.parametrize(
    ("indicator", "values", "comparison", "value", "cure"),
    [
        ("Coverage,%,logit", [97, 99, 100], "at_least", 100, "such as 99.5"),
        ("Poverty,%,logit", [3, 2, 1], "at_most", 0, "such as 0.5"),
        ("Murders,cases,log", [9, 7, 5], "at_most", 0, "transform linear"),
    ],
)
def test_an_end_of_a_scale_that_no_path_reaches_is_no_target(
    indicator: str, values: list[float], comparison: str, value: float, cure: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        load(folder(tmp_path, indicator, values, comparison, value))
    (problem,) = caught.value.problems
    assert (problem.file.split("/")[-1], problem.column) == ("targets.csv", "value")
    assert cure in str(problem)
