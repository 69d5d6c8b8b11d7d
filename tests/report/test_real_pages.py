"""Pages of the frozen city by the real notebooks, opened in a real browser without a network."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from forecast.facts import Chance
from forecast.report import contents
from forecast.report.execution import provenance
from forecast.report.execution.run import run
from forecast.report.html_cleanup import readable
from forecast.report.language import language
from forecast.report.pages import shared
from forecast.report.request.options import Request
from forecast.resources import PACKAGE
from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment
from forecast.workers.backend import Workers
from tests import builders
from tests.browser import Browser, Shown
from tests.conftest import CHEAP, CITY, DRAWS, PLAN

pytestmark = pytest.mark.slow

EN = language("en")
RECORDS = ("track_record", "zh/track_record")
#: Page -> number of charts on it.
CHARTS = {
    "index": 3,
    "briefing": 3,
    **dict.fromkeys(RECORDS, 3),
    "gdp": 6,
    "trade": 6,
    "circle_2h": 0,
    "scenarios": 1,
    "takes-gdp": 1,
    "data-jinhua-gdp": 1,
    "data-jinhua-rd_share": 1,
    "zh/index": 3,
    "zh/briefing": 3,
    "zh/gdp": 6,
    "zh/circle_2h": 0,
    "zh/scenarios": 1,
    "zh/takes-industrial_value_added": 2,
    "zh/data-jinhua-gdp": 1,
}
#: What axe is asked for; it cannot judge the contrast of text over a drawing.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not described: it takes longer than the rules
}
#: Colours depend on neither width nor language (held below): one look at them is enough, and takes
#: longer than all other rules. A wide screen cuts off no text.
WITHOUT_COLOURS = RULES | {"rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="module")
def folder(
    study: Study, answers: dict[str, Assessment], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder with a few pages of a report on the frozen city."""
    assert answers  # computed and stored, so that the pages find them
    out = tmp_path_factory.mktemp("pages")
    request = Request(plan=PLAN, data=CITY, draws=DRAWS, families=CHEAP)
    wanted = [t for t in contents.tasks(study, request) if t.stem in {*CHARTS} - {*RECORDS}]
    # The record of the whole city takes a minute; that of one series has the same parts.
    data = builders.lengthen(builders.few(tmp_path_factory.mktemp("small") / "data"))
    small = Request(plan=PLAN, data=data, draws=DRAWS, families=CHEAP)
    wanted += [t for t in contents.tasks(open_study(data), small) if t.stem in RECORDS]
    assert {task.stem for task in wanted} == set(CHARTS)
    (out / "zh").mkdir()
    frames = provenance.frames(study, request, out, "run", datetime.now(UTC))
    outcomes = run(wanted, out, workers=Workers(1), frames=frames)
    assert [o for o in outcomes if o.status != "ok"] == []
    return out


def show(browser: Browser, path: Path, width: int = 1280, *, scripts: bool = True) -> Shown:
    figures = "[...document.querySelectorAll('figure.chart')]"
    drawn = (
        f"{figures}.every(f => f.querySelector('.live summary[aria-label]'))" if scripts else "true"
    )
    return browser.open(path, width=width, scripts=scripts, wait=drawn)


def count(shown: Shown, selector: str) -> int:
    found: int = shown.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length")
    return found


