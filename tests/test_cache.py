from __future__ import annotations

import gc
import hashlib
import hmac
import mmap
import os
import pickle
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import forecast
from forecast import cache
from forecast.cache import (
    cache_dir,
    cached,
    cached_table,
    evict,
    lasting,
    set_aside,
    source_digest,
)

PACKAGE = Path(forecast.__file__).parent


class Counter:
    """A computation that counts how often it was made."""

    def __init__(self, result: object = 42) -> None:
        self.calls, self.result = 0, result

    def __call__(self) -> object:
        self.calls += 1
        return self.result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "secret"]


# Keeping ------------------------------------------------------------------------------------------


def test_same_parts_are_computed_once(folder: Path) -> None:
    compute = Counter({"p": 0.25})
    assert cached(("a", 1), compute) == {"p": 0.25}
    assert cached(("a", 1), compute) == {"p": 0.25}
    assert compute.calls == 1
    assert [path.suffix for path in stored(folder)] == [".pickle"]


@pytest.mark.parametrize("other", [("a", 2), ("b", 1), ("a", 1.0), ("a", 1, None), ("a", "1")])
def test_other_parts_are_computed_again(folder: Path, other: tuple[object, ...]) -> None:
    cached(("a", 1), Counter("first"))
    assert cached(other, Counter("second")) == "second"


def test_other_source_is_computed_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(("a", 1), Counter("first"))
    monkeypatch.setattr(cache, "source_digest", lambda: "another program")
    assert cached(("a", 1), Counter("second")) == "second"


def test_equal_parts_are_the_same_whoever_holds_them(folder: Path) -> None:
    """A pickle remembers objects: it tells (a, a) from (a, b) where a equals b."""
    a, b = "".join(["gd", "p"]), "".join(["g", "dp"])
    assert a is not b
    assert pickle.dumps((a, a)) != pickle.dumps((a, b))
    cached((a, a), Counter("first"))
    assert cached((a, b), Counter("second")) == "first"
    cached((np.array([1.0, 2.0]), (1, 2)), Counter("array"))
    assert cached((np.array([1.0, 2.0]), (1, 2)), Counter("again")) == "array"
    assert cached((np.array([1.0, 3.0]), (1, 2)), Counter("other")) == "other"


def test_results_used_longest_ago_are_removed_first(folder: Path) -> None:
    for i in range(6):
        cached(("a", i), Counter(b"x" * 1000))
    paths = stored(folder)
    for age, path in enumerate(paths):
        os.utime(path, (1e9 - age, 1e9 - age))
    size = paths[0].stat().st_size
    evict(folder, 10 * size)
    assert set(stored(folder)) == set(paths)
    evict(folder, 3 * size)
    assert set(stored(folder)) == set(paths[:3])


def test_arrays_of_a_table_are_stored_as_one(folder: Path) -> None:
    table = pd.DataFrame({"name": ["a", "b"], "rows": [np.array([1.0, 2.0]), np.array([3.0, 4.0])]})
    for _ in range(2):
        found = cached_table(("a", 1), lambda: table, "rows")
        assert found["name"].tolist() == ["a", "b"]
        assert [row.tolist() for row in found["rows"]] == [[1.0, 2.0], [3.0, 4.0]]
        assert found["rows"][0].base is found["rows"][1].base is not None
    assert cached_table(("b", 1), lambda: table.iloc[:0], "rows").columns.tolist() == [*table]


