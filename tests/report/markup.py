"""Data in which every text has markup in it, and what a browser would find of it on a page."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from forecast.evidence.evidence import Evidence
from forecast.report.language import Language
from forecast.report.text.markup import OURS
from tests.targets.test_assess import levels
from tests.worlds import statement, world

HOSTILE = "<script>alert('1')</script> & \"quotes\""
MARKDOWN = (
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) *name_with_marks* a_b_c _u_ "
    "~~s~~ <https://evil.example> https://evil.example/a $x$ | a | [r]: http://evil.example [p](/x)"
)


def unlinked(text: str) -> str:
    """Return a text without its links to places on the same page."""
    return re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", text.replace(OURS, ""))


class Unmarked(Language):
    """A language whose sentences are Markdown as it stands in the catalogues, easy to compare."""

    def __call__(self, message: str, /, **args: object) -> str:
        return super().__call__(message, **args).replace(OURS, "")


@cache
def unmarked(lang: str) -> Unmarked:
    return Unmarked(lang)


class Tags(HTMLParser):
    """Collect the elements of a piece of HTML, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


class Visible(HTMLParser):
    """The visible text of a piece of HTML, drawings left out, and where in it elements begin."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[tuple[int, str]]()
        self._hidden = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "svg")
        self.tags.append((len(self.text), tag))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data.replace("\u00a0", " ")


class Scripts(HTMLParser):
    """Collect what stands in the script elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"
        self.found += [""] if self._inside else []

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def scripts(text: str) -> list[str]:
    """Return the scripts of the data that a browser would run."""
    return [code for code in Scripts(text).found if code.lstrip().startswith("alert")]


def hostile_world() -> Evidence:
    """Return a world in which every text that an economist types has markup in it."""
    rows = [dict(row, note=HOSTILE) for row in levels()]
    rows.append(statement("2025-06", 9.0, measure="ytd_growth", bound="lower", note=HOSTILE))
    evidence = world(rows, name=HOSTILE, wording=HOSTILE, reading=HOSTILE)
    for column in ("title", "publisher"):
        evidence.sources[column] = HOSTILE
    evidence.sources["url"] = 'https://example.org/?a="><script>alert(2)</script>'
    evidence.regions["name"] = HOSTILE
    return evidence
