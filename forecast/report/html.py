"""Pages: an executed notebook in, one HTML file out that needs no network and no server.

A chart on the page is a drawing (SVG, made here by vl-convert) with its specification beside it.
Where scripts run, Vega, which the page carries once, draws the specification again, live; where
they do not, and on paper, the drawing stands. The same notebook always gives the same bytes.
"""

from __future__ import annotations

import ast
import functools
import html as htmllib
import io
import json
import os
import re
import tempfile
import tokenize
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import forecast.report.charts
from forecast.cache import cache_dir

TEMPLATES = Path(__file__).parent / "templates"
MIMES = (
    forecast.report.charts.MIME,
    "application/vnd.vegalite.v6+json",
    "application/vnd.vegalite.v6.json",
)

# A link to a page, or a menu of links: (label, href) or (label, [(label, href), ...]).
Link = tuple[str, str | Sequence[tuple[str, str]]]

WORDS = {
    "en": {
        "skip": "Skip to the content",
        "pages": "Pages",
        "contents": "On this page",
        "provenance": "Where this page comes from",
        "parameters": "Parameters",
        "name": "Name",
        "value": "Value",
        "meaning": "Meaning",
        "code": "The code of this page",
        "table": "Table",
    },
    "zh": {
        "skip": "跳到正文",
        "pages": "页面",
        "contents": "本页内容",
        "provenance": "本页的来源",
        "parameters": "参数",
        "name": "名称",
        "value": "取值",
        "meaning": "含义",
        "code": "本页的代码",
        "table": "表格",
    },
}

DRAW = """
for (const figure of document.querySelectorAll("figure.chart")) {
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const name = (figure.querySelector("figcaption") || {}).textContent || "chart";
  const box = figure.querySelector(".live");
  figure.classList.add("drawn");
  // Vega does not wrap a legend: on a telephone it has to be told.
  if (box.clientWidth < 360 && spec.config?.legend) spec.config.legend.columns = 2;
  vegaEmbed(box, spec, {
    ast: true, renderer: "svg", mode: "vega-lite",
    downloadFileName: name.trim().replace(/[^\\p{L}\\p{N}]+/gu, "-"),
    actions: {export: {svg: true, png: true}, source: false, compiled: false, editor: false},
  }).catch(() => figure.classList.remove("drawn"));
}
"""


