from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.files.panels import read_each, read_targets_of
from forecast.evidence.panels import checked, notices
from forecast.evidence.problems import DataError
from tests.conftest import ANY

HEADER = "series_id,year,value"
ROWS = [f"a,{2010 + i},{100 * 1.05**i:.2f}" for i in range(14)]
PANEL = "\n".join([HEADER, *ROWS]) + "\n"


def read(path: Path) -> pd.DataFrame:
    """Read a file of one panel."""
    ((_, panel),) = read_each(path)
    return panel


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "p.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


@pytest.fixture
def expected(tmp_path: Path) -> pd.DataFrame:
    return read(write(tmp_path, PANEL))


def same(found: pd.DataFrame, expected: pd.DataFrame) -> bool:
    pd.testing.assert_frame_equal(found, expected)
    return True


# Understood ---------------------------------------------------------------------------------------

DECIMAL_COMMAS = PANEL.replace(",", ";").replace(".", ",")
UNDERSTOOD = {
    "semicolons": (PANEL.replace(",", ";"), ""),
    "tabs": (PANEL.replace(",", "\t"), ""),
    "semicolons and decimal commas": (DECIMAL_COMMAS, "row 2: 100,00 as 100.00"),
    "quoted decimal commas": (
        "\n".join([HEADER, *(f'a,{y},"{v}"' for y, v in
                             (line.split(";")[1:] for line in DECIMAL_COMMAS.split()[1:]))]),
        "were read as decimal points",
    ),
    "sep": (f"sep=,\n{PANEL}", ""),
    "quoted sep": (f'"sep=;"\n{PANEL.replace(",", ";")}', ""),
    "title": (f"GDP of the city\n\n{PANEL}", "above the header in row 3"),
    "title with commas": (f"GDP, by year, of the city, in yuan\nnote\n{PANEL}", "header in row 3"),
    "blank lines": (PANEL.replace("\na,2013", "\n\n , ,\na,2013"), ""),
    "empty cells to the right": (PANEL.replace("\n", ",,\n"), ""),
    "quoted header": (PANEL.replace(HEADER, '"series_id","year","value"'), ""),
    "old line ends": (PANEL.replace("\n", "\r\n"), ""),
    "blanks around names": (PANEL.replace(HEADER, " series_id , year , value "), ""),
    "another order": ("\n".join(",".join(line.split(",")[::-1]) for line in PANEL.split()), ""),
}  # fmt: skip


@pytest.mark.parametrize("how", UNDERSTOOD)
def test_what_spreadsheets_write_is_understood(
    tmp_path: Path, expected: pd.DataFrame, how: str
) -> None:
    text, notice = UNDERSTOOD[how]
    found = read(write(tmp_path, text))
    assert same(found, expected)
    told = notices(found)
    assert len(told) == bool(notice)
    assert all(notice in sentence for sentence in told)


@pytest.mark.parametrize(
    ("encoding", "codec", "name"),
    [
        ("UTF-8", "utf-8-sig", "金华"),
        ("UTF-16", "utf-16", "金华"),
        ("GB18030", "gb18030", "金华"),
        ("Shift-JIS", "shift-jis", "東京"),
        ("Windows-1252", "cp1252", "Québec"),
    ],
)
def test_encodings_are_told_apart_and_named(
    tmp_path: Path, encoding: str, codec: str, name: str
) -> None:
    found = read(write(tmp_path, PANEL.replace("a,", f"{name},"), codec))
    assert set(found["series_id"]) == {name}
    said = [f"p.csv was read as {encoding}; row 2 has {name!r}"]
    assert notices(found) == (said if encoding != "UTF-8" else [])


def test_thousands_separators_and_wide_digits_are_read(tmp_path: Path) -> None:
    found = read(write(tmp_path, f'{HEADER}\na,2010,"1,234.5"\na,2011,１２４０.5\na,2012,1 250\n'))
    assert found["value"].tolist() == [1234.5, 1240.5, 1250.0]
    assert notices(found) == [
        "p.csv: thousands separators in the column value were taken out (row 2: 1,234.5 as 1234.5)"
    ]


def test_targets_are_read_alike(tmp_path: Path) -> None:
    text = "My targets\nsep\ntarget_id;series_id;year;comparison;value\nt;a;2030;>=;1,5\n"
    found = read_targets_of(write(tmp_path, text))[""]
    assert found["value"].tolist() == ["1.5"]
    assert found.index.tolist() == [4]


# Refused ------------------------------------------------------------------------------------------

