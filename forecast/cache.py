"""Keep results between runs, keyed by everything they depend on.

A backtest or an assessment takes seconds; a report set asks for the same one on several pages and
an economist asks again after changing one figure. The key is a digest of the inputs and of the
package's own source, so that a change of either is never answered with an old number. Every stored
result is signed with a secret of the user's: what is damaged, stands under another's name or was
put there by somebody else is not read (reading a pickle runs what is in it).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import mmap
import os
import pickle
import secrets
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from platformdirs import user_cache_path

from forecast.resources import CALIBRATION, PACKAGE
from forecast.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")

KEPT = 8  # results that `once` keeps
SIGNATURE = hashlib.sha256().digest_size
MOST_BYTES = 2_000_000_000  # of stored results; what was used longest ago goes first
LARGE = 1_000_000  # bytes of an array from which on it is read when it is used
ALIGNED = 64  # bytes to a multiple of which arrays begin in the file
LOOK = MOST_BYTES // 40  # bytes written, on average, between two looks at whether all still fits

# Folders that leave stored results valid: they show, change tables, read commands, or learn the
# tables of `CALIBRATION`. Everything else computes.
SHOWING = ("calibration", "cli", "editing", "report")


def cache_dir() -> Path:
    """Folder of stored results: ``FORECAST_CACHE`` if set, else one of the user's own."""
    named = os.environ.get("FORECAST_CACHE")
    return Path(named) if named else user_cache_path("forecast", appauthor=False)


@cache
def source_digest() -> str:
    """Digest of the package's computing files, the learned table and the libraries' versions."""
    digest = hashlib.sha256(code_digest().encode())
    if CALIBRATION.exists():
        digest.update(CALIBRATION.read_bytes())
    return digest.hexdigest()