def test_large_arrays_stay_in_their_file_until_they_are_used(folder: Path) -> None:
    rows = np.arange(300_000.0).reshape(3, -1).T
    table = pd.DataFrame({"rows": list(rows)})
    for _ in range(2):  # also where it has been computed just now
        found = cached_table(("a", 1), lambda: table, "rows")["rows"]
        assert np.array_equal(np.stack(found), rows)
        base = found[0]
        while isinstance(base, np.ndarray):
            base = base.base
        assert isinstance(base.obj, mmap.mmap)
        assert found[0].strides[0] == 8 * len(rows)  # a place of all rows lies together
    (path,) = stored(folder)
    turned_bit(path)
    again = cached_table(("a", 1), lambda: table.head(5), "rows")
    assert len(again) == 5
    assert found[1][0] == 1.0  # the file that it is mapped from has another name, or none


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can see what it holds")
def test_arrays_that_are_set_aside_are_out_of_memory_until_they_are_used(folder: Path) -> None:
    rows = np.arange(300_000.0).reshape(3, -1).T
    found = cached_table(("a", 1), lambda: pd.DataFrame({"rows": list(rows)}), "rows")["rows"]
    (path,) = stored(folder)

    def held() -> int:
        maps = Path("/proc/self/smaps").read_text("utf-8").split(str(path))[1]
        return int(maps.partition("Rss:")[2].split()[0])

    assert np.array_equal(np.stack(found), rows)
    assert held() > 1000
    set_aside([*found, np.zeros(3), np.zeros((3, 3))[0]])  # others have no file
    assert held() == 0
    assert np.array_equal(np.stack(found), rows)


def test_folder_is_listed_by_bytes_written_not_by_results(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[Path] = []
    monkeypatch.setattr(cache, "evict", lambda folder, most: listed.append(folder))
    monkeypatch.setattr(cache, "source_digest", lambda: "one program")
    monkeypatch.setattr(cache, "LOOK", 1_000_000)
    for i in range(200):
        cached(("small", i), Counter(b"x" * 1000))
    assert not listed  # of 200 kB; a look at every sixteenth would be a dozen
    cached(("large", 0), Counter(b"x" * 1_000_000))
    assert listed == [folder]


def test_use_of_a_result_is_noted(folder: Path) -> None:
    cached(("a", 1), Counter())
    (path,) = stored(folder)
    os.utime(path, (1e9, 1e9))
    cached(("a", 1), Counter())
    assert path.stat().st_mtime > 1e9


def turned_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_a_class_that_is_gone(path: Path) -> None:
    path.write_bytes(b"cforecast.study\nNothing\n.")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage", [turned_bit, cut_short, empty, of_a_class_that_is_gone, a_folder]
)
def test_damaged_file_is_computed_again(folder: Path, damage: Callable[[Path], None]) -> None:
    cached(("a", 1), Counter(list(range(100))))
    (path,) = stored(folder)
    damage(path)
    compute = Counter("again")
    assert cached(("a", 1), compute) == "again"
    assert compute.calls == 1


def opened(path: Path) -> None:
    Path(path).open("w").close()


