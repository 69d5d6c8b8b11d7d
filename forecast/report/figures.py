"""Figures of a page: a chart as a drawing, and its specification for the script."""

from __future__ import annotations

import base64
import csv
import functools
import html as htmllib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from forecast.cache import cache_dir
from forecast.report import charts
from forecast.report.language import LANGUAGES, Language, language

MIMES = (
    charts.MIME,
    "application/vnd.vegalite.v6+json",
    "application/vnd.vegalite.v6.json",
)
TEMPLATES = Path(__file__).parent / "templates"

# What a drawing has for a reader's program, which gets the text alternative, and for the mouse;
# what is the default; and labels that Vega hides because others stand there.
NEEDLESS = re.compile(
    r' (?:font-family="Arial, sans-serif"|opacity="1"|pointer-events="none"|aria-hidden="true"'
    r'|stroke-width="1"|text-anchor="start"|font-weight="normal"|y2="0"|version="1.1"|xmlns(?::xlink)?="[^"]*"|transform="translate\(0,0\)"'
    r'|(?:role|aria-label|aria-roledescription)="[^"]*"|class="(?!marks)[^"]*")'
    r'|<path class="(?:back|fore)ground"[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*/>'
    r'|<text [^>]*opacity="0"[^>]*>[^<]*</text>'
)
MOVED = re.compile(r'(?<=<text )([^>]*)transform="translate\(([-\d.]+),([-\d.]+)\)"')
CIRCLE = re.compile(
    r'<path transform="translate\(([-\d.]+),([-\d.]+)\)"'
    r' d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"'
)
ROUND = r'<circle cx="\1" cy="\2" r="\3"'
# Tenths of a pixel are more than can be seen.
PLACES = re.compile(r'(?<= )(?:d|transform|[xy][12]?|width|height)="[^"]*"')
TENTHS = re.compile(r"(?:\.0\d*|(\.\d)\d+)")


def shown(outputs: Sequence[Any]) -> list[Any]:
    """Leave out what was written to stderr."""
    return [o for o in outputs if not (o.output_type == "stream" and o.name == "stderr")]


def drawn(output: Any, figures: list[str], tell: Language, page: str = "") -> Any:
    """Replace a chart by the mark of a figure and a table of what it draws.

    Parameters
    ----------
    output : NotebookNode
    figures : list of str
        Receives the figure.
    tell : Language
    page : str
        Name of the page, which the files saved from it begin with.
    """
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
    spec = dict(json.loads(data[mime]) if isinstance(data[mime], str) else data[mime])
    number = len(figures) + 1
    meta = spec.pop("usermeta", {})
    name = "-".join(filter(None, (page, meta.get("name") or f"figure-{number}")))
    title, caption = _words(spec.pop("title", ""), tell)
    mark = f"<!--forecast:figure:{len(figures)}-->"
    if shown := meta.get("figures"):
        mark += _table(shown, title, name, tell)
    if meta.get("width") == "container":
        spec["width"] = "container"
    figures.append(_figure(spec, number, name, title, caption, tell))
    output.data = type(data)({"text/html": mark})
    return output


def _words(title: Any, tell: Language) -> tuple[str, str]:
    """Return title and caption, which HTML breaks into lines as the page is wide."""
    both = title if isinstance(title, Mapping) else {"text": title}
    joint = " " if tell.lang == "en" else ""
    lines = (both.get(part, "") for part in ("text", "subtitle"))
    title, caption = (line if isinstance(line, str) else joint.join(line) for line in lines)
    return title, caption


