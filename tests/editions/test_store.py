"""The store of editions: what it keeps, what damages it, and what does not."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from forecast.editions import store
from forecast.editions.store import FIRST
from tests import builders
from tests.editions.worlds import PLAN, TARGET, kept


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "editions"


def test_edition_comes_back_as_it_was(folder: Path, data: Path) -> None:
    edition, study = kept(folder, data, "a", as_of="2024")
    assert edition.inputs == store.Inputs.of(study)
    assert edition.inputs.as_of == "2024-12-31"
    assert edition.inputs.families == ("drift",)
    assert edition.answers.loc[TARGET, "floor"] == 0.01
    assert edition.evidence.digest != study.evidence.digest  # all tables, not those up to the day
    assert len(edition.evidence.observations) == len(builders.ROWS["observations"])
    assert set(edition.tables) == {*(p.name for p in data.glob("*.csv")), "datapackage.json"}


def test_all_editions_are_one_table_for_pandas(folder: Path, data: Path) -> None:
    kept(folder, data, "a")
    kept(folder, data, "b", seed=1)
    table = pd.read_parquet(folder)
    assert sorted(table["run"]) == ["a", "b"]
    assert list(table.columns[:5]) == ["run", "made", "plan", "key", "target"]


def test_tables_that_editions_share_are_stored_once(folder: Path, data: Path) -> None:
    kept(folder, data, "a")
    files = set((folder / store.TABLES).iterdir())
    kept(folder, data, "b", seed=1)
    assert set((folder / store.TABLES).iterdir()) == files
    builders.edit(data, "plans", 2, note="x")
    kept(folder, data, "c")
    assert len(set((folder / store.TABLES).iterdir()) - files) == 1


def test_same_inputs_are_one_edition(folder: Path, data: Path) -> None:
    edition, _ = kept(folder, data, "a")
    assert not store.add(folder, replace(edition, run="b"), store.tables_of(data))
    assert [e.run for e in store.editions(folder, PLAN)[0]] == ["a"]
    other, _ = kept(folder, data, "c", seed=1)
    assert other.key != edition.key
    # Back to what was before is a change again.
    assert store.add(folder, replace(edition, run="d"), store.tables_of(data))


def test_edition_before_is_the_newest_with_other_inputs(folder: Path, data: Path) -> None:
    assert store.before(folder, PLAN, "any") == (FIRST, [])
    first, _ = kept(folder, data, "a")
    assert store.before(folder, PLAN, first.key) == (FIRST, [])  # made again: still the first
    second, _ = kept(folder, data, "b", seed=1)
    assert store.before(folder, PLAN, second.key)[0] == str(folder / "a.parquet")
    assert store.before(folder, PLAN, "other")[0] == str(folder / "b.parquet")
    assert store.before(folder, "another_plan", "other")[0] == FIRST


@pytest.mark.parametrize("damage", [b"", b"PAR1", None])
def test_damaged_edition_is_told_in_one_line_and_costs_no_other(
    folder: Path, data: Path, damage: bytes | None
) -> None:
    kept(folder, data, "a")
    kept(folder, data, "b", seed=1)
    path = folder / "b.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF  # one byte of a value: the checksum tells
    path.write_bytes(content if damage is None else damage)
    since, told = store.before(folder, PLAN, "other")
    assert since == str(folder / "a.parquet")
    (line,) = told
    assert line.startswith(f"the edition {path} is damaged")
    assert line.endswith("and is left out")
    assert "\n" not in line


def test_missing_store_is_told_where_there_were_sets(folder: Path, tmp_path: Path) -> None:
    set_before = tmp_path / "2026-01-01T000000Z-00000000"
    set_before.mkdir()
    (set_before / "results.json").write_text("{}")
    since, (line,) = store.before(folder, PLAN, "any")
    assert since == FIRST
    assert line == f"{folder} is missing: what changed since the sets before is not told"


def test_interrupted_writing_leaves_no_edition(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    first, _ = kept(folder, data, "a")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            kept(folder, data, "b", seed=1)
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["a.parquet"]
    assert store.read(folder / "a.parquet").key == first.key


def test_edition_that_does_not_exist(folder: Path) -> None:
    with pytest.raises(store.StoreError, match="there is no edition"):
        store.read(folder / "x.parquet")
