"""Where the tables of a sheet stand: heads with periods, levels above and below them, labels, rows.

A table with periods down is one with periods across whose rows and columns are exchanged: a `View`
shows either. The first row that holds periods beside labels is the head of a block; rows of text
above it are titles or levels, those below levels or data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forecast.evidence.files.numbers import is_missing, number
from forecast.evidence.problems import Problem
from forecast.importing.figures import Place, problem
from forecast.importing.grid import Cell, Sheet
from forecast.importing.labels import is_growth, role_of, unit_line
from forecast.importing.periods import YEAR, AmbiguousError, Span, periods_of, span

MOST_LEVELS = 4
MOSTLY = 0.8  # share of cells by which a row or a column is told
LEAST = 0.2  # share of the heads from the first period on that are periods; of parts of years ...
LEAST_OF_PARTS = 0.6  # ... which can be words and codes (May, MAR)


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell holds a number, whichever sign is the decimal mark."""
    if cell.value is not None or not cell.text or cell.dated:
        return cell.value is not None
    if not any(sign.isdigit() for sign in cell.text):
        return False
    return any(number(cell.text, mark) is not None for mark in ".,")


class View:
    """The rows of a sheet from `first` to before `last`, or their columns as rows if `down`."""

    def __init__(self, sheet: Sheet, first: int, last: int, down: bool = False) -> None:
        self.sheet, self.first, self.down = sheet, first, down
        width = max((len(row) for row in sheet.rows[first:last]), default=0)
        self.rows, self.columns = (width, last - first) if down else (last - first, width)
        self._cells = [[self._at(i, j) for j in range(self.columns)] for i in range(self.rows)]
        self._spans = [[self._period(cell) for cell in row] for row in self._cells]
        self._numeric = [[looks_numeric(cell) for cell in row] for row in self._cells]

    def _at(self, i: int, j: int) -> Cell:
        i, j = (j, i) if self.down else (i, j)
        return self.sheet.cell(self.first + i, j)

    def _period(self, cell: Cell) -> Span | None:
        whole = cell.value is None or len(cell.text) in (4, 6)
        return span(cell.text) if cell.text and whole and not cell.percent else None

    def cell(self, i: int, j: int) -> Cell:
        """Return a cell."""
        return self._cells[i][j]

    def place(self, i: int, j: int = -1) -> Place:
        """Return the place of a cell in the sheet, or of a row of the sheet."""
        if self.down:
            i, j = max(j, 0), i
        return self.sheet.place(self.first + i, j)

    def span(self, i: int, j: int) -> Span | None:
        """Return the period that a cell names alone."""
        return self._spans[i][j]

    def is_number(self, i: int, j: int) -> bool:
        """Whether a cell holds a number; a year can be one."""
        return self._numeric[i][j]

    def is_figure(self, i: int, j: int) -> bool:
        """Whether a cell holds a number that is no period."""
        return self.span(i, j) is None and self.is_number(i, j)

    def is_text(self, i: int, j: int) -> bool:
        """Whether a cell holds words."""
        cell = self.cell(i, j)
        if is_missing(cell.text) or cell.fault or self.span(i, j) is not None:
            return False
        return not self.is_number(i, j) and any(c.isalpha() for c in cell.text)

    def of_years(self, j: int) -> bool:
        """Whether a column holds years: figures that look like years do not all do so."""
        filled = [i for i in range(self.rows) if self.is_number(i, j) or self.span(i, j)]
        years = sum(self.span(i, j) is not None for i in filled)
        return years > 3 and years >= MOSTLY * len(filled)

    def is_blank(self, i: int) -> bool:
        """Whether a row is empty."""
        return not any(cell.text for cell in self._cells[i])


@dataclass(frozen=True)
class Block:
    """One table."""

    view: View
    head: int  # the row of the periods
    periods: Mapping[int, Span]  # by column
    levels: tuple[int, ...]  # rows of text above and below the head that part the columns further
    #: Its columns, the last one excluded.
    left: int
    right: int
    rows: tuple[int, ...]  # rows of labels and figures
    titles: tuple[str, ...]  # texts above, the nearest first
    problems: tuple[Problem, ...] = field(default=())

    def level(self, row: int, column: int) -> str:
        """Return the text of a level over a column: that to the left where a cell is empty."""
        for j in range(column, self.left - 1, -1):
            if j not in self.periods and j != column:
                continue
            if text := self.view.cell(row, j).text:
                return text
        return ""


def blocks(sheet: Sheet, reading: str) -> Iterator[Block]:
    """Yield the tables of a sheet; `reading` is as of `periods_of`."""
    view = View(sheet, 0, len(sheet.rows))
    free = 0  # the first row that no table has
    for block, first, last in _across(view, reading):
        yield from _down(sheet, free, first, reading)
        yield from block
        free = last
    yield from _down(sheet, free, len(sheet.rows), reading)


