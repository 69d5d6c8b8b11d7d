"""Show sentences and tables in a notebook; markup in the data is shown as text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from forecast.report import charts
from forecast.report.language import Language
from forecast.report.text.markup import NO_FORMULA, PAGE, markdown

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown


def anchor(text: str, address: str, paper: bool = False) -> str:
    """Return a link for a cell of a table; only its text if the address is no page of the web.

    An address of the form ``#section`` is a place on the same page. On paper, where a link cannot
    be followed, a page has each address once: here with `paper`, else where it first stands.
    """
    safe = re.match(rf"(https?://|{PAGE}$|#[\w-]+$)", address)
    told, mark = html.escape(text), ' data-address=""' if paper else ""
    return f'<a href="{html.escape(address)}"{mark}>{told}</a>' if safe else told


def section_id(heading: str) -> str:
    """Return the name by which links on its page reach a heading.

    Examples
    --------
    >>> section_id("## How certain is this probability?")
    'how-certain-is-this-probability'
    """
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "section"


def say(*paragraphs: str) -> Markdown | None:
    """Show text; empty paragraphs are left out, and a number stays on the line of its unit.

    Markup that is not of the catalogues has to be marked, by `forecast.report.text.markup.ours`.
    """
    from IPython.display import Markdown

    text = "\n\n".join(p for p in paragraphs if p)
    text = re.sub(r"(?<=\d) (?=(?:in 100|[bm]illion|tonnes|minutes)\b)", "\u00a0", text)
    return Markdown(markdown(text)) if text else None


def show(parts: Iterable[object]) -> None:
    """Show several parts one after the other, without those that are None."""
    from IPython.display import display

    for part in parts:
        if part is not None:
            display(part)


def table(frame: pd.DataFrame, empty: str = "", caption: str = "") -> HTML | Markdown | None:
    """Show a table whose cells are safe HTML already, or the sentence `empty` without rows.

    A page calls a table without a caption as the section in which it stands.
    """
    from IPython.display import HTML

    if frame.empty:
        return say(empty)
    page = re.sub(
        r">\n\s*<", "><", frame.to_html(index=False, border=0, escape=False, classes=NO_FORMULA)
    )
    if caption:
        page = page.replace("<thead>", f"<caption>{html.escape(caption)}</caption><thead>", 1)
    return HTML(aligned(page))


def enable(tell: Language) -> None:
    """Make charts and tables of pandas in a notebook look as on the pages.

    Parameters
    ----------
    tell : Language
        Language of the page.
    """
    from IPython.core.getipython import get_ipython

    charts.enable(tell)
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        formatter = shell.display_formatter.formatters["text/html"]
        formatter.for_type(pd.DataFrame, frame_html)
        formatter.for_type(pd.Series, lambda column: frame_html(column.to_frame()))


def frame_html(frame: pd.DataFrame) -> str:
    """Return a table of pandas as HTML: numbers short and to the right, missing ones left blank.

    Examples
    --------
    >>> "NaN" in frame_html(pd.DataFrame({"a": [1.0, None]}))
    False
    """
    frame = frame.rename_axis(columns=None) if frame.columns.nlevels == 1 else frame
    named = any(name is not None for name in frame.index.names)
    frame = frame.reset_index() if named and frame.columns.nlevels == 1 else frame
    page = frame.to_html(
        border=0,
        classes=NO_FORMULA,
        index=frame.columns.nlevels > 1 or not named,
        na_rep="",
        sparsify=False,
        float_format=_short,
        max_rows=pd.get_option("display.max_rows"),
    )
    return aligned(page)


def _short(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 5e-5 else "0"


_ONE = r"[-+−–≈~<>≤≥]*\s?[\d.,  ]*\d(\s?[^\d\s.,()]{1,4})?"
NUMBER = re.compile(rf"{_ONE}(\s?(to|–|—|…)\s?{_ONE})?(\s\(\d{{4}}\))?")
EMPTY = {"", "-", "–", "—", "nan", "None", "NaN", "<NA>"}


def numeric(texts: Iterable[str]) -> bool:
    """Say whether the cells of a column are numbers; a few words among them do not matter."""
    said = [t for t in texts if t not in EMPTY]
    words = [t for t in said if not NUMBER.fullmatch(t)]
    return bool(said) and len(words) <= 0.3 * len(said) and max(map(len, words), default=0) <= 24


def aligned(page: str) -> str:
    """Set the numbers of a table of pandas to the right and all else to the left.

    JupyterLab sets everything to the right; the pages have a style of their own.
    """
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in page.split("<tr")[1:]]
    body = rows[page.partition("<tbody")[0].count("<tr") :]
    columns = zip(*([re.sub(r"<[^>]*>", " ", c).strip() for c in row] for row in body), strict=True)
    right = [numeric(column) for column in columns]
    place = 0

    def styled(found: re.Match[str]) -> str:
        nonlocal place
        if found[1] == "r":
            place = 0
            return "<tr"
        at, place = place, place + int(found[3] or 1)
        side = "right" if at < len(right) and right[at] else "left"
        return f'<t{found[1]} style="text-align: {side}"{found[2] or ""}'

    return re.sub(r'<t([rdh])\b(?: style="[^"]*")?( colspan="(\d+)")?', styled, page)
