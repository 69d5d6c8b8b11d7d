"""Markup in the data is text on the pages: no script, link, image or emphasis comes of it."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from typing import Any

import nbformat.v4 as v4
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from forecast.facts import Name, fact
from forecast.report import charts, show
from forecast.report import html as export
from forecast.report.language import LANGUAGES, Language, language
from forecast.report.pages import gaps, overview, shared
from forecast.report.pages.pictures import dots, fan
from forecast.report.pages.target import parts, uncertainty
from forecast.report.pages.target.answer.lead import lead
from forecast.report.pages.target.meaning import plan_source, reading
from forecast.report.pages.target.pace import pace
from forecast.report.text.markup import joined, link, markdown, one_line, ours
from forecast.targets.assessment import PARTS, Assessment, Missing
from forecast.targets.value_of_information import Gap
from tests.answers import answer
from tests.conftest import ANY
from tests.report.markup import HOSTILE, MARKDOWN, Scripts, Tags, Visible, hostile_world, scripts

EN = language("en")
BOTH = pytest.mark.parametrize("tell", [*map(language, LANGUAGES)], ids=LANGUAGES)


@pytest.fixture(scope="module")
def hostile() -> Assessment:
    return answer(value=290.0, name=HOSTILE, wording=HOSTILE, reading=f"{HOSTILE}.")


def page(*outputs: Any) -> str:
    """Return the page that a notebook with these displays becomes."""
    shown = []
    for output in outputs:
        kind = "text/html" if type(output).__name__ == "HTML" else "text/markdown"
        shown.append(v4.new_output("display_data", data={kind: output.data}))
    nb = v4.new_notebook(cells=[v4.new_code_cell("show()", outputs=shown)])
    return export.to_html(nb, title="Title")


def body(text: str) -> str:
    return text[text.index("<main") : text.index("</main")]


@BOTH
def test_markup_in_a_target_is_text_on_its_page(hostile: Assessment, tell: Language) -> None:
    texts = [
        shared.title(tell, hostile), lead(tell, hostile), reading(tell, hostile),
        pace(tell, hostile), overview.lead(tell, [hostile]),
    ]  # fmt: skip
    found = page(show.say(ours("# ") + texts[0], *texts[1:]))
    assert scripts(found) == []
    assert HOSTILE in html.unescape(re.sub(r"</?(p|h1|strong)\b[^>]*>", "", found))


@BOTH
def test_markup_in_names_and_sources_is_text_on_the_page(
    hostile: Assessment, tell: Language
) -> None:
    evidence = hostile_world()
    evidence.plans["name"] = HOSTILE
    series = tell.write(evidence.series_name("city", "gdp"))
    title = shared.plan_title(tell, evidence, "plan")
    found = page(show.say(plan_source(tell, evidence, hostile), series, title))
    assert scripts(found) == []
    text = html.unescape(re.sub(r"</?(p|h1|strong)\b[^>]*>", "", body(found)))
    assert text.replace("\u00a0", " ").count(HOSTILE) >= 2


def test_markdown_in_the_data_is_text_on_the_page() -> None:
    """What it says is shown letter by letter; nothing of it is a link, an image or emphasis."""
    evidence = hostile_world()
    evidence.plans["name"] = MARKDOWN
    title = shared.plan_title(EN, evidence, "plan")
    found = body(page(show.say(ours("# ") + title, MARKDOWN, ours("- ") + MARKDOWN)))
    assert not re.search(r"<(?!a class=\"anchor)(a|img|em|del|table|script)\b", found)
    assert html.unescape(re.sub(r"<[^>]*>", "", found)).replace("\u00a0", " ").count(MARKDOWN) == 3


#: Characters that mean something to Markdown, HTML, script or formulas, more often than others.
LOADED = st.text(st.one_of(st.sampled_from("<>&\"'`*_~[]()!#|\\$^:/=+-.{}@%;0aA \n"), ANY))


@cache
def tags_of_plain_text() -> set[str]:
    return {tag for tag, _ in Tags(body(page(show.say("Plan of a city: 规划.")))).found}


@settings(max_examples=5)  # of many texts each: a page takes seconds
@given(st.lists(LOADED, min_size=1, max_size=24))
@example(["\r", "a\r\n", "a\n\n: b", "a\r# b", "a\r- b"])
def test_any_text_of_the_data_is_text_on_the_page(texts: list[str]) -> None:
    evidence = hostile_world()
    titles = []
    for text in texts:
        evidence.plans["name"] = text
        titles.append(shared.plan_title(EN, evidence, "plan"))
    found = body(page(show.say(*(f"Plan {title}." for title in titles))))
    assert {tag for tag, _ in Tags(found).found} <= tags_of_plain_text()


#: Sentences with a value in every place that a catalogue has for one.
PLACES = (
    "{}",
    "A {} b",
    "# {}",
    "- {}",
    "**{}**",
    "**A {}.** B",
    "{}: **b**",
    "`c` {} `d`",
    "**甲：{}**。乙",
)


def seen(text: str) -> tuple[str, list[str]]:
    """Return the text and the elements that Markdown becomes, blanks of every kind as one."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    page = Visible(joined(MarkdownWithMath(renderer=renderer).render(text)))
    return page.text, [tag for _, tag in page.tags]


