"""Spoiled files and tables give one clear error, and nothing is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from csv import field_size_limit
from datetime import date
from pathlib import Path
from struct import pack

import pytest

from forecast.cli import main as cli
from tests import builders
from tests.importing.files import text, workbook

Make = Callable[[Path], Path]
LABEL = "地区生产总值 (亿元)"


def bytes_of(content: bytes, name: str) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def sheet(*rows: list[object]) -> Make:
    return lambda folder: workbook(folder, rows)


def csv(content: str, encoding: str = "utf-8", name: str = "t.csv") -> Make:
    return lambda folder: text(folder, content, encoding, name)


def archive(folder: Path) -> Path:
    path = folder / "t.ods"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return path


def larger_than_it_looks(part: str) -> Make:
    """Return an archive, the first part of which says that it has 2 GB when unpacked."""

    def make(folder: Path) -> Path:
        path = workbook(folder, [["", 2023], [LABEL, 1]]).rename(folder / "t.zip")
        with zipfile.ZipFile(path, "a") as file:
            file.writestr(part, "a,2023\n")
        data = bytearray(path.read_bytes())
        at = data.index(b"PK\1\2") + 24
        data[at : at + 4] = pack("<L", 2_000_000_000)
        path.write_bytes(data)
        return path

    return make


def merged(folder: Path) -> Path:
    """Return a workbook with an area that no spreadsheet would let be written by hand."""
    path = workbook(folder, [["", 2023], [LABEL, 1]], merged=["A3:B4"])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part.replace(b"A3:B4", b"A5:XFD1048576"))
    return path


def merged_in_excel_97(folder: Path) -> Path:
    """Return `cells.xls` with its merged cells stretched over the whole sheet.

    The record has a type and a length, a number of areas, and the first and the last row and
    column of each.
    """
    head = pack("<3H", 0xE5, 10, 1)
    before, found, after = (Path(__file__).parent / "cells.xls").read_bytes().partition(head)
    assert found
    path = folder / "t.xls"
    path.write_bytes(before + head + pack("<4H", 0, 0xFFFF, 0, 0xFF) + after[8:])
    return path


#: What is wrong: the file, and words of the one message, which name place and expectation.
SPOILED: dict[str, tuple[Make, tuple[str, ...]]] = {
    "no file": (lambda folder: folder / "t.csv", ("t.csv cannot be read: No such file",)),
    "damaged workbook of Excel 97": (
        bytes_of(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "t.xls"),
        ("t.xls is not a readable .xls workbook", "with a password has to be saved without"),
    ),
    "damaged workbook": (
        bytes_of(b"PK\x03\x04damaged", "t.xlsx"), ("t.xlsx is not a readable .xlsx workbook",),
    ),
    "billions of merged cells": (
        merged, ("t.xlsx is not a readable .xlsx workbook (it merges 17,179,803,648 cells",),
    ),
    "millions of merged cells of Excel 97": (
        merged_in_excel_97, ("t.xls is not a readable .xls workbook (it merges 16,777,216 cells",),
    ),
    "OpenDocument": (archive, ("t.ods: expected an .xlsx workbook, not an OpenDocument one",)),
    "PDF": (bytes_of(b"%PDF-1.7\n", "t.pdf"), ("t.pdf: expected a table, not a PDF",)),
    "XML of 2003": (
        bytes_of(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:'
                 b'spreadsheet">', "t.xls"),
        ("t.xls: expected an .xlsx workbook, not the XML of 2003",),
    ),
    "web page without a table": (
        csv("<html><body>No access</body></html>", name="t.xls"),
        ("t.xls: expected a table: this web page has none",),
    ),
    "web page of millions of cells": (
        csv("<table><tr>" + "<td colspan=1000>x" * 300 + "<tr><td>2</table>", name="t.xls"),
        ("t.xls: expected at most 200,000 cells that others span",),
    ),
    **{
        f"archive without end, with {part}": (
            larger_than_it_looks(part), ("at most 400,000,000 are read",)
        )
        for part in ("docProps/more.xml", "t.csv")
    },
    "number of columns of thousands of digits": (
        csv(f"<table><tr><td colspan={'9' * 5000}>a<td>b</table>"),
        ("t.csv: expected a table with labels",),
    ),
    "cell without end": (
        csv('a,"' + "x" * 150_000 + '",2024\n'),
        ("expected matching quotation marks from here on",),
    ),
    "empty file": (csv("\n"), ("t.csv: expected a CSV file that is not empty",)),
    "encoding that cannot be told": (
        csv("МОСКВА,2023\nМОСКВА,1\n", "cp1251"), ("t.csv row 1: not in UTF-8", "cannot be told"),
    ),
    "NUL bytes": (bytes_of(b"a,2023\nb\0,5\n", "t.csv"), ("t.csv row 2", "without NUL bytes")),
    "quotation mark": (
        csv(f'a,2023\n{LABEL},5\n"b,6\n'), ("t.csv row 3: expected matching quotation marks",),
    ),
    "no periods": (
        sheet(["", "A", "B"], [LABEL, 1, 2]),
        ("t.xlsx: expected a table with labels and, across or down, periods such as 2023",),
    ),
    "no labels": (sheet([2021, 2022, 2023], [1.5, 2.5, 3.5]), ("a table with labels",)),
    "no figures": (
        sheet(["", 2024, 2025], [LABEL, "-", "n.a."]), ("t.xlsx: expected at least one figure",),
    ),
    "formulas without values": (
        sheet(["", 2024], [LABEL, "=1+1"]),
        ("row 2, column B: '=1+1' - not taken: a formula without a stored value", "save the file"),
    ),
    "comma or thousands": (
        csv(f'a,2024,2025\n{LABEL},"6,400","6,700"\n'),
        ("t.csv row 2, column B: '6,400'", "--decimal . or --decimal , decides"),
    ),
    "point or thousands": (
        csv(f"a;2024;2025\n{LABEL};6.400;6.700\n"),
        ("t.csv row 2, column B: '6.400'", "--decimal . or --decimal , decides"),
    ),
    "two decimal marks": (
        csv(f"a;2024;2025\n{LABEL};6400,5;6700.5\n"),
        ("row 2, column C: '6700.5'", "one decimal mark in the file, not also that of 6400,5"),
    ),
    "fiscal year or month": (
        sheet(["", "2009-10", "2010-11"], [LABEL, 1, 2]),
        ("row 1, column B: '2009-10'", "--periods months or --periods fiscal decides"),
    ),
    "fiscal year that a spreadsheet dated": (
        sheet(["", "Dec-11", "2012-13"], [LABEL, 1, 2]),
        ("row 1, column B: 'Dec-11'", "the fiscal year 2011/12 that a spreadsheet took for one"),
    ),
    "fiscal years that a spreadsheet dated": (
        sheet(["", date(2010, 11, 1), date(2011, 12, 1)], [LABEL, 1, 2]),
        ("row 1, column B: '2010-11-01'", "--periods months or --periods fiscal decides"),
    ),
    "day or month": (
        sheet(["", "01/02/2022", "01/03/2022"], [LABEL, 1, 2]),
        ("row 1, column B: '01/02/2022'", "--periods dmy or --periods mdy decides"),
    ),
    "end of March": (
        sheet(["", date(2023, 3, 31), date(2024, 3, 31)], [LABEL, 1, 2]),
        ("row 1, column B: '2023-03-31'", "--periods months decides, or write fiscal years"),
    ),
    "year or fiscal year": (
        sheet(["", "2023年度"], [LABEL, 1]),
        ("row 1, column B: '2023年度'", "--periods years or --periods fiscal decides"),
    ),
    "period twice": (
        sheet(["", 2023, 2024, 2024], [LABEL, 1, 2, 3]),
        ("row 1, column D: '2024'", "each period once", "from t.xlsx sheet Sheet1, cell C1"),
    ),
    "months without a year": (
        sheet(["", "Jan", "Feb"], [LABEL, 1, 2]),
        ("row 2, column B: '1' - expected a year beside the parts of years, or in the title",),
    ),
    "figure with two values": (
        sheet(["", 2025], [LABEL, 6400], ["Gross domestic product (亿元)", 6500]),
        ("row 3, column B: '6500' - expected one value of jinhua/gdp 2025, not also 6400 "
         "(t.xlsx sheet Sheet1, cell B2)",),
    ),
    "label that is unknown": (
        sheet(["", 2025], ["Tourists (万人)", 1]),
        ("1 label of t.xlsx stands for nothing in the data yet", "t.map.toml lists"),
    ),
    "no unit": (sheet(["", 2025], ["Exports of goods", 1]), ("1 unit of t.xlsx is not stated",)),
    "level or growth": (
        sheet(["", 2025], ["地区生产总值", "5%"]),
        ("row 2, column B: '5' - in %, and the indicator is measured in 亿元: growth or a share;",
         "measure = ... of '地区生产总值' in the mapping"),
    ),
    "growth at which prices": (
        sheet(["指标", "2025年", "比上年增长(%)"], ["地区生产总值(亿元)", 6400, 5.2]),
        ("row 2, column C: '5.2' - growth of gdp at constant or at current prices;",
         "prices = \"real\" or \"nominal\" of '地区生产总值' in the mapping, or --prices"),
    ),
    "unit of another kind": (
        sheet(["", 2025], ["地区生产总值 (万人)", 6400]),
        ("row 2, column B: '6400' - jinhua/gdp 2025, unit 万人, wrong unit for gdp",),
    ),
    "unit that is a slip": (
        sheet(["", 2023], ["地区生产总值 (万元)", 6012]),
        ("row 2, column B: '6012' - jinhua/gdp 2023", "times less than its series"),
    ),
    "out of range": (
        sheet(["", 2025], [LABEL, -5]),
        ("row 2, column B: '-5' - jinhua/gdp 2025, out of range", "a level that is not negative"),
    ),
    "fiscal year of a region with calendar years": (
        sheet(["", "2024/25"], [LABEL, 6400]),
        ("row 2, column B: '6400' - jinhua/gdp 2024/25, period 2024/25", "begin in January"),
    ),
    "year to come": (
        sheet(["", 2103], [LABEL, 6400]),
        ("row 2, column B: '6400' - jinhua/gdp 2103, period 2103, the period begins after",),
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def usual_limit() -> Iterator[None]:
    """Set the limit of a cell that csv has by itself: frictionless, of other tests, lifts it."""
    before = field_size_limit(131_072)
    yield
    field_size_limit(before)


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_file_gives_one_clear_error(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = builders.build(tmp_path / "data")
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    make, told = SPOILED[how]
    file = make(tmp_path)
    status = cli.main(
        ["import", str(file), "--data", str(data), "--yes", "--quiet", "--region", "jinhua",
         "--source", "news"]
    )  # fmt: skip
    err = capsys.readouterr().err
    assert status in (1, 2)
    assert err.startswith(("forecast: ", "1 error in the data:"))
    assert "a fault of the program" not in err
    for words in told:
        assert words in err
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "rows", "told"),
    [
        ((), [["", 2025], [LABEL, 6400]], "no region is named; expected a region: --region KEY"),
        (
            ("--region", "jinhua", "--sheet", "Other"), [["", 2025], [LABEL, 6400]],
            "t.xlsx has no sheet 'Other'; its sheets: Sheet1",
        ),
        (
            ("--region", "jinhua", "--source", "yearbook"), [["", "2027F"], [LABEL, 6400]],
            "the day of publication, from which the horizon of a forecast runs: --published",
        ),
        (
            ("--region", "jinhua", "--new-source", "news", "--title", "News"),
            [["", 2025], [LABEL, 6400]], "data/sources.csv row 7, column source: 'news'",
        ),
        (("--map", "no.toml"), [["", 2025], [LABEL, 6400]], "no.toml cannot be read"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_give_one_clear_error(
    options: tuple[str, ...],
    rows: list[list[object]],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = builders.build(tmp_path / "data")
    source = () if {"--source", "--new-source"} & {*options} else ("--source", "news")
    file = workbook(tmp_path, rows)
    status = cli.main(["import", str(file), "--data", str(data), "--yes", *source, *options])
    assert status in (1, 2)
    assert told in capsys.readouterr().err
