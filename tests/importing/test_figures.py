"""Places read as a spreadsheet shows them, and formats are found by their modules."""

from __future__ import annotations

from pathlib import Path

from forecast.importing.figures import Place
from forecast.importing.formats import recognized


def test_place_without_row_is_the_file() -> None:
    assert str(Place("a.csv")) == "a.csv"
    assert str(Place("a.xlsx", "S")) == "a.xlsx sheet S"


def test_unknown_file_has_no_format(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("a,2023\nb,1\n", "utf-8")
    assert recognized(file) is None
