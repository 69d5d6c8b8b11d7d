"""Every column is explained in one place, from the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.cli import main as cli
from forecast.evidence.files.documentation import documentation, told
from forecast.evidence.files.schema import SHIPPED
from forecast.evidence.files.tables import expected_cell

COLUMNS = Path(__file__).parents[2] / "data" / "COLUMNS.md"


def test_the_file_is_what_the_command_prints() -> None:
    made = documentation(SHIPPED) + "\n"
    assert made == COLUMNS.read_text("utf-8"), "run: forecast columns > data/COLUMNS.md"


@pytest.mark.parametrize("table", SHIPPED)
def test_every_column_has_a_description_and_an_example_that_it_accepts(table: str) -> None:
    for field in SHIPPED[table].columns:
        assert field.description, field.name
        assert field.example, field.name
        assert expected_cell(field, field.example) == "", field.name


def test_defaults_are_told_in_words() -> None:
    fields = {(name, field.name): field for name, t in SHIPPED.items() for field in t.columns}
    assert told(fields["observations", "measure"].default) == "`level`"
    assert told(fields["targets", "unit"].default) == (
        "by `kind`: `rank` for `rank`, else `unit` of the indicator"
    )
    assert told(fields["plans", "horizon"].default) == "the latest `year` of its targets"
    assert told(fields["targets", "kind"].default) == (
        "by `comparison`: `rank` for `rank_within`, else `level`"
    )


def test_one_table_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["columns", "plans"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("## plans.csv\n")
    assert out in COLUMNS.read_text("utf-8")
    assert cli.main(["columns", "palns"]) == 2
    assert "known are regions, indicators" in capsys.readouterr().err