@cache
def code_digest() -> str:
    """Digest of the package's computing files and the libraries' versions."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    for name in ("numpy", "pandas", "scipy", "statsmodels", "prophet"):
        digest.update(f"{name} {version(name)}".encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in SHOWING:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cached(parts: tuple[object, ...], compute: Callable[[], T]) -> T:
    """Return the stored result for `parts`, or compute and store it.

    Parameters
    ----------
    parts : tuple
        Everything the result depends on besides the package's source: texts, numbers, dates,
        tuples and dataclasses of such, arrays.
    compute : callable
        Called without arguments when nothing is stored. A folder that cannot be written is no
        error: the result is computed again next time.
    """
    digest = hashlib.sha256(source_digest().encode() + _content(parts)).hexdigest()
    path = cache_dir() / digest[:2] / f"{digest}.pickle"
    secret = _secret(cache_dir())
    if secret is None:
        with one_thread():
            return compute()

    try:
        stored: T = _read(path, secret, digest)
    except Exception:  # missing, damaged, or from another Python: compute
        pass
    else:
        with contextlib.suppress(OSError):
            os.utime(path)  # what was used last goes last
        return stored
    with one_thread():
        result = compute()
    try:
        size, apart = _write(path, result, secret, digest)
        # Once in a while: to list the folder takes as long as there are results in it.
        if int(digest[:12], 16) % LOOK < size:
            evict(cache_dir(), MOST_BYTES)
        if apart:  # what stays in the file need not be in memory as well
            result = _read(path, secret, digest)
    except OSError:
        pass
    return result


def _write(path: Path, result: object, secret: bytes, digest: str) -> tuple[int, bool]:
    """Store a result: its pickle, its large arrays, the sizes of all these, and the signature.

    Return the bytes written, and whether there are such arrays.
    """
    arrays: list[memoryview] = []

    def apart(buffer: pickle.PickleBuffer) -> bool:
        """Say whether the bytes of an array stay in the pickle."""
        if (large := buffer.raw()).nbytes < LARGE:
            return True
        arrays.append(large)
        return False

    pieces = [memoryview(pickle.dumps(result, protocol=5, buffer_callback=apart)), *arrays]
    sizes = [piece.nbytes for piece in pieces]
    signed = hmac.new(secret, digest.encode(), "sha256")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _placed(path) as handle:
        for piece, size in zip(pieces, sizes, strict=True):
            for part in (piece, bytes(-size % ALIGNED)):
                handle.write(part)
                signed.update(part)
        end = struct.pack(f"<{len(sizes) + 1}Q", *sizes, len(sizes))
        signed.update(end)
        handle.write(end + signed.digest())
    return sum(sizes), bool(arrays)


@contextlib.contextmanager
def _placed(path: Path) -> Iterator[IO[bytes]]:
    """Give a file with mode 600 that takes its place once it is whole; else nothing is left."""
    number, name = tempfile.mkstemp(dir=path.parent)
    try:
        with open(number, "wb") as handle:
            yield handle
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _read(path: Path, secret: bytes, digest: str) -> Any:
    """Read a result; large arrays stay in the file, which processes share, until they are used."""
    signed = hmac.new(secret, digest.encode(), "sha256")
    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size - SIGNATURE
        if left < LARGE:
            data = memoryview(file.read())
            signed.update(data[:left])
        else:
            # Not by the map: what has been read there counts as memory.
            while left > 0 and (part := file.read(min(left, LARGE))):
                left -= len(part)
                signed.update(part)
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if not hmac.compare_digest(signed.digest(), data[-SIGNATURE:]):
        raise OSError("damaged, or of somebody else")
    body = data[:-SIGNATURE]
    (count,) = struct.unpack("<Q", body[-8:])
    sizes = struct.unpack(f"<{count}Q", body[-8 * count - 8 : -8])
    pieces, start = list[memoryview](), 0
    for size in sizes:
        pieces.append(body[start : start + size])
        start += size + -size % ALIGNED
    return pickle.loads(pieces[0], buffers=pieces[1:])


def cached_table(
    parts: tuple[object, ...], compute: Callable[[], pd.DataFrame], column: str
) -> pd.DataFrame:
    """Return what `cached` returns, of a table with arrays of one length in a column.

    They are stored as one array, of which the column has the rows: a thousand arrays of their own
    take longer to read than all else, and more memory. Of a large one the same place in all rows
    lies together, so that who needs a few places reads no others.

    Parameters
    ----------
    parts, compute
        As of `cached`.
    column : str
        The one with the arrays.
    """
    import numpy as np

    def apart() -> tuple[pd.DataFrame, Any]:
        table = compute()
        rows = np.stack(table[column].to_list(), axis=1).T if len(table) else None
        return table.drop(columns=column), rows

    table, rows = cached(parts, apart)
    return table.assign(**{column: [] if rows is None else list(rows)})


def set_aside(arrays: Iterable[Any]) -> None:
    """Take arrays out of memory that stay in their files, until they are used again.

    What has been read by a map counts as memory, and a look at one place may read a megabyte.

    Parameters
    ----------
    arrays : iterable of ndarray
        Nobody may have changed them in place.
    """
    for base in {id(array.base): array.base for array in arrays}.values():
        while hasattr(base, "base"):
            base = base.base
        held = getattr(base, "obj", None)
        if isinstance(held, mmap.mmap) and hasattr(held, "madvise"):
            held.madvise(mmap.MADV_DONTNEED)


class Same(Generic[T]):
    """An object as a key: another one is another key, whatever is in it.

    Parameters
    ----------
    it : object
        Nobody may change it in place.
    """

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it


def once(compute: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Compute once what follows from an object that many ask about, as long as it is held.

    Parameters
    ----------
    compute : callable
        Called with the object, a table for one, and what can be hashed. Nobody may change the
        object, or the result, in place.
    """

    @lru_cache(maxsize=KEPT)
    def known(same: Same[S], *args: P.args, **kwargs: P.kwargs) -> T:
        return compute(same.it, *args, **kwargs)

    @wraps(compute)
    def found(it: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return known(Same(it), *args, **kwargs)  # type: ignore[arg-type]

    return found


def lasting(compute: Callable[[S], T]) -> Callable[[S], T]:
    """Compute once what follows from an object that never changes, as long as it lives.

    Parameters
    ----------
    compute : callable
        Called with the object, to which its result holds no reference. Nobody may change the
        result.
    """
    known: WeakKeyDictionary[S, T] = WeakKeyDictionary()

    @wraps(compute)
    def found(it: S, /) -> T:
        if it not in known:
            known[it] = compute(it)
        return known[it]

    return found


def kept(folder: Path) -> bool:
    """Say whether results that are computed here are kept in a folder.

    Parameters
    ----------
    folder : Path
    """
    return _secret(folder) is not None and os.access(folder, os.W_OK)


def _secret(folder: Path) -> bytes | None:
    """Return what the user's results are signed with, made at the first use.

    None where it cannot be kept, or where another user could have written it.
    """
    path = folder / "secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (path.exists() and path.stat().st_size):  # a power cut leaves an empty file
            with _placed(path) as new:  # of several processes at it, the last one's stays
                new.write(secrets.token_bytes(32))
        with path.open("rb") as file:
            known = os.fstat(file.fileno())
            if os.name == "posix" and (known.st_uid != os.getuid() or known.st_mode & 0o077):
                return None
            return file.read() or None
    except OSError:
        return None


def _content(parts: tuple[object, ...]) -> bytes:
    """Pickle without memory of objects: equal parts give equal bytes, whoever holds them.

    `joblib.hash` tells two equal tuples, dates or dataclasses from one of them named twice, so that
    its keys differ between processes.
    """
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer)
    pickler.fast = True
    pickler.dump(parts)
    return buffer.getvalue()


def evict(folder: Path, most: int) -> None:
    """Remove the stored results that were used longest ago, until the rest fits.

    Parameters
    ----------
    folder : Path
    most : int
        Bytes that may stay.
    """
    files = []
    for path in folder.glob("*/*"):
        with contextlib.suppress(OSError):
            found = path.stat()
            files.append((found.st_mtime, found.st_size, path))
    spare = sum(size for _, size, _ in files) - most
    for _, size, path in sorted(files):
        if spare <= 0:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            spare -= size
