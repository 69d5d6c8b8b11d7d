"""Clean the HTML of a page: links to headings, readable tables, marked languages."""

from __future__ import annotations

import html as htmllib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from rich.cells import cell_len

from forecast.report.language import Language
from forecast.report.show import numeric, section_id


def cleaned(page: str, title: str, tell: Language) -> tuple[str, str]:
    """Make headings reachable and tables readable; return the page and its contents."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "html.parser")
    main: Any = soup.find("main")
    if main.find("h1") is None:
        heading = soup.new_tag("h1")
        heading.string = title
        main.insert(0, heading)
    used: set[str] = set()
    entries = []
    for heading in main.find_all(["h1", "h2", "h3"]):
        text = heading.get_text(" ", strip=True)
        stem = section_id(text)
        name, n = stem, 2
        while name in used:
            name, n = f"{stem}-{n}", n + 1
        used.add(name)
        heading["id"] = name
        if heading.name == "h2":
            entries.append(f'<li><a href="#{htmllib.escape(name)}">{htmllib.escape(text)}</a></li>')
    _settle(main)
    for image in main.select("img:not([alt])"):
        image["alt"] = tell("site-picture")
    captions: Counter[str] = Counter()
    tables = main.find_all("table")
    for table in tables:
        _tidy_table(table)
        box = soup.new_tag("div", attrs={"class": ["scroll"], "tabindex": "0", "role": "region"})
        box["aria-label"] = _named(soup, table, captions, tell)
        if _columns(table) > 6:
            box["class"] = ["scroll", "wide"]
        table.wrap(box)
    named = {tag["id"] for tag in main.find_all(id=True)}
    for link in main.select('a[href^="#"]'):
        if link["href"][1:] not in named:
            link.unwrap()  # a table that all pages share: this one has no such section
    _link_statements(soup, main, tables)
    _mark_language(soup, tell)
    toc = ""
    if len(entries) > 1:
        items = f"<ol>{''.join(entries)}</ol>"
        label = tell("site-contents")
        toc = (
            f'<nav class="toc" aria-label="{label}">'
            f'<div class="wide"><strong>{label}</strong>{items}</div>'
            f'<details class="narrow"><summary>{label}</summary>{items}</details></nav>'
        )
    return compact(str(soup)), compact(toc)


ENDS = re.compile(r"\s*</(?:td|th|tr|li|dt|dd)>\s*")
STARTS = re.compile(r"(<(?:table|thead|tbody|tr|ul|ol|dl|/thead|/caption)\b[^>]*>)\s+")
CELL = re.compile(r'(?<=<t[dh]) [^>]*"(?=>)')


def compact(markup: str) -> str:
    """Leave out what HTML lets be left out: ends of cells and items, and quotes about one word.

    Parameters
    ----------
    markup : str
        Of the body of a page, without the scripts of the set.
    """
    markup = STARTS.sub(r"\1", ENDS.sub("", markup)).replace("<br/>", "<br>")
    return CELL.sub(lambda found: re.sub(r'="([\w-]+)"', r"=\1", found[0]), markup)


def _settle(main: Any) -> None:
    """Take off foreign styles, put the companions below the answer, mark addresses to print."""
    for tag in main.find_all(style=True):  # the page's policy allows no style but its own
        del tag["style"]
    for style in main.find_all("style"):
        style.decompose()
    beside = main.find("nav", class_="companions")
    if beside is not None:  # they stand below the answer
        first = main.find("h1")
        while first.parent is not main:
            first = first.parent
        first.insert_after(beside.extract())
    # Printed once: in the list of sources, or else where it first stands.
    addresses = {link["href"] for link in main.select("a[data-address]")}
    for link in main.select('a[href^="http"]'):
        if link["href"] not in addresses:
            link["data-address"] = ""
            addresses.add(link["href"])
        link["href"] = readable(link["href"])


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
    return len(table.find("tr").find_all(["td", "th"]))


def _named(soup: Any, table: Any, captions: Counter[str], tell: Language) -> str:
    """Return what a table is called on the page; without a caption it is called as its section."""
    caption = table.find("caption")
    if caption is None:
        heading = table.find_previous(["h1", "h2", "h3"])
        caption = soup.new_tag("caption", attrs={"class": "unseen"})
        caption.string = heading.get_text(" ", strip=True) if heading else tell("site-table")
        table.insert(0, caption)
    name = caption.get_text(" ", strip=True)
    captions[name] += 1
    return f"{name} ({captions[name]})" if captions[name] > 1 else name


STATEMENT = re.compile(r"\bo\d{3,}\b")


def _link_statements(soup: Any, main: Any, tables: Any) -> None:
    """Give the row of a statement its identifier, and make what names a statement lead to it."""
    rows = {e["id"] for e in main.find_all(id=STATEMENT)}
    for table in sorted(tables, key=_columns, reverse=True):  # the list of statements is widest
        for text in table.find_all(string=STATEMENT):
            row, name = text.find_parent("tr"), text.strip()
            if STATEMENT.fullmatch(name) and name not in rows and not row.get("id"):
                row["id"] = name
                rows.add(name)
    for text in main.find_all(string=STATEMENT):
        if not text.find_parent(["a", "script", "pre", "code"]):
            _wrap(soup, text, [m for m in STATEMENT.finditer(text) if m[0] in rows], "a")


CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef（-）、。《》“”]*[\u3400-\u9fff][^\x00-\xff]*")
# From three words on: names and signs such as GDP are at home in both languages.
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:.&()/–]+[A-Za-z0-9][\w'’%-]*){2,}")


def marked(element: str, tell: Language) -> str:
    """Return an element of the body as `cleaned` leaves it."""
    from bs4 import BeautifulSoup

    soup: Any = BeautifulSoup(f"<html><body>{element}</body></html>", "html.parser")
    _mark_language(soup, tell)
    return str(soup.body.decode_contents())


def _mark_language(soup: Any, tell: Language) -> None:
    """Mark text in the other language, for screen readers, fonts and hyphenation."""
    from bs4.element import PreformattedString  # comments: places of what is put in later

    pattern, lang = (CHINESE, "zh-CN") if tell.lang == "en" else (ENGLISH, "en-GB")
    for text in soup.find("body").find_all(string=pattern):
        if isinstance(text, PreformattedString) or text.parent.name in (
            "script",
            "style",
            "title",
            "pre",
            "code",
        ):
            continue
        if text.find_parent(attrs={"lang": True}) not in (None, soup.html):
            continue
        _wrap(soup, text, pattern.finditer(text), "span", lang=lang)


def _wrap(soup: Any, text: Any, found: Iterable[re.Match[str]], tag: str, **given: str) -> None:
    """Put parts of a text into elements; without attributes given, into links to their names."""
    pieces: list[Any] = []
    at = 0
    for match in found:
        element = soup.new_tag(tag, attrs=given or {"href": f"#{match[0]}"})
        element.string = match[0]
        pieces += [text[at : match.start()], element]
        at = match.end()
    if pieces:
        text.replace_with(*pieces, text[at:])


def numbers_right(page: str) -> str:
    """Return the style that sets numbers to the right, in the columns that `cleaned` has named."""
    named = re.findall(r'<t(?:able|body) class="([n\d ]+)"', page)
    columns = sorted({int(name[1:]) for names in named for name in names.split()})
    cells = ",".join(f".n{n} tr>:nth-child({n})" for n in columns)
    look = "min-width:0;text-align:right;white-space:nowrap;word-break:keep-all"
    return f"{cells}{{{look}}}" if cells else ""


def _tidy_table(table: Any) -> None:
    """Take off the looks that pandas gives a table, mark headings and the columns of numbers."""
    table.attrs.pop("class", None)
    for tag in [table, *table.find_all(True)]:
        for name in ("border", "align", "halign"):
            tag.attrs.pop(name, None)
    columns: dict[int, list[Any]] = {}
    body = table.find_all("tbody")
    for row in (r for part in body for r in part.find_all("tr")):
        for i, cell in enumerate(row.find_all(["td", "th"])):
            columns.setdefault(i, []).append(cell)
            if cell.name == "th":
                cell["scope"] = "row"
    heads = [r.find_all(["td", "th"]) for r in table.select("thead tr")]
    for head in heads:
        for cell in head:
            if cell.name == "th":
                cell["scope"] = "col"
    spanned = any(c.has_attr("colspan") or c.has_attr("rowspan") for head in heads for c in head)
    numbers = []
    for i, cells in columns.items():
        texts = [c.get_text(" ", strip=True) for c in cells]
        if numeric(texts):
            numbers.append(f"n{i + 1}")
        elif max(map(cell_len, texts)) > 30:  # wraps, but not into a narrow strip on a telephone
            cells[0]["class"] = [*cells[0].get("class", []), "long"]
    # Where a head spans columns, its cells are counted otherwise than those below it.
    for part in (body if spanned else [table]) if numbers else []:
        part["class"] = numbers
