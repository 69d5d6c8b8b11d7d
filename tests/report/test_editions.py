"""Both editions of a page show the same sentences with the same figures.

The cells of the notebooks run here in this process, once per language, while every message and
every value that `Language` is given is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import nbformat
import pandas as pd
import pytest

import forecast
from forecast.report.language import LANGUAGES, Language
from forecast.resources import NOTEBOOKS
from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment
from tests import builders
from tests.conftest import PLAN

pytestmark = pytest.mark.slow

Told = list[tuple[str, Any]]

#: The English edition tells which unit the data tables have; the Chinese one uses that unit.
IN_ONE_EDITION = {"series-source-unit"}


def typed(value: object) -> object:
    """Return a value without the strings in it: they are words of one language, or keys."""
    if isinstance(value, str):
        return ""
    if isinstance(value, Mapping):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple | pd.Series):
        return [typed(item) for item in value]
    if is_dataclass(value):
        return type(value).__name__, [typed(getattr(value, f.name)) for f in fields(value)]
    return repr(value)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return the list that fills with what the code tells, without what a language adds itself."""
    found: Told = []
    depth = [0]
    write = Language.__dict__["write"]

    def recorded(kept: Callable[..., Any], *, by_name: bool) -> Callable[..., Any]:
        def call(self: Language, first: Any, /, **args: object) -> Any:
            if not depth[0]:
                named = by_name and isinstance(first, str)  # `write` gets texts as they are
                name = first if args or named else type(first).__name__
                found.append((name, typed(args) if args else typed(first)))
            depth[0] += 1
            try:
                return kept(self, first, **args)
            finally:
                depth[0] -= 1

        return call

    def unit(self: Language, *args: Any) -> str:
        depth[0] += 1  # which messages name a unit depends on the language
        try:
            return of_unit(self, *args)
        finally:
            depth[0] -= 1

    of_unit = Language.unit
    monkeypatch.setattr(Language, "unit", unit)
    monkeypatch.setattr(Language, "__call__", recorded(Language.__call__, by_name=True))
    monkeypatch.setattr(
        Language,
        "write",
        recorded(lambda self, value: write.__get__(self, Language)(value), by_name=False),
    )
    return found


@cache
def cells(name: str) -> list[tuple[bool, Any]]:
    """Return the code of a notebook's cells, and whether a cell declares its parameters."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    return [
        ("parameters" in cell.metadata.get("tags", []), compile(cell.source, f"{name}", "exec"))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def run(name: str, **parameters: object) -> None:
    """Run the cells of a notebook."""
    scope: dict[str, Any] = {}
    for declares, code in cells(name):
        exec(code, scope)
        if declares:
            assert set(parameters) <= set(scope)
            scope.update(parameters)


def alike(told: Told, name: str, least: int, **parameters: object) -> None:
    """Run a notebook in both languages and compare what was told, `least` facts or more."""
    editions = {}
    for lang in LANGUAGES:
        told.clear()
        run(name, lang=lang, **parameters)
        editions[lang] = [fact for fact in told if fact[0] not in IN_ONE_EDITION]
    english, chinese = editions["en"], editions["zh"]
    for one, other in zip(english, chinese, strict=False):
        assert one == other
    assert len(english) == len(chinese) >= least


@pytest.fixture
def city(study: Study, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setattr(forecast, "open_study", lambda *_, **__: study)
    return study


def test_overview(told: Told, city: Study) -> None:
    alike(told, "00_overview.ipynb", 400, plan=PLAN)


def test_every_target(told: Told, city: Study, answers: dict[str, Assessment]) -> None:
    for target, found in answers.items():
        least = 60 if found.paths is not None else 15
        alike(told, "10_target.ipynb", least, plan=PLAN, target=target)


@pytest.mark.parametrize(
    ("region", "indicator"),
    [("jinhua", "gdp"), ("jinhua", "rd_share"), ("jinhua", "business_rank"), ("zhejiang", "gdp")],
)
def test_series(told: Told, city: Study, region: str, indicator: str) -> None:
    alike(told, "20_data.ipynb", 15, region=region, indicator=indicator)


def test_scenarios(told: Told, city: Study) -> None:
    alike(told, "30_scenarios.ipynb", 100, plan=PLAN)


def test_what_a_target_takes(told: Told, city: Study) -> None:
    alike(told, "31_what_it_takes.ipynb", 50, plan=PLAN, target="industrial_value_added")


def test_track_record(
    told: Told, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The record of the whole city takes a minute; that of one series has the same parts.
    data = builders.lengthen(builders.few(tmp_path_factory.mktemp("small") / "data"))
    small = open_study(data)
    monkeypatch.setattr(forecast, "open_study", lambda *_, **__: small)
    alike(told, "90_track_record.ipynb", 50)


def test_another_figure_is_noticed(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the comparison is for: a value that differs, wherever it stands in an argument."""
    from forecast.facts import Amount, Items, fact

    for other in (Amount(2.0, "亿元"), Amount(1.0, "亿元", exact=True)):
        one = typed(fact("m", of=Items([Amount(1.0, "亿元")])))
        assert one != typed(fact("m", of=Items([other])))
    assert typed(fact("m", word="words")) == typed(fact("m", word="词"))