def text_of(path: Path) -> str:
    text = path.read_text("utf-8").replace("\u00a0", " ")
    text = text.replace("<p>None.</p>", "")  # in place of a table without rows
    text = re.sub(r"<(script|style|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def test_browser_notices_what_the_tests_ask_it_for(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(
        "<!doctype html><title>x</title><img src='https://example.org/x.png'>"
        "<p style='width: 900px'>wide</p><script>console.error('wrong'); undefined.x</script>"
    )
    with browser.open(tmp_path / "bad.html", width=360) as shown:
        assert shown.requests == ["https://example.org/x.png"]
        assert any("wrong" in problem for problem in shown.problems)
        assert any("properties of undefined" in problem for problem in shown.problems)
        assert shown.evaluate("document.documentElement.scrollWidth") > 360


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", CHARTS)
def test_page_fits_its_screen_asks_for_its_script_only_and_nobody_complains(
    browser: Browser, folder: Path, name: str, width: int
) -> None:
    with show(browser, folder / f"{name}.html", width) as shown:
        assert shown.requests == [path.as_uri() for path in folder.glob("charts-*.js")]
        assert shown.problems == []
        assert count(shown, "figure.chart") == CHARTS[name]
        assert count(shown, "figure.chart.drawn .live svg.marks") == CHARTS[name]
        heights = shown.evaluate(
            "[...document.querySelectorAll('.live svg.marks')]"
            ".map(s => s.getBoundingClientRect().height)"
        )
        assert all(height > 60 for height in heights)
        assert count(shown, "h1") == 1
        if width < 600 or not name.startswith("zh/"):  # wide, both editions have one structure
            rules = WITHOUT_COLOURS if width < 600 else RULES
            found = Axe().run(shown.page, options=rules).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        if width > 1000:
            cut = "[...document.querySelectorAll('main .scroll')]"
            cut += ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"
            assert shown.evaluate(cut) == []
        else:
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            # What is wider than the screen scrolls within itself, so that no text is cut off.
            cut = shown.evaluate(
                "[...document.querySelectorAll('main p, main h1, main h2, main li, main figure')]"
                f".filter(e => e.getBoundingClientRect().right > {width + 1}"
                " && !e.closest('table, pre')).map(e => e.textContent.slice(0, 40))"
            )
            assert cut == []


def test_colours_depend_on_neither_width_nor_language() -> None:
    style = (PACKAGE / "report" / "templates" / "report" / "report.css").read_text("utf-8")
    ruled = re.findall(r"^@media \(m\w\w-width.*?^}|^[^\n]*:lang\(zh\).*?}", style, re.M | re.S)
    assert len(ruled) > 5
    assert [rule for rule in ruled if re.search(r"color|background|--(?!sans|serif)", rule)] == []


def test_companions_and_titles_name_each_other(folder: Path) -> None:
    def links(name: str) -> list[str]:
        text = (folder / f"{name}.html").read_text("utf-8")
        (found,) = re.findall(r'<nav [^>]*class="companions".*?</nav>', text, re.DOTALL)
        return re.findall('href="([^"]*)"', found)

    data = "data-jinhua-gdp.html"
    others = ["scenarios.html", data, "track_record.html", "index.html"]
    assert links("gdp") == links("zh/gdp") == ["takes-gdp.html", *others]
    assert links("takes-gdp") == ["gdp.html", *others]
    assert links("data-jinhua-gdp") == ["gdp.html", "index.html"]
    assert "<title>GDP · " in (folder / "gdp.html").read_text("utf-8")


def test_statement_is_linked_by_its_name(folder: Path, study: Study) -> None:
    text = (folder / "data-jinhua-gdp.html").read_text("utf-8")
    for name in study.evidence.statements("jinhua", "gdp")["observation"]:
        assert text.count(f' id="{name}">') == 1
        assert f'href="#{name}"' in text


@pytest.mark.parametrize("name", ["index", "gdp", "data-jinhua-gdp"])
def test_page_can_be_read_without_scripts(browser: Browser, folder: Path, name: str) -> None:
    with show(browser, folder / f"{name}.html", scripts=False) as shown:
        found = shown.page.locator("figure.chart .static svg").all()
        assert len(found) == CHARTS[name]
        for drawing in found:
            box = drawing.bounding_box()
            assert box is not None
            assert box["width"] > 200
            assert box["height"] > 60
        assert shown.requests == []


@pytest.mark.parametrize("name", ["gdp", "circle_2h"])
def test_page_can_be_printed(browser: Browser, folder: Path, name: str) -> None:
    with show(browser, folder / f"{name}.html") as shown:
        raw = shown.page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    assert raw.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", raw))
    assert 1 <= pages <= 12