def to_html(
    nb: Any,
    *,
    title: str,
    nav: Sequence[Link] = (),
    lang: str = "en",
    current: str = "",
    provenance: Mapping[str, str] | None = None,
) -> str:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    nb : NotebookNode
        The notebook. Cells tagged `remove` are left out, of cells tagged `hide` or `parameters`
        only the code is kept, in the fold at the end; what was written to stderr is dropped.
    title : str
        Title of the page; also its first heading, where the notebook has none.
    nav : sequence of (label, href) or (label, [(label, href), ...])
        Links to the other pages, or menus of them.
    lang : str
        Language of the page, as in ISO 639-1.
    current : str
        The `href` of this page in `nav`.
    provenance : mapping, optional
        Further facts for the section on provenance, as text.

    Returns
    -------
    str
        The page.

    Raises
    ------
    ValueError
        If a chart cannot be drawn.
    """
    import copy

    words = WORDS.get(lang[:2], WORDS["en"])
    nb = copy.deepcopy(nb)
    figures: list[str] = []
    code: list[str] = []
    cells = []
    for cell in nb.cells:
        tags = set(cell.metadata.get("tags", []))
        if "remove" in tags:
            continue
        if cell.cell_type == "code":
            if cell.source.strip():
                code.append(cell.source)
            hidden = tags & {"hide", "parameters", "injected-parameters"}
            cell.metadata["hidden"] = bool(hidden)
            cell.outputs = [] if hidden else [_output(o, figures) for o in _shown(cell.outputs)]
        elif "hide" in tags:
            continue
        cells.append(cell)
    nb.cells = cells

    report = {
        "title": title,
        "lang": lang,
        "nav": list(nav),
        "current": current,
        "provenance": list((provenance or {}).items()),
        "parameters": parameters(nb),
        "code": code,
        "words": words,
    }
    body, _ = _exporter().from_notebook_node(nb, resources={"report": report})
    body, toc = _tidy(body, title, words)

    parts = {"toc": toc, "scripts": _scripts() if figures else ""}
    parts |= {f"figure:{i}": figure for i, figure in enumerate(figures)}
    pieces = re.split(r"<!--forecast:([a-z]+(?::\d+)?)-->", body)
    pieces[1::2] = [parts.get(name, "") for name in pieces[1::2]]
    return "".join(pieces)


def export_notebook(
    source: Path,
    target: Path,
    *,
    title: str | None = None,
    nav: Sequence[Link] = (),
    lang: str = "en",
    provenance: Mapping[str, str] | None = None,
) -> Path:
    """Read an executed notebook and write its page.

    Parameters
    ----------
    source, target : Path
        The notebook, and the page to write.
    title : str, optional
        Title of the page; the notebook's first heading if not given.
    nav, lang, provenance
        As for `to_html`.

    Returns
    -------
    Path
        `target`.
    """
    import nbformat

    nb = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
    page = to_html(
        nb,
        title=title or first_heading(nb) or source.stem,
        nav=nav,
        lang=lang,
        current=target.name,
        provenance=provenance,
    )
    write_text(target, page)
    return target


def failure_page(
    title: str,
    message: str,
    *,
    detail: str = "",
    nav: Sequence[Link] = (),
    lang: str = "en",
    current: str = "",
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """Make the page that stands in for a report that could not be made.

    Parameters
    ----------
    title : str
        Title of the report.
    message : str
        What went wrong, in plain words.
    detail : str
        Technical detail (a traceback), shown folded.
    nav, lang, current
        As for `to_html`.
    links : sequence of (label, href)
        What the reader may want to look at instead, such as the executed notebook or the last good
        page.

    Returns
    -------
    str
        The page.
    """
    import nbformat.v4 as v4

    def said(text: str) -> str:
        # A blank line would end the block of HTML, and what follows would be Markdown.
        return htmllib.escape(text, quote=False).replace("\r", "").replace("\n", "&#10;")

    lines = [
        f"<h1>{said(title)}</h1>",
        "<p>This page could not be made. The other pages are not affected.</p>",
        f'<p class="failure"><strong>What happened:</strong> {said(message)}</p>',
    ]
    if links:
        items = [f'<li><a href="{htmllib.escape(h)}">{said(text)}</a></li>' for text, h in links]
        lines.append(f"<ul>{''.join(items)}</ul>")
    if detail:
        text = said(re.sub(r"\x1b\[[0-9;]*m", "", detail))
        lines.append(f"<details><summary>Technical detail</summary><pre>{text}</pre></details>")
    cell = v4.new_markdown_cell("\n".join(lines))  # type: ignore[no-untyped-call]
    nb = v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    return to_html(nb, title=title, nav=nav, lang=lang, current=current)


class Parameter(NamedTuple):
    """A parameter as a notebook declares it in the cell tagged `parameters`."""

    name: str
    type: str  # as annotated, else the type of the default
    value: Any  # the default
    meaning: str  # the comment behind it


def declared(nb: Any) -> list[Parameter]:
    """List the parameters that a notebook declares.

    papermill's own inspection reads the cell line by line with a pattern and misses annotations
    such as `float | None`; this reads it as Python.

    Raises
    ------
    ValueError
        If the cell is not Python, or a default is not a literal.
    """
    cell = next((c for c in nb.cells if "parameters" in c.metadata.get("tags", [])), None)
    if cell is None:
        return []
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as problem:
        raise ValueError(f"the parameters cell is not Python: {problem.msg}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for statement in statements:
        target: ast.expr
        if isinstance(statement, ast.AnnAssign):
            target, annotation = statement.target, ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign):
            target, annotation = statement.targets[0], ""
        else:
            continue
        if not isinstance(target, ast.Name) or statement.value is None:
            continue
        try:
            value = ast.literal_eval(statement.value)
        except ValueError:
            raise ValueError(f"the default of the parameter {target.id} is not a literal") from None
        kind = annotation or ("Any" if value is None else type(value).__name__)
        meaning = comments.get(statement.end_lineno or 0, "")
        found.append(Parameter(target.id, kind, value, meaning))
    return found


def parameters(nb: Any) -> list[tuple[str, str, str]]:
    """List name, value (as the notebook was run) and meaning of a notebook's parameters."""
    given = nb.metadata.get("papermill", {}).get("parameters", {})
    return [(p.name, repr(given.get(p.name, p.value)), p.meaning) for p in declared(nb)]


