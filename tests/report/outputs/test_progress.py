"""What is told of a run on its way: to people, to a log, to a program."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from forecast.progress import report, steps
from forecast.report.outputs.progress import told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(form: str, stream: io.StringIO) -> str:
    with told(form, stream) as tell:
        for _ in steps("ab", "series", str):
            pass
        tell("all numbers computed in 2 s")
        report("page", 1, 2, "target [gdp] ok (1.0 s)")
        tell("page 2/2: target rank failed (0.5 s)")
        tell.published(Path("r/set"), Path("r/latest/index.html"))
    return stream.getvalue()


def test_lines_of_a_log() -> None:
    assert run("auto", io.StringIO()) == (
        "series 1/2: a\nseries 2/2: b\nall numbers computed in 2 s\n"
        "page 1/2: target [gdp] ok (1.0 s)\npage 2/2: target rank failed (0.5 s)\n"
        "\nThe set is complete: r/set\nOpen r/latest/index.html\n"
    )
    assert run("lines", Terminal()) == run("auto", io.StringIO())


def test_objects_for_a_program() -> None:
    found = [json.loads(line) for line in run("json", io.StringIO()).splitlines()]
    assert all(entry.pop("at").endswith("Z") for entry in found)
    assert found[1:] == [
        {"event": "step", "what": "series", "done": 2, "of": 2, "item": "b"},
        {"event": "message", "text": "all numbers computed in 2 s"},
        {"event": "step", "what": "page", "done": 1, "of": 2, "item": "target [gdp] ok (1.0 s)"},
        {"event": "step", "what": "page", "done": 2, "of": 2,
         "item": "target rank failed (0.5 s)"},
        {"event": "published", "folder": "r/set", "open": str(Path("r/latest/index.html"))},
    ]  # fmt: skip
    stream = io.StringIO()
    with told("json", stream) as tell:
        tell.failed(3, "1 page could not be made")
    assert json.loads(stream.getvalue())["status"] == 3


def test_bars_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    text = run("auto", Terminal())
    assert "all numbers computed in 2 s" in text
    assert (
        "page 2/2: target rank failed (0.5 s)" in text
    )  # stays, as the pages that are made do not
    assert "2/2" in text
    assert "\nThe set is complete: r/set\n" in text.replace("\r", "")