def _down(sheet: Sheet, first: int, last: int, reading: str) -> Iterator[Block]:
    """Yield the tables with periods down in rows that no table with periods across has."""
    while first < last and not any(cell.text for cell in sheet.rows[first]):
        first += 1
    if last - first > 1:
        found = [
            b for found, _, _ in _across(View(sheet, first, last, True), reading) for b in found
        ]
        yield from found or _of_one_year(View(sheet, first, last))


def _of_one_year(view: View) -> Iterator[Block]:
    """Yield a table without periods below a title that names a year: words over its columns."""
    for i in range(1, view.rows - 1):
        words = [j for j in range(view.columns) if view.is_text(i, j)]
        rows = [k for k in range(i + 1, view.rows) if not view.is_blank(k)]
        columns = [j for j in words if any(view.is_number(k, j) for k in rows)]
        if len(columns) < 2 or len(columns) < len(words) - 2 or columns[0] == 0:
            continue
        titles = [view.cell(k, j).text for k in range(i) for j in range(view.columns)]
        years = {int(year) for text in titles for year in YEAR.findall(text)}
        if len(years) == 1:
            spans = {
                j: Span(min(years)) for n, j in enumerate(columns)
                if not (n and is_growth(view.cell(i, j).text))
            }  # fmt: skip
            until = next((k for k in rows if _ends(view, k, columns)), view.rows)
            yield Block(
                view, i, spans, (i,), 0, view.columns, tuple(k for k in rows if k < until),
                tuple(text for text in dict.fromkeys(titles[::-1]) if text),
            )  # fmt: skip
        return


def _across(view: View, reading: str) -> Iterator[tuple[list[Block], int, int]]:
    """Yield the tables below each head, with the first row of the titles and the last row."""
    heads: list[tuple[int, list[int]]] = []
    i = 0
    while i < view.rows:
        columns = _heads(view, i)
        if columns and (not heads or _begins(view, i, columns, heads[-1])):
            heads.append((i, columns))
            i = _below(view, i, columns)[-1]
        i += 1
    starts = [_titles(view, i, heads[n - 1][0] if n else -1) for n, (i, _) in enumerate(heads)]
    for n, (i, columns) in enumerate(heads):
        end = starts[n + 1] if n + 1 < len(heads) else view.rows
        sub = _below(view, i, columns)[1:]
        rows = [k for k in range((sub or [i])[-1] + 1, end) if not view.is_blank(k)]
        if view.down:  # columns of words to the right of the figures
            sub += [k for k in rows if _is_level(view, k, columns)]
            rows = [k for k in rows if k not in sub]
        until = next((k for k in rows if _ends(view, k, columns)), end)
        rows = [k for k in rows if k < until]
        yield list(_parts(view, i, columns, sub, starts[n], rows, reading)), starts[n], until


def _heads(view: View, i: int) -> list[int]:
    """Return the columns of the periods if a row is a head, else nothing."""
    spans = {j: s for j in range(view.columns) if (s := view.span(i, j))}
    partial = not any(s.year for s in spans.values())
    first = min((j for j, s in spans.items() if s.year or s.part), default=view.columns)
    # "Year" heads a column of years, or stands for the whole year after its parts.
    columns = [j for j, s in spans.items() if s.year or s.part or (partial and j > first)]
    if not columns or any(view.is_figure(i, j) for j in range(view.columns)):
        return []
    heads = sum(view.cell(i, j).text != "" for j in range(columns[0], view.columns))
    if len(columns) < (LEAST_OF_PARTS if partial else LEAST) * heads:
        return []
    if partial and len(columns) > 2 and len({spans[j] for j in columns}) == 1:
        return []
    if any(view.is_number(i, j) and view.of_years(j) for j in columns):
        return []
    for k in range(i + 1, min(view.rows, i + 60)):
        figures = any(
            view.is_number(k, j) or (view.cell(k, j).text and not view.is_text(k, j))
            for j in columns
        )
        labels = [j for j in range(view.columns) if j not in columns and view.is_text(k, j)]
        years = [j for j in range(columns[0]) if view.span(k, j)]
        if figures and (labels or (partial and years)):
            return columns
    return []


def _begins(view: View, i: int, columns: Sequence[int], last: tuple[int, Sequence[int]]) -> bool:
    """Whether a row within a table is the head of another, not figures that look like years."""
    head, others = last
    if [view.cell(i, j).text for j in columns] == [view.cell(head, j).text for j in others]:
        return True
    if all(view.cell(i, j).value is None and not view.is_number(i, j) for j in columns):
        return len(columns) > 1  # 2023年, Q1
    before = [j for j in range(view.columns) if view.is_number(i - 1, j)]
    years = [s.year for j in columns if (s := view.span(i, j))]
    return not before and len(years) > 1 and years in (sorted(set(years)), sorted(set(years))[::-1])


def _below(view: View, i: int, columns: Sequence[int]) -> list[int]:
    """Return the row of a head and the rows of text below it that part its columns further."""
    rows = [i]
    for k in range(i + 1, min(view.rows, i + MOST_LEVELS)):
        here = range(columns[0], view.columns)
        if any(view.is_number(k, j) for j in here):
            break
        if sum(view.is_text(k, j) or view.span(k, j) is not None for j in here) < 2:
            break
        rows.append(k)
    return rows


