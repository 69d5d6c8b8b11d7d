"""Progress of long computations: they report steps here, and whoever listens shows them.

Without a listener a report costs nothing. The command line listens for its commands; a report set,
for its own lines.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import NamedTuple, TextIO, TypeVar

T = TypeVar("T")

PATIENCE = 2.0  # seconds before anything is shown
EVERY = 5.0  # seconds between lines where they cannot be rewritten

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


def report(what: str, done: int, of: int, item: str = "") -> None:
    """Report a step.

    Parameters
    ----------
    what : str
        Of what kind the steps are.
    done, of : int
        Number of the step, and how many there are.
    item : str
        What the step is on.
    """
    listener = _listener.get()
    if listener is not None:
        listener(f"{what} {done}/{of}" + (f": {item}" if item else ""))


class Step(NamedTuple):
    """A step as `report` tells it."""

    what: str
    done: int
    of: int
    item: str


def parsed(line: str) -> Step | None:
    """Return the step that a line tells of; None for other lines.

    >>> parsed("page 3/18: gdp ok (1.0 s)")
    Step(what='page', done=3, of=18, item='gdp ok (1.0 s)')
    """
    found = re.fullmatch(r"(\D+) (\d+)/(\d+)(?:: (.*))?", line)
    return found and Step(found[1], int(found[2]), int(found[3]), found[4] or "")


def steps(
    items: Iterable[T], what: str, name: Callable[[T], object] = lambda item: ""
) -> Iterator[T]:
    """Yield items, and report each before it is worked on; an empty line follows the last.

    Parameters
    ----------
    items : iterable
    what : str
        See `report`.
    name : callable, optional
        Gives the name of an item.
    """
    every: Sequence[T] = items if isinstance(items, Sequence) else list(items)
    for number, item in enumerate(every, start=1):
        report(what, number, len(every), str(name(item)))
        yield item
    listener = _listener.get()
    if listener is not None:
        listener("")


@contextlib.contextmanager
def heard(listener: Callable[[str], None]) -> Iterator[None]:
    """Let a function hear every step that is reported meanwhile, in place of any other."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextlib.contextmanager
def shown(stream: TextIO, patience: float = PATIENCE, every: float = EVERY) -> Iterator[None]:
    """Show the step at work once there has been some waiting.

    On a terminal one line is rewritten, and taken away at the end; elsewhere lines follow each
    other, few of them.

    Parameters
    ----------
    stream : text stream
        Standard error, usually.
    patience : float
        Seconds before the first line.
    every : float
        Seconds between lines where they cannot be rewritten.
    """
    terminal, over, latest = stream.isatty(), threading.Event(), [""]

    def write(line: str) -> None:
        if terminal:
            stream.write(f"\r\x1b[K{line[:78]}")
        elif line:
            stream.write(f"{line}\n")
        stream.flush()

    def show() -> None:
        before, pause = "", patience
        while not over.wait(pause):
            pause = 0.2 if terminal else every
            if latest[0] != before:
                before = latest[0]
                write(before)
        if before:
            write("")

    def hear(line: str) -> None:
        latest[0] = line

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        with heard(hear):
            yield
    finally:
        over.set()
        thread.join()
