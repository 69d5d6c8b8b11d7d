"""A study: what it keeps, and which pages have one together."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from forecast.evidence.problems import DataError, UserError
from forecast.scenarios import sensitivity
from forecast.study import MOST_ANSWERS, Study, open_study, share
from tests.conftest import CITY, DRAWS, PLAN


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return shutil.copytree(CITY, tmp_path / "city")


@pytest.fixture
def shared() -> Iterator[None]:
    share()
    yield
    share(False)


def test_an_answer_is_computed_once(study: Study) -> None:
    assert study.assess("gdp") is study.assess("gdp", PLAN)
    assert study.assess("gdp", PLAN, 2026) is not study.assess("gdp", PLAN)
    assert study.quick().assess("gdp") is not study.assess("gdp")


def test_an_answer_is_that_of_the_code_as_it_is(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In `make lab` a module that is edited is read again, and the study is as it was."""
    before = study.assess("circle_1h")
    monkeypatch.setattr("forecast.study.source_digest", lambda: "edited")
    assert study.assess("circle_1h") is not before


def test_a_study_keeps_its_last_answers_alone(study: Study) -> None:
    fresh = Study(study.evidence, study.options)
    first = fresh.assess("gdp", PLAN, 2024)
    for year in range(2025, 2025 + MOST_ANSWERS):
        fresh.assess("circle_1h", PLAN, year)
    assert len(fresh._answers) == MOST_ANSWERS
    again = fresh.assess("gdp", PLAN, 2024)
    assert again is not first
    assert again.probability == first.probability


def test_what_a_target_takes_is_computed_once(study: Study) -> None:
    asked = sensitivity.ask(study.scenario("baseline", PLAN), "gdp")
    assert sensitivity.ask(study.scenario("baseline", PLAN), "gdp", []) is asked
    named = ["jinhua/gdp growth 2026-2027"]
    assert sensitivity.ask(study.scenario("baseline", PLAN), "gdp", named) is not asked


def test_options_of_another_type_are_read_or_named(city: Path) -> None:
    found = open_study(city, as_of=2024, draws=DRAWS)  # type: ignore[arg-type]
    assert found.evidence.as_of == date(2024, 12, 31)
    with pytest.raises(UserError, match="families is 'theta'; expected a list of names"):
        open_study(city, families="theta")


@pytest.mark.usefixtures("shared")
def test_pages_of_the_same_data_and_options_have_one_study(city: Path) -> None:
    first = open_study(city, draws=DRAWS)
    assert open_study(city, draws=DRAWS) is first
    assert open_study(city, as_of="2024-06-30", draws=DRAWS) is not first
    assert open_study(city, draws=2 * DRAWS) is not first


@pytest.mark.usefixtures("shared")
def test_a_figure_typed_between_two_pages_is_read(city: Path) -> None:
    first, table = open_study(city, draws=DRAWS), city / "observations.csv"
    text = table.read_text("utf-8")
    table.write_text(re.sub(r",(\d+)\.(\d+),", r",\1.\g<2>1,", text, count=1), "utf-8")
    second = open_study(city, draws=DRAWS)
    assert second.evidence.digest != first.evidence.digest
    table.write_text(text.replace(",", ";", 3), "utf-8")
    with pytest.raises(DataError):
        open_study(city, draws=DRAWS)


@pytest.mark.usefixtures("shared")
def test_a_page_that_changes_tables_in_place_changes_no_other_page(city: Path) -> None:
    first = open_study(city, draws=DRAWS)
    whole = len(first.evidence.observations)
    first.evidence.observations.drop(index=first.evidence.observations.index[0], inplace=True)
    assert len(open_study(city, draws=DRAWS).evidence.observations) == whole
