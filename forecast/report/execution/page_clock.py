"""How long a page has shown no progress, whatever else the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import psutil

#: A page is also stopped after this many times its limit on the clock, whatever it was doing.
MOST_WALL_TIME = 10.0


#: Characters of outputs at which a page is stopped: nobody reads them, and they fill the memory.
MOST_OUTPUT = 50_000_000


class PageClock:
    """Time since a page was last heard: processor time while it computes, seconds while it waits.

    A page is heard when it begins a cell and when it prints or shows something.

    A process that is ready to run and gets no processor makes no progress through no fault of its
    own: on a busy machine that time does not count, so that a limit means the same everywhere.

    Parameters
    ----------
    pid : int
        Process that computes the page; what it starts counts as well.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = self._last = time.monotonic()
        self._used, _ = self._look()
        self._spent = 0.0
        self._told = 0

    def heard(self, message: Mapping[str, Any]) -> None:
        """Note a message of the kernel: the page goes on; callable from any thread."""
        content = message.get("content", {})
        self._told += len(content.get("text") or "")
        self._told += sum(len(str(shown)) for shown in content.get("data", {}).values())
        self._spent = 0.0

    @property
    def floods(self) -> bool:
        """Whether the page has said more than `MOST_OUTPUT`."""
        return self._told > MOST_OUTPUT

    def spent(self) -> float:
        """Return the seconds since it was heard; the more often it is called, the more exact."""
        now = time.monotonic()
        used, waits = self._look()
        self._spent += max(used - self._used, now - self._last if waits else 0.0)
        self._used, self._last = max(used, self._used), now
        return max(self._spent, (now - self._began) / MOST_WALL_TIME)

    def _look(self) -> tuple[float, bool]:
        """Return the processor time of all processes, and whether all of them wait."""
        used, waits = 0.0, True
        try:
            whole = psutil.Process(self._pid)
            for process in [whole, *whole.children(recursive=True)]:
                time_of = process.cpu_times()
                used += time_of.user + time_of.system
                used += getattr(time_of, "children_user", 0.0)
                used += getattr(time_of, "children_system", 0.0)
                waits &= process.status() != psutil.STATUS_RUNNING
        except psutil.Error:  # it has ended meanwhile, which its kernel's client notices
            pass
        return used, waits
