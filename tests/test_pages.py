from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import nbformat.v4 as v4
import pandas as pd
import pytest

from forecast.report import charts as shared
from forecast.report import html as export
from forecast.report.language import language
from forecast.report.pages import charts, words
from forecast.report.pages import parts as pages
from forecast.report.pages.shared import title
from forecast.report.pages.target import picture, uncertainty
from forecast.report.pages.target.lead import lead
from forecast.report.pages.target.meaning import plan_source, reading
from forecast.report.pages.target.pace import pace
from forecast.targets.assess import Assessment
from tests.answers import answer
from tests.test_tables import HOSTILE, Tags, hostile_world

EN = language("en")


def specification(chart: Any) -> dict[str, Any]:
    """Return what the page gets to draw; making it checks it against Vega-Lite's schema."""
    charts.enable()
    bundle = chart._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    return json.loads(json.dumps(bundle[shared.MIME]))  # type: ignore[no-any-return]


# Text and tables ----------------------------------------------------------------------------------


def test_say_leaves_empty_paragraphs_out() -> None:
    assert pages.say("one", "", "two").data.replace("\u00a0", " ") == "one\n\ntwo"  # type: ignore[union-attr]
    assert pages.say() is None
    assert pages.say("", "") is None


def test_table_of_nothing_says_so() -> None:
    assert pages.table(pd.DataFrame(), empty="Nothing yet.").data == "Nothing yet."  # type: ignore[union-attr]
    assert pages.table(pd.DataFrame({"a": []}), empty="") is None


def test_table_is_html_with_every_row() -> None:
    shown = pages.table(pd.DataFrame({"Name": ["a", "b"], "Value": [1, 2]}))
    assert shown is not None
    assert [tag for tag, _ in Tags(shown.data).found].count("tr") == 3
    assert "border" not in shown.data.split(">")[0].replace('border="0"', "")


def test_overview_shows_all_targets(answers: dict[str, Assessment]) -> None:
    spec = json.dumps(specification(pages.overview(list(answers.values()))), ensure_ascii=False)
    for found in answers.values():
        assert str(found.target["name"]) in spec
    assert pages.overview([]) is None


def test_track_of_nothing_is_nothing() -> None:
    assert pages.track(pd.DataFrame()) is None


# Text of the data on the page ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> Assessment:
    return answer(value=290.0, name=HOSTILE, wording=HOSTILE, reading=f"{HOSTILE}.")


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


def page(*outputs: Any) -> str:
    """Return the page that a notebook with these displays becomes."""
    shown = []
    for output in outputs:
        if output is None:
            continue
        kind = "text/html" if type(output).__name__ == "HTML" else "text/markdown"
        shown.append(v4.new_output("display_data", data={kind: output.data}))
    nb = v4.new_notebook(cells=[v4.new_code_cell("show()", outputs=shown)])
    return export.to_html(nb, title="Title")


def scripts(text: str) -> list[str]:
    """Return the scripts of the data that a browser would run."""
    return [code for code in Scripts(text).found if code.lstrip().startswith("alert")]


def test_markup_in_a_target_is_text_on_its_page(hostile: Assessment) -> None:
    texts = [
        title(EN, hostile), lead(EN, hostile), reading(EN, hostile), pace(EN, hostile),
        words.overview([hostile]),
    ]  # fmt: skip
    found = page(pages.say(f"# {texts[0]}", *texts[1:]))
    assert scripts(found) == []
    assert HOSTILE in html.unescape(re.sub(r"</?(p|h1|strong)\b[^>]*>", "", found))


def test_markup_in_a_source_is_text_on_the_page(hostile: Assessment) -> None:
    evidence = hostile_world()
    found = page(
        pages.say(plan_source(EN, evidence, hostile), words.plan_title(evidence, "plan")),
    )
    assert scripts(found) == []


def test_markup_in_names_is_text_on_the_page() -> None:
    evidence = hostile_world()
    evidence.plans["name"] = HOSTILE
    found = page(
        pages.say(
            words.series_title(evidence, "city", "gdp"),
            words.plan_title(evidence, "plan"),
        )
    )
    assert scripts(found) == []


MARKDOWN = (
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) *name_with_marks* a_b_c _u_ "
    "~~s~~ <https://evil.example> https://evil.example/a $x$ | a | [r]: http://evil.example [p](/x)"
)


def test_markdown_in_the_data_is_text_on_the_page() -> None:
    """What it says is shown letter by letter; nothing of it is a link, an image or emphasis."""
    evidence = hostile_world()
    evidence.plans["name"] = MARKDOWN
    found = page(pages.say(f"# {words.plan_title(evidence, 'plan')}", MARKDOWN, f"- {MARKDOWN}"))
    body = found[found.index("<main") : found.index("</main")]
    assert not re.search(r"<(?!a class=\"anchor)(a|img|em|del|code|table|script)\b", body)
    assert html.unescape(re.sub(r"<[^>]*>", "", body)).replace("\u00a0", " ").count(MARKDOWN) == 3


def test_only_links_of_ours_are_followed() -> None:
    found = page(pages.say(
        "See " + words.link("the *source* [1]", "https://example.org/a_b?c=1&d=2") + ".",
        "Not " + words.link("this", "javascript:alert(1)") + ".", "[Our page](data-gdp.html) is.",
    ))  # fmt: skip
    body = found[found.index("<main") : found.index("</main")]
    assert re.findall(r'href="([^"]*)"', body) == [
        "https://example.org/a_b?c=1&amp;d=2", "data-gdp.html"
    ]  # fmt: skip
    assert "the *source* (1)" in html.unescape(body)
    assert words.plain(words.link("the title", "https://example.org")) == "the title"


def test_text_of_an_error_asks_nothing_of_the_network() -> None:
    said = "no file\n\n![x](https://evil.example/x.png)\n\n<img src=https://evil.example/y.png>"
    found = export.failure_page("T\n\n![t](https://evil.example)", said, detail=said)
    assert "<img" not in found
    assert found.count("![x](https://evil.example/x.png)") == 2


def test_markup_in_the_data_cannot_leave_a_chart(hostile: Assessment) -> None:
    charts.enable()
    shown = []
    for draw in (picture.dots_chart, picture.fan_chart, uncertainty.models_chart):
        spec = specification(draw(EN, hostile))
        shown.append(v4.new_output("display_data", data={shared.MIME: spec, "text/plain": "c"}))
    nb = v4.new_notebook(cells=[v4.new_code_cell("show()", outputs=shown)])
    found = export.to_html(nb, title=HOSTILE, nav=[(HOSTILE, "index.html")])
    assert len(Scripts(found).found) == 5  # three specifications, Vega, and what draws
    assert scripts(found) == []
