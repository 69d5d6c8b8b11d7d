from __future__ import annotations

import base64
import io
import json
import re
import socket
import zlib
from collections import Counter
from html import escape, unescape
from pathlib import Path
from typing import Any

import nbformat.v4 as v4
import pandas as pd
import pytest
from pypdf import PdfReader

from forecast.report import charts as shared
from forecast.report import figures, show
from forecast.report import html as export
from forecast.report.execution import tasks
from tests.browser import Browser, Shown
from tests.report.test_charts import SPECS

DRAWN = (
    "[...document.querySelectorAll('figure.chart')]"
    ".every(f => f.querySelector('.live summary[aria-label]'))"
)
NAV: list[export.Link] = [
    ("Overview", "index.html"),
    ("Targets", [(f"Target {i} & more", f"t{i}.html") for i in range(18)]),
]


def code(source: str, *outputs: Any, tags: tuple[str, ...] = ()) -> Any:
    return v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shown(**data: Any) -> Any:
    return v4.new_output("display_data", data=data)


def chart(name: str) -> Any:
    return v4.new_output("display_data", data=shared.mimebundle(SPECS[name]))


def notebook() -> Any:
    table = pd.DataFrame({"year": [2024, 2025], "value": [7000.5, -1.0], "status": ["final", "x"]})
    wide = pd.DataFrame([["a long text that nobody would break by hand " * 3] * 4])
    cells = [
        v4.new_markdown_cell("# Will it?\n\nAbout **3 in 100**."),
        code(
            'target: str = "gdp"  # which target\nyear: int | None = None  # horizon, in years = 3',
            tags=("parameters",),
        ),
        code('target = "trade"', tags=("injected-parameters",)),
        code(
            "import forecast", v4.new_output("stream", name="stderr", text="a noisy warning"),
            v4.new_output("stream", name="stdout", text="said aloud"),
        ),
        code("removed = 1", shown(**{"text/plain": "removed output"}), tags=("remove",)),
        code("concealed = 1", shown(**{"text/plain": "hidden output"}), tags=("hide",)),
        v4.new_markdown_cell("## Charts\n\nA finding."),
        *(code(f"show_{name}()", chart(name)) for name in SPECS),
        v4.new_markdown_cell("## Charts\n\n### Again\n\n| a | b |\n|---|---|\n| 1 | x |"),
        code("table", shown(**{"text/html": table._repr_html_(), "text/plain": "t"})),
        code("wide", shown(**{"text/html": wide.to_html(), "text/plain": "t"})),
    ]  # fmt: skip
    nb = v4.new_notebook(cells=cells)
    nb.metadata["papermill"] = {"parameters": {"target": "trade"}}
    return nb


def page(**options: Any) -> str:
    frame = export.Frame(NAV, {"Run": "r1"}, 'the <plan> "A"')
    return export.to_html(notebook(), title="T", frame=frame, current="t3.html", **options)


@pytest.fixture(scope="module")
def html() -> str:
    return page()


