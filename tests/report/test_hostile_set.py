"""A set made of data in which every text is full of markup: each text is shown as it was typed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from forecast.report.language import LANGUAGES
from forecast.report.outputs.mail import message
from forecast.report.outputs.sets import open_set
from forecast.report.request.options import Request
from forecast.report.site import report
from forecast.report.text.markup import OURS
from tests import builders
from tests.report.markup import Visible

pytestmark = pytest.mark.slow

#: After a number that tells one text from the other.
TYPED = (
    "**b** __c__ _i_ *e* `c` ``` [l](http://y.example) ![i](http://y.example/i.png) [r][r] ## h #"
    " $m$ $$n$$ \\(n\\) \\*e\\* | t | ~~s~~ <b>x</b> <!-- y --> &amp; &#42; 1. o www.y.example"
    " a@y.example http://y.example/z \"q\" 'r' A*B_c $5 [p](gdp.html) - k =1+1 ***"
)
TEXTS = {
    "regions": ("name", "name_zh"),
    "indicators": ("name", "name_zh", "description", "description_zh"),
    "bases": ("name", "name_zh", "description"),
    "sources": ("title", "publisher", "note"),
    "observations": ("note", "note_zh"),
    "plans": ("name", "name_zh", "note"),
    "targets": (
        *("name", "name_zh", "wording", "wording_zh", "reading", "reading_zh", "note", "note_zh"),
    ),
    "openings": ("note",),
    "judgements": ("expert", "reason"),
}
SCENARIO = """
name = {}
story = {}
channel = {}

[[statement]]
region = "jinhua"
indicator = "gdp"
measure = "growth"
year = 2027
value = -10
unit = "%"
reason = {}
source = "customs"
"""


def hostile(folder: Path) -> dict[str, str]:
    """Fill every text of a data folder with markup; return the texts by their beginnings."""
    typed: dict[str, str] = {}

    def made() -> str:
        start = f"# Z{len(typed)}z"
        typed[start] = f"{start} {TYPED}"
        return typed[start]

    for table, columns in TEXTS.items():
        path = folder / f"{table}.csv"
        names, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
        of_expert: dict[str, str] = {}
        for row in rows:
            for column in columns:
                at = names.index(column)
                row[at] = of_expert.setdefault(row[at], made()) if column == "expert" else made()
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([names, *rows])
    (folder / "scenarios").mkdir()
    texts = [json.dumps(made(), ensure_ascii=False) for _ in range(4)]
    (folder / "scenarios" / "shock.toml").write_text(SCENARIO.format(*texts), "utf-8")
    return typed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    base = tmp_path_factory.mktemp("hostile")
    data = builders.lengthen(builders.few(base / "data"))
    typed = hostile(data)
    request = Request(data=data, out=base / "reports", draws=200, families=("drift",), jobs=1)
    return report(request, lambda line: None), typed


def misread(page: str, typed: dict[str, str]) -> tuple[set[str], list[str]]:
    """Return which texts a page shows, and what of them it shows otherwise than it was typed."""
    read, found, wrong = Visible(page), set[str](), list[str]()
    for start, text in typed.items():
        at = read.text.find(start)
        while at >= 0:
            found.add(start)
            inside = [tag for place, tag in read.tags if at < place < at + len(text)]
            if read.text[at : at + len(text)] != text:
                wrong.append(read.text[at : at + len(text)])
            elif set(inside) - {"span"}:  # of text in another language
                wrong.append(f"{text}: {inside}")
            at = read.text.find(start, at + 1)
    return found, wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_on_pages_are_those_that_were_typed(
    made: tuple[Path, dict[str, str]], lang: str
) -> None:
    path, typed = made
    pages = sorted((path if lang == "en" else path / lang).glob("*.html"))
    assert len(pages) == 9
    shown = set()
    for page in pages:
        text = page.read_text("utf-8")
        found, wrong = misread(text, typed)
        assert found, page.name
        assert wrong == [], page.name
        assert OURS not in text
        shown |= found
    assert len(shown) > 60


def changed(text: str, typed: dict[str, str]) -> list[str]:
    """Return what a text without markup has otherwise than it was typed."""
    parts = (text[at.start() :] for start in typed for at in re.finditer(start, text))
    return [part for part in parts if not part.startswith(typed[part.partition(" **")[0]])]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_in_a_mail_are_those_that_were_typed(
    made: tuple[Path, dict[str, str]], lang: str
) -> None:
    path, typed = made
    mail, _ = message(open_set(path.parent), lang)
    text, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert TYPED in mail["Subject"]
    assert changed(text.get_content(), typed) == []
    found, wrong = misread(page.get_content(), typed)
    assert len(found) > 3
    assert wrong == []


def strings(found: object) -> Iterator[str]:
    """Yield all texts of a value of JSON."""
    if isinstance(found, dict):
        found = [*found.keys(), *found.values()]
    if isinstance(found, list):
        for value in found:
            yield from strings(value)
    elif isinstance(found, str):
        yield found


def test_texts_in_results_are_those_that_were_typed(made: tuple[Path, dict[str, str]]) -> None:
    path, typed = made
    told = list(strings(json.loads((path / "results.json").read_text("utf-8"))))
    for folder in (path, path / "zh"):
        for sheet in openpyxl.load_workbook(folder / "results.xlsx"):
            told += [
                cell
                for row in sheet.iter_rows(values_only=True)
                for cell in row
                if type(cell) is str
            ]
    assert sum(TYPED in text for text in told) > 50
    assert [wrong for text in told for wrong in changed(text, typed)] == []
    assert not any(OURS in text for text in told)
