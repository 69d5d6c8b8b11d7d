"""Tables are changed row by row, all files or none, and every other byte stays."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.editing.tablefile import Change, checked, read_tables, write
from forecast.evidence.loading import load
from forecast.evidence.problems import DataError, UserError
from tests import builders

FILES = sorted(f"{name}.csv" for name in builders.ROWS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "data")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    note=st.text(st.characters(codec="gb18030", exclude_categories=["C"]), max_size=8),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_is_added_and_every_other_byte_stays(
    folder: Path, encoding: str, delimiter: str, end: str, last: bool, quoting: int, note: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([builders.columns("sources"), *builders.ROWS["sources"]])
    text = out.getvalue() if last else out.getvalue().removesuffix(end)
    before = text.encode(encoding)
    (folder / "sources.csv").write_bytes(before)

    file = read_tables(folder)["sources"]
    assert file.written(file.lines) == before
    cells = {"source": "fresh", "title": '说 "好", ' + note, "kind": "news"}
    after = file.written([*file.lines, file.line(cells)])
    assert after.startswith(before)
    assert after.endswith(end.encode())
    (folder / "sources.csv").write_bytes(after)
    last_row = read_tables(folder)["sources"].lines[-1].cells
    assert last_row == dict.fromkeys(builders.columns("sources"), "") | cells


def test_columns_in_another_order_are_kept(folder: Path) -> None:
    names = builders.columns("regions")[::-1]
    text = "".join(",".join(cells[::-1]) + "\n" for cells in builders.ROWS["regions"])
    (folder / "regions.csv").write_text(",".join(names) + "\n" + text, "utf-8")
    file = read_tables(folder)["regions"]
    line = file.line({"region": "lanxi", "name": "Lanxi", "kind": "county", "parent": "jinhua"})
    assert line.text == ",jinhua,county,,Lanxi,lanxi\n"
    assert file.key(line) == ("lanxi",)


def test_unreadable_tables_are_all_named(folder: Path) -> None:
    (folder / "regions.csv").unlink()
    with (folder / "bases.csv").open("a") as handle:
        handle.write("gdp,too,few\n")
    with pytest.raises(DataError) as found:
        read_tables(folder)
    assert {problem.file for problem in found.value.problems} == {
        "data/regions.csv", "data/bases.csv",
    }  # fmt: skip


def changes(folder: Path, source: str = "fresh") -> list[Change]:
    """Return a change of two files: a new source and an observation of it."""
    files = read_tables(folder)
    news = {"source": source, "title": "T", "kind": "news"}
    last = {**files["observations"].lines[-1].cells, "observation": "o9999", "source": "fresh"}
    return [
        Change(files[name], files[name].written([*files[name].lines, files[name].line(cells)]))
        for name, cells in (("sources", news), ("observations", {**last, "period": "2022"}))
    ]


def test_changes_are_checked_without_being_written(folder: Path) -> None:
    before = content(folder)
    evidence = checked(folder, changes(folder))
    assert "o9999" in set(evidence.observations["observation"])
    with pytest.raises(
        DataError, match="column source: 'fresh' - unknown source; expected a source of data/"
    ):
        checked(folder, changes(folder, source="other"))
    assert content(folder) == before
    write(changes(folder))
    # What was answered on the copy holds for the folder: results are stored by this digest.
    assert load(folder).digest == evidence.digest


def test_all_files_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, planned = content(folder), changes(folder)
    real = os.replace

    def full(source: Path, target: Path) -> None:
        if target.name == "observations.csv":
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ValueError, match=r"observations.csv cannot be written \(No space left"):
        write(planned)
    assert content(folder) == before  # and no temporary file is left


def test_an_interruption_between_two_files_leaves_both_as_they_were(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, planned = content(folder), changes(folder)
    real, seen = os.replace, []

    def interrupted(source: Path, target: Path) -> None:
        real(source, target)
        seen.append(target.name)
        if len(seen) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(planned)
    assert seen[0] == "sources.csv"
    assert content(folder) == before


def test_what_another_program_wrote_meanwhile_is_not_overwritten(folder: Path) -> None:
    planned = changes(folder)
    builders.append(folder, "observations", observation="o0500", period="2014")
    before = content(folder)
    with pytest.raises(ValueError, match="changed by another program meanwhile"):
        write(planned)
    assert content(folder) == before


@pytest.mark.skipif(os.name != "posix", reason="modes and links are of another kind there")
def test_mode_and_link_stay(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.csv"
    (folder / "sources.csv").rename(real)
    real.chmod(0o640)
    (folder / "sources.csv").symlink_to(real)
    write(changes(folder))
    assert (folder / "sources.csv").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert b"fresh" in real.read_bytes()


def narrow(folder: Path) -> Path:
    """Leave the observations their five columns, and drop the tables that may be missing."""
    names = builders.columns("observations")
    kept = [names.index(name) for name in ("region", "indicator", "period", "value", "source")]
    rows = [
        r for r in builders.ROWS["observations"] if r[names.index("indicator")] == "business_rank"
    ]
    lines = [[names[i] for i in kept], *([row[i] for i in kept] for row in rows)]
    (folder / "observations.csv").write_text("\n".join(",".join(line) for line in lines))
    for name in ("bases", "openings", "judgements", "datapackage"):
        for path in folder.glob(f"{name}.*"):
            path.unlink()
    return folder


def test_a_column_that_a_new_row_needs_is_added_and_no_other(folder: Path) -> None:
    file = read_tables(narrow(folder))["observations"]
    (line,) = file.lines
    assert line.cells["observation"].startswith("x")
    plain = {**line.cells, "observation": "", "period": "2024"}
    assert file.written([line, file.line(plain)]).decode() == (
        "region,indicator,period,value,source\n"
        "jinhua,business_rank,2023,31,news\n"
        "jinhua,business_rank,2024,31,news\n"
    )
    noted = file.line({**plain, "note": "a, b"})
    assert file.written([line, noted]).decode() == (
        "region,indicator,period,value,source,note\n"
        "jinhua,business_rank,2023,31,news,\n"
        'jinhua,business_rank,2024,31,news,"a, b"\n'
    )


def test_a_table_that_is_not_there_is_made_and_undone(folder: Path) -> None:
    files = read_tables(narrow(folder))
    bases = files["bases"]
    assert (bases.lines, bases.data) == ((), b"")
    row = {"indicator": "gdp", "basis": "new", "sequence": "1", "link": "reference", "name": "New"}
    change = Change(bases, bases.written([bases.line(row)]))
    broken = Change(replace(files["sources"], data=b"other"), b"x")
    with pytest.raises(UserError, match="changed by another program"):
        write([change, broken])
    assert not bases.path.exists()
    write([change])
    assert bases.path.read_text() == "indicator,basis,sequence,link,name\ngdp,new,1,reference,New\n"
