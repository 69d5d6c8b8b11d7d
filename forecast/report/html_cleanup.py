"""Clean the HTML of a page: links to headings, readable tables, marked languages."""

from __future__ import annotations

import html as htmllib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from rich.cells import cell_len

from forecast.report.language import Language
from forecast.report.show import numeric, section_id


def cleaned(page: str, title: str, tell: Language) -> tuple[str, str]:
    """Make headings reachable and tables readable; return the page and its contents."""
    document = _document(page)
    (main,) = document.xpath("//main")
    if main.find(".//h1") is None:
        heading = _element("h1", title)
        main.insert(0, heading)
        main.text, heading.tail = None, main.text
    used: set[str] = set()
    entries = []
    for heading in main.xpath(".//h1 | .//h2 | .//h3"):
        text = text_of(heading)
        stem = section_id(text)
        name, n = stem, 2
        while name in used:
            name, n = f"{stem}-{n}", n + 1
        used.add(name)
        heading.set("id", name)
        if heading.tag == "h2":
            entries.append(f'<li><a href="#{htmllib.escape(name)}">{htmllib.escape(text)}</a></li>')
    _settle(main)
    for image in main.xpath(".//img[not(@alt)]"):
        image.set("alt", tell("site-picture"))
    captions: Counter[str] = Counter()
    tables = main.xpath(".//table")
    for table in tables:
        _tidy_table(table)
        wide = " wide" if _columns(table) > 6 else ""
        box = _element("div", tabindex="0", role="region")
        box.set("class", f"scroll{wide}")
        box.set("aria-label", _named(table, captions, tell))
        table.addprevious(box)
        table.tail, box.tail = None, table.tail
        box.append(table)
    named = set(main.xpath(".//@id"))
    for link in main.xpath(".//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] not in named:
            link.drop_tag()  # a table that all pages share: this one has no such section
    _link_statements(main, tables)
    _mark_language(document.body, tell)
    toc = ""
    if len(entries) > 1:
        items = f"<ol>{''.join(entries)}</ol>"
        label = tell("site-contents")
        toc = (
            f'<nav class="toc" aria-label="{label}">'
            f'<div class="wide"><strong>{label}</strong>{items}</div>'
            f'<details class="narrow"><summary>{label}</summary>{items}</details></nav>'
        )
    return compact(markup(document.getroottree())), compact(toc)


#: Characters that HTML does not allow, and lxml refuses; an output of a notebook may have them.
REFUSED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _document(page: str) -> Any:
    from lxml.html import HTMLParser, document_fromstring

    # A text may be longer than libxml2 lets those of others be.
    return document_fromstring(REFUSED.sub("\ufffd", page), parser=HTMLParser(huge_tree=True))


def _element(tag: str, text: str = "", **attributes: str) -> Any:
    from lxml.html import Element

    found = Element(tag, attributes)
    found.text = text or None
    return found


def parsed(element: str) -> Any:
    """Return a piece of HTML as the content of a body, for `markup` and `text_of`."""
    return _document(f"<html><body>{element}</body></html>").body


def text_of(element: Any) -> str:
    """Return the text of an element, with a blank between its pieces."""
    return " ".join(filter(None, map(str.strip, element.xpath(".//text()"))))


def markup(tree: Any) -> str:
    """Return a tree or an element as HTML, with addresses as they are: libxml2 encodes them."""
    from lxml.html import tostring

    for name in ("href", "src"):
        for element in tree.xpath(f"descendant-or-self::*[@{name}]"):
            element.set(f"{ASIDE}{name}", element.attrib.pop(name))
    return str(tostring(tree, encoding="unicode")).replace(f" {ASIDE}", " ")


def inner(element: Any) -> str:
    """Return what an element holds as HTML."""
    text = htmllib.escape(element.text or "", quote=False)
    return text + "".join(map(markup, element))


ASIDE = "forecast-"  # before the names of attributes that are addresses
ENDS = re.compile(r"\s*</(?:td|th|tr|li|dt|dd)>\s*")
STARTS = re.compile(r"(<(?:table|thead|tbody|tr|ul|ol|dl|/thead|/caption)\b[^>]*>)\s+")
CELL = re.compile(r'(?<=<t[dh]) [^>]*"(?=>)')


def compact(page: str) -> str:
    """Leave out what HTML lets be left out: ends of cells and items, and quotes about one word.

    Parameters
    ----------
    page : str
        Without the scripts of the set.
    """
    short = STARTS.sub(r"\1", ENDS.sub("", page))
    return CELL.sub(lambda found: re.sub(r'="([\w-]+)"', r"=\1", found[0]), short)


def _settle(main: Any) -> None:
    """Take off foreign styles, put the companions below the answer, mark addresses to print."""
    for tag in main.xpath(".//*[@style]"):  # the page's policy allows no style but its own
        del tag.attrib["style"]
    for style in main.xpath(".//style"):
        style.drop_tree()
    for beside in main.xpath(".//nav[@class='companions']"):  # they stand below the answer
        first = main.find(".//h1")
        while first.getparent() is not main:
            first = first.getparent()
        beside.drop_tree()
        beside.tail, first.tail = first.tail, None
        first.addnext(beside)
    # Printed once: in the list of sources, or else where it first stands.
    addresses = set(main.xpath(".//a[@data-address]/@href"))
    for link in main.xpath(".//a[starts-with(@href, 'http')]"):
        if link.get("href") not in addresses:
            link.set("data-address", "")
            addresses.add(link.get("href"))
        link.set("href", readable(link.get("href")))


NOT_ASCII = re.compile("(?:%[89A-F][0-9A-F])+")


def readable(address: str) -> str:
    """Return an address with its signs in place of their codes; browsers make them of these again.

    Examples
    --------
    >>> readable("https://example.org/17-2%20%E5%B8%82.xls")
    'https://example.org/17-2%20市.xls'
    """
    try:
        return NOT_ASCII.sub(lambda codes: unquote(codes[0], errors="strict"), address)
    except UnicodeDecodeError:
        return address  # in another encoding than UTF-8


def _columns(table: Any) -> int:
    return len(table.xpath("(.//tr)[1]/*[self::td or self::th]"))


def _named(table: Any, captions: Counter[str], tell: Language) -> str:
    """Return what a table is called on the page; without a caption it is called as its section."""
    caption = table.find(".//caption")
    if caption is None:
        headings = table.xpath("(preceding::h1 | preceding::h2 | preceding::h3)[last()]")
        caption = _element("caption", text_of(headings[0]) if headings else tell("site-table"))
        caption.set("class", "unseen")
        table.insert(0, caption)
    name = text_of(caption)
    captions[name] += 1
    return f"{name} ({captions[name]})" if captions[name] > 1 else name


STATEMENT = re.compile(r"\bo\d{3,}\b")


def _link_statements(main: Any, tables: Sequence[Any]) -> None:
    """Give the row of a statement its identifier, and make what names a statement lead to it."""
    rows = {name for name in main.xpath(".//@id") if STATEMENT.search(name)}
    for table in sorted(tables, key=_columns, reverse=True):  # the list of statements is widest
        for text in _texts(table, STATEMENT):
            name = text.strip()
            row = next(text.getparent().iterancestors("tr"), None)
            if (
                STATEMENT.fullmatch(name)
                and name not in rows
                and row is not None
                and not row.get("id")
            ):
                row.set("id", name)
                rows.add(name)
    for text in _texts(main, STATEMENT, "a", "script", "pre", "code"):
        _wrap(text, [m for m in STATEMENT.finditer(text) if m[0] in rows], "a")


def _texts(element: Any, pattern: re.Pattern[str], *outside: str) -> list[Any]:
    """Return the texts in which a pattern is, but for those inside of some elements."""
    left_out = "".join(f"[not(ancestor::{tag})]" for tag in outside)
    return [text for text in element.xpath(f".//text(){left_out}") if pattern.search(text)]


CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef（-）、。《》“”]*[\u3400-\u9fff][^\x00-\xff]*")
# From three words on: names and signs such as GDP are at home in both languages.
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:.&()/–]+[A-Za-z0-9][\w'’%-]*){2,}")


def marked(element: str, tell: Language) -> str:
    """Return an element of the body as `cleaned` leaves it."""
    body = parsed(element)
    _mark_language(body, tell)
    return inner(body)


def _mark_language(body: Any, tell: Language) -> None:
    """Mark text in the other language, for screen readers, fonts and hyphenation."""
    pattern, lang = (CHINESE, "zh-CN") if tell.lang == "en" else (ENGLISH, "en-GB")
    inside = ("script", "style", "title", "pre", "code", "*[@lang][ancestor::body]")
    for text in _texts(body, pattern, *inside):
        _wrap(text, pattern.finditer(text), "span", lang=lang)


def _wrap(text: Any, found: Iterable[re.Match[str]], tag: str, **given: str) -> None:
    """Put parts of a text into elements; without attributes given, into links to their names."""
    matches = list(found)
    if not matches:
        return
    ends = [*(match.start() for match in matches[1:]), len(text)]
    elements = []
    for match, end in zip(matches, ends, strict=True):
        element = _element(tag, match[0], **(given or {"href": f"#{match[0]}"}))
        element.tail = text[match.end() : end]
        elements.append(element)
    begin = matches[0].start()
    beside = text.getparent()
    if text.is_tail:
        beside.tail = text[:begin]
        place, parent = beside.getparent().index(beside) + 1, beside.getparent()
    else:
        beside.text = text[:begin]
        place, parent = 0, beside
    parent[place:place] = elements


def numbers_right(page: str) -> str:
    """Return the style that sets numbers to the right, in the columns that `cleaned` has named."""
    named = re.findall(r'<t(?:able|body) class="([n\d ]+)"', page)
    columns = sorted({int(name[1:]) for names in named for name in names.split()})
    cells = ",".join(f".n{n} tr>:nth-child({n})" for n in columns)
    look = "min-width:0;text-align:right;white-space:nowrap;word-break:keep-all"
    return f"{cells}{{{look}}}" if cells else ""


def _tidy_table(table: Any) -> None:
    """Take off the looks that pandas gives a table, mark headings and the columns of numbers."""
    table.attrib.pop("class", None)
    for tag in table.iter("*"):
        for name in ("border", "align", "halign"):
            tag.attrib.pop(name, None)
    columns: dict[int, list[Any]] = {}
    body = table.xpath(".//tbody")
    for row in table.xpath(".//tbody//tr"):
        for i, cell in enumerate(row.xpath(".//td | .//th")):
            columns.setdefault(i, []).append(cell)
            if cell.tag == "th":
                cell.set("scope", "row")
    heads = table.xpath(".//thead//tr//*[self::td or self::th]")
    for cell in heads:
        if cell.tag == "th":
            cell.set("scope", "col")
    spanned = any("colspan" in c.attrib or "rowspan" in c.attrib for c in heads)
    numbers = []
    for i, cells in columns.items():
        texts = list(map(text_of, cells))
        if numeric(texts):
            numbers.append(f"n{i + 1}")
        elif max(map(cell_len, texts)) > 30:  # wraps, but not into a narrow strip on a telephone
            cells[0].set("class", f"{cells[0].get('class', '')} long".strip())
    # Where a head spans columns, its cells are counted otherwise than those below it.
    for part in (body if spanned else [table]) if numbers else []:
        part.set("class", " ".join(numbers))
