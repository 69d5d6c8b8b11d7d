"""Files in TOML that people write: scenarios, run files, mappings of labels."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from forecast.evidence.files.encodings import CONTROL

DEEPEST = 20  # tables and lists within each other


class TomlError(ValueError):
    """Bytes that cannot be used as TOML; the message is what was expected."""


def parsed(data: bytes) -> dict[str, Any]:
    """Return the table of a file.

    What the parser of the standard library lets through, or stops at by an error of its own, is
    refused here: whole numbers beyond 64 bits, control characters, tables without end.

    Raises
    ------
    TomlError
        If it is no TOML, or holds what nobody writes.

    Examples
    --------
    >>> parsed(b"year = 2027")
    {'year': 2027}
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise TomlError("text in UTF-8") from None
    except RecursionError:
        raise TomlError("TOML (too deep)") from None
    except ValueError as error:  # of numbers with thousands of digits, too
        raise TomlError(f"TOML ({error})") from None
    level: list[Any] = [table]
    for _ in range(DEEPEST):
        if not level:
            return table
        for value in level:
            if isinstance(value, int) and value.bit_length() > 63:
                raise TomlError("whole numbers of at most 64 bits")
            if isinstance(value, str) and re.search(f"[{CONTROL}]", value):
                raise TomlError("texts without control characters")
        within = [value for value in level if isinstance(value, dict | list)]
        level = [v for inner in within for v in (*inner, *_values(inner))]
    raise TomlError(f"at most {DEEPEST} tables and lists within each other")


def _values(inner: dict[str, Any] | list[Any]) -> list[Any]:
    """Return the values of a table; the items of a list are gone through already."""
    return list(inner.values()) if isinstance(inner, dict) else []