@settings(max_examples=300)
@given(LOADED, st.sampled_from(PLACES))
@example("*", "**{}**")
@example("1.", "- {}")
def test_any_text_is_seen_as_it_was_typed(text: str, place: str) -> None:
    assume(value := " ".join(one_line(text).split()))
    told, tags = seen(markdown(one_line(text).join(map(ours, place.split("{}")))))
    plain, usual = seen(place.format("Zx9"))
    assert " ".join(told.split()) == " ".join(plain.replace("Zx9", value).split())
    assert tags == usual


@pytest.mark.parametrize("text", ["    **********   ", "** **", "***"])
def test_a_row_of_asterisks_is_no_rule_across_the_page(text: str) -> None:
    assert "<hr" not in body(page(show.say("Plan.", ours("- ") + text, text)))


@pytest.mark.parametrize("text", ["## b ", "  # b", "- b", "1. b"])
def test_a_name_in_an_item_is_neither_heading_nor_item(text: str) -> None:
    found, plain = (
        Tags(page(show.say(ours("# Plan"), ours("- ") + name))).found for name in (text, "b")
    )
    assert [tag for tag, _ in found] == [tag for tag, _ in plain]


def test_only_links_of_ours_are_followed() -> None:
    found = body(page(show.say(
        "See " + link("the *source* [1]", "https://example.org/a_b?c=1&d=2") + ".",
        "Not " + link("this", "javascript:alert(1)") + ".", ours("[Our page](data-gdp.html) is."),
    )))  # fmt: skip
    assert re.findall(r'href="([^"]*)"', found) == [
        "https://example.org/a_b?c=1&amp;d=2", "data-gdp.html"
    ]  # fmt: skip
    assert "the *source* [1]" in html.unescape(found)


def test_markup_in_a_target_is_text_in_the_tables() -> None:
    evidence = hostile_world()
    row = evidence.target("plan", "goal")
    part = [Name(HOSTILE), "2024", "", 1.0, "met", 0.5, HOSTILE]
    rows = pd.DataFrame([part], columns=list(PARTS))
    told = fact("reason-not-computed", why=HOSTILE)
    wanted = (Missing("city", "gdp", "2024", told),)
    found = Assessment(row, "not_assessable", told, 100.0, "亿元", parts=rows, missing=wanted)
    case = pd.DataFrame({"figure": [told], "probability": [0.5], "floor": [0.1]})
    gap = Gap("plan", "goal", Name(HOSTILE), 1, wanted, opens=True, what_if=case)
    for tell in map(language, LANGUAGES):
        for frame in (
            overview.summary(tell, [found]),
            gaps.missing_table(tell, evidence, [found]),
            parts.table(tell, found),
            gaps.what_if(tell, [gap]),
            gaps.next_figures(tell, evidence, [gap]),
        ):
            shown = frame.to_html(index=False, escape=False)
            tags = {tag for tag, _ in Tags(shown).found}
            assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "a"}, tags
            assert HOSTILE in html.unescape(shown)


def test_markup_in_the_data_cannot_leave_a_chart(hostile: Assessment) -> None:
    shown = []
    for draw in (dots.chart, fan.chart, uncertainty.models_chart):
        chart = draw(EN, hostile)
        assert chart is not None
        data = json.loads(json.dumps(charts.mimebundle(chart.to_dict())))
        shown.append(v4.new_output("display_data", data=data))
    nb = v4.new_notebook(cells=[v4.new_code_cell("show()", outputs=shown)])
    found = export.to_html(
        nb, title=HOSTILE, frame=export.Frame([(HOSTILE, "index.html")], {}, HOSTILE)
    )
    assert len(Scripts(found).found) == 4  # three specifications and the page's own
    assert scripts(found) == []


def test_text_of_an_error_asks_nothing_of_the_network() -> None:
    said = "no file\n\n![x](https://evil.example/x.png)\n\n<img src=https://evil.example/y.png>"
    found = export.failure_page("T\n\n![t](https://evil.example)", said, detail=said)
    assert "<img" not in found
    assert found.count("![x](https://evil.example/x.png)") == 2