def test_answer_comes_first(folder: Path, answers: dict[str, Assessment]) -> None:
    for name in ("gdp", "trade"):
        text, answer = text_of(folder / f"{name}.html"), answers[name]
        assert answer.probability is not None
        said = EN.write(Chance(answer.probability, answer.floor))
        title = text.rindex(shared.title(EN, answer))
        assert 0 < text.index(said, title) - title < 400
    text = text_of(folder / "trade.html")
    assert "Already met" in text
    assert "1,050.86 billion yuan in 2025" in text
    text = text_of(folder / "circle_2h.html")
    assert "Partly known: no probability is given" in text
    assert "How much the next data could change this" in text


def test_no_gap_and_no_open_mark_on_any_page(folder: Path) -> None:
    for name in CHARTS:
        text = text_of(folder / f"{name}.html")
        gap = re.search(r".{30}(\b(nan|NaN|None|NaT|undefined|Traceback)\b|\*\*).{30}", text)
        assert gap is None, f"{name}: {gap and gap.group()}"


def test_overview_has_a_line_for_every_target(folder: Path, answers: dict[str, Assessment]) -> None:
    text = (folder / "index.html").read_text("utf-8")
    for target, answer in answers.items():
        assert f'href="{target}.html"' in text
        assert EN.write(answer.goal) in text.replace("\u00a0", " ")


def test_every_statement_on_a_data_page_has_its_source(folder: Path, study: Study) -> None:
    """A number is followed to its statement, and the statement to its source, on one page."""
    text = (folder / "data-jinhua-gdp.html").read_text("utf-8")
    plain = text_of(folder / "data-jinhua-gdp.html")
    rows = study.evidence.statements("jinhua", "gdp")
    assert len(rows) > 20
    for row in rows.itertuples():
        assert row.observation in plain
    # Only sites that are vouched for are linked; a mirror is named.
    sources = [study.evidence.source(key) for key in rows["source"]]
    shown = set(map(html.unescape, re.findall(r'href="(https?://[^"]+)"', text)))
    assert {readable(s["link"]) for s in sources} - {""} <= shown
    assert not {s["url"] for s in sources if s["rank"] == "mirror"} & shown


def test_number_of_the_target_page_is_found_on_its_data_page(
    browser: Browser, folder: Path
) -> None:
    with show(browser, folder / "gdp.html") as shown:
        links = shown.evaluate(
            "[...document.querySelectorAll('main a')].map(a => a.getAttribute('href'))"
        )
    assert "data-jinhua-gdp.html" in links
    for name in ("gdp", "data-jinhua-gdp"):
        assert "731.3 billion yuan" in text_of(folder / f"{name}.html")


def test_plan_name_is_the_title_of_the_overview(folder: Path, study: Study) -> None:
    title = re.search(r"<title>(.*?)</title>", (folder / "index.html").read_text("utf-8"))
    assert title is not None
    assert html.unescape(title[1]).startswith(shared.plan_title(EN, study.evidence, PLAN))


#: What a page may weigh, in bytes, by its kind; a quarter more than it did.
WEIGHT = {
    "index": 80_000,
    "briefing": 70_000,
    "track_record": 52_000,
    "gdp": 155_000,
    "trade": 115_000,
    "circle_2h": 37_000,
    "scenarios": 50_000,
    "takes": 40_000,
    "data": 104_000,
}


@pytest.mark.parametrize("name", CHARTS)
def test_page_is_no_heavier_than_its_kind(folder: Path, name: str) -> None:
    raw = (folder / f"{name}.html").read_bytes()
    stem = name.removeprefix("zh/")
    assert len(raw) < WEIGHT[stem.partition("-")[0]]
    main = re.search(b"<main.*</main>", raw, re.DOTALL)
    assert main is not None
    # What is the same on every page: style and policy, and the contents; the overview has the menu.
    assert len(raw) - len(main[0]) < (19_000 if stem == "index" else 14_000)


def test_script_of_a_set_is_packed(folder: Path) -> None:
    (script,) = folder.glob("charts-*.js")
    assert script.stat().st_size < 500_000
