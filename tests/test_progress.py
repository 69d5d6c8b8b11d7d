from __future__ import annotations

import io
import time

import pytest

from forecast.progress import heard, report, shown, steps


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_steps_are_reported_before_each_item() -> None:
    told: list[str] = []
    with heard(told.append):
        for item in steps(iter("abc"), "letter", str.upper):
            told.append(item)
        report("done", 1, 2)
    assert told == [
        "letter 1/3: A", "a", "letter 2/3: B", "b", "letter 3/3: C", "c", "", "done 1/2",
    ]  # fmt: skip


def test_without_a_listener_items_are_passed_on() -> None:
    assert list(steps([3, 1, 2], "number")) == [3, 1, 2]


def test_inner_listener_hears_in_place_of_the_outer() -> None:
    outer: list[str] = []
    inner: list[str] = []
    with heard(outer.append):
        with heard(inner.append):
            report("step", 1, 2)
        report("step", 2, 2)
    assert (inner, outer) == (["step 1/2"], ["step 2/2"])


def work(stream: io.StringIO, patience: float) -> str:
    with shown(stream, patience, every=0.01):
        for _ in steps("ab", "letter", str):
            time.sleep(0.3)
    return stream.getvalue()


def test_nothing_is_shown_of_what_is_quick() -> None:
    assert work(io.StringIO(), patience=30.0) == ""
    assert work(Terminal(), patience=30.0) == ""


def test_lines_follow_each_other_in_a_file() -> None:
    assert work(io.StringIO(), patience=0.01) == "letter 1/2: a\nletter 2/2: b\n"


def test_line_of_a_terminal_is_rewritten_and_taken_away() -> None:
    text = work(Terminal(), patience=0.01)
    assert text.startswith("\r\x1b[Kletter 1/2: a")
    assert text.endswith("\r\x1b[K")
    assert "\n" not in text


def stopped(stream: io.StringIO) -> None:
    with shown(stream, 0.0, 0.01):
        for _ in steps("ab", "letter", str):
            time.sleep(0.3)
            raise RuntimeError("stopped")


def test_nothing_is_left_after_an_error() -> None:
    stream = Terminal()
    with pytest.raises(RuntimeError, match="stopped"):
        stopped(stream)
    assert stream.getvalue().endswith("\r\x1b[K")
