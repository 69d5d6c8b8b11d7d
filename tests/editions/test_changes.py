"""The parts of a change: each cause alone, two at once, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forecast.editions import store
from forecast.editions.changes import Change, Comparison
from forecast.evidence.evidence import Evidence
from tests import builders
from tests.editions.worlds import PLAN, TARGET, compared, kept
from tests.editions.worlds import lawful as lawful

NEWEST = builders.row_of("observations", indicator="gdp", period="2023", measure="level")
NEW = {
    "observation": "o9999", "region": "jinhua", "indicator": "gdp", "period": "2024",
    "measure": "level", "bound": "", "prices": "nominal", "value": "6900", "unit": "亿元",
    "basis": "", "status": "preliminary", "mark": "", "source": "news", "published": "2025-02-10",
}  # fmt: skip


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "before")


@pytest.fixture
def after(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "after")


def both(folder: Path, value: str) -> None:
    """Revise the last level of GDP and add that of the next year."""
    builders.append(folder, "observations", **NEW)
    path = folder / "observations.csv"
    path.write_text(path.read_text("utf-8").replace("6011.3", value), "utf-8")


def test_one_new_figure(tmp_path: Path, before: Path, after: Path, lawful: list[Evidence]) -> None:
    builders.append(after, "observations", **NEW)
    found = compared(tmp_path / "store", before, after)
    change = found.change(TARGET)
    assert change.parts == {"new": pytest.approx(0.01 + 0.0069)}
    assert lawful == []  # one cause needs no computation
    (row,) = found.difference().statements.to_dict("records")
    assert (row["change"], row["observation"], row["value"]) == ("new", "o9999", 6900)
    assert row["source"] == "news"


def test_one_revised_figure(
    tmp_path: Path, before: Path, after: Path, lawful: list[Evidence]
) -> None:
    builders.edit(after, "observations", NEWEST, value="6051.3", status="final")
    found = compared(tmp_path / "store", before, after)
    assert found.change(TARGET).parts == {"revised": pytest.approx(40e-6)}
    (row,) = found.difference().statements.to_dict("records")
    assert (row["change"], row["old_value"], row["value"]) == ("revised", 6011.3, 6051.3)
    assert (row["old_status"], row["status"]) == ("preliminary", "final")


def test_seed_only(tmp_path: Path, before: Path, lawful: list[Evidence]) -> None:
    found = compared(tmp_path / "store", before, before, seed=2029)
    change = found.change(TARGET)
    assert change.parts == {"sampling": pytest.approx(0.002)}
    assert not change.moved  # two errors of 0.01 in two editions: noise up to 0.028
    assert found.difference().statements.empty


def test_calibration_only(tmp_path: Path, before: Path, lawful: list[Evidence]) -> None:
    first, _ = kept(tmp_path / "store", before, "a", more=-0.05, code="older")
    second, study = kept(tmp_path / "store", before, "b")
    change = Comparison(first, second, study).change(TARGET)
    assert change.parts == {"program": pytest.approx(0.05)}
    assert change.moved
    assert lawful == []


def test_parameters_only(tmp_path: Path, before: Path, lawful: list[Evidence]) -> None:
    found = compared(tmp_path / "store", before, before, outside="none")
    assert found.change(TARGET).parts == {"parameters": pytest.approx(0.02)}


def test_two_at_once_add_up(
    tmp_path: Path, before: Path, after: Path, lawful: list[Evidence]
) -> None:
    both(after, "6051.3")
    change = compared(tmp_path / "store", before, after).change(TARGET)
    assert list(change.parts) == ["revised", "new"]
    assert change.parts == {"revised": pytest.approx(40e-6), "new": pytest.approx(0.0169)}
    assert change.whole is not None
    assert sum(change.parts.values()) == pytest.approx(change.whole, abs=1e-9)
    assert len(lawful) == 1  # the state between the two


def test_everything_at_once_adds_up(
    tmp_path: Path, before: Path, after: Path, lawful: list[Evidence]
) -> None:
    both(after, "6051.3")
    builders.edit(after, "targets", 2, value="9000")
    first, _ = kept(tmp_path / "store", before, "a", more=-0.05, code="older")
    second, study = kept(tmp_path / "store", after, "b", seed=2030, outside="none")
    change = Comparison(first, second, study).change(TARGET)
    assert change.parts == {
        "program": pytest.approx(0.05),
        "parameters": pytest.approx(0.02),
        "sampling": pytest.approx(0.003),
        "definitions": pytest.approx(-1e-4),
        "revised": pytest.approx(40e-6),
        "new": pytest.approx(0.0169),
    }
    assert change.whole is not None
    assert sum(change.parts.values()) == pytest.approx(change.whole, abs=1e-9)


def test_program_of_neither_edition_leaves_a_rest(
    tmp_path: Path, before: Path, after: Path, lawful: list[Evidence]
) -> None:
    both(after, "6051.3")
    first, _ = kept(tmp_path / "store", before, "a", more=0.01, code="older")
    second, study = kept(tmp_path / "store", after, "b", more=0.03, code="older")
    change = Comparison(first, second, study).change(TARGET)
    assert change.parts["program"] == pytest.approx(0.02)
    assert change.whole is not None
    assert sum(change.parts.values()) == pytest.approx(change.whole, abs=1e-9)


def test_figure_known_only_by_a_later_day(
    tmp_path: Path, before: Path, lawful: list[Evidence]
) -> None:
    """Another day is a parameter, whatever figures it adds."""
    first, _ = kept(tmp_path / "store", before, "a", as_of="2024-03-31")
    second, study = kept(tmp_path / "store", before, "b")
    change = Comparison(first, second, study).change(TARGET)
    assert list(change.parts) == ["parameters"]
    assert change.parts["parameters"] == pytest.approx(change.whole)


def test_nothing_changed(tmp_path: Path, before: Path, lawful: list[Evidence]) -> None:
    first, study = kept(tmp_path / "store", before, "a")
    change = Comparison(first, replace(first, run="b"), study).change(TARGET)
    assert (change.whole, change.parts, change.moved) == (0.0, {}, False)
    assert lawful == []


def test_missing_table_is_said_and_the_whole_is_kept(
    tmp_path: Path, before: Path, after: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "cache"))
    both(after, "6051.3")
    found = compared(tmp_path / "store", before, after)
    for path in (tmp_path / "store" / store.TABLES).iterdir():
        path.write_bytes(path.read_bytes()[:-20])
    change = found.change(TARGET)
    assert change.parts == {}
    assert change.unsplit.endswith(".csv of the edition a is missing or damaged")
    assert change.whole == pytest.approx(0.0169 + 40e-6)


def test_noise_is_two_standard_errors() -> None:
    assert Change("x", 0.5, 0.519, 0.01).moved is False
    assert Change("x", 0.5, 0.521, 0.01).moved is True
    assert Change("x", None, 0.5, 0.01).moved is False


def test_real_answers_add_up(tmp_path: Path, before: Path, after: Path) -> None:
    """By the models themselves: the states in between are assessed, not made up."""
    from forecast.report.editions import answers
    from forecast.study import open_study

    builders.lengthen(before)
    path = after / "observations.csv"
    path.write_bytes((before / "observations.csv").read_bytes())
    text = path.read_text("utf-8").replace("6011.3", "6611.3")
    path.write_text(
        text + "o9999,jinhua,gdp,2024,level,,nominal,7800,亿元,,final,,news,,2025,,\n", "utf-8"
    )
    for folder in (before, after):
        builders.edit(folder, "targets", 2, value="8700")
    options = {"draws": 400, "families": ("drift",)}
    studies = [open_study(f, **options) for f in (before, after)]
    first, second = (
        answers.edition(s, PLAN, [s.assess(TARGET, PLAN)], run)
        for s, run in zip(studies, "ab", strict=True)
    )
    assert store.add(tmp_path / "store", first, store.tables_of(before))
    change = Comparison(store.read(tmp_path / "store" / "a.parquet"), second, studies[1]).change(
        TARGET
    )
    assert list(change.parts) == ["revised", "new"]
    assert change.whole is not None
    assert change.whole > 0
    assert change.parts["revised"] > 0
    assert sum(change.parts.values()) == pytest.approx(change.whole, abs=1e-9)
