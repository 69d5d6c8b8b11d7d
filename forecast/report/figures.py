"""Figures of a page: a chart as a drawing, and its specification for the script."""

from __future__ import annotations

import functools
import html as htmllib
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forecast.cache import cache_dir
from forecast.report import charts
from forecast.report.language import LANGUAGES, Language, language

MIMES = (
    charts.MIME,
    "application/vnd.vegalite.v6+json",
    "application/vnd.vegalite.v6.json",
)
TEMPLATES = Path(__file__).parent / "templates"

# What a drawing has for a reader's program, which gets the text alternative, and for the mouse.
NEEDLESS = re.compile(
    r' (?:font-family="Arial, sans-serif"|opacity="1"|pointer-events="none"|aria-hidden="true"'
    r'|(?:role|aria-label|aria-roledescription)="[^"]*"|class="(?!marks)[^"]*")'
    r'|<path class="(?:back|fore)ground"[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*/>'
)


def shown(outputs: Sequence[Any]) -> list[Any]:
    """Leave out what was written to stderr."""
    return [o for o in outputs if not (o.output_type == "stream" and o.name == "stderr")]


def drawn(output: Any, figures: list[str], tell: Language) -> Any:
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
    figures.append(_figure(data[mime], len(figures) + 1, tell))
    output.data = type(data)({"text/html": mark})
    return output


def _figure(spec: Any, number: int, tell: Language) -> str:
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
    label = htmllib.escape(str(spec.get("description", "")) or tell("site-chart"))
    data = json.dumps(_rounded(spec), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data = data.replace("</", "<\\/").replace("<!--", "<\\u0021--")
    return (
        f'<figure class="chart" id="figure-{number}">'
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + f'<div class="static" role="img" aria-label="{label}">{_svg(spec, number)}</div>'
        + '<div class="live"></div>'
        + f'<script type="application/json">{data}</script>'
        + "</figure>"
    )


def _rounded(value: Any) -> Any:
    """Cut numbers to seven digits: more than a chart can show, and half of its data."""
    if isinstance(value, Mapping):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(entry) for entry in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


def _lines(text: Any) -> str:
    lines = [text] if isinstance(text, str) else list(text)
    return "<br>".join(htmllib.escape(str(line)) for line in lines)


def _svg(spec: Mapping[str, Any], number: int) -> str:
    import vl_convert

    drawn = dict(spec)
    if drawn.get("width") == "container":
        drawn["width"] = charts.WIDTH
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
    svg = NEEDLESS.sub("", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


@functools.cache
def script(drawing: bool = True) -> str:
    """Return the script of pages in any language; without Vega where no chart is to be drawn."""
    messages = {
        "CHART": "site-chart",
        "CLICK_TO_VIEW_ACTIONS": "site-chart-menu",
        "SVG_ACTION": "site-chart-svg",
        "PNG_ACTION": "site-chart-png",
        "FILTER": "site-filter",
    }
    words = {lang: {n: language(lang)(m) for n, m in messages.items()} for lang in LANGUAGES}
    own = (TEMPLATES / "report" / "page.js").read_text(encoding="utf-8")
    told = json.dumps(words, ensure_ascii=False, sort_keys=True)
    vega = f"(() => {{\n{vega_bundle()}\n}})();\n" if drawing else ""
    return f"{vega}(WORDS => {{\n{own}}})({told});\n"


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