@pytest.fixture(scope="module")
def path(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "t3.html"
    path.write_text(html, encoding="utf-8")
    return path


def markup(html: str) -> str:
    """The page without its scripts and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


# --------------------------------------------------------------------------------------------------
# The page as text
# --------------------------------------------------------------------------------------------------


def test_same_notebook_gives_the_same_bytes(html: str) -> None:
    assert page() == html


def test_page_asks_for_nothing_and_allows_only_its_own_script_and_style(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    hashed = r"'sha256-[\w+/]{43}='"
    wanted = f"default-src 'none'; script-src {hashed} {hashed}; style-src {hashed}; "
    wanted += "img-src data:; "
    assert re.fullmatch(f"{wanted}base-uri 'none'; form-action 'none'", policy[1])
    addresses = re.findall(r"(?:src|href|action)=[\"']([^\"']*)", markup(html))
    assert addresses
    assert not [a for a in addresses if re.match(r"https?:|//", a)]
    assert "@import" not in html
    assert not re.search(r"url\((?!#|\")", markup(html))


def test_vega_is_there_once_and_each_chart_with_drawing_and_specification(html: str) -> None:
    (packed,) = re.findall('"VEGA": "([^"]*)"', html)
    assert zlib.decompress(base64.b64decode(packed)).decode().endswith(figures.BUNDLE_END)
    assert html.count('<script type="application/zlib">') == len(SPECS)
    assert html.count('<figure class="chart"') == len(SPECS)
    labels = map(unescape, re.findall(r'role="img" aria-label="([^"]*)"><svg', html))
    assert list(labels) == [spec["description"] for spec in SPECS.values()]
    assert len(html) < 700_000


def test_identifiers_are_unique(html: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]*)"', markup(html)))
    assert [i for i, n in ids.items() if n > 1] == []
    assert {"charts", "charts-2", "provenance"} <= set(ids)
    for name in re.findall(r"url\(#([^)]*)\)", markup(html)):
        assert name in ids


def test_text_in_data_cannot_end_a_script(html: str) -> None:
    packed = re.findall(r'<script type="application/zlib">([\w+/=]*)</script>', html)
    specs = [zlib.decompress(base64.b64decode(text)).decode() for text in packed]
    assert len(specs) == len(SPECS)
    assert sum("a </script> bulletin" in spec for spec in specs) == 1
    assert "</script> bulletin" not in html


def test_cells_that_are_not_for_readers(html: str) -> None:
    body, folded = markup(html).split('<details class="code">')
    for gone in ("noisy", "removed", "hidden output", "¶"):
        assert gone not in body + folded
    assert "said aloud" in body
    for source in ("concealed", "import", "show_fan"):
        assert source not in body
        assert source in folded


def test_parameters_are_shown_with_the_values_used(html: str) -> None:
    cell = r"<td[^>]*>(?:<code>)?([^<]*)(?:</code>)?"
    rows = re.findall(f"<tr>{cell * 3}(?=<tr>|</tbody>)", html.partition('id="provenance"')[2])
    assert rows == [
        ("target", "'trade'", "which target"),
        ("year", "None", "horizon, in years = 3"),
    ]


def test_navigation_and_contents(html: str) -> None:
    assert '<html lang="en-GB"' in html
    assert '<a class="skip" href="#main">' in html
    toc = re.search(r'<nav class="toc".*?</nav>', html, re.DOTALL)
    assert toc is not None
    assert toc[0].count("#charts-2") == 2  # for wide and for narrow pages
    assert "Again" not in toc[0]


def test_menu_leads_to_every_page_also_without_scripts(
    browser: Browser, path: Path, tmp_path: Path
) -> None:
    everywhere = ["index.html", *(f"t{i}.html" for i in range(18))]
    links = "[...document.querySelectorAll('header.site a')].map(a => a.getAttribute('href'))"
    current = "[...document.querySelectorAll('[aria-current]')].map(a => a.textContent)"
    with browser.open(path) as shown:
        assert shown.evaluate(links) == everywhere
        assert shown.evaluate(current) == ["Target 3 & more"]
    overview = tmp_path / "index.html"
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("Text.")])
    frame = export.Frame(NAV, script="charts.js")
    overview.write_text(export.to_html(nb, title="T", frame=frame, current="index.html"), "utf-8")
    other = tmp_path / "t3.html"
    other.write_text(export.to_html(nb, title="T", frame=frame, current="t3.html"), "utf-8")
    with browser.open(other, scripts=False) as shown:
        assert shown.evaluate(links) == ["index.html", "index.html#menu-1"]
        shown.page.get_by_role("link", name="Targets").click()
        assert shown.page.get_by_role("link", name="Target 17 & more").is_visible()
        assert shown.evaluate(links) == everywhere
        assert shown.evaluate(current) == ["Overview"]


def test_tables(html: str) -> None:
    assert "dataframe" not in html
    assert 'border="1"' not in html
    assert html.count('class="scroll') == markup(html).count("<table")
    assert "<td>final<" in html
    assert "<th scope=row>0<" in html


def test_numbers_stand_at_the_right(browser: Browser, tmp_path: Path) -> None:
    flat = pd.DataFrame({"n": [1.5, 20.0], "word": ["a b", "c"]}, index=["x", "y"])
    spanned = flat.set_axis(pd.MultiIndex.from_product([["both"], flat.columns]), axis=1)
    cells = [code("s", shown(**{"text/html": f.to_html()})) for f in (flat, spanned)]
    path = tmp_path / "page.html"
    path.write_text(export.to_html(v4.new_notebook(cells=cells), title="T"), "utf-8")
    sides = (
        "[...document.querySelectorAll('main table')].map(table => [...table.rows].map(row =>"
        " [...row.cells].map(c => getComputedStyle(c).textAlign[0]).join('')))"
    )
    with browser.open(path) as opened:
        assert opened.evaluate(sides) == [["lrl", "lrl", "lrl"], ["ll", "lll", "lrl", "lrl"]]


def test_page_in_chinese() -> None:
    html = page(lang="zh")
    assert '<html lang="zh-CN"' in html
    assert "编制信息" in html


def test_chinese_headings_break_after_punctuation(browser: Browser, tmp_path: Path) -> None:
    heads = [
        "# 地区生产总值：2027年10000亿元左右",
        "## 目标实现条件——规上工业总产值：2027年10000亿元",
    ]
    nb = v4.new_notebook(cells=[v4.new_markdown_cell(head) for head in heads])
    path = tmp_path / "page.html"
    path.write_text(export.to_html(nb, title="T", lang="zh"), "utf-8")
    last_of_lines = """[...document.querySelectorAll('main h1, main h2')].slice(0, 2).map(head => {
        const [text, range] = [head.firstChild, document.createRange()];
        const top = i => (range.setStart(text, i), range.setEnd(text, i + 1),
            Math.round(range.getBoundingClientRect().top));
        return [...text.data].filter((_, i) => i + 1 < text.length && top(i) < top(i + 1)).join('');
    })"""
    with browser.open(path, width=330) as opened:
        assert opened.evaluate(last_of_lines) == ["：", "—："]


def test_page_without_charts_carries_no_vega() -> None:
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("Just text.")])
    html = export.to_html(nb, title="A <title> & more")
    assert '"VEGA": ""' in html
    assert len(html) < 30_000
    assert '<h1 id="a-title-more">A &lt;title&gt; &amp; more</h1>' in html


def test_names_of_styled_tables_do_not_change_from_run_to_run() -> None:
    def styled() -> str:
        out = shown(**{"text/html": pd.DataFrame({"a": [1]}).style.to_html(), "text/plain": ""})
        return export.to_html(v4.new_notebook(cells=[code("s", out)]), title="T")

    assert styled() == styled()


def test_chart_that_cannot_be_drawn_is_named() -> None:
    bad = shown(**{shared.MIME: {"mark": {"type": "no such mark"}, "data": {"values": []}}})
    nb = v4.new_notebook(cells=[code("x", bad)])
    with pytest.raises(ValueError, match="chart 1 cannot be drawn"):
        export.to_html(nb, title="T")


@pytest.mark.parametrize("form", ["svg", "png"])
def test_nothing_is_fetched_for_a_chart(form: str, tmp_path: Path) -> None:
    """Neither the data nor the picture that a chart names, of the network or of this machine."""
    (tmp_path / "own.csv").write_text("a\n1\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.0)  # a request would wait here
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.csv"
        values = {"values": [{"a": 1}]}
        point: dict[str, Any] = {"mark": "point", "data": {"url": address}}
        image = {"mark": {"type": "image", "url": address}, "data": values}
        for spec in (point, {**point, "data": {"url": str(tmp_path / "own.csv")}}):
            with pytest.raises(ValueError, match=r"^Error: .*(not allowed|denied)"):
                figures.converted(spec, form)
        if form == "svg":  # the address stands in the drawing, and the page's policy forbids it
            assert address in figures.converted(image, form)
        else:
            with pytest.raises(ValueError, match="not allowed"):
                figures.converted(image, form)
        assert figures.converted({"mark": "point", "data": values}, form)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_bundle_is_kept_and_an_unwritable_cache_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "cache"))
    figures.vega_bundle.cache_clear()
    first = figures.vega_bundle()
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.read_text(encoding="utf-8") == first

    kept.write_text(first[:1000], encoding="utf-8")  # cut off
    figures.vega_bundle.cache_clear()
    assert figures.vega_bundle() == first

    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "file"))
    figures.vega_bundle.cache_clear()
    assert figures.vega_bundle() == first


def test_failure_page() -> None:
    html = export.failure_page(
        "GDP & co",
        "Cell 3 ended with <KeyError>",
        detail="\x1b[31mTraceback\x1b[0m\n\n  *line* </pre><script>",
        links=[("the notebook", "notebooks/gdp.ipynb")],
    )
    body = markup(html)
    assert "The other pages are not affected" in body
    assert "Cell 3 ended with &lt;KeyError&gt;" in body
    assert 'href="notebooks/gdp.ipynb"' in body
    assert body.index("What happened") < body.index("<details><summary>Technical detail")
    assert html.count("<script") == 1
    assert "*line* &lt;/pre&gt;&lt;script&gt;" in body
    assert "\x1b" not in html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1  # years", ("a", "int", 1, "years")),
        ('b: str = "x#y"  # of, which = this', ("b", "str", "x#y", "of, which = this")),
        ("c: float | None = None", ("c", "float | None", None, "")),
        ('d = [\n  "x",\n]  # several', ("d", "list", ["x"], "several")),
        ("e = None", ("e", "Any", None, "")),
        ("f: Literal['a', 'b'] = 'a'", ("f", "Literal['a', 'b']", "a", "")),
    ],
)
def test_declared_parameters(source: str, expected: tuple[Any, ...]) -> None:
    nb = v4.new_notebook(cells=[code("import x\n" + source, tags=("parameters",))])
    assert tasks.declared_parameters(nb) == [expected]


@pytest.mark.parametrize("source", ["a = ", "a = f(1)"])
def test_parameters_that_are_not_literals(source: str) -> None:
    nb = v4.new_notebook(cells=[code(source, tags=("parameters",))])
    with pytest.raises(ValueError, match=r"not Python|not a literal"):
        tasks.declared_parameters(nb)


# --------------------------------------------------------------------------------------------------
# The page in a browser
# --------------------------------------------------------------------------------------------------


def test_pages_of_a_set_share_a_script_and_a_page_alone_says_so(
    browser: Browser, tmp_path: Path
) -> None:
    name, script = export.set_script({"en": NAV})
    nb = v4.new_notebook(cells=[code("x", chart("fan")), v4.new_markdown_cell("[Next](t1.html)")])
    frame = export.Frame(NAV, {}, "the plan", f"../{name}")
    (tmp_path / "zh").mkdir()
    path = tmp_path / "zh" / "page.html"
    path.write_text(export.to_html(nb, title="GDP", frame=frame), "utf-8")
    assert len(path.read_bytes()) < 60_000
    note = "document.querySelector('.note').checkVisibility()"
    mark = "getComputedStyle(document.querySelector('main a'), '::after').content"

    (tmp_path / name).write_text(script, "utf-8")
    with browser.open(path, wait=DRAWN) as shown:
        assert shown.requests == [(tmp_path / name).as_uri()]
        assert shown.problems == []
        assert shown.page.title() == "GDP · the plan"
        assert (shown.evaluate(note), shown.evaluate(mark)) == (False, "none")

    (tmp_path / name).unlink()
    alone = "document.documentElement.className === 'alone'"
    with browser.open(path, wait=alone) as shown:
        assert shown.evaluate(note)
        assert "°" in shown.evaluate(mark)
        assert shown.evaluate("document.querySelector('.static svg').checkVisibility()")


def test_what_is_injected_cannot_run(browser: Browser, path: Path, tmp_path: Path) -> None:
    injected = (
        "<script>document.title = 'run'</script><script src='run.js'></script>"
        "<img src=x onerror=\"document.title = 'run'\"><style>main { display: none }</style>"
        "<a href=\"javascript:document.title = 'run'\" id=link>x</a>"
    )
    (tmp_path / "run.js").write_text("document.title = 'run'")
    copy = tmp_path / "page.html"
    copy.write_text(
        path.read_text("utf-8").replace('<main id="main">', f'<main id="main">{injected}')
    )
    with browser.open(copy, wait=DRAWN) as shown:
        shown.page.locator("#link").dispatch_event("click")
        assert shown.page.title() == 'T · the <plan> "A"'
        assert shown.evaluate("document.querySelector('main').checkVisibility()")
        assert len(shown.problems) >= 4


def sort(shown: Shown, head: str) -> list[str]:
    """Click on the head of a column and return the first column."""
    shown.page.get_by_role("button", name=head).click()
    return list(shown.evaluate("[...document.querySelectorAll('tbody th')].map(c => c.innerText)"))


def test_tables_are_sorted_and_filtered(browser: Browser, tmp_path: Path) -> None:
    said = ["not known", "1.2 trillion yuan", "−3", "about 9,000", "<5 in 100", "–", "731 billion"]
    frame = pd.DataFrame({"Said": said, "Word": [*"bcdefg", ""]}, index=[*"ABCDEFG"])
    many = pd.DataFrame({"n": range(20)})
    tables = [show.table(many), shown(**{"text/html": frame.to_html()})]
    assert tables[0] is not None
    cells = [code("x", tables[1]), code("y", shown(**{"text/html": tables[0].data}))]
    path = tmp_path / "page.html"
    path.write_text(export.to_html(v4.new_notebook(cells=cells), title="T"), "utf-8")
    with browser.open(path) as opened:
        assert sort(opened, "Said") == [*"CEDGBFA"]
        assert sort(opened, "Said") == [*"BGDECAF"]  # what is not known stays last
        assert opened.evaluate("document.querySelector('[aria-sort]').ariaSort") == "descending"
        assert sort(opened, "Word") == [*"ABCDEFG"]
        opened.page.get_by_label("Filter").fill("7")
        assert opened.page.locator("output").inner_text() == "2 / 20"
        assert opened.page.locator("tbody tr:visible").count() == 7 + 2


def test_menus_close_by_escape_and_by_a_click_beside_them(browser: Browser, path: Path) -> None:
    with browser.open(path, wait=DRAWN) as shown:
        for menu in ("header.site summary >> nth=0", ".vega-embed summary >> nth=0"):
            for leave in (
                lambda: shown.page.keyboard.press("Escape"),
                lambda: shown.page.mouse.click(3, 600),
            ):
                shown.page.locator(menu).click()
                assert shown.page.locator("details[open]").count() == 1
                leave()
                assert shown.page.locator("details[open]").count() == 0


def test_every_chart_has_its_figures_as_a_table_and_as_a_file(html: str) -> None:
    assert html.count('<details class="figures">') == len(SPECS)
    assert html.count("Show the figures") == len(SPECS)
    for spec in SPECS.values():
        found = spec["usermeta"]["figures"]
        assert found["data"], spec["usermeta"]["name"]
        assert f'download="t3-{spec["usermeta"]["name"]}.csv"' in html
        for cell in found["data"][0]:
            assert f">{escape(cell)}<" in html


def test_file_of_figures_opens_without_scripts_and_a_network(browser: Browser, path: Path) -> None:
    found = SPECS["fan"]["usermeta"]["figures"]
    with browser.open(path, scripts=False) as shown:
        link = shown.page.locator('a[download="t3-fan.csv"]')
        link.locator("xpath=ancestor::details").locator("summary").click()
        with shown.page.expect_download() as saving:
            link.click()
        saved = saving.value
        assert saved.suggested_filename == "t3-fan.csv"
        raw = Path(saved.path()).read_bytes()
        assert shown.requests == []
        assert shown.problems == []
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(raw), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert list(table.columns) == found["columns"]
    assert table.to_numpy().tolist() == [[c.replace(",", "") for c in r] for r in found["data"]]
    assert pd.to_numeric(table["Value, billion yuan"]).notna().all()


def test_no_cell_of_a_file_is_computed() -> None:
    rows = [["=1+1", "+x"], ["@a", "-b"], ["−1,234.5", "+3.0"], ["< 3", "12,34"]]
    assert figures.as_csv(["a", "-b"], rows).splitlines() == [
        "a,'-b", "'=1+1,'+x", "'@a,'-b", "-1234.5,3.0", '< 3,"12,34"',
    ]  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_page_is_live_offline_and_fits(browser: Browser, path: Path, width: int) -> None:
    with browser.open(path, width=width, wait=DRAWN) as shown:
        assert shown.requests == []
        assert shown.problems == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        box = "f.querySelector('.live svg').getBoundingClientRect()"
        figures = "[...document.querySelectorAll('figure.chart')]"
        # A chart fills its figure, unless it is drawn at a width of its own.
        own = [spec["width"] if spec["width"] != "container" else None for spec in SPECS.values()]
        fills = f"{box}.width > Math.min(0.75 * f.clientWidth, 0.9 * (own[i] ?? Infinity))"
        assert shown.evaluate(f"(own => {figures}.every((f, i) => {fills}))({json.dumps(own)})")
        assert shown.evaluate(f"{figures}.every(f => {box}.right <= innerWidth)")
        cut = shown.evaluate(
            f"{figures}.flatMap(f => [...f.querySelectorAll('.live text')].filter(t => "
            f"t.getBoundingClientRect().right > {box}.right + 1).map(t => t.textContent))"
        )
        assert cut == []
        assert shown.evaluate(
            f"{figures}.every(f => !f.querySelector('.static').checkVisibility())"
        )


def test_live_chart_looks_as_its_drawing_does(browser: Browser, path: Path) -> None:
    """Its configuration is in the script of the page, once for all charts."""
    looks = (
        "[...document.querySelectorAll('#figure-{number} .{kind} text')]"
        ".map(t => getComputedStyle(t)).map(look => [look.fill, look.fontSize])"
    )
    with browser.open(path, wait=DRAWN) as shown:
        for number, name in enumerate(SPECS, 1):
            live, drawing = (
                set(map(tuple, shown.evaluate(looks.format(number=number, kind=kind))))
                for kind in ("live", "static")
            )
            assert live == drawing, name
            assert live


def test_dots_are_round_and_do_not_overlap(browser: Browser, path: Path) -> None:
    with browser.open(path, width=320, wait=DRAWN) as shown:
        boxes = shown.evaluate(
            f"[...document.querySelectorAll('#figure-{list(SPECS).index('dots') + 1} .live"
            " .mark-symbol.role-mark path')].map(p => p.getBoundingClientRect())"
            ".map(b => [b.x + b.width / 2, b.y + b.height / 2, b.width, b.height])"
        )
        assert len(boxes) == 50
        assert all(abs(w - h) < 0.5 and w > 5 for _, _, w, h in boxes)
        near = min(
            ((x - u) ** 2 + (y - v) ** 2) ** 0.5
            for i, (x, y, *_) in enumerate(boxes)
            for u, v, *_ in boxes[:i]
        )
        assert near >= boxes[0][2] - 0.5


def test_drawings_stand_without_scripts_and_in_print(browser: Browser, path: Path) -> None:
    visible = (
        "[...document.querySelectorAll('figure.chart')]"
        ".map(f => f.querySelector('{}').checkVisibility())"
    )
    with browser.open(path, width=390, scripts=False) as shown:
        assert shown.problems == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
        assert set(shown.evaluate(visible.format(".static svg"))) == {True}
        assert set(shown.evaluate(visible.format(".live"))) == {False}

    with browser.open(path, wait=DRAWN) as shown:
        shown.page.emulate_media(media="print")
        assert set(shown.evaluate(visible.format(".static svg"))) == {True}
        assert set(shown.evaluate(visible.format(".live"))) == {False}
        for gone in ("header.site", "nav.toc", "details.code", "a.skip"):
            assert not shown.evaluate(f"document.querySelector('{gone}').checkVisibility()")


def test_no_head_of_a_table_is_printed_alone(browser: Browser, tmp_path: Path) -> None:
    """The table moves to the second page line by line: head and row, which is taller, together."""
    rows = (
        "<thead><tr><th>head</th></tr></thead><tbody><tr><td>row<br>a<br>b<br>c</td></tr></tbody>"
    )
    table = code("table", shown(**{"text/html": f"<table>{rows}</table>"}))
    places = []
    for lines in range(22, 36):
        text = v4.new_markdown_cell("\n\n".join(["# T", *["line"] * lines]))
        path = tmp_path / f"{lines}.html"
        path.write_text(export.to_html(v4.new_notebook(cells=[text, table]), title="T"), "utf-8")
        with browser.open(path) as opened:
            raw = opened.page.pdf(prefer_css_page_size=True)
        sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(raw)).pages]
        places.append([("head" in sheet, "row" in sheet) for sheet in sheets[:2]])
    assert places[0][0] == (True, True)
    assert places[-1] == [(False, False), (True, True)]
    assert all(head == row for place in places for head, row in place)


def test_each_address_is_printed_once_and_leads_where_it_did(
    browser: Browser, tmp_path: Path
) -> None:
    coded = "https://example.org/a%20%E5%B8%82"
    listed = f"<table><tr><td>{show.anchor('x', coded, paper=True)}</table>"
    nb = v4.new_notebook(
        cells=[
            v4.new_markdown_cell(f"[y]({coded}) [z](https://example.org/z)"),
            code("s", shown(**{"text/html": listed})),
        ]
    )
    path = tmp_path / "page.html"
    path.write_text(export.to_html(nb, title="T"), "utf-8")
    with browser.open(path) as opened:
        opened.page.emulate_media(media="print")
        found = opened.evaluate(
            "[...document.querySelectorAll('main a')].map(a => [a.textContent, a.href,"
            " a.getAttribute('href'), getComputedStyle(a, '::after').content !== 'none'])"
        )
    told = "https://example.org/a%20市"
    assert found == [
        ["y", coded, told, False],
        ["z", "https://example.org/z", "https://example.org/z", True],
        ["x", coded, told, True],
    ]


def test_colours_of_text_have_contrast(browser: Browser, path: Path) -> None:
    with browser.open(path, wait=DRAWN) as shown:
        # Every colour of text in page and charts against the shade of the rows (WCAG AA: 4.5).
        ratio = """(() => {
          const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3)
            .map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = lum("rgb(245, 247, 249)");
          const colours = new Set();
          for (const e of document.querySelectorAll("main *, header *, nav *")) {
            const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            if (!text || !e.checkVisibility()) continue;
            if (e.closest(".vega-embed summary, script, style")) continue;
            const style = getComputedStyle(e);
            const colour = e.tagName === "text" ? style.fill : style.color;
            if (colour.startsWith("rgb")) colours.add(colour);
          }
          return [...colours].map(c => [(ground + 0.05) / (lum(c) + 0.05), c]);
        })()"""
        found = shown.evaluate(ratio)
        assert len(found) >= 3
        assert [c for r, c in found if r < 4.5] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7,319", True), ("-1.0", True), ("+13.9 %", True), ("6,804,122 万元", True),
        ("465.8 to 513.9", True), ("10,511 (2025)", True), ("2024", True), ("about 3", False),
        ("2009-06", False), ("o0594", False), ("level", False), ("2 markets in 2027", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_number_in_a_table(text: str, number: bool) -> None:
    assert bool(show.NUMBER.fullmatch(text)) is number


def test_characters_that_html_refuses_are_shown_as_such() -> None:
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("# A\n\n中文\x1b\x08 o \ud800.")])
    assert "中文\ufffd\ufffd</span> o \ufffd." in export.to_html(nb, title="A")