def _figure(
    spec: dict[str, Any], number: int, name: str, title: str, caption: str, tell: Language
) -> str:
    spec.pop("$schema", None)  # says version 5, for JupyterLab's sake; the page carries a later one
    words = htmllib.escape(title)
    if caption:
        words += f"<small>{htmllib.escape(caption)}</small>"
    # The script takes it from the drawing.
    label = htmllib.escape(str(spec.pop("description", "")) or tell("site-chart"))
    own = {**spec, "config": _beside(spec.get("config", {}), charts.look(tell.lang))}
    data = json.dumps(own, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (
        f'<figure class="chart" id="figure-{number}" data-name="{htmllib.escape(name)}">'
        + (f"<figcaption>{words}</figcaption>" if words else "")
        + f'<div class="static" role="img" aria-label="{label}">{_svg(spec, number)}</div>'
        + '<div class="live"></div>'
        + f'<script type="application/zlib">{_packed(data)}</script>'
        + "</figure>"
    )


def _packed(text: str) -> str:
    """Return what nobody but the script of the page reads, of a third of the size."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _beside(config: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a chart's configuration what the script of the page has for all charts."""
    return {key: value for key, value in config.items() if value != shared.get(key)}


# What an address or its attribute would end at or drop, and the mark of UTF-8, for spreadsheets.
IN_ADDRESS = {ord(sign): quote(sign) for sign in '%#&<>"\n\r\t\ufeff'}


def _table(figures: Mapping[str, Any], title: str, name: str, tell: Language) -> str:
    """Return the figures of a chart as a table that unfolds, and as a file to save.

    The file is part of the page, so that it can be saved without a network and without scripts.
    """
    heads, rows = figures["columns"], figures["data"]
    opened, table = pd.DataFrame(rows, columns=heads).to_html(index=False, border=0).split(">", 1)
    file = ("\ufeff" + as_csv(heads, rows)).translate(IN_ADDRESS)
    return (
        f'<details class="figures"><summary>{tell("site-chart-figures")}</summary>'
        + f"{opened}><caption>{htmllib.escape(title)}</caption>{table}"
        + f'<p><a download="{htmllib.escape(name)}.csv" href="data:text/csv,{file}">'
        + f"{tell('site-chart-csv')}</a></p></details>"
    )


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Write the figures of a chart as CSV: numbers for machines, texts that compute nothing.

    Parameters
    ----------
    heads : sequence of str
    rows : sequence of sequence of str
        As `forecast.report.charts.figures` writes them.

    Examples
    --------
    >>> as_csv(["year", "value"], [["2025", "−1,234.5"], ["=SUM(A1)", "< 3"]])
    "year,value\n2025,-1234.5\n'=SUM(A1),< 3\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([map(_cell, row) for row in [heads, *rows]])
    return text.getvalue()


NUMBER = re.compile(r"[+−-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def _cell(text: str) -> str:
    if NUMBER.fullmatch(text):
        return text.replace(",", "").replace("−", "-").lstrip("+")
    # A spreadsheet would compute what begins with one of these signs.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@functools.cache
def _drawer() -> tuple[Any, dict[str, Any]]:
    """Return vl-convert, and arguments that keep it from fetching what a chart names."""
    import vl_convert

    if not hasattr(vl_convert, "configure"):  # before version 2
        return vl_convert, {"allowed_base_urls": []}
    vl_convert.configure(base_url=False, allowed_base_urls=[])
    return vl_convert, {}


def converted(spec: Mapping[str, Any], form: str, **options: Any) -> Any:
    """Draw a chart, with nothing but what its specification holds.

    Parameters
    ----------
    spec : mapping
        Of Vega-Lite.
    form : {"svg", "png"}
    **options
        Of vl-convert.

    Returns
    -------
    str or bytes

    Raises
    ------
    ValueError
        With the reason why it cannot be drawn, such as data at an address.
    """
    drawer, kept = _drawer()
    try:
        return getattr(drawer, f"vegalite_to_{form}")(dict(spec), **kept, **options)
    except (OSError, ValueError) as problem:
        lines = str(problem).splitlines() or [type(problem).__name__]
        raise ValueError(next((x for x in lines if x.startswith("Error: ")), lines[0])) from None


def _svg(spec: Mapping[str, Any], number: int) -> str:
    drawn = dict(spec)
    if drawn.get("width") == "container":
        drawn["width"] = charts.WIDTH
    # Before version 2 vl-convert measured text in Arial some ten times faster than in a list of
    # fonts that it had to look for; the page sets the font.
    drawn["config"] = {**drawn.get("config", {}), "font": "Arial, sans-serif"}
    try:
        svg: str = converted(drawn, "svg")
    except ValueError as problem:
        raise ValueError(f"chart {number} cannot be drawn: {problem}") from None
    # Identifiers are for the whole page, so two drawings must not share any.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>f{number}-", svg)
    svg = PLACES.sub(lambda m: TENTHS.sub(r"\1", m[0]), NEEDLESS.sub("", svg))
    svg = _joined(CIRCLE.sub(ROUND, MOVED.sub(r'\1x="\2" y="\3"', svg)))
    return _short(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))


LINE = re.compile(
    r'<line(?: transform="translate\(([^"]+)\)")?(?: x2="([^"]+)")?(?: y2="([^"]+)")?([^>]*)/>'
)
LINES = re.compile(r"(?:<line[^>]*/>){2,}")
MARK = r"<(?:path|circle|line|rect|text)\b[^>]*(?:/>|>[^<]*</text>)"
MARKS = re.compile(f"(?:{MARK}){{2,}}")
LOOK = re.compile(r' (?:fill|stroke|font|text)[\w-]*="[^"]*"')
CORNERS = re.compile(r"M[-\d.]+,[-\d.]+(?:L[-\d.]+,[-\d.]+){2,}")


def _joined(svg: str) -> str:
    """Say once how marks look that stand side by side, such as the ticks of an axis."""
    svg = MARKS.sub(lambda run: _marks(run[0]), LINES.sub(lambda run: _lines(run[0]), svg))
    opened: list[bool] = []  # whether each group that is open says anything

    def unwrapped(tag: re.Match[str]) -> str:
        if tag[0] != "</g>":
            opened.append(tag[0] != "<g>")
            return tag[0] if opened[-1] else ""
        return tag[0] if opened.pop() else ""

    return re.sub(r"<g\b[^>]*>|</g>", unwrapped, svg)


def _lines(run: str) -> str:
    """Draw lines that look alike as one path."""
    found = []
    for look, lines in groupby(LINE.finditer(run), key=lambda line: line[4]):
        alike = list(lines)
        if "opacity" in look or "transform" in look:
            found += [line[0] for line in alike]
        else:
            each = (f"M{line[1] or '0,0'}l{line[2] or 0},{line[3] or 0}" for line in alike)
            found.append(f'<path d="{"".join(each)}"{look}/>')
    return "".join(found)


def _marks(run: str) -> str:
    """Put marks into a group that says what of their look they share, and those alike into one."""
    marks = re.findall(MARK, run)
    looks = [LOOK.findall(mark.partition(">")[0]) for mark in marks]
    shared = [part for part in looks[0] if all(part in look for look in looks)]
    found = []
    own = (tuple(part for part in look if part not in shared) for look in looks)
    for look, alike in groupby(zip(own, marks, strict=True), key=lambda pair: pair[0]):
        bare = [LOOK.sub("", mark) for _, mark in alike]
        if len(bare) > 1:
            found.append(f"<g{''.join(look)}>{''.join(bare)}</g>")
        else:
            found.append(re.sub(r"(?=/?>)", "".join(look), bare[0], count=1))
    return f"<g{''.join(shared)}>{''.join(found)}</g>"


def _short(svg: str) -> str:
    """Write a drawing as HTML lets it be written, corner by corner from the last one."""

    def tag(found: re.Match[str]) -> str:
        text = re.sub(r"(?<![\d.])0(?=\.\d)", "", CORNERS.sub(_steps, found[0]).replace('px"', '"'))
        return re.sub(r'="([^\s"=<>]+)"(/?)', lambda m: f"={m[1]}{m[2] and ' /'}", text)

    return re.sub(r"<[^>]*>", tag, svg)


def _steps(path: re.Match[str]) -> str:
    corners = [[round(10 * float(v)) for v in c.split(",")] for c in path[0][1:].split("L")]
    steps = [(x - u, y - v) for (u, v), (x, y) in pairwise(corners)]
    told = ",".join(f"{tenths / 10:g}" for step in steps for tenths in step)
    return f"{path[0].partition('L')[0]}l{told.replace(',-', '-')}"


@functools.cache
def style_of(name: str) -> str:
    """Return a style of the pages without comments and blanks, which no reader sees.

    Parameters
    ----------
    name : str
        Of its file.
    """
    style = (TEMPLATES / "report" / name).read_text(encoding="utf-8")
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", style)).replace(": ", ":")
    return re.sub(r"(?<=[ :(,-])0(?=\.\d)", "", style.replace(";}", "}")).strip()


@functools.cache
def script(menus: tuple[tuple[str, str], ...] = (), drawing: bool = True) -> str:
    """Return the script of pages; without Vega where no chart is to be drawn.

    Parameters
    ----------
    menus : tuple of (language, HTML)
        What the pages of a set have in their heads.
    drawing : bool
    """
    messages = {
        "CHART": "site-chart",
        "CLICK_TO_VIEW_ACTIONS": "site-chart-menu",
        "SVG_ACTION": "site-chart-svg",
        "PNG_ACTION": "site-chart-png",
        "FILTER": "site-filter",
    }
    own = (TEMPLATES / "report" / "page.js").read_text(encoding="utf-8")
    given = {
        "WORDS": {lang: {n: language(lang)(m) for n, m in messages.items()} for lang in LANGUAGES},
        "LOOKS": {lang: charts.look(lang) for lang in LANGUAGES},
        "STYLE": style_of("live.css"),
        "MENUS": dict(menus),
        "VEGA": _packed(vega_bundle()) if drawing else "",
    }
    told = json.dumps(given, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
    return f"(({{{', '.join(given)}}}) => {{\n{own}}})({told});\n"


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
    text = f"(() => {{\n{_bundled()}{BUNDLE_END}"
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=kept.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(part, kept)
    except OSError:
        pass
    return text


def _bundled() -> str:
    """Put Vega together in a process of its own: what it has to say meanwhile is for nobody."""
    made = "sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
    command = [sys.executable, "-c", f"import sys, vl_convert; {made}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"no script for charts: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout.decode()


BUNDLE_END = "\n})();  // end of bundle"