LAST = "2023,188.56"
REFUSED = {
    "column twice": (
        PANEL.replace("value", "value,value").replace(".", ".1,2."),
        "row 1, column value: 'value' - expected each column once, not in the columns C and D",
    ),
    "short row": (PANEL.replace(f"a,{LAST}", "a,2023"), "row 15: expected as many cells as the "
                  "header: 3, not 2"),
    "long row": (PANEL.replace("a,2015", "a,2015,1"), "row 7: expected as many cells as the "
                 "header: 3, not 4"),
    "two long rows": (PANEL.replace("a,2015", "a,2015,1").replace("a,2017", "a,2017,1"),
                      "row 7: expected as many cells as the header: 3, not 4 (and 1 more: row 9)"),
    "quotation mark": (PANEL.replace("a,2015", '"a,2015'), "row 7: expected matching quotation"),
    "two quotation marks": (
        PANEL.replace("a,2015", '"a,2015').replace("a,2017", 'a",2017'),
        "row 7: 'a,2015,127.63 ...' - expected a cell in one line",
    ),
    "after blank lines": (
        PANEL.replace("\na,2013", "\n\na,2013").replace("\na,2014", "\n\na,2014")
        .replace("155.13", "12x"),
        "row 13, column value: '12x' - expected a number",
    ),
    "after a title and sep": (
        "sep=,\nTitle\n" + PANEL.replace("155.13", "12x"), "row 12, column value: '12x'"
    ),
    "one cause in many rows": (
        PANEL.replace(".", " "),
        "row 2, column value: '100 00' - expected a number, or empty for a missing year "
        "(and 13 more: row 3, 4, 5, 6, 7, ...)",
    ),
    "a comma that parts thousands or is a decimal": (
        "series_id;year;value\na;2010;1,234\na;2011;1,240\n",
        "row 2, column value: '1,234' - expected a decimal point: this comma may be one",
    ),
    "commas and points": (
        'series_id,year,value\na,2010,"1,5"\na,2011,1240.5\n',
        "row 3, column value: '1240.5' - expected one decimal mark in the column, not also that of "
        "1,5",
    ),
    "a column without a name": (
        PANEL.replace("\n", ",\n").replace("188.56,", "188.56,7"),
        "row 15: '7' - expected a name in the header",
    ),
    "no header": ("\n".join(ROWS), "row 1, column series_id: 'a, 2010, 100.00' - expected a "
                  "column series_id"),
    "only a title": ("\n\n\n", "a CSV file that is not empty"),
}  # fmt: skip


@pytest.mark.parametrize("how", [name for name in REFUSED if name != "no header"])
def test_what_is_wrong_is_named_with_its_row(tmp_path: Path, how: str) -> None:
    text, told = REFUSED[how]
    assert told in refused(write(tmp_path, text))


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    text, told = REFUSED["no header"]
    with pytest.raises(DataError) as caught:
        read(write(tmp_path, text))
    assert told in str(caught.value)


def test_encoding_that_cannot_be_told_is_refused_with_what_was_tried(tmp_path: Path) -> None:
    told = refused(write(tmp_path, PANEL.replace("a,", "МОСКВА,"), "cp1251"))
    assert "row 2: not in UTF-8, and which of GB18030, " in told
    assert "Windows-1252 and Windows-1251 cannot be told; expected text in UTF-8: " in told


def test_column_twice_in_a_frame_is_refused() -> None:
    frame = pd.DataFrame([["a", 2000, 1, 2]], columns=["series_id", "year", "value", "value"])
    with pytest.raises(DataError, match="columns C and D"):
        checked(frame)


@given(st.text(ANY, max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.mktemp("any"), f"{HEADER}\n{text}\n")
    try:
        found = read(path)
    except DataError:
        pass
    else:
        assert np.isfinite(found["value"]).all()


# Slips --------------------------------------------------------------------------------------------


def slipped(at: dict[int, float], growth: float = 1.05, n: int = 14) -> list[str]:
    rows = [("a", 2010 + i, 100 * growth**i * at.get(2010 + i, 1.0)) for i in range(n)]
    rows += [("b", 2010 + i, 100 * growth**i) for i in range(n)]
    return notices(checked(pd.DataFrame(rows, columns=["series_id", "year", "value"]), "p.csv"))


@pytest.mark.parametrize("factor", [10.0, 0.1, 100.0, 1e4])
@pytest.mark.parametrize("year", [2010, 2011, 2016, 2022, 2023])
def test_a_slip_by_ten_is_named_with_its_neighbours(year: int, factor: float) -> None:
    (told,) = slipped({year: factor})
    value = 100 * 1.05 ** (year - 2010) * factor
    assert told.startswith(f"p.csv row {year - 2008}: a is {value:g} in {year}, about ")
    assert (" times its" if factor > 1 else "1/10 of its") in told
    for near in {year - 1, year + 1} & set(range(2010, 2024)):
        assert f"{100 * 1.05 ** (near - 2010):g} in {near}" in told


def test_two_slips_are_both_named() -> None:
    told = slipped({2014: 10.0, 2019: 0.1})
    assert [sentence.split(":")[0] for sentence in told] == ["p.csv row 6", "p.csv row 11"]


@pytest.mark.parametrize("growth", [1.05, 0.9, 1.3])
def test_growth_alone_is_no_slip(growth: float) -> None:
    assert slipped({}, growth) == []


def test_a_lasting_move_or_a_wild_series_is_no_slip() -> None:
    assert slipped({2010 + i: 10.0 for i in range(7, 14)}) == []
    wild = dict(
        zip(range(2010, 2024), [1, 10, 3, 40, 2, 25, 1, 60, 5, 9, 90, 2, 20, 1], strict=True)
    )
    assert slipped(wild) == []
    values = [0.0, 5.0, -5.0, 50.0, 5.0, 4.0]
    frame = pd.DataFrame({"series_id": "a", "year": range(6), "value": values})
    assert notices(checked(frame)) == []
