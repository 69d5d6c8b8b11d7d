"""A workbook to fill in: what a new data folder is about, its targets, and what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from forecast.editing.answers import (
    WORDS,
    Goal,
    comparison,
    languages,
    month,
    names,
    number,
    unit_of,
    year,
)
from forecast.editing.start import KnownFigure, Start
from forecast.editing.workbook import SPARE, cell_text, free_name
from forecast.evidence.files.schema import Field
from forecast.evidence.files.tables import misnamed
from forecast.evidence.files.workbooks import open_workbook
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.report.outputs.workbook import write_text
from forecast.temporary import sheltered
from forecast.writing import written

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: The questions of the first sheet, what is meant, and whether an answer is needed.
QUESTIONS = {
    "Region": ("The region, or whoever has the plan, such as Kerala.", True),
    "Lies in": ("Regions above it, the nearest first, separated by commas, such as India.", False),
    "Money": ("Unit of money that is stated without one, such as billion INR.", False),
    "Years begin in": ("Month, such as April; January if empty.", False),
    "Languages": ("Of the pages: en, zh, or en, zh.", False),
    "Plan": ("Its name.", True),
}
#: The columns of the two tables, what is meant, and whether a cell is needed.
TARGETS = {
    "target": ("What is to be reached, in a few words, such as GDP.", True),
    "comparison": (", ".join(words[0] for words in WORDS.values()) + ".", True),
    "value": ("Percentages as percent.", True),
    "to": ("Only with between: the upper end of the range.", False),
    "unit": ("Such as billion INR, % or tonnes; of money it may be empty.", False),
    "year": ("In which it is to be met, such as 2029 or 2029/30.", True),
    "within %": ("Only with about: how near counts.", False),
}
FIGURES = {
    "what": ("One of the targets, or something else that is known, as a name.", True),
    "region": ("Where it is another one than that of the plan.", False),
    "period": ("Such as 2024 or 2023/24.", True),
    "value": ("As published; percentages as percent.", True),
    "unit": ("As published; if empty that of the target.", False),
    "source": ("Title of the publication.", True),
}
WANTED = "an .xlsx file that forecast new --template wrote"
_NUMBERS = ("value", "to", "within %")
SHEETS = {"Targets": TARGETS, "Figures": FIGURES}


def write_template(path: Path) -> None:
    """Write a workbook to fill in.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the name is taken, is none of a workbook, or cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    free_name(path)
    book = Workbook()
    first = book.worksheets[0]
    first.title = "Start"
    for row, (question, (hint, needed)) in enumerate(QUESTIONS.items(), start=1):
        for column, text in enumerate((question, "", hint), start=1):
            write_text(first, row, column, text)
        first.cell(row, 1).font = Font(bold=needed)
    for letter, width in zip("ABC", (20, 40, 80), strict=True):
        first.column_dimensions[letter].width = width
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        for column, (head, (hint, needed)) in enumerate(columns.items(), start=1):
            write_text(sheet, 1, column, head)
            sheet.cell(1, column).font = Font(bold=needed)
            sheet.cell(1, column).comment = Comment(hint, "forecast", height=80, width=320)
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = 24
            if head not in _NUMBERS:  # else a spreadsheet makes a date of 2023-06
                sheet.column_dimensions[letter].number_format = "@"
            if head == "comparison":
                rule = DataValidation(type="list", formula1=f'"{hint[:-1].replace(", ", ",")}"')
                rule.add(f"{letter}2:{letter}{SPARE}")
                sheet.add_data_validation(rule)
        sheet.freeze_panes = "A2"
    with written(path) as part, sheltered():
        book.save(part)


def read_template(path: Path) -> Start:
    """Read a filled template.

    Raises
    ------
    DataError
        With every cell that is missing or cannot be read.
    forecast.evidence.problems.UserError
        If the file is no such workbook.
    """
    book = open_workbook(path, WANTED)
    for name in ("Start", *SHEETS):
        if name not in book.sheetnames:
            raise UserError(f"{path.name} has no sheet {name}; expected {WANTED}")
    reading = _Reading(path.name)
    answers = reading.answers(book["Start"])
    currency = reading.read(answers["Money"], unit_of, "")
    starts = reading.read(answers["Years begin in"], month, 1)
    main: tuple[str, ...] = ("en",)
    tongues = reading.read(answers["Languages"], languages, main)
    goals = [_goal(reading, row, currency) for row in reading.rows(book["Targets"], TARGETS)]
    figures = [_figure(reading, row, currency) for row in reading.rows(book["Figures"], FIGURES)]
    if not goals:
        place = _Cell("", f"{path.name} sheet Targets", 2, "target")
        reading.problem(place, "a target, at least one")
    if reading.problems:
        raise DataError(reading.problems)
    return Start(
        region=answers["Region"].text,
        within=names(answers["Lies in"].text),
        year_starts=starts,
        languages=tongues,
        plan=answers["Plan"].text,
        goals=tuple(goals),
        figures=tuple(figures),
        currency=currency,
    )


