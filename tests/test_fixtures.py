"""The frozen city is sound, and holds one of everything that a test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import inspect, load
from forecast.scenarios.files import load_scenarios
from tests import builders
from tests.conftest import CITY


@pytest.fixture(scope="module")
def city() -> Evidence:
    return load(CITY)


def allowed(table: str, column: str) -> set[str]:
    """Return the values that the schema limits a column to."""
    (field,) = (field for field in builders.fields(table) if field["name"] == column)
    return set(field["constraints"]["enum"])


def test_city_passes_the_check() -> None:
    _, problems = inspect(CITY)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_folder_that_no_test_names_is_the_frozen_one() -> None:
    assert load().root == CITY
    assert Path(__file__).parents[1] / "data" not in CITY.parents


@pytest.mark.parametrize(
    ("table", "column"),
    [("targets", "kind"), ("indicators", "kind"), ("indicators", "transform"), ("bases", "link")],
)
def test_every_kind_is_there(city: Evidence, table: str, column: str) -> None:
    elsewhere = {"growth", "ratio"} if table == "targets" else set()  # in the country of norland.py
    assert set(getattr(city, table)[column]) | elsewhere == allowed(table, column)


def test_rows_of_every_sort_are_there(city: Evidence) -> None:
    rows = city.observations
    assert {"level", "growth", "ytd_level", "ytd_growth", "change"} <= set(rows["measure"])
    assert {"lower", "upper"} <= set(rows["bound"])
    assert {"preliminary", "final", "revised"} <= set(rows["status"])
    assert {"conflict", "low_quality"} <= set(rows["mark"])
    assert {"亿美元", "亿元"} <= set(rows["unit"])
    assert city.plans["plan"].nunique() >= 2
    assert {"country", "province", "city", "county"} <= set(city.regions["kind"])
    assert len(load_scenarios(city)) >= 3
