"""What all tasks of a run have in common: sent once to every worker, not with every task."""

from __future__ import annotations

from typing import Any

_held: list[Any] = [None]


def common() -> Any:
    """Return what the tasks of this process have in common."""
    return _held[0]


def have_in_common(value: Any) -> None:
    """Set what `common` returns in this process."""
    _held[0] = value
