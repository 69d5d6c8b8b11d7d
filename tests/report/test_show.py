"""Sentences and tables as a notebook and a terminal show them."""

from __future__ import annotations

import html

import pandas as pd
import pytest

from forecast.report import show
from forecast.report.language import language
from forecast.report.show import numeric
from forecast.report.text import markup
from tests.report.markup import HOSTILE, MARKDOWN, Tags


def test_say_leaves_empty_paragraphs_out() -> None:
    assert show.say("one", "", "two").data == "one\n\ntwo"  # type: ignore[union-attr]
    assert show.say() is None
    assert show.say("", "") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("about 3 in 100", "about 3\u00a0in 100"),
        ("731.3 billion yuan", "731.3\u00a0billion yuan"),
        ("5 of 18 targets", "5 of 18 targets"),
    ],
)
def test_number_stays_on_the_line_of_its_unit(text: str, shown: str) -> None:
    assert show.say(text).data == shown  # type: ignore[union-attr]


def test_table_of_nothing_says_so() -> None:
    assert show.table(pd.DataFrame(), "Nothing yet.").data == "Nothing yet."  # type: ignore[union-attr]
    assert show.table(pd.DataFrame({"a": []})) is None


def test_table_is_html_with_every_row() -> None:
    shown = show.table(pd.DataFrame({"Name": ["a", "b"], "Value": [1, 2]}))
    assert shown is not None
    assert [tag for tag, _ in Tags(shown.data).found].count("tr") == 3
    assert "border" not in shown.data.split(">")[0].replace('border="0"', "")


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**bold**", "bold"),
        ("# Title\n\nText", "Text"),
        ("see [here](a.html), `code`", "see here, code"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("the basis `first_published`", "the basis first_published"),
        (
            "**较难实现：约8%**。见[数据页](data.html)。",
            "较难实现：约8%。见数据页。",
        ),
        (markup.link("the [title]", "https://example.org"), "the [title]"),
    ],
)
def test_plain_text_for_a_terminal(marked: str, plain: str) -> None:
    assert markup.plain(markup.ours(marked)) == plain


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_mark_of_a_heading_or_of_bold_is_escaped(lang: str) -> None:
    """The marks of the catalogues stay; those of the data become characters."""
    text = language(lang)("record-title") + markup.ours("\n\n**") + MARKDOWN + markup.ours("**")
    shown = markup.joined(markup.markdown(text))
    assert shown.startswith("# ")
    assert shown.count("**") == 2
    assert not set("[]!*_~<$|") & set(shown.split("**")[1])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b and *c*", "a&#95;b and &#42;c&#42;"),
        ("1. not a list", "&#49;. not a list"),
        ("R&D < 3", "R&amp;D &lt; 3"),
        ("- an entry", "&#45; an entry"),
        ("## a #", "&#35;&#35; a &#35;"),
        ("**a** `b`", "&#42;&#42;a&#42;&#42; &#96;b&#96;"),
        ("[a](b.html)", "&#91;a&#93;(b.html)"),
        ("www.a.b, c@d", "www&#46;a.b, c&#64;d"),
        ("    a", "&#32;   a"),
        (markup.ours("- ") + "1. a", "- &#49;. a"),
    ],
)
def test_markdown_of_the_data_is_escaped(text: str, shown: str) -> None:
    assert markup.markdown(text) == shown


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("gdp.html", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//example.org", False),
        ("file:///etc/passwd", False),
        ("javascript:a.html", False),
        ('https://e.org/" onmouseover="alert(1)', True),
    ],
)
def test_anchor(address: str, linked: bool) -> None:
    cell = show.anchor(HOSTILE, address)
    elements = Tags(cell).found
    assert [tag for tag, _ in elements] == ["a"] * linked
    if linked:
        assert elements[0][1] == {"href": address}
    assert HOSTILE in html.unescape(cell)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["0.83, 0.63, 0.54, 0.53, 0.50", "1.06, 0.69"], True),  # a list by years ahead
        (["92%—100%", "0%—14%"], True),  # a range in Chinese
        (["1,270 to 1,467", "—"], True),
        (["3", "4", "5", "none"], True),  # few words among numbers
        (["3", "4", "5", "none of those that were published"], False),
        (["3", "none"], False),
        (["", "—"], False),
    ],
)
def test_numbers_are_told_from_words(cells: list[str], numbers: bool) -> None:
    assert numeric(cells) is numbers