def first_heading(nb: Any) -> str | None:
    """Return the text of a notebook's first heading of the first level."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            found = re.search(r"^#\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
            if found:
                return found.group(1)
    return None


def write_text(path: Path, text: str) -> None:
    """Write a text file so that no half-written one is ever seen under its name."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


# --------------------------------------------------------------------------------------------------
# Outputs and figures
# --------------------------------------------------------------------------------------------------


def _shown(outputs: Sequence[Any]) -> list[Any]:
    return [o for o in outputs if not (o.output_type == "stream" and o.name == "stderr")]


def _output(output: Any, figures: list[str]) -> Any:
    """Replace a chart by the mark of a figure; `figures` receives the figure."""
    data = output.get("data", {})
    mime = next((m for m in MIMES if m in data), None)
    if mime is None:
        if "text/html" in data:  # the names that pandas draws at random for styled tables
            names: dict[str, str] = {}
            data["text/html"] = re.sub(
                r"\bT_[0-9a-f]{5,}(?=_|\b)",
                lambda m: names.setdefault(m[0], f"T{len(figures)}-{len(names)}"),
                data["text/html"],
            )
        return output
    mark = f"<!--forecast:figure:{len(figures)}-->"
    figures.append(_figure(data[mime], len(figures) + 1))
    output.data = type(data)({"text/html": mark})
    return output


def _figure(spec: Any, number: int) -> str:
    spec = dict(json.loads(spec) if isinstance(spec, str) else spec)
    spec.pop("$schema", None)  # says version 5, for JupyterLab's sake; the page carries a later one
    if spec.pop("usermeta", {}).get("width") == "container":
        spec["width"] = "container"
    title = spec.pop("title", "")  # set in HTML, where it wraps on a narrow page and can be copied
    if isinstance(title, Mapping):
        title, subtitle = title.get("text", ""), title.get("subtitle", "")
    else:
        subtitle = ""
    caption = _lines(title)
    if subtitle:
        caption += f"<small>{_lines(subtitle)}</small>"
    label = htmllib.escape(str(spec.get("description", "")) or "chart")
    data = json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data = data.replace("</", "<\\/").replace("<!--", "<\\u0021--")
    return (
        f'<figure class="chart" id="figure-{number}">'
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + f'<div class="static" role="img" aria-label="{label}">{_svg(spec, number)}</div>'
        + '<div class="live"></div>'
        + f'<script type="application/json">{data}</script>'
        + "</figure>"
    )


def _lines(text: Any) -> str:
    lines = [text] if isinstance(text, str) else list(text)
    return "<br>".join(htmllib.escape(str(line)) for line in lines)


