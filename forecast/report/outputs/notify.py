"""A command of the user's own that is told of a run: that it failed, or that a verdict changed."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecast.evidence.problems import UserError
from forecast.report.execution.tasks import said
from forecast.report.language import verdict

MOST = 60.0  # seconds that the command may take
KEPT = 10_000  # bytes of what it says


def verdicts(folder: Path) -> dict[str, str]:
    """Return the verdict on each target of a set that has a probability; none without a set."""
    try:
        found = json.loads((folder / "results.json").read_text("utf-8"))
        return {
            str(entry["target"]): verdict(entry["probability"], entry["probability_floor"])[0]
            for entry in found["targets"]
            if entry["probability"] is not None
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the targets of which the verdict changed, came or went."""
    return [
        {"target": target, "before": before.get(target), "after": after.get(target)}
        for target in dict.fromkeys([*before, *after])
        if before.get(target) != after.get(target)
    ]


def parsed(command: str) -> list[str]:
    """Return the words of a command.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it is not one.
    """
    try:
        words = shlex.split(command)
    except ValueError as problem:
        raise UserError(f"notify is {command!r}; expected a command ({problem})") from None
    if command and not words:
        raise UserError(f"notify is {command!r}; expected a command")
    return words


def notify(command: str, message: Mapping[str, Any]) -> str:
    """Run a command with a message as JSON on its standard input.

    Parameters
    ----------
    command : str
        Split as a shell does, run without one.
    message : mapping

    Returns
    -------
    str
        Why it did not work; empty if it did. Nothing that it does changes the set.
    """
    # The end of what it says is read here, lest it fill the memory; nor is anything waited for
    # that the command has left running.
    end, told = os.pipe(), bytearray()
    reader = threading.Thread(target=_read, args=(end[0], told), daemon=True)
    reader.start()
    try:
        ended = subprocess.run(
            parsed(command),
            input=json.dumps(message, ensure_ascii=False).encode(),
            stdout=subprocess.DEVNULL,
            stderr=end[1],
            timeout=MOST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{command}: did not end within {MOST:g} s"
    except OSError as problem:
        return f"{command}: {said(problem)}"
    finally:
        os.close(end[1])
    if ended.returncode:
        reader.join(1.0)
        lines = told.decode(errors="replace").strip().splitlines()
        return f"{command}: ended with status {ended.returncode}{': ' + lines[-1] if lines else ''}"
    return ""


def _read(pipe: int, told: bytearray) -> None:
    """Read a pipe to its end, of which the last bytes are kept."""
    with open(pipe, "rb", buffering=0) as stream:
        while part := stream.read(KEPT):
            told[:] = (told + part)[-KEPT:]
