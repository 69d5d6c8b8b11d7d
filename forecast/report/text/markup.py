"""Markup of our own and signs of the data, told apart in one text.

The catalogues are written in Markdown, and the data may hold any sign of it: a title such as
``A*B_c`` must be shown as it was typed. So markup of our own is marked where it is made (`ours`,
`link`), by a sign that no cell of a table can hold; what is not marked is text, and `markdown`
writes it so that no reader of Markdown takes it for anything else. Values need no care on their
way into a sentence.
"""

from __future__ import annotations

import html
import re

OURS = "\ue000"  # follows markup of our own; of private use, which the check of the tables refuses
_LABEL, PAGE = r"[\w ]+", r"(?:[\w.-]+\.html(?:#[\w-]+)?|#[\w-]+)"
_OWN = re.compile(
    rf"(?P<mark>^\#{{1,4}}\ |^-\ |\*\*|`[^`\n]*`)|\[(?P<label>{_LABEL})\]\((?P<address>{PAGE})\)",
    re.MULTILINE,
)

# Of what `ours` and `link` made: a label can hold every sign but the mark.
_LIVE = (
    rf"(?P<live>^\#{{1,4}}\ |^-\ |\*\*|`[^`\n]*`){OURS}"
    rf"|\[{OURS}(?P<label>[^{OURS}]*)\]\((?P<address>[^()]*)\){OURS}"
)
# Signs of Markdown, of addresses that its readers make links of, and of formulas.
_SIGN = r"[\\`*_\[\]!|~$<>&#@]|(?<=http):|(?<=https):|(?<=ftp):|(?<=www)\."
# What only the beginning of a line, or of an item, gives a meaning.
_FIRST = r"[ \t]|[+=:-]|\d+(?=[.)](?:\s|$))"
_ANY = re.compile(
    rf"{_LIVE}|(?P<sign>{_SIGN}|^(?:{_FIRST})|(?<=^-\ {OURS})(?:{_FIRST}))|{OURS}",
    re.MULTILINE | re.IGNORECASE,
)
_OF_LABEL = re.compile(_SIGN, re.IGNORECASE)

NO_FORMULA = "mathjax_ignore"  # class of elements in which JupyterLab looks for no formulas
_ALONE = f'<span class="{NO_FORMULA}">{{}}</span>'
_FORMULA = re.compile(_ALONE.format(r"(&#[0-9]+;|[$\\])"))


def ours(text: str) -> str:
    """Return Markdown of our own, with its markup marked as such.

    Parameters
    ----------
    text : str
        Written in a catalogue or in code: headings, items, bold, code, links to pages of the set.

    Examples
    --------
    >>> markdown(ours("## Of *note*: **see** the [page](gdp.html)"))
    '## Of &#42;note&#42;: **see** the [page](gdp.html)'
    """

    def marked(found: re.Match[str]) -> str:
        if found["address"]:
            return link(found["label"], found["address"])
        return found[0] + OURS

    return _OWN.sub(marked, text)


def one_line(text: str) -> str:
    """Return a text of the data in one line, and without the mark of ours."""
    return " ".join(text.replace(OURS, "").splitlines()).strip()


def link(text: str, address: str) -> str:
    """Return a link that `markdown` follows; without one if the address is no page of the web.

    Text of the data cannot write one that leads outside the set of pages.
    """
    text = text.replace(OURS, "")
    safe = re.fullmatch(rf"{PAGE}|https?://[^\s()<>\"']+", address)
    return f"[{OURS}{text}]({address}){OURS}" if safe else text


def markdown(text: str) -> str:
    """Return sentences as Markdown, with all markup in them that is not our own as plain text.

    Examples
    --------
    >>> markdown(ours("**Likely:** ") + "A*B_c **R&D**")
    '**Likely:** A&#42;B&#95;c &#42;&#42;R&amp;D&#42;&#42;'
    >>> markdown("[click](javascript:alert)")
    '&#91;click&#93;(javascript:alert)'
    >>> markdown(link("a [title]", "https://example.org/a"))
    '[a &#91;title&#93;](https://example.org/a)'
    """

    def replaced(found: re.Match[str]) -> str:
        if found["address"]:
            return f"[{_OF_LABEL.sub(_as_text, found['label'])}]({found['address']})"
        return _as_text(found) if found["sign"] else found["live"] or ""

    return _ANY.sub(replaced, text)


def _as_text(found: re.Match[str]) -> str:
    if found[0] in "$\\":
        return _ALONE.format(f"&#{ord(found[0])};")
    names = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    return "".join(names.get(sign, f"&#{ord(sign)};") for sign in found[0])


def joined(page: str) -> str:
    """Return the HTML of Markdown by `markdown`, or such Markdown, without elements for signs."""
    return _FORMULA.sub(r"\1", page)


def shown(text: str, addresses: bool = False) -> str:
    """Return what a reader sees of Markdown by `markdown`, in which all markup is our own.

    Parameters
    ----------
    text : str
    addresses : bool
        Whether the addresses of links that leave the set of pages follow in parentheses.
    """

    def replaced(found: re.Match[str]) -> str:
        outside = addresses and (found[3] or "").startswith("http")
        return (found[1] or found[2] or "") + (f" ({found[3]})" if outside else "")

    live = r"(?m)^#{1,4} |\*\*|`([^`\n]*)`|\[([^\[\]]*)\]\(([^()]*)\)"
    return html.unescape(re.sub(live, replaced, joined(text)))


def plain(text: str) -> str:
    """Take the markup of our own out of sentences, for a terminal.

    Examples
    --------
    >>> plain(ours("**Likely:** see the [data page](data.html) of `gdp`.") + " A*B_c")
    'Likely: see the data page of gdp. A*B_c'
    """
    return shown(markdown(re.sub(rf"^#{{1,4}} {OURS}.*\n+", "", text)))
