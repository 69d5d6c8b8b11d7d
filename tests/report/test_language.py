"""The catalogues are complete, alike and used; values are written as each language does."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.facts import (
    Amount,
    Bound,
    Chance,
    Interval,
    Items,
    Month,
    Name,
    Percent,
    Points,
    Rate,
    Verdict,
    Years,
    fact,
)
from forecast.report.language import LANGUAGES, LOCALES, CatalogueError, language, verdict

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("forecast/**/*.py"), *ROOT.glob("notebooks/*.ipynb")]


def messages(lang: str) -> dict[str, set[str]]:
    """Return the messages of a language with the names of their arguments, references followed."""
    from fluent.syntax import FluentParser, ast, visitor

    class Found(visitor.Visitor):  # type: ignore[misc]
        def __init__(self) -> None:
            self.arguments: set[str] = set()
            self.others: set[str] = set()

        def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
            self.arguments.add(node.id.name)

        def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802
            self.others.add(node.id.name)

    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in (LOCALES / lang).glob("*.ftl"):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{path.name}: {entry.id.name} is there twice"
                seen = Found()
                seen.visit(entry)
                found[entry.id.name] = (seen.arguments, seen.others)

    def whole(name: str) -> set[str]:
        arguments, others = found[name]
        return arguments.union(*(whole(other) for other in others))

    return {name: whole(name) for name in found}


def test_every_message_is_in_both_languages() -> None:
    assert messages("en").keys() == messages("zh").keys()


def test_messages_take_the_same_arguments_in_both_languages() -> None:
    """A value that one edition shows and the other leaves out would be a different answer."""
    en, zh = messages("en"), messages("zh")
    # How a value is written may need the sign, or a joint, in one language only.
    own = {"sign", "number", "size", "joined"}
    forms = ("rate-", "amount", "unit-")
    wrong = {
        name: (en[name] ^ zh[name])
        for name in en
        if (en[name] ^ zh[name]) - (own if name.startswith(forms) else set())
    }
    assert not wrong, "\n".join(map(str, wrong))


def test_the_same_files_in_both_languages() -> None:
    assert {p.name for p in (LOCALES / "en").glob("*.ftl")} == {
        p.name for p in (LOCALES / "zh").glob("*.ftl")
    }


def test_every_message_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    quoted = set(re.findall(r"[\"']([a-z][a-z0-9-]*)\\?[\"']", text))
    made = [
        re.compile(re.sub(r"\\\{[^}]*\\\}", "[a-z0-9-]+", re.escape(found)))
        for found in re.findall(r"f[\"']([a-z0-9-]*\{[^}\"']*\}[a-z0-9-]*)[\"']", text)
        if "-" in found
    ]
    catalogue = "\n".join(p.read_text(encoding="utf-8") for p in (LOCALES / "en").glob("*.ftl"))
    referred = set(re.findall(r"\{ ([a-z][a-z0-9-]*) \}", catalogue))
    unused = [
        name
        for name in messages("en")
        if name not in quoted | referred and not any(m.fullmatch(name) for m in made)
    ]
    assert not unused


def test_messages_take_what_code_hands_them() -> None:
    known, wrong = messages("en"), []
    for path in (ROOT / "forecast").glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            message = getattr(node.args[0], "value", None)
            if name in ("tell", "fact") and message in known:
                given = {k.arg.replace("_", "-") for k in node.keywords if k.arg}
                if spare := given - known[message]:
                    wrong.append(f"{path.name}:{node.lineno}: {message} takes no {spare}")
    assert not wrong, "\n".join(wrong)


def test_bold_closes_before_punctuation_in_chinese() -> None:
    """Markdown closes no bold between a full stop and a letter: the marks would stay in sight."""
    lines = [
        line
        for path in (LOCALES / "zh").glob("*.ftl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    bold = [text for line in lines for text in line.split("**")[1::2]]
    assert len(bold) > 20
    assert not [text for text in bold if text.endswith(tuple("。；：，！？"))]


def test_no_sentence_is_built_in_code() -> None:
    """Pages, targets: no text of several words outside errors and docstrings."""
    wrong = []
    for folder in ("report/pages", "targets"):
        for path in (ROOT / "forecast" / folder).glob("**/*.py"):
            wrong += _texts(path)
    assert not wrong, "\n".join(map(str, wrong))


def _texts(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            skip |= {id(n) for n in ast.walk(node)}
        if isinstance(node, ast.Call) and str(getattr(node.func, "id", "")).endswith("Error"):
            skip |= {id(n) for n in ast.walk(node)}
    return [
        f"{path.name}:{node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skip
        and node.value not in ("not known", "not met", "no step")  # values of results.json
        and re.search(r"[A-Za-z]{2,} [a-z]{2,}", node.value)
    ]


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (Amount(7313.4, "亿元"), "731.3 billion yuan", "7313亿元"),
        (Amount(10508.6, "亿元"), "1,050.9 billion yuan", "10509亿元"),
        (Amount(716.34, "万人"), "7.163 million people", "716.3万人"),
        (Amount(800.0, "万人", exact=True), "8 million people", "800万人"),
        (Amount(2.544, "%"), "2.54%", "2.54%"),
        (Amount(50, "rank"), "50", "50"),
        (Amount(6804122, "万元", exact=True), "68.04122 billion yuan", "6804122万元"),
        (Amount(7050683, "人", exact=True), "7.050683 million people", "7050683人"),
        (Amount(6.3125, "CNY/USD", exact=True), "6.3125 yuan per US dollar", "6.3125元/美元"),
        (Amount(49.3, "万元/亩"), "493,000 yuan per mu", "49.3万元/亩"),
        (Amount(120, "minutes", exact=True), "120 minutes", "120分钟"),
        (Amount(-3.25, "亿元", exact=True), "−0.325 billion yuan", "−3.25亿元"),
        (Amount(0.3, "亿元", exact=True), "30 million yuan", "0.3亿元"),
        (Interval(7719.3, 9052.1, "亿元"), "771.9 to 905.2 billion yuan", "7719—9052亿元"),
        (Amount(12.3, "billion USD", exact=True), "12.3 billion US dollars", "123亿美元"),
        (Amount(350123.4, "million USD"), "350.123 billion US dollars", "3501.23亿美元"),
        (Amount(50, "million USD", exact=True), "50 million US dollars", "5000万美元"),
        (Amount(3.5e11, "USD"), "350 billion US dollars", "3500亿美元"),
        (Amount(0, "billion USD", exact=True), "0 billion US dollars", "0亿美元"),
        (Amount(1, "billion JPY", exact=True), "1 billion Japanese yen", "10亿日元"),
        (Amount(3.2, "crore INR", exact=True), "32 million Indian rupees", "3200万印度卢比"),
        (Amount(3.2, "lakh persons", exact=True), "0.32 million people", "32万人"),
        (Amount(4.5, "million persons", exact=True), "4.5 million people", "450万人"),
        (Amount(4.5e6, "persons", exact=True), "4.5 million people", "450万人"),
        (Amount(1.4, "billion persons", exact=True), "1.4 billion people", "14亿人"),
        (Amount(12.5, "thousand tonnes", exact=True), "12.5 thousand tonnes", "1.25万吨"),
        (Amount(1250, "jobs", exact=True), "1,250 jobs", "1250 jobs"),
        (Amount(1, "jobs", exact=True), "1 job", "1 job"),
        (Amount(1, "minutes", exact=True), "1 minute", "1分钟"),
        (
            Amount(64, "beds per 10,000 persons", exact=True),
            "64 beds per 10,000 people",
            "64 beds/万人",
        ),
        (Amount(6.4, "床/千人", exact=True), "6.4 床 per 1,000 people", "6.4床/千人"),
        (Amount(48200, "USD/person", exact=True), "48,200 US dollars per person", "48200美元/人"),
        (Amount(1.08, "USD/EUR", exact=True), "1.08 US dollars per euro", "1.08美元/欧元"),
        (Amount(15000, "亿千瓦时", exact=True), "1,500 billion kWh", "15000亿千瓦时"),
        (Amount(120, "sq km", exact=True), "120 km²", "120平方公里"),
        (Amount(6.39, "‰", exact=True), "6.39‰", "6.39‰"),
        (Amount(106.8, "index"), "106.8", "106.8"),
        (Interval(0.95, 1.2, "billion EUR"), "0.95 to 1.20 billion euros", "9.5—12.0亿欧元"),
        (Amount(3e5, "USD", bare=True, like=4e6), "0.3", "30"),
        (Rate(-2, "linear", "万人"), "−20,000 people a year", "减少2.0万人"),
        (Rate(13.9), "+13.9% a year", "增长13.9%"),
        (Rate(-0.351, "logit"), "−0.35 percentage points a year", "降低0.35个百分点"),
        (Rate(-2, "linear", "minutes"), "−2.0 minutes a year", "减少2.0分钟"),
        (Rate(13.9, told=True), "rose by 13.9% a year", "增长13.9%"),
        (
            Rate(-0.351, "logit", told=True),
            "fell by 0.35 percentage points a year",
            "降低0.35个百分点",
        ),
        (Rate(-2, "linear", "minutes", told=True), "fell by 2.0 minutes a year", "减少2.0分钟"),
        (Rate(0.04, told=True), "did not change", "持平"),
        (Percent(2.5, 1, signed=True), "+2.5%", "+2.5%"),
        (Percent(-0.01, 1, signed=True), "0.0%", "0.0%"),
        (Points(1.44), "1.4 percentage points", "1.4个百分点"),
        (Chance(0.03), "about 3 in 100", "约3%"),
        (Chance(0.004), "fewer than 1 in 100", "低于1%"),
        (Chance(0.02, 0.028), "fewer than 3 in 100", "低于3%"),
        (Chance(0.99, 0.028), "more than 97 in 100", "高于97%"),
        (Chance(0.034, short=True), "3 in 100", "3%"),
        (Chance(0.99, 0.028, short=True), "> 97 in 100", ">97%"),
        (Chance(0.99, 0.028, bare=True), "> 97", ">97"),
        (Bound(0.929), "92 in 100", "92%"),
        (Verdict(0.11, 0.11), "unlikely at best", "实现难度较大（概率为上限）"),
        (Verdict(0.8, head=True), "Likely", "较有可能实现"),
        (Years([2018, 2020, 2021, 2022]), "2018 and 2020 to 2022", "2018年和2020—2022年"),
        (Years([2024, 2025]), "2024 and 2025", "2024年和2025年"),
        (date(2026, 1, 31), "31 January 2026", "2026年1月31日"),
        (Month(2025, 10), "October 2025", "2025年10月"),
        (Items(["a", "b", "c"]), "a, b and c", "a、b和c"),
        (Name("Jinhua", "金华市"), "Jinhua", "金华市"),
        (Name("Utopia"), "Utopia", "Utopia"),
        (Points(1.0, 0), "1 percentage point", "1个百分点"),
        (fact("year-range", first=2001, last=2003), "2001 to 2003", "2001—2003年"),
    ],
)
def test_values(value: object, en: str, zh: str) -> None:
    assert language("en").write(value) == en
    assert language("zh").write(value) == zh


UNITS = (
    *("亿元", "万元", "元", "亿美元", "万人", "人", "亿吨", "万元/亩", "CNY/USD", "minutes", "pp"),
    *("million USD", "USD", "crore INR", "thousand jobs", "beds per 1,000 persons", "trillion JPY"),
)


@given(st.floats(0.001, 1e6), st.sampled_from(UNITS), st.booleans())
def test_both_languages_show_the_same_figure(value: float, unit: str, exact: bool) -> None:
    """The digits are the same but for the point: 731.3 billion yuan is 7313亿元."""

    def digits(lang: str) -> str:
        text = language(lang).write(Amount(value, unit, exact, bare=True))
        return text.replace(",", "").replace(".", "").strip("0")

    assert digits("en") == digits("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_faults_of_a_message_are_told(lang: str) -> None:
    tell = language(lang)
    with pytest.raises(CatalogueError, match="no message nothing-like-it"):
        tell("nothing-like-it")
    with pytest.raises(CatalogueError, match="target-title"):
        tell("target-title", target="GDP")
    with pytest.raises(CatalogueError, match="needs a type"):
        tell("target-title", target="GDP", goal=3.5)


def test_no_language_that_there_is_not() -> None:
    with pytest.raises(CatalogueError, match="there are en, zh"):
        language("xx")


def test_a_verdict_at_the_floor_is_that_of_the_limit() -> None:
    assert verdict(0.11, 0.11) == ("unlikely", "most")
    assert verdict(0.89, 0.11) == ("likely", "least")
    assert verdict(0.01, 0.03) == ("extremely-unlikely", "exactly")


def test_notebooks_hold_no_language_of_their_own() -> None:
    """What a notebook says on a page comes from the catalogues, but for the note to its user."""
    workbench = {ROOT / f"notebooks/{name}.ipynb" for name in ("11_models", "12_own_model")}
    for path in {*ROOT.glob("notebooks/*.ipynb")} - workbench:  # these are no pages of a set
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = [c for c in cells if c["cell_type"] == "markdown"]
        assert all("remove" in c["metadata"].get("tags", []) for c in prose), path.name


def test_quotes_of_english_sentences_are_typographic():
    for path in (LOCALES / "en").glob("*.ftl"):
        for line in path.read_text("utf-8").splitlines():
            # The comments of notebooks, which are code, are repeated in `parameter-`.
            text = re.sub(r'\{ ?"[^"]*" ?\}|`[^`]*`|^#.*|^parameter-.*', "", line)
            assert not re.search("[\"']", text), f"{path.name}: {line}"


def test_round_amounts_in_chinese_take_the_unit_of_their_size():
    tell = language("zh")
    told = [tell.write(Amount(v, "万吨", exact=True)) for v in (26000, 4790000, 4791234)]
    assert told == ["26000万吨", "479亿吨", "4791234万吨"]


def test_both_ends_of_an_interval_have_as_many_decimals():
    assert language("en").write(Interval(15.963, 26.41, "%")) == "16.0% to 26.4%"
    assert language("en").write(Interval(8.231, 14.97, "%")) == "8.23% to 14.97%"
    assert language("en").write(Amount(15.963, "%", bare=True, like=26.41)) == "16.0"
