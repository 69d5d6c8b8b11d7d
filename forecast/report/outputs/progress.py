"""Progress of a report run: bars for people, lines for logs, JSON lines for programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from forecast.progress import heard, parsed

FORMS = ("auto", "lines", "json")


class Lines:
    """Writes each step in a line of its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, line: str) -> None:
        """Tell a step, or anything else that a run says on its way; an empty line is none."""
        if line:
            print(line, file=self._stream, flush=True)

    def published(self, folder: Path, newest: Path | None) -> None:
        """Tell where the pages are; `newest` is the page to open, none for some pages alone."""
        self(
            f"\nThe set is complete: {folder}\nOpen {newest}"
            if newest
            else f"\nThe pages are in {folder}"
        )

    def failed(self, status: int, message: str) -> None:
        """Tell that a run failed; people read it on standard error."""


class JsonLines(Lines):
    """Writes each step as an object of JSON in a line of its own."""

    def __call__(self, line: str) -> None:
        """See `Lines`: a step has its number, another line its text."""
        step = parsed(line)
        if step is not None:
            self._write("step", what=step.what, done=step.done, of=step.of, item=step.item)
        elif line:
            self._write("message", text=line)

    def published(self, folder: Path, newest: Path | None) -> None:
        """See `Lines`."""
        self._write("published", folder=str(folder), open=str(newest) if newest else None)

    def failed(self, status: int, message: str) -> None:
        """See `Lines`."""
        self._write("failed", status=status, message=message)

    def _write(self, event: str, **facts: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"at": at, "event": event, **facts}, ensure_ascii=False)
        print(line, file=self._stream, flush=True)


class Bars(Lines):
    """Shows a bar for each sort of step, and what else is said above them."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        super().__init__(stream)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
        item = TextColumn("{task.fields[item]}", markup=False)
        self.bars = Progress(*columns, item, console=Console(file=stream), transient=True)
        self._tasks: dict[str, Any] = {}

    def __call__(self, line: str) -> None:
        """See `Lines`."""
        step = parsed(line)
        if step is None:
            if line:
                self.bars.console.print(line, markup=False, highlight=False, soft_wrap=True)
            return
        if step.what not in self._tasks:
            self._tasks[step.what] = self.bars.add_task(step.what, total=step.of, item="")
        task = self._tasks[step.what]
        self.bars.update(task, completed=step.done, item=step.item[:40])
        if step.what == "page" and " ok (" not in step.item:
            self.bars.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def told(form: str, stream: TextIO) -> Iterator[Lines]:
    """Give what tells of a run, in one of the `FORMS`; auto is bars on a terminal, else lines."""
    tell: Lines
    with contextlib.ExitStack() as stack:
        if form == "json":
            tell = JsonLines(stream)
        elif form == "auto" and stream.isatty():
            tell = Bars(stream)
            stack.enter_context(tell.bars)
        else:
            tell = Lines(stream)
        stack.enter_context(heard(tell))
        yield tell
