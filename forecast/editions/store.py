"""The store of editions: what each published set answered, and the tables that it answered from.

An edition is a file of its own, ``editions/<run>.parquet``, a row per target. It is written once,
so that damage to one file costs one edition and a run that is cut off costs nothing. The tables lie
beside the editions, compressed and named by their content: what editions share is there once.
``pandas.read_parquet("reports/editions")`` reads all editions into one table.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from forecast.cache import cached, code_digest
from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import load
from forecast.evidence.problems import UserError
from forecast.resources import CALIBRATION
from forecast.writing import replacing

if TYPE_CHECKING:
    from forecast.study import Study

FOLDER = "editions"  # within the folder of the sets
TABLES = "_tables"  # an underscore: readers of a whole folder of Parquet files pass it over
FIRST = "first"  # stands for the edition before the first

#: Columns of an edition besides those of `Inputs`: of the set, and of a target.
OF_SET = ("run", "made", "plan", "key")
OF_TARGET = (
    "target", "scenario", "year", "unit", "threshold", "status", "verdict", "pace", "probability",
    "probability_draws", "standard_error", "floor", "median", "q05", "q95",
)  # fmt: skip


class StoreError(UserError):
    """An edition, or a table of one, cannot be read."""

    status = 1


@dataclass(frozen=True)
class Inputs:
    """What the answers of an edition follow from."""

    data: str  # SHA-256 of the tables as far as they were used; see `Evidence.digest`
    #: SHA-256 of the computing code with its libraries, and of the learned tables.
    code: str
    calibration: str
    #: See `forecast.study.open_study`.
    as_of: str
    draws: int
    seed: int
    families: tuple[str, ...]
    outside: str

    @classmethod
    def of(cls, study: Study) -> Inputs:
        """Return what the answers of a study follow from."""
        options, day = study.options, study.evidence.as_of
        return cls(
            data=study.evidence.digest,
            code=code_digest(),
            calibration=hashlib.sha256(CALIBRATION.read_bytes()).hexdigest(),
            as_of="" if day is None else f"{day}",
            draws=options.draws,
            seed=options.seed,
            families=options.families,
            outside=options.outside,
        )

    @property
    def program(self) -> tuple[str, str]:
        """What turns figures into answers."""
        return self.code, self.calibration

    def key(self, plan: str) -> str:
        """Return SHA-256 over all of it: editions of a plan with one key have the same answers."""
        return hashlib.sha256(json.dumps([plan, asdict(self)]).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Edition:
    """The answers of one set."""

    #: The set, when it was made, in UTC, and its plan.
    run: str
    made: str
    plan: str
    inputs: Inputs
    answers: pd.DataFrame  # a row per target, which is its index, with the columns `OF_TARGET`
    tables: dict[str, str]  # files of the data folder and the SHA-256 of their content
    folder: Path | None = None  # of the store; None for what is not in one

    @property
    def key(self) -> str:
        """See `Inputs.key`."""
        return self.inputs.key(self.plan)

    @cached_property
    def evidence(self) -> Evidence:
        """The tables as they were, all of them whatever the day of the edition.

        Raises
        ------
        StoreError
            If a table is missing or damaged.
        forecast.evidence.problems.DataError
            If today's program cannot read them.
        """
        parts = ("evidence of an edition", sorted(self.tables.items()))
        return cached(parts, self._loaded)

    def _loaded(self) -> Evidence:
        with tempfile.TemporaryDirectory(prefix="edition") as directory:
            for name, digest in self.tables.items():
                path = Path(directory) / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(_table(self.folder, digest, name, self.run))
            return load(Path(directory))


def tables_of(root: Path) -> dict[str, bytes]:
    """Return the files of a data folder that decide the numbers, by name."""
    paths = [*root.glob("*.csv"), *root.glob("datapackage.json"), *root.glob("scenarios/*.toml")]
    files = [path for path in sorted(paths) if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def add(folder: Path, edition: Edition, files: Mapping[str, bytes]) -> bool:
    """Add an edition, unless the newest one of its plan has the same key; say whether it was added.

    `files` are its tables; see `tables_of`. Hold the lock of the sets.
    """
    newest, _ = editions(folder, edition.plan)
    if edition.answers.empty or (newest and newest[-1].key == edition.key):
        return False
    (folder / TABLES).mkdir(parents=True, exist_ok=True)
    tables = {}
    for name, data in files.items():
        tables[name] = hashlib.sha256(data).hexdigest()
        path = _place(folder, tables[name])
        if not path.exists():
            with replacing(path) as part:
                part.write_bytes(gzip.compress(data, mtime=0))
    told = asdict(edition.inputs) | {
        "families": ";".join(edition.inputs.families),
        "tables": json.dumps(tables),
        "run": edition.run,
        "made": edition.made,
        "plan": edition.plan,
        "key": edition.key,
    }
    rows = edition.answers.reset_index().assign(**told)
    rows = rows[[*OF_SET, *OF_TARGET, *(c for c in told if c not in OF_SET)]]
    with replacing(folder / f"{edition.run}.parquet") as part:
        rows.to_parquet(part, index=False, write_page_checksum=True)
    return True


def read(path: Path) -> Edition:
    """Return an edition of a store.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        raise StoreError(f"there is no edition {path}") from None
    except Exception as problem:  # whatever the reader of a damaged file stumbles over
        raise StoreError(f"the edition {path} is damaged ({type(problem).__name__})") from None


@lru_cache(maxsize=64)  # every page asks for those that its chart shows
def _read(path: Path, *_: int) -> Edition:
    rows = pd.read_parquet(path, page_checksum_verification=True)
    first = rows.iloc[0].to_dict()
    inputs = {name: first[name] for name in Inputs.__dataclass_fields__}
    families = tuple(filter(None, str(first["families"]).split(";")))
    return Edition(
        str(first["run"]),
        str(first["made"]),
        str(first["plan"]),
        Inputs(**{**inputs, "families": families}),
        rows[list(OF_TARGET)].set_index("target"),
        json.loads(first["tables"]),
        path.parent,
    )


def editions(folder: Path, plan: str) -> tuple[list[Edition], list[str]]:
    """Return the editions of a plan, the oldest first, and what is to be said of damaged ones."""
    found, damaged = [], []
    for path in sorted(folder.glob("*.parquet")):
        try:
            found.append(read(path))
        except StoreError as problem:
            damaged.append(f"{problem} and is left out")
    return [edition for edition in found if edition.plan == plan], damaged


def before(folder: Path, plan: str, key: str) -> tuple[str, list[str]]:
    """Return the edition that a set with a key is compared with, and what is to be said.

    It is the file of the newest edition of the plan that has another key; `FIRST` where there is
    none. There is a line for each damaged edition, or for a store that is gone.
    """
    found, damaged = editions(folder, plan)
    if not folder.is_dir() and any(folder.parent.glob("*/results.json")):
        damaged.append(f"{folder} is missing: what changed since the sets before is not told")
    while found and found[-1].key == key:  # made again: the same edition
        found.pop()
    return str(folder / f"{found[-1].run}.parquet") if found else FIRST, damaged


def _place(folder: Path, digest: str) -> Path:
    return folder / TABLES / f"{digest}.gz"


def _table(folder: Path | None, digest: str, name: str, run: str) -> bytes:
    """Return the content of a table of an edition."""
    with contextlib.suppress(OSError, EOFError, zlib.error):
        data = gzip.decompress(_place(folder or Path(), digest).read_bytes())
        if hashlib.sha256(data).hexdigest() == digest:
            return data
    raise StoreError(f"{name} of the edition {run} is missing or damaged")