class Planted:
    """What runs when it is read from a pickle."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return opened, (str(self.trace),)


def test_result_of_somebody_else_is_not_read(folder: Path, tmp_path: Path) -> None:
    cached(("a", 1), Counter("own"))
    (path,) = stored(folder)
    planted = pickle.dumps(Planted(tmp_path / "trace"))
    for secret in (b"", b"guessed"):
        name = path.stem.encode()
        path.write_bytes(planted + hmac.digest(secret, name + planted, "sha256"))
        assert cached(("a", 1), Counter("own")) == "own"
    path.write_bytes(planted + hashlib.sha256(planted).digest())
    assert cached(("a", 1), Counter("own")) == "own"
    assert not (tmp_path / "trace").exists()


def test_result_under_another_name_is_not_read(folder: Path) -> None:
    cached(("a", 1), Counter("first"))
    (first,) = stored(folder)
    cached(("a", 2), Counter("second"))
    (second,) = set(stored(folder)) - {first}
    shutil.copy(first, second)
    assert cached(("a", 2), Counter("again")) == "again"


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such rights")
def test_folder_is_the_users_alone_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        cached(("a", 1), Counter())
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such rights")
def test_secret_that_others_could_write_serves_nobody(folder: Path) -> None:
    cached(("a", 1), Counter("first"))
    (folder / "secret").chmod(0o666)
    assert cached(("a", 1), Counter("again")) == "again"


def test_secret_that_was_lost_is_made_anew(folder: Path) -> None:
    cached(("a", 1), Counter("first"))
    (folder / "secret").write_bytes(b"")
    assert [cached(("a", 1), Counter(found)) for found in ("again", "no")] == ["again"] * 2


def test_damaged_file_is_replaced(folder: Path) -> None:
    cached(("a", 1), Counter("first"))
    (path,) = stored(folder)
    cut_short(path)
    cached(("a", 1), Counter("again"))
    assert pickle.loads(path.read_bytes()) == "again"
    assert stored(folder) == [path]


def test_folder_that_cannot_be_made_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "file"))
    compute = Counter()
    assert [cached(("a", 1), compute) for _ in range(2)] == [42, 42]
    assert compute.calls == 2


@pytest.mark.skipif(os.name != "posix", reason="limits to the size of files")
@pytest.mark.parametrize("size", [10, 100_000])  # found when a file is closed, and when written
def test_full_disk_is_no_error_and_nothing_is_left(folder: Path, size: int) -> None:
    import resource

    cached(("a", 0), Counter())
    before = stored(folder)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, limits[1]))
    try:
        assert cached(("a", 1), Counter("x" * size)) == "x" * size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert stored(folder) == before


def test_error_of_the_computation_is_not_kept(folder: Path) -> None:
    def fail() -> None:
        raise ValueError("no path")

    with pytest.raises(ValueError, match="no path"):
        cached(("a", 1), fail)
    assert stored(folder) == []


def test_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "own"
    monkeypatch.delenv("FORECAST_CACHE")
    assert cache_dir() == tmp_path / "xdg" / "forecast"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_dir() == tmp_path / "home" / ".cache" / "forecast"


# What a key covers --------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package whose source is taken for the digest."""
    copy = tmp_path / "forecast"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "templates"))
    monkeypatch.setattr(cache, "code_digest", cache.code_digest.__wrapped__)
    monkeypatch.setattr(cache, "PACKAGE", copy)
    monkeypatch.setattr(cache, "CALIBRATION", tmp_path / "data" / "calibration.json")
    return copy


def digest() -> str:
    return source_digest.__wrapped__()


@pytest.mark.parametrize(
    "name",
    ["evidence/units.py", "evidence/rules/plans.py", "reconciliation/history.py",
     "forecasting/models/_draws.py", "forecasting/models/new.py", "dependence/conditioning.py",
     "expectations/update.py", "verification/holdout.py", "targets/types/rank.py",
     "scenarios/apply.py", "editions/changes.py", "study.py", "facts.py"],
)  # fmt: skip
def test_change_of_what_computes_changes_the_digest(package: Path, name: str) -> None:
    before = digest()
    with (package / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert digest() != before


def test_learned_table_is_part_of_the_digest(package: Path) -> None:
    """It decides every probability."""
    learned = package.parent / "data" / "calibration.json"
    learned.parent.mkdir()
    before = digest()
    learned.write_text('{"a": 1}')
    first = digest()
    learned.write_text('{"a": 2}')
    assert len({before, first, digest()}) == 3


@pytest.mark.parametrize(
    "name",
    [
        "calibration/calibrate.py",
        "cli/main.py",
        "editing/add.py",
        "report/pages/overview.py",
        "report/html.py",
    ],
)
def test_change_of_what_only_shows_does_not(package: Path, name: str) -> None:
    before = digest()
    assert (package / name).is_file()
    (package / name).write_text("# changed\n", encoding="utf-8")
    assert digest() == before


def test_digest_is_the_same_in_another_process() -> None:
    program = "from forecast.cache import source_digest; print(source_digest())"
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert told.stdout.strip() == source_digest()


def test_what_follows_from_an_object_is_computed_once_as_long_as_it_lives() -> None:
    class Thing:
        pass

    asked: list[int] = []

    @lasting
    def number(it: Thing) -> int:
        asked.append(id(it))
        return len(asked)

    one, other = Thing(), Thing()
    assert [number(one), number(other), number(one), number(other)] == [1, 2, 1, 2]
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None
    assert number(other) == 2
