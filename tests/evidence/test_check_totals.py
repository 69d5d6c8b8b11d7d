"""The check of published totals against their published parts."""

import pandas as pd
import pytest

from forecast.evidence.files.schema import COLUMNS
from forecast.evidence.problems import Problem
from forecast.evidence.rules.check import check
from tests.worlds import statement, world


def problems(*rows: dict, part_of: dict[str, str] | None = None) -> list[Problem]:
    evidence = world([dict(row) for row in rows])
    tables = {name: getattr(evidence, name) for name in COLUMNS}
    for name, table in tables.items():
        tables[name] = table.set_axis(range(2, len(table) + 2))
    tables["bases"] = pd.DataFrame(columns=evidence.bases.columns)
    tables["indicators"] = tables["indicators"].assign(
        follows="", part_of=[(part_of or {}).get(i, "") for i in tables["indicators"]["indicator"]]
    )
    found = check(tables, "data")
    return [p for p in found if "parts" in p.wrong or "is part of" in p.wrong]


def of(indicator: str, value: float, **fields) -> dict:
    return statement(2023, value, **{"indicator": indicator, **fields})


def test_total_off_its_parts_is_named_with_all_three_rows_and_the_difference():
    (found,) = problems(of("exports", 113.1), of("imports", 66.6), of("trade", 233.7))
    assert (found.severity, found.row, found.column, found.value) == (
        "warning", 4, "value", "233.7",
    )  # fmt: skip
    for named in ("113.1 亿元 (row 2, o0001)", "66.6 亿元 (row 3, o0002)", "(row 4, o0003)",
                  "about 179.7 亿元", "is 54 亿元 higher"):  # fmt: skip
        assert named in str(found)


@pytest.mark.parametrize(
    ("total", "status", "doubted"),
    [
        (179.7, "final", False),
        (179.8, "final", False),  # rounding
        (181.0, "final", True),
        (181.0, "preliminary", False),  # parts of it were revised, and the total was not
        (183.0, "preliminary", True),
        (170.0, "preliminary", True),
    ],
)
def test_tolerance_is_that_of_rounding_and_status(total: float, status: str, doubted: bool):
    found = problems(of("exports", 113.1), of("imports", 66.6), of("trade", total, status=status))
    assert bool(found) == doubted


def test_of_several_statements_those_count_that_add_up():
    assert not problems(
        of("exports", 113.1), of("exports", 120.0), of("imports", 66.6), of("trade", 179.7)
    )


def test_sums_to_date_add_up_too_and_marked_rows_are_not_doubted_again():
    part = {"measure": "ytd_level"}
    rows = [statement("2023-06", v, indicator=i, **part) for i, v in
            (("exports", 50.0), ("imports", 30.0), ("trade", 90.0))]  # fmt: skip
    assert len(problems(*rows)) == 1
    assert not problems(*rows[:2], {**rows[2], "mark": "conflict"})


def test_part_larger_than_its_whole():
    rows = [of("imports", 66.6), of("exports", 60.0)]
    assert not problems(*rows)
    (found,) = problems(*rows, part_of={"imports": "exports"})
    assert found.row == 2
    assert "larger than exports, which imports is part of" in found.wrong
    assert found.expected == "at most exports 60 亿元 (row 3, o0002)"


def test_part_of_a_circle_or_of_something_unknown_is_an_error():
    def errors(**part_of: str) -> list[str]:
        evidence = world([of("exports", 60.0)])
        tables = {name: getattr(evidence, name) for name in COLUMNS}
        column = [part_of.get(i, "") for i in tables["indicators"]["indicator"]]
        tables["indicators"] = tables["indicators"].assign(follows="", part_of=column)
        tables = {k: t.set_axis(range(2, len(t) + 2)) for k, t in tables.items()}
        return [p.expected for p in check(tables, "data") if p.column == "part_of"]

    assert errors(imports="exports") == []
    assert errors(imports="smuggling") == ["a known indicator"]
    assert "in 亿元" in errors(imports="population")[0]
    assert len(errors(imports="exports", exports="imports")) == 2
