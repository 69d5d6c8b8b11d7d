"""What a workbook changes in one table: rows added, changed and removed, and conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forecast.editing.tablefile import Change, Line, TableFile
from forecast.evidence.problems import Problem

Key = tuple[str, ...]
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """What a workbook changes in one table."""

    file: TableFile  # the table as it is now
    sheet: str  # the workbook and the sheet, for messages
    rows: Mapping[Key, int]  # for each key in the sheet its row there
    added: Mapping[Key, Cells]  # new rows by key
    changed: Mapping[Key, tuple[Cells, Cells]]  # for each key the row as it was and as it is to be
    removed: tuple[Key, ...]  # keys of the rows that are no longer in the sheet
    #: Rows changed in the sheet and, otherwise, in the table since the export; they stay.
    conflicts: tuple[Problem, ...]
    moved: bool  # whether the table has changed since the export

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.changed or self.removed)

    def lines(self) -> list[Line]:
        """Return the rows as they are to be: unchanged ones as they stand, new ones at the end."""
        kept = [line for line in self.file.lines if self.file.key(line) not in self.removed]
        return [
            *(
                self.file.line(self.changed[key][1]) if key in self.changed else line
                for line, key in ((line, self.file.key(line)) for line in kept)
            ),
            *map(self.file.line, self.added.values()),
        ]

    def change(self) -> Change:
        """Return the change, for :func:`forecast.editing.tablefile.write`."""
        return Change(self.file, self.file.written(self.lines()))

    def placed(self, problem: Problem) -> Problem:
        """Return a problem of the resulting table at its place in the sheet, if it has one."""
        lines = self.lines()
        i = (problem.row or 0) - 2
        row = self.rows.get(self.file.key(lines[i])) if 0 <= i < len(lines) else None
        return problem if row is None else replace(problem, file=self.sheet, row=row)

    def __str__(self) -> str:
        """Return the difference, key by key and cell by cell."""
        if not self:
            return f"{self.file.table.name}: no change"
        lines = [
            f"{self.file.table.name}: {len(self.added)} added, {len(self.changed)} changed, "
            f"{len(self.removed)} removed"
        ]
        for key, cells in self.added.items():
            filled = [f"{name} {cell}" for name, cell in cells.items() if cell]
            lines.append(f"  + {'/'.join(key)}: {', '.join(filled)}")
        for key, (old, new) in self.changed.items():
            lines.append(f"  ~ {'/'.join(key)}: {_changes(old, new)}")
        lines += [f"  - {'/'.join(key)}" for key in self.removed]
        return "\n".join(lines)


def difference_of(
    file: TableFile,
    place: str,
    exported: Mapping[Key, Cells],
    found: Mapping[Key, tuple[int, Cells]],
    folder: str,
) -> Difference:
    """Compare a sheet with what was exported, and what it changes with the table now.

    Parameters
    ----------
    file : TableFile
        The table as it is now.
    place : str
        The workbook and the sheet, for messages.
    exported : mapping
        The rows as they were exported, by key.
    found : mapping
        For each key in the sheet its row there and its cells.
    folder : str
        Name of the data folder, for messages.
    """
    now = {key: line.cells for key, line in file.by_key.items()}
    added: dict[Key, Cells] = {}
    changed: dict[Key, tuple[Cells, Cells]] = {}
    removed, conflicts = [], []
    for key in [*found, *(key for key in exported if key not in found)]:
        before, there = exported.get(key), now.get(key)
        row, mine = found.get(key, (None, None))
        if mine in (before, there):
            continue  # not touched in the sheet, or already so in the table
        if there != before:
            name, shown = ", ".join(file.table.key), ", ".join(key)
            since = _since(f"{folder}/{file.table.path}", before, there)
            conflicts.append(Problem("error", place, row, name, shown, *since))
        elif mine is None:
            removed.append(key)
        elif before is None:
            added[key] = mine
        else:
            changed[key] = before, mine
    return Difference(
        file=file,
        sheet=place,
        rows={key: row for key, (row, _) in found.items()},
        added=added,
        changed=changed,
        removed=tuple(removed),
        conflicts=tuple(conflicts),
        moved=now != exported,
    )


def _since(table: str, before: Cells | None, there: Cells | None) -> tuple[str, str]:
    """Return what was expected of a row, and what the table has changed since the export."""
    if there is None:
        return "a row that is still in the table", f"removed from {table} since the export"
    if before is None:
        return "another key", f"a row with this key was added to {table} since the export"
    changes = _changes(before, there)
    return "the row as exported", f"changed in {table} since the export ({changes})"


def _changes(before: Cells, after: Cells) -> str:
    """Write the cells that differ."""
    return ", ".join(
        f"{name} {before[name] or 'empty'} -> {after[name] or 'empty'}"
        for name in before
        if before[name] != after[name]
    )


def placed(
    problems: Sequence[Problem], differences: Sequence[Difference], folder: str
) -> list[Problem]:
    """Return the problems of the resulting tables at their places in the workbook."""
    by_file = {f"{folder}/{d.file.table.path}": d for d in differences}
    return [by_file[p.file].placed(p) if p.file in by_file else p for p in problems]