def _ends(view: View, k: int, columns: Sequence[int]) -> bool:
    """Whether a row of words in place of figures ends a table: it heads another."""
    words = {view.cell(k, j).text for j in columns if view.is_text(k, j)}
    return len(words) > 1 and not any(view.is_number(k, j) for j in columns)


def _is_level(view: View, k: int, columns: Sequence[int]) -> bool:
    """Whether a row has words over nearly all columns, and no number."""
    words = sum(view.is_text(k, j) for j in columns)
    numbers = any(view.is_number(k, j) for j in columns)
    return words >= MOSTLY * len(columns) and not numbers


def _titles(view: View, i: int, last: int) -> int:
    """Return the first row of the text above a head; codes may stand left of a column of years."""
    while i - 1 > last and (
        view.down or not any(view.is_number(i - 1, j) for j in range(view.columns))
    ):
        i -= 1
    return i


def _parts(
    view: View,
    i: int,
    columns: Sequence[int],
    sub: Sequence[int],
    start: int,
    rows: Sequence[int],
    reading: str,
) -> Iterator[Block]:
    """Yield the tables that stand side by side below one head."""
    heads = [view.cell(i, j) for j in columns]
    problems: list[Problem] = []
    try:
        spans = {j: s for j, s in zip(columns, periods_of(heads, reading), strict=True) if s}
    except AmbiguousError as error:
        spans = {}
        problems = [problem(view.place(i, columns[0]), heads[0].text, str(error))]
    spans = _filled(view, i, spans, sub)
    above: list[int] = []
    titles: list[str] = []
    for k in range(i - 1, start - 1, -1):
        texts = [view.cell(k, j).text for j in range(view.columns) if not view.is_figure(k, j)]
        over = {view.cell(k, j).text for j in spans if view.is_text(k, j)}
        over = {text for text in over if not unit_line(text)}
        # One region in a column of its own is still the region of the figures beside it.
        regions = bool(over) and view.down and "region" in map(role_of, {*texts} - over)
        level = len(over) > 1 or regions
        if level and len(above) < MOST_LEVELS and (view.down or not titles):
            above.append(k)
        else:
            titles += [text for text in dict.fromkeys(texts) if text]
    levels = [k for k in sub if not _combine(view, spans, k)]
    cuts = [] if above else _cuts(view, spans, rows)
    for left, right in zip([0, *cuts], [*cuts, view.columns], strict=True):
        own = {j: s for j, s in spans.items() if left <= j < right}
        yield Block(
            view, i, own, (*above[::-1], *levels), left, right, tuple(rows), tuple(titles),
            tuple(problems),
        )  # fmt: skip
        problems = []


def _filled(view: View, i: int, spans: dict[int, Span], sub: Sequence[int]) -> dict[int, Span]:
    """Give the columns that only a level below names the period to their left."""
    if not spans or not sub:
        return spans
    filled = {}
    for j in range(min(spans), view.columns):
        if j in spans:
            current = spans[j]
        elif view.cell(i, j).text or not (view.is_text(sub[0], j) or view.span(sub[0], j)):
            continue
        filled[j] = current
    return filled


def _combine(view: View, spans: dict[int, Span], k: int) -> bool:
    """Put the quarters and months of a level into the years above them; whether it has any."""
    parts = {j: s for j in spans if (s := view.span(k, j)) and not s.year}
    if len(parts) < len(spans):
        return False
    spans.update({j: part.of(spans[j].year) for j, part in parts.items()})
    return True


def _cuts(view: View, spans: Mapping[int, Span], rows: Sequence[int]) -> list[int]:
    """Return where another table begins: a column of labels after which the periods repeat."""
    cuts: list[int] = []
    seen: set[Span] = set()
    free = -1  # the first column without a period since the last one
    for j in range(min(spans, default=0), max(spans, default=-1) + 1):
        if j not in spans:
            free = j if free < 0 else free
            continue
        between = range(free, j) if free >= 0 else ()
        if spans[j] in seen and any(view.is_text(k, m) for k in rows for m in between):
            cuts.append(free)
            seen = set()
        seen.add(spans[j])
        free = -1
    return cuts


def stray(sheet: Sheet, taken: Sequence[Block]) -> Iterator[tuple[Place, str]]:
    """Yield the figures of a sheet that no table has."""
    inside = {
        block.view.place(i, j)
        for block in taken
        for i in block.rows
        for j in range(block.left, block.right)
    }
    codes = {j for row in sheet.rows[:20] for j, c in enumerate(row) if role_of(c.text) == "code"}
    for i, row in enumerate(sheet.rows):
        for j, cell in enumerate(row):
            if j in codes:
                continue
            if cell.text and not span(cell.text) and looks_numeric(cell) and not cell.spread:
                place = sheet.place(i, j)
                if place not in inside:
                    yield place, cell.text
