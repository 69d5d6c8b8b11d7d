"""Clean the HTML of a page: links to headings, readable tables, marked languages."""

from __future__ import annotations

import html as htmllib
import re
from typing import Any

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
    for table in main.find_all("table"):
        _tidy_table(table)
        box = soup.new_tag("div", attrs={"class": ["scroll"], "tabindex": "0", "role": "region"})
        caption = table.find("caption")
        box["aria-label"] = caption.get_text(" ", strip=True) if caption else tell("site-table")
        if len(table.find("tr").find_all(["td", "th"])) > 6:
            box["class"] = ["scroll", "wide"]
        table.wrap(box)
    for link in main.select('a[href^="#"]'):
        if link["href"][1:] not in used and main.find(id=link["href"][1:]) is None:
            link.unwrap()  # a table that all pages share: this one has no such section
    for style in main.select("style[scoped]"):
        style.decompose()
    if tell.lang == "en":
        _mark_chinese(soup)
    toc = ""
    if len(entries) > 1:
        items = f"<ol>{''.join(entries)}</ol>"
        label = tell("site-contents")
        toc = (
            f'<nav class="toc" aria-label="{label}">'
            f'<div class="wide"><strong>{label}</strong>{items}</div>'
            f'<details class="narrow"><summary>{label}</summary>{items}</details></nav>'
        )
    return str(soup), toc


CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef（-）、。《》“”]*[\u3400-\u9fff][^\x00-\xff]*")


def _mark_chinese(soup: Any) -> None:
    """Mark Chinese text within an English page, for screen readers, fonts and hyphenation."""
    for text in soup.find("body").find_all(string=CHINESE):
        if text.parent.name in ("script", "style", "title", "pre", "code"):
            continue
        if text.find_parent(attrs={"lang": True}) not in (None, soup.html):
            continue
        pieces: list[Any] = []
        at = 0
        for found in CHINESE.finditer(text):
            mark = soup.new_tag("span", attrs={"lang": "zh-CN"})
            mark.string = found[0]
            pieces += [text[at : found.start()], mark]
            at = found.end()
        text.replace_with(*pieces, text[at:])


def _tidy_table(table: Any) -> None:
    """Take off the looks that pandas gives a table, mark its headings, set numbers to the right."""
    for tag in [table, *table.find_all(True)]:
        for name in ("style", "border", "align", "halign"):
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
    for i, cells in columns.items():
        texts = [c.get_text(" ", strip=True) for c in cells]
        if numeric(texts):
            above = [] if spanned else [head[i] for head in heads if i < len(head)]
            for cell in [*cells, *above]:
                cell["class"] = [*cell.get("class", []), "num"]
        elif max(map(len, texts)) > 30:  # wraps, but not into a narrow strip on a telephone
            cells[0]["class"] = [*cells[0].get("class", []), "long"]
