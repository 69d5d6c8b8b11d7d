"""Pages: an executed notebook in, one HTML file out that needs no network and no server.

A chart on the page is a drawing (SVG, made here by vl-convert) with its specification beside it.
Where scripts run, Vega draws the specification again, live; where they do not, and on paper, the
drawing stands. The pages of a set share one file with all scripts, which a page asks for by name;
a page on its own carries them. The policy in the head of a page allows exactly the scripts and the
style that are written here, by their hashes, so nothing that comes with data can run. The same
notebook always gives the same bytes.

The menu of all pages is of use beside them alone, so their script has it: in a page stand links to
the overview in its place, which has it in itself for readers without scripts.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html as htmllib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forecast.report.execution.tasks import Parameter, Task, declared_parameters
from forecast.report.figures import TEMPLATES, drawn, script, shown, style_of, vega_bundle
from forecast.report.html_cleanup import cleaned, marked, numbers_right
from forecast.report.language import LANGUAGES, Language, language, sentences
from forecast.report.text.markup import joined

# A link to a page, or a menu of links: (label, href) or (label, [(label, href), ...]).
Link = tuple[str, str | Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Frame:
    """What the pages of one language have around them."""

    nav: Sequence[Link] = ()  # the menu
    provenance: Mapping[str, str] = field(default_factory=dict)  # where the set comes from, as text
    subject: str = ""  # of the set, for the titles of its pages
    script: str = ""  # address of the set's script from these pages; empty: each carries its own
    dates: str = ""  # how new the evidence is, and when the set was made


# Messages of the template: site-skip, site-pages, ...
WORDS = ("skip", "pages", "provenance", "parameters", "name", "value", "meaning", "code")
MORE = ("companions", "alone")


def _words(tell: Language) -> dict[str, str]:
    caution = sentences(tell, tell("site-caution"), tell("site-licence"))
    return {name: tell(f"site-{name}") for name in WORDS + MORE} | {"caution": caution}


DATES = re.compile(r'<p class="dates">.*?</p>', re.DOTALL)  # of the head
# Asks for the script of the set. A page that does not find it has been taken out of its set, and
# says so.
LOADER = """const script = document.createElement("script");
script.src = %s;
script.onerror = () => document.documentElement.classList.add("alone");
document.head.append(script);
"""


def to_html(
    nb: Any,
    *,
    title: str,
    frame: Frame | None = None,
    lang: str = "en",
    current: str = "",
    editions: Sequence[tuple[str, str]] = (),
    companions: Sequence[tuple[str, str]] = (),
) -> str:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    nb : NotebookNode
        The notebook. Cells tagged `remove` are left out, of cells tagged `hide` or `parameters`
        only the code is kept, in the fold at the end; what was written to stderr is dropped.
    title : str
        Title of the page; also its first heading, where the notebook has none.
    frame : Frame, optional
        What the pages of the set have around them.
    lang : str
        Language of the page, a key of `forecast.report.language.LANGUAGES`.
    current : str
        The `href` of this page in the menu.
    editions : sequence of (language, href)
        This page in other languages.
    companions : sequence of (label, href)
        The pages that a reader of this one wants next.

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

    tell, frame = language(lang), frame or Frame()
    nb = copy.deepcopy(nb)
    figures: list[str] = []
    code: list[str] = []
    cells = []
    stem = Path(current).stem
    for cell in nb.cells:
        tags = set(cell.metadata.get("tags", []))
        if "remove" in tags:
            continue
        if cell.cell_type == "code":
            if cell.source.strip():
                code.append(cell.source)
            hidden = tags & {"hide", "parameters", "injected-parameters"}
            cell.metadata["hidden"] = bool(hidden)
            cell.outputs = (
                [] if hidden else [drawn(o, figures, tell, stem) for o in shown(cell.outputs)]
            )
        elif "hide" in tags:
            continue
        cells.append(cell)
    nb.cells = cells

    full = _full_title(title, frame.subject)
    report = {
        "title": full,
        "lang": LANGUAGES[lang],
        "nav": _nav(frame.nav, current),
        "editions": [
            (LANGUAGES[other], language(other)("site-language"), href) for other, href in editions
        ],
        "current": current,
        "companions": list(companions),
        "single": not frame.script,
        "dates": frame.dates,
        "provenance": list(frame.provenance.items()),
        "parameters": parameters(nb, tell),
        "code": code,
        "words": _words(tell),
    }
    body, _ = _exporter().from_notebook_node(nb, resources={"report": report})
    body, toc = cleaned(joined(body), title, tell)

    parts = {"toc": toc, **_dressed(body, full, frame, lang, bool(figures))}
    parts |= {f"figure:{i}": figure for i, figure in enumerate(figures)}
    return _pieced(body, parts)


def _pieced(body: str, parts: dict[str, str]) -> str:
    """Return a page with its parts in the places that are marked for them."""
    pieces = re.split(r"<!--forecast:([a-z]+(?::\d+)?)-->", body)
    pieces[1::2] = [parts.get(name, "") for name in pieces[1::2]]
    return "".join(pieces)


def _full_title(title: str, subject: str) -> str:
    """Return a title that says in a list of bookmarks what the page is about."""
    return title if not subject or subject in title else f"{title} · {subject}"


def _nav(nav: Sequence[Link], current: str) -> list[tuple[str, str, str]]:
    """Return label, address and menu of the links of a page; the overview alone has the menus."""
    found = []
    for n, (label, to) in enumerate(nav):
        overview = str(nav[0][1])
        if isinstance(to, str):
            found.append((label, to, ""))
        else:
            menu = _menu(n, label, to) if current == overview else ""
            found.append((label, f"{overview}#menu-{n}", menu))
    return found


def _menu(n: int, label: str, to: Sequence[tuple[str, str]]) -> str:
    links = (f'<li><a href="{htmllib.escape(h)}">{htmllib.escape(name)}</a>' for name, h in to)
    return (
        f'<details name="menu"><summary>{htmllib.escape(label)}</summary>'
        f'<ul id="menu-{n}">{"".join(links)}</ul></details>'
    )


def _menus(nav: Sequence[Link], lang: str) -> str:
    """Return all menus of the pages of a language, for their script."""
    found = (_menu(n, label, to) for n, (label, to) in enumerate(nav) if not isinstance(to, str))
    return marked("".join(found), language(lang))


def _dressed(body: str, title: str, frame: Frame, lang: str, charts: bool) -> dict[str, str]:
    """Return the style and the script of a page, and the policy that allows nothing else."""
    style = style_of("report.css") + numbers_right(body)
    told = re.sub(r"[^\w \u00a0-\uffff]", lambda sign: f"\\{ord(sign[0]):x} ", title)
    style += f'@page {{ @top-left {{ content: "{told}" }} }}\n'
    if frame.script:
        code = LOADER % json.dumps(frame.script)
    else:
        code = script(((lang, _menus(frame.nav, lang)),), drawing=charts)
    allowed = _hash(code) + (f" {_hash(vega_bundle())}" if charts else "")
    allowed += " 'strict-dynamic'" if frame.script else ""
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    return {
        "policy": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        # By this name Vega takes its own style, which the policy refuses, to be there already.
        "style": f'<style id="vega-embed-style">{style}</style>',
        "scripts": f"<script>{code}</script>",
    }


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def set_script(menus: Mapping[str, Sequence[Link]]) -> tuple[str, str]:
    """Return the name, which changes with the content, and the text of the script of a set.

    Parameters
    ----------
    menus : mapping of str to sequence of Link
        `Frame.nav` of each language.
    """
    text = script(tuple((lang, _menus(nav, lang)) for lang, nav in menus.items()))
    return f"charts-{hashlib.sha256(text.encode()).hexdigest()[:8]}.js", text


def export_page(task: Task, source: Path, target: Path, frame: Frame) -> Path:
    """Read an executed notebook and write its page; return `target`."""
    import nbformat

    nb = nbformat.read(source, as_version=4)
    page = to_html(
        nb,
        title=task.title or first_heading(nb) or source.stem,
        frame=frame,
        lang=task.lang,
        current=target.name,
        editions=task.editions,
        companions=task.companions,
    )
    write_text(target, page)
    return target


def redate(page: Path, dates: str, lang: str) -> None:
    """Put other dates into the head of a page that was written with some."""
    told = marked(f'<p class="dates">{htmllib.escape(dates, quote=False)}</p>', language(lang))
    text = page.read_text("utf-8")
    write_text(page, re.sub(DATES, lambda _: told, text, count=1))


def failure_page(
    title: str,
    message: str,
    *,
    advice: Sequence[str] = (),
    detail: str = "",
    frame: Frame | None = None,
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
    advice : sequence of str
        What to do, and what else there is to say; a paragraph each.
    detail : str
        Technical detail (a traceback), shown folded.
    frame, lang, current
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

    tell = language(lang)

    def said(text: str) -> str:
        # A blank line would end the block of HTML, and what follows would be Markdown.
        return htmllib.escape(text, quote=False).replace("\r", "").replace("\n", "&#10;")

    lines = [
        f"<h1>{said(title)}</h1>",
        f"<p>{said(tell('site-failed'))}</p>",
        f'<p class="failure"><strong>{said(tell("site-failure"))}</strong> {said(message)}</p>',
        *(f"<p>{said(text)}</p>" for text in advice),
    ]
    if links:
        items = [f'<li><a href="{htmllib.escape(h)}">{said(text)}</a></li>' for text, h in links]
        lines.append(f"<ul>{''.join(items)}</ul>")
    if detail:
        text = said(re.sub(r"\x1b\[[0-9;]*m", "", detail))
        lines.append(
            f"<details><summary>{said(tell('site-detail'))}</summary><pre>{text}</pre></details>"
        )
    cell = v4.new_markdown_cell("\n".join(lines))
    nb = v4.new_notebook(cells=[cell])
    return to_html(nb, title=title, frame=frame, lang=lang, current=current)


def parameters(nb: Any, tell: Language) -> list[tuple[str, str, str]]:
    """List name, value (as the notebook was run) and meaning of a notebook's parameters.

    The meaning is the notebook's comment, or what the catalogue of another language has for it.
    """
    given = nb.metadata.get("papermill", {}).get("parameters", {})
    return [
        (p.name, repr(given.get(p.name, p.value)), _meaning(p, tell))
        for p in declared_parameters(nb)
    ]


def _meaning(parameter: Parameter, tell: Language) -> str:
    message = f"parameter-{parameter.name.replace('_', '-')}"
    english = language("en")
    if english.has(message) and english(message) == parameter.meaning:
        return tell(message)
    return parameter.meaning


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


@functools.cache
def _exporter() -> Any:
    """Return the nbconvert exporter that renders the template of `forecast/templates/report`.

    All pages of a process share it: its template takes longer to compile than a page to render.
    """
    from nbconvert.exporters import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.utils.base import NbConvertBase
    from traitlets import default

    class ReportExporter(HTMLExporter):
        """HTML pages of the suite."""

        @default("exclude_anchor_links")
        def _no_paragraph_signs(self) -> bool:
            return True

        @property
        def default_config(self) -> Any:
            # A page has no kernel: what a widget began with is shown in its place.
            config = super().default_config
            shown = NbConvertBase(config=config).display_data_priority
            kept = [mime for mime in shown if "jupyter.widget" not in mime]
            config.NbConvertBase.display_data_priority = kept
            return config

        def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
            # Not that of HTML, which parses the page for cells of JupyterLab: ours has none.
            return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

        def _preprocess(self, nb: Any, resources: Any) -> Any:
            return nb, resources  # the pages have no preprocessors, before which all is checked

    exporter: Any = ReportExporter
    return exporter(template_name="report", extra_template_basedirs=[str(TEMPLATES)])