def _svg(spec: Mapping[str, Any], number: int) -> str:
    import vl_convert

    drawn = dict(spec)
    if drawn.get("width") == "container":
        drawn["width"] = forecast.report.charts.WIDTH
    # vl-convert measures text in Arial some ten times faster than in a list of fonts that it has
    # to look for; the page sets the font.
    drawn["config"] = {**drawn.get("config", {}), "font": "Arial, sans-serif"}
    try:
        svg: str = vl_convert.vegalite_to_svg(drawn)
    except ValueError as problem:
        raise ValueError(
            f"chart {number} cannot be drawn: {str(problem).splitlines()[0]}"
        ) from None
    # Identifiers are for the whole page, so two drawings must not share any.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>f{number}-", svg)
    svg = svg.replace(' font-family="Arial, sans-serif"', "")
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def _scripts() -> str:
    return "".join(f"<script>(() => {{\n{s}\n}})();</script>\n" for s in (vega_bundle(), DRAW))


@functools.cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script.

    Putting it together takes a second or more, so it is kept in the user's cache directory under
    the version of vl-convert; where that cannot be written, it is made anew in every run.
    """
    from importlib.metadata import version

    kept = cache_dir() / f"vega-{version('vl-convert-python')}.js"
    try:
        text = kept.read_text(encoding="utf-8")
        if text.endswith(BUNDLE_END):  # else it was cut off
            return text
    except (OSError, UnicodeDecodeError):
        pass
    import vl_convert

    text = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    text = text.replace("</script", "<\\/script") + BUNDLE_END
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=kept.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(part, kept)
    except OSError:
        pass
    return text


BUNDLE_END = "\n// end of bundle"


# --------------------------------------------------------------------------------------------------
# The page
# --------------------------------------------------------------------------------------------------


def _exporter() -> Any:
    return exporter_class()(template_name="report", extra_template_basedirs=[str(TEMPLATES)])


@functools.cache
def exporter_class() -> Any:
    """Return the nbconvert exporter that renders the template of `forecast/templates/report`."""
    from nbconvert.exporters import HTMLExporter
    from traitlets import default

    class ReportExporter(HTMLExporter):
        """HTML pages of the suite."""

        @default("exclude_anchor_links")
        def _no_paragraph_signs(self) -> bool:
            return True

    return ReportExporter


def _tidy(page: str, title: str, words: Mapping[str, str]) -> tuple[str, str]:
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
        stem = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
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
        box["aria-label"] = caption.get_text(" ", strip=True) if caption else words["table"]
        if len(table.find("tr").find_all(["td", "th"])) > 6:
            box["class"] = ["scroll", "wide"]
        table.wrap(box)
    for style in main.select("style[scoped]"):
        style.decompose()
    toc = ""
    if len(entries) > 1:
        items = f"<ol>{''.join(entries)}</ol>"
        label = words["contents"]
        toc = (
            f'<nav class="toc" aria-label="{label}">'
            f'<div class="wide"><strong>{label}</strong>{items}</div>'
            f'<details class="narrow"><summary>{label}</summary>{items}</details></nav>'
        )
    return str(soup), toc


_ONE = r"[-+−–≈~<>≤≥]*\s?[\d.,  ]*\d(\s?[^\d\s.,()]{1,4})?"
NUMBER = re.compile(rf"{_ONE}(\s?(to|–|…)\s?{_ONE})?(\s\(\d{{4}}\))?")
EMPTY = {"", "-", "–", "—", "nan", "None", "NaN", "<NA>"}


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
        said = [t for t in texts if t not in EMPTY]
        numbers = [t for t in said if NUMBER.fullmatch(t)]
        # A few words among the numbers ("not known") do not make it a column of words.
        if said and len(numbers) >= 0.7 * len(said) and max(map(len, said)) <= 24:
            above = [] if spanned else [head[i] for head in heads if i < len(head)]
            for cell in [*cells, *above]:
                cell["class"] = [*cell.get("class", []), "num"]
        elif max(map(len, texts)) > 30:  # wraps, but not into a narrow strip on a telephone
            cells[0]["class"] = [*cells[0].get("class", []), "long"]
