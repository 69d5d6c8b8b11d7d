"""Pages on paper: the system's Chromium prints a page of a set as tagged PDF, with bookmarks.

The style of the pages says what paper looks like, with header and page numbers, so that printing
by hand in a browser gives the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.evidence.problems import RunError

if TYPE_CHECKING:
    from pypdf import PdfWriter

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("chrome", "msedge", "microsoft-edge"),
)
OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    "--disable-background-networking",
    *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"),
)

# Fonts show some characters by the sign of the radical, and the PDF would say that the radical is
# meant: nobody who looks for 增长 finds it then. NFKC knows most of them, these are the others.
_RADICALS = dict(
    re.findall(
        "(.)(.)",
        "⼾户⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门"
        "⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟",
    )
)


class PdfError(RunError):
    """A page could not be printed; says what to do."""


def browser() -> str:
    """Return the path of a Chromium on this machine.

    Raises
    ------
    PdfError
        If there is none, naming what to install.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise PdfError(
            "no PDF without a browser that prints it; expected Chromium, Google Chrome or"
            " Microsoft Edge in PATH (Debian, Ubuntu: apt install chromium)"
        )
    return found


def printed(page: Path, target: Path, timeout: float = 180.0) -> Path:
    """Print a page as PDF and return `target`.

    Parameters
    ----------
    page : Path
        HTML.
    target : Path
    timeout : float
        Seconds that the browser may take.

    Raises
    ------
    PdfError
        If there is no browser, or it does not do it.
    """
    from pypdf import PdfWriter

    command = [browser(), *OPTIONS]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        command.append("--no-sandbox")  # Chromium has none for root
    with tempfile.TemporaryDirectory(prefix="forecast-pdf-", ignore_cleanup_errors=True) as folder:
        raw = Path(folder) / "page.pdf"
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={raw}"]
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()],
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PdfError(f"{page.name} was not printed within {timeout:g} s") from None
        except OSError as error:
            raise PdfError(f"{command[0]} cannot be started: {error.strerror}") from None
        if not raw.is_file():
            told = done.stderr.decode(errors="replace").strip().splitlines()
            reason = f": {told[-1]}" if told else ""
            raise PdfError(f"{page.name} was not printed, status {done.returncode}{reason}")
        pdf = PdfWriter(clone_from=raw)
    _mend_text(pdf)
    _drop_local_links(pdf)
    title = pdf.metadata.title if pdf.metadata else ""
    pdf.metadata = {"/Title": title or "", "/Creator": "forecast"}
    target.parent.mkdir(parents=True, exist_ok=True)
    pdf.write(target)
    return target


def _mend_text(pdf: PdfWriter) -> None:
    """Say which characters the signs of a font stand for, where it says radicals."""
    from pypdf.generic import NameObject, StreamObject

    for reference in list(pdf._objects):
        found = reference.get_object() if reference is not None else None
        if not isinstance(found, dict) or "/ToUnicode" not in found:
            continue
        table: Any = found["/ToUnicode"].get_object()
        stream = StreamObject()
        stream.set_data(mended(table.get_data().decode("latin-1")).encode("latin-1"))
        found[NameObject("/ToUnicode")] = pdf._add_object(stream.flate_encode())


def mended(table: str) -> str:
    """Return a table from signs to characters with the characters that the radicals stand for.

    Examples
    --------
    >>> mended("<0A> <2ED3>")
    '<0A> <957F>'
    >>> mended("<0001> <0002> <2FA5>")
    '<0001> <0002> [<91CC> <91D1>]'
    """
    alone = re.compile(r"(?m)^(<\w+>) (<\w{4}>)$")
    table = alone.sub(lambda m: f"{m[1]} <{_character(int(m[2][1:-1], 16)):04X}>", table)

    def run(m: re.Match[str]) -> str:
        first, last, start = (int(text, 16) for text in m.groups())
        codes = range(start, start + last - first + 1)
        meant = [_character(code) for code in codes]
        if meant == list(codes):
            return m[0]
        return f"<{m[1]}> <{m[2]}> [{' '.join(f'<{code:04X}>' for code in meant)}]"

    return re.sub(r"(?m)^<(\w+)> <(\w+)> <(\w{4})>$", run, table)


def _character(code: int) -> int:
    sign = chr(code)
    if not 0x2E80 <= code < 0x2FE0:
        return code
    return ord(_RADICALS.get(sign) or unicodedata.normalize("NFKC", sign))


def _drop_local_links(pdf: PdfWriter) -> None:
    """Remove links to files: they name folders of this machine and lead nowhere on another."""
    from pypdf.generic import ArrayObject, NameObject

    for page in pdf.pages:
        links = [note for note in page.get("/Annots", ()) if not _is_local(note.get_object())]
        page[NameObject("/Annots")] = ArrayObject(links)


def _is_local(note: Any) -> bool:
    action = note.get("/A")
    return action is not None and str(action.get_object().get("/URI", "")).startswith("file:")
