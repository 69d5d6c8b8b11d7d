"""Show sentences and tables in a notebook; markup in the data is shown as text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown

# Names, wordings and titles come from the data: what looks like markup in them is text. Only the
# marks that the catalogues use stay alive.
_LABEL, _PAGE = r"[\w ]+", r"[\w.-]+\.html(?:#[\w-]+)?"
_OURS = "\ue000"  # follows a link that `link` made; no cell of the data can hold it
_LINK = rf"\[(?P<label>[^\[\]]*)\]\((?P<address>[^()]*)\){_OURS}"
_OWN = (
    rf"^\#{{1,4}}\ |^-\ |\*\*|\*[A-Z][a-z]+(?:, [a-z ]+)?\*(?=:)|`[^`\n]*`"
    rf"|{_LINK}|\[{_LABEL}\]\({_PAGE}\)"
)
_MARK = r"[\\`*_\[\]!|~$<>&]|(?<=http):|(?<=https):|^[#+=-]|^\d+(?=[.)]\s)"
_ANY = re.compile(f"{_OWN}|(?P<mark>{_MARK})", re.MULTILINE)


def link(text: str, address: str) -> str:
    """Return a link that `markdown` follows; without one if the address is no page of the web.

    Text of the data cannot write one that leads outside the set of pages.
    """
    safe = re.fullmatch(rf"{_PAGE}|https?://[^\s()<>\"']+", address)
    text = text.translate({ord("["): "(", ord("]"): ")"})
    return f"[{text}]({address}){_OURS}" if safe else text


def anchor(text: str, address: str) -> str:
    """Return a link for a cell of a table; only its text if the address is no page of the web.

    An address of the form ``#section`` is a place on the same page.
    """
    safe = re.match(rf"(https?://|{_PAGE}$|#[\w-]+$)", address)
    told = html.escape(text)
    return f'<a href="{html.escape(address)}">{told}</a>' if safe else told


def section_id(heading: str) -> str:
    """Return the name by which links on its page reach a heading.

    Examples
    --------
    >>> section_id("## How certain is this probability?")
    'how-certain-is-this-probability'
    """
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "section"


def markdown(text: str) -> str:
    """Return sentences as Markdown, with all markup in them that is not their own as plain text.

    Examples
    --------
    >>> markdown("**Likely:** see the [data page](data-gdp.html). R&D")
    '**Likely:** see the [data page](data-gdp.html). R&amp;D'
    >>> markdown("[click](javascript:alert) *x*")
    '&#91;click&#93;(javascript:alert) &#42;x&#42;'
    >>> markdown(link("a [title]", "https://example.org/a"))
    '[a (title)](https://example.org/a)'
    """

    def replaced(found: re.Match[str]) -> str:
        if found["address"]:
            return f"[{re.sub(_MARK, _as_text, found['label'])}]({found['address']})"
        return _as_text(found) if found["mark"] else found[0]

    return _ANY.sub(replaced, text)


def _as_text(found: re.Match[str]) -> str:
    names = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    return "".join(names.get(sign, f"&#{ord(sign)};") for sign in found[0])


def plain(text: str) -> str:
    """Take the marks of Markdown out, for a terminal.

    Examples
    --------
    >>> plain("**Likely:** see the [data page](data.html) of `gdp`.")
    'Likely: see the data page of gdp.'
    """
    text = re.sub(r"^#+ .*\n+", "", text)
    text = re.sub(_LINK, r"\g<label>", text)
    text = re.sub(rf"\[({_LABEL})\]\({_PAGE}\)", r"\1", text)
    return re.sub(r"\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", text)


def say(*paragraphs: str) -> Markdown | None:
    """Show text; empty paragraphs are left out, and a number stays on the line of its unit."""
    from IPython.display import Markdown

    text = "\n\n".join(p for p in paragraphs if p)
    text = re.sub(r"(?<=\d) (?=(?:in 100|[bm]illion|tonnes|minutes)\b)", "\u00a0", text)
    return Markdown(markdown(text)) if text else None  # type: ignore[no-untyped-call]


def show(parts: Iterable[object]) -> None:
    """Show several parts one after the other, without those that are None."""
    from IPython.display import display

    for part in parts:
        if part is not None:
            display(part)  # type: ignore[no-untyped-call]


def table(frame: pd.DataFrame, empty: str = "") -> HTML | Markdown | None:
    """Show a table whose cells are safe HTML already, or the sentence `empty` without rows."""
    from IPython.display import HTML

    if frame.empty:
        return say(empty)
    page = frame.to_html(index=False, border=0, escape=False)
    return HTML(page)  # type: ignore[no-untyped-call]
