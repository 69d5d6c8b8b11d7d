"""A set as a mail to be sent by hand: text, HTML that mail programs keep, and pages attached.

The text is that of the cells of the briefing with the tag ``mail``. Mail programs drop scripts,
style sheets and drawings in SVG: tables lay the text out, styles stand at the elements, charts are
pictures with their descriptions.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from forecast.evidence.problems import UserError
from forecast.report import charts, figures
from forecast.report import html as export
from forecast.report.html_cleanup import inner, parsed, text_of
from forecast.report.language import LANGUAGES, SCALE, Language, language, sentences, verdict
from forecast.report.outputs.pdf import printed
from forecast.report.outputs.sets import BRIEFING, ReportSet
from forecast.report.text import markup

WIDTH = 660  # of the text, in CSS pixels
SCALING = 2.0  # of the pictures, for dense screens
FONT = "font-family:'Segoe UI','Microsoft YaHei','PingFang SC',Arial,sans-serif;color:#1d1d1f;"
STYLES = {
    "h1": FONT + "font-size:24px;line-height:30px;margin:0 0 12px",
    "h2": FONT + "font-size:19px;line-height:25px;margin:26px 0 8px",
    "h3": FONT + "font-size:16px;line-height:22px;margin:20px 0 6px",
    "p": FONT + "font-size:15px;line-height:22px;margin:0 0 12px",
    "li": FONT + "font-size:15px;line-height:22px",
    "table": "border-collapse:collapse;width:100%;margin:0 0 14px",
    "th": FONT
    + "font-size:13px;text-align:left;vertical-align:bottom;padding:4px 6px;"
    + "border-bottom:2px solid #d9dde2",
    "td": FONT
    + "font-size:13px;line-height:18px;vertical-align:top;padding:4px 6px;"
    + "border-bottom:1px solid #e6e9ed",
    "a": "color:#08519c",
    "img": "display:block;border:0;margin:0 0 14px",
}


def message(
    report: ReportSet,
    lang: str = "",
    to: Sequence[str] = (),
    pages: Sequence[str] = (),
    pdf: bool = False,
) -> tuple[EmailMessage, list[str]]:
    """Return a mail on a set, and what its sender should know.

    Parameters
    ----------
    report : ReportSet
    lang : str
        Language of the mail; the set's main one if empty.
    to : sequence of str
        Addresses.
    pages : sequence of str
        Attached besides the briefing, by their names.
    pdf : bool
        Whether the pages are attached as PDF as well.

    Raises
    ------
    forecast.evidence.problems.UserError
        For what is no address, a page or a language that the set lacks.
    forecast.report.outputs.pdf.PdfError
        If a page cannot be printed.
    """
    lang = report.lang(lang)
    tell = language(lang)
    stems = [report.stem(name, lang) for name in dict.fromkeys([BRIEFING, *pages])]
    mail = EmailMessage(policy=SMTP)
    recipients = [_address(text) for text in to]
    if recipients:
        mail["To"] = recipients
    mail["X-Unsent"] = "1"  # mail programs open it for editing
    pieces = list(_pieces(tell, report.notebook(stems[0])))
    notes = []
    if lang == "zh" and not has_chinese_font():
        pieces, note = _without_chinese(report, pieces)
        notes.append(note)
    head = next(re.findall(r"^# (.+)$", p, re.M)[0] for p in pieces if isinstance(p, str))
    mail["Subject"] = subject(tell, report.found, markup.shown(head))
    run = report.found["run"]
    made = datetime.fromisoformat(run["started"]).date()
    dated = tell("mail-dated", newest=run["newest"] or tell("workbook-unknown"), day=made)
    text, body, pictures = _body(tell, [*pieces, sentences(tell, dated, tell("site-caution"))])
    mail.set_content(text)
    mail.add_alternative(body, subtype="html")
    shown: Any = mail.get_payload()
    for number, data in enumerate(pictures, start=1):
        shown[1].add_related(data, "image", "png", cid=f"<{_name(number)}>")
    for stem in stems:
        _attach(mail, tell, report, stem, pdf)
    return mail, notes


def subject(tell: Language, found: dict[str, Any], title: str) -> str:
    """Return the subject of a mail: of what, how many targets by verdict, and when."""
    low, high = SCALE["unlikely"], SCALE["about-even"]
    counts: Counter[str] = Counter()
    for entry in found["targets"]:
        p = entry["probability"]
        if p is None:
            counts["none"] += 1
            continue
        end = SCALE[verdict(p, entry["probability_floor"])[0]]
        counts["unlikely" if end <= low else "even" if end <= high else "likely"] += 1
    told = tell(
        "mail-subject",
        title=title,
        **{name: counts[name] for name in ("likely", "even", "unlikely", "none")},
        day=datetime.fromisoformat(found["run"]["started"]).date(),
    )
    return " ".join(told.split())  # a name of the data cannot begin a header of its own


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text.strip())
    except (ValueError, IndexError, MessageError) as error:
        raise UserError(f"{text!r} is no address; expected one such as name@example.org") from error


# The text -----------------------------------------------------------------------------------------


def _pieces(tell: Language, nb: Any) -> Iterator[str | dict[str, Any]]:
    """Yield what the cells for a mail show: Markdown, tables (HTML) and charts (specifications)."""
    for cell in nb.cells:
        if "mail" not in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if charts.MIME in data:
                yield dict(data[charts.MIME])
            elif "text/markdown" in data:
                yield str(data["text/markdown"])
            elif "text/html" in data:
                yield str(data["text/html"])


def has_chinese_font() -> bool:
    """Whether pictures can show Chinese; for certain only where fontconfig lists the fonts."""
    if sys.platform in ("win32", "darwin"):
        return True
    try:
        found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return True
    return bool(found.stdout.strip())


def _without_chinese(report: ReportSet, pieces: list[Any]) -> tuple[list[Any], str]:
    """Take the charts of the English edition; where there is none, leave them out."""
    if "en" not in report.langs:
        left = [piece for piece in pieces if isinstance(piece, str)]
        return left, "no Chinese font on this machine: the mail has no charts"
    english = _pieces(language("en"), report.notebook(report.stem(BRIEFING, "en")))
    drawn = [piece for piece in english if not isinstance(piece, str)]
    told = "no Chinese font on this machine: the charts of the mail are labelled in English"
    return [p if isinstance(p, str) else drawn.pop(0) for p in pieces], told


def _name(number: int) -> str:
    return f"chart-{number}@forecast"


def _body(tell: Language, pieces: Sequence[Any]) -> tuple[str, str, list[bytes]]:
    """Return the text, the HTML, and the pictures of a mail in their order."""
    texts, parts, pictures = [], [], []
    for piece in pieces:
        if not isinstance(piece, str):
            data, caption = _picture(piece)
            label = str(piece.get("description", "")) or tell("site-chart")
            pictures.append(data)
            width, height = (round(n / SCALING) for n in struct.unpack(">II", data[16:24]))
            texts.append(f"[{caption}: {label}]" if caption else f"[{label}]")
            parts.append(
                (f"<p><b>{escape(caption)}</b></p>" if caption else "")
                + f'<img src="cid:{_name(len(pictures))}" alt="{escape(label)}"'
                f' width="{width}" height="{height}">'
            )
        elif piece.lstrip().startswith("<"):
            texts.append(_table_text(tell, piece))
            parts.append(piece)
        else:
            texts.append(markup.shown(piece, addresses=True))
            parts.append(_markdown(markup.joined(piece)))
    return "\n\n".join(texts) + "\n", _dressed(tell, "".join(parts)), pictures


def _picture(spec: dict[str, Any]) -> tuple[bytes, str]:
    """Return a chart as PNG, and its title, which stands above it as text."""
    drawn = {name: value for name, value in spec.items() if name not in ("usermeta", "title")}
    title = spec.get("title", "")
    caption = title.get("text", "") if isinstance(title, dict) else title
    drawn["width"] = WIDTH
    data: bytes = figures.converted(drawn, "png", scale=SCALING)
    return data, caption if isinstance(caption, str) else " ".join(caption)


def _markdown(text: str) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return str(
        MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(
            text
        )
    )


def _table_text(tell: Language, html: str) -> str:
    """Return a table as lines: a head in front of each cell."""
    table = parsed(html)
    heads = list(map(text_of, table.xpath(".//thead//th")))
    lines = []
    for row in table.xpath(".//tbody//tr"):
        first, *rest = map(text_of, row.xpath(".//td | .//th"))
        told = [
            f"  {tell('mail-cell', head=head, cell=cell)}"
            for head, cell in zip(heads[1:], rest, strict=False)
            if cell
        ]
        lines.append("\n".join([f"- {first}", *told]))
    return "\n".join(lines)


def _dressed(tell: Language, body: str) -> str:
    """Return the whole HTML: a column of one width, styles at the elements, no dead links."""
    content = parsed(body)
    for link in content.xpath(".//a"):
        if not link.get("href", "").startswith(("http://", "https://")):
            link.drop_tag()  # a page of the set is not in the mail
    for tag in content.iterdescendants("*"):
        kept = ("href", "src", "alt", "width", "height", "colspan", "rowspan")
        for name in set(tag.attrib) - set(kept):
            del tag.attrib[name]
        if tag.tag in STYLES:
            tag.set("style", STYLES[tag.tag])
    layout = 'role="presentation" border="0" cellpadding="0" cellspacing="0"'
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGES[tell.lang]}"><head><meta charset="utf-8"></head>'
        f'<body style="margin:0;background:#ffffff"><table {layout} width="100%"><tr><td>'
        f'<table {layout} width="{WIDTH}" align="center" style="width:{WIDTH}px"><tr>'
        f'<td style="padding:16px 8px">{inner(content)}</td></tr></table></td></tr></table>'
        "</body></html>"
    )


# The attachments ----------------------------------------------------------------------------------


def _attach(mail: EmailMessage, tell: Language, report: ReportSet, stem: str, pdf: bool) -> None:
    """Attach a page as one file that opens anywhere, and perhaps as PDF."""
    page = export.to_html(report.notebook(stem), title=_title(report.page(stem)), lang=tell.lang)
    name = Path(stem).name
    mail.add_attachment(page, subtype="html", filename=f"{name}.html")
    if pdf:
        with TemporaryDirectory(prefix="forecast-mail-") as folder:
            data = printed(report.page(stem), Path(folder) / f"{name}.pdf").read_bytes()
        mail.add_attachment(data, maintype="application", subtype="pdf", filename=f"{name}.pdf")


def _title(page: Path) -> str:
    found = re.search(r"<title>(.*?)</title>", page.read_text("utf-8"), re.DOTALL)
    return unescape(found[1]) if found else page.stem