def _goal(reading: _Reading, row: Mapping[str, _Cell], currency: str) -> Goal:
    compared = reading.read(row["comparison"], comparison, "")
    near = reading.read(row["within %"], number, "")
    if compared == "about" and not row["within %"].text:
        reading.problem(row["within %"], "how near counts, such as 5")
    if compared == "between" and not row["to"].text:
        reading.problem(row["to"], "the upper end of the range")
    name, value = row["target"].text, row["value"].text
    unit = "rank"
    if compared != "rank_within":
        unit = reading.tried(row["unit"], lambda text: unit_of(text, currency, name, value), "")
    return Goal(
        name,
        compared,
        reading.read(row["value"], number, ""),
        unit,
        reading.read(row["year"], year, 0),
        near,
        reading.read(row["to"], number, ""),
    )


def _figure(reading: _Reading, row: Mapping[str, _Cell], currency: str) -> KnownFigure:
    return KnownFigure(
        row["what"].text,
        row["region"].text,
        row["period"].text,
        reading.read(row["value"], number, ""),
        reading.read(row["unit"], lambda text: unit_of(text, currency, row["what"].text), ""),
        row["source"].text,
    )


class _Cell(NamedTuple):
    """The text of a cell and where it stands."""

    text: str
    file: str
    row: int
    column: str


_TEXT, _NUMBER = (Field.model_validate({"name": "", "type": kind}) for kind in ("string", "number"))
Answer = TypeVar("Answer")


class _Reading:
    """The cells of a filled template, and what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, cell: _Cell, expected: str, wrong: str = "") -> None:
        self.problems.append(
            Problem("error", cell.file, cell.row, cell.column, cell.text, expected, wrong)
        )

    def read(self, cell: _Cell, function: Callable[[str], Answer], default: Answer) -> Answer:
        """Return what a function makes of a cell; the default of an empty or a wrong one."""
        return self.tried(cell, function, default) if cell.text else default

    def tried(self, cell: _Cell, function: Callable[[str], Answer], default: Answer) -> Answer:
        """Return what a function makes of a cell, also of an empty one."""
        try:
            return function(cell.text)
        except UserError as error:
            wrong, _, expected = str(error).partition("; expected ")
            self.problem(cell, expected, wrong.removeprefix(f"{cell.text!r} "))
            return default

    def cell(self, cell: Any, sheet: str, column: str, needed: bool) -> _Cell:
        """Return a cell of a sheet; report one that is empty and needed, or is no plain value."""
        text, expected = cell_text(cell, _NUMBER if column in _NUMBERS else _TEXT)
        found = _Cell(text.strip(), f"{self.file} sheet {sheet}", cell.row, column)
        if expected or (needed and not found.text):
            self.problem(found._replace(text=str(cell.value or "")), expected or "a value")
        return found

    def answers(self, sheet: Worksheet) -> dict[str, _Cell]:
        """Return the answers to the questions of the first sheet."""
        rows = {str(first.value).strip(): second for first, second in sheet["A1:B50"]}
        place = f"{self.file} sheet {sheet.title}"
        found = {}
        for number_, (question, (_, needed)) in enumerate(QUESTIONS.items(), start=1):
            if question in rows:
                found[question] = self.cell(rows[question], sheet.title, question, needed)
            else:
                found[question] = _Cell("", place, number_, "A")
                self.problem(found[question], f"the question {question}")
        return found

    def rows(
        self, sheet: Worksheet, columns: Mapping[str, tuple[str, bool]]
    ) -> Iterator[dict[str, _Cell]]:
        """Yield the rows of a table that are not empty, by column."""
        header = ["" if cell.value is None else str(cell.value).strip() for cell in sheet[1]]
        place = f"{self.file} sheet {sheet.title}"
        wrong = list(misnamed([name for name in header if name], list(columns), list(columns)))
        self.problems += [Problem("error", place, 1, *cell) for cell in wrong]
        for cells in sheet.iter_rows(min_row=2) if not wrong else ():
            if any(str(cell.value or "").strip() for cell in cells):
                yield {
                    name: self.cell(cells[header.index(name)], sheet.title, name, needed)
                    for name, (_, needed) in columns.items()
                }
