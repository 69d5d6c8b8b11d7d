from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace

import psutil
import pytest

from forecast.report.execution import page_clock
from forecast.report.execution.page_clock import MOST_WALL_TIME, PageClock


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return a machine whose clock, processor time and state a test sets."""
    state = SimpleNamespace(now=0.0, used=0.0, status=psutil.STATUS_RUNNING, children=[])

    class Process:
        def __init__(self, pid: int) -> None:
            self.pid = pid

        def children(self, recursive: bool) -> list[Process]:
            return [Process(pid) for pid in state.children]

        def cpu_times(self) -> SimpleNamespace:
            return SimpleNamespace(user=state.used, system=0.0)

        def status(self) -> str:
            return str(state.status if self.pid == 1 else psutil.STATUS_RUNNING)

    monkeypatch.setattr(page_clock.psutil, "Process", Process)
    monkeypatch.setattr(page_clock.time, "monotonic", lambda: state.now)
    return state


def test_time_without_a_processor_does_not_count(machine: SimpleNamespace) -> None:
    clock = PageClock(1)
    for _ in range(5):
        machine.now += 6.0
        machine.used += 1.0  # five others had the processor meanwhile
        spent = clock.spent()
    assert spent == pytest.approx(5.0)


def test_waiting_counts_by_the_clock(machine: SimpleNamespace) -> None:
    clock = PageClock(1)
    machine.status = psutil.STATUS_SLEEPING
    machine.now = 7.0
    assert clock.spent() == pytest.approx(7.0)
    machine.status = psutil.STATUS_RUNNING
    machine.now, machine.used = 9.0, 0.5
    assert clock.spent() == pytest.approx(7.5)


def test_page_whose_children_compute_does_not_wait(machine: SimpleNamespace) -> None:
    machine.children = [2]
    clock = PageClock(1)
    machine.status = psutil.STATUS_SLEEPING
    machine.now, machine.used = 7.0, 1.0
    assert clock.spent() == pytest.approx(2.0)  # of two processes


def test_page_that_is_heard_has_its_time_again(machine: SimpleNamespace) -> None:
    clock = PageClock(1)
    machine.status = psutil.STATUS_SLEEPING
    machine.now = 7.0
    assert clock.spent() == pytest.approx(7.0)
    clock.heard({"content": {"text": "half"}})
    machine.now = 9.0
    assert clock.spent() == pytest.approx(2.0)
    assert not clock.floods
    clock.heard({"content": {"data": {"text/plain": "x" * (page_clock.MOST_OUTPUT)}}})
    assert clock.floods


def test_no_page_goes_on_for_ever(machine: SimpleNamespace) -> None:
    clock = PageClock(1)
    machine.now = 50.0
    assert clock.spent() == pytest.approx(50.0 / MOST_WALL_TIME)


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.05)


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(600)"])
def test_real_process_is_timed(program: str) -> None:
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        clock = PageClock(process.pid)
        until(lambda: clock.spent() > 0.5)
        process.kill()
    before = clock.spent()
    assert clock.spent() - before < 0.1  # a process that has ended uses no more
    assert PageClock(os.getpid()).spent() >= 0
