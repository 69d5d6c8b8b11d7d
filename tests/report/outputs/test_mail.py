"""A mail on a small set, read back as a mail program reads it."""

from __future__ import annotations

import email
import json
import re
import struct
import subprocess
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import altair as alt
import pandas as pd
import pytest
from lxml.html import document_fromstring
from nbformat import v4, writes

from forecast.cli.main import main
from forecast.evidence.problems import UserError
from forecast.report import charts
from forecast.report.outputs import mail
from forecast.report.outputs.sets import ReportSet, open_set

WORDS = {
    "en": (
        "# Plan to 2027: briefing",
        "**GDP** and R&amp;D are unlikely: see [the page](gdp.html).",
        "Target",
    ),
    "zh": ("# 2027年规划：决策简报", "**地区生产总值**难以实现，见[页面](gdp.html)。", "目标"),
}


def notebook(lang: str) -> str:
    """Return an executed notebook with text, a table and a chart for the mail, and one cell not."""
    head, told, column = WORDS[lang]
    chart = charts.finish(
        alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_point().encode(x="x:Q"),
        "GDP",
        "Two dots",
        90,
        name="dots",
        caption="",
        figures=pd.DataFrame({"x": ["1", "2"]}),
    )
    page = (
        f'<table class="dataframe"><thead><tr><th>{column}</th><th>%</th></tr></thead>'
        '<tbody><tr><td><a href="gdp.html">GDP</a></td><td>&lt; 3</td></tr></tbody></table>'
    )
    outputs = [
        {"text/markdown": f"{head}\n\n{told} [Source](https://example.org/a)"},
        {"text/html": page},
        charts.mimebundle(chart.to_dict(), lang),
    ]
    cells = [
        v4.new_code_cell(
            "say()", metadata={"tags": ["mail"]}, outputs=[v4.new_output("display_data", data)]
        )
        for data in outputs
    ]
    alone = v4.new_output("display_data", {"text/markdown": "Only on the page"})
    cells.append(v4.new_code_cell("say()", outputs=[alone]))
    return str(writes(v4.new_notebook(cells=cells)))


@pytest.fixture
def report(tmp_path: Path) -> ReportSet:
    chances = (0.03, 0.5, 0.9, 0.95, None)
    targets = [{"probability": p, "probability_floor": 0.03} for p in chances]
    found = {"run": {"started": "2026-11-26T08:00:00Z", "newest": "2026-04-16"}, "targets": targets}
    folder = tmp_path / "reports" / "latest"
    for lang, stem in (("en", "briefing"), ("en", "gdp"), ("zh", "zh/briefing"), ("zh", "zh/gdp")):
        (folder / stem).parent.mkdir(parents=True, exist_ok=True)
        with ZipFile(folder / "notebooks.zip", "a") as kept:
            kept.writestr(f"notebooks/{stem}.ipynb", notebook(lang))
        (folder / f"{stem}.html").write_text(f"<title>{stem} &amp; more</title><p>Page", "utf-8")
    (folder / "results.json").write_text(json.dumps(found), "utf-8")
    (folder / "manifest.json").write_text('{"request": {"langs": ["en", "zh"]}}', "utf-8")
    return open_set(tmp_path / "reports")


def read(made: EmailMessage) -> Any:
    return email.message_from_bytes(made.as_bytes(), policy=SMTP)


def test_subject_counts_the_verdicts_and_is_dated(report: ReportSet) -> None:
    made, _ = mail.message(report)
    assert read(made)["Subject"] == (
        "Plan to 2027: briefing: 2 likely, 1 about even, 1 unlikely, 1 without a probability"
        " (26 November 2026)"
    )
    chinese, _ = mail.message(report, "zh")
    assert read(chinese)["Subject"].startswith("2027年规划：决策简报：实现可能性较大2项")


def test_text_and_html_say_the_same_without_dead_links(report: ReportSet) -> None:
    found = read(mail.message(report, to=["a@example.org", "b@example.org"])[0])
    assert [a.addr_spec for a in found["To"].addresses] == ["a@example.org", "b@example.org"]
    assert found["X-Unsent"] == "1"
    text = found.get_body(("plain",)).get_content()
    assert "GDP and R&D are unlikely: see the page. Source (https://example.org/a)" in text
    assert "- GDP\n  %: < 3" in text.replace("\r", "")
    assert "[GDP: Two dots]" in text
    assert "Evidence to 2026-04-16; made on 26 November 2026." in text
    body: Any = document_fromstring(found.get_body(("html",)).get_content())
    assert body.find(".//h1").text_content() == "Plan to 2027: briefing"
    assert "GDP and R&D are unlikely" in body.find(".//p").text_content()
    assert body.xpath("//a/@href") == ["https://example.org/a"]
    assert "Only on the page" not in text + body.text_content()
    for tag in body.xpath("//th | //p | //h1"):
        assert "style" in tag.attrib
    assert not body.xpath("//svg | //script | //style | //figure")


def test_every_picture_is_in_the_mail_with_its_size_and_description(report: ReportSet) -> None:
    found = read(mail.message(report)[0])
    pictures = {p["Content-ID"]: p for p in found.walk() if p.get_content_type() == "image/png"}
    body: Any = document_fromstring(found.get_body(("html",)).get_content())
    (image,) = body.xpath("//img")
    data = pictures[f"<{image.get('src').removeprefix('cid:')}>"].get_content()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * int(image.get("width")), 2 * int(image.get("height")))
    assert image.get("alt") == "Two dots"
    assert len(pictures) == 1


def test_pages_are_attached_as_files_of_their_own(report: ReportSet) -> None:
    found = read(mail.message(report, "zh", pages=["gdp"])[0])
    attached = {part.get_filename(): part.get_content() for part in found.iter_attachments()}
    assert list(attached) == ["briefing.html", "gdp.html"]
    page = attached["gdp.html"]
    assert "<title>zh/gdp &amp; more</title>" in page
    assert '<html lang="zh-CN"' in page
    assert not re.search(r'<script[^>]+src="', page)


def test_pages_are_printed_where_asked(report: ReportSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(page: Path, target: Path) -> Path:
        target.write_bytes(b"%PDF of " + page.name.encode())
        return target

    monkeypatch.setattr(mail, "printed", printed)
    found = read(mail.message(report, pdf=True)[0])
    (part,) = (p for p in found.walk() if p.get_content_type() == "application/pdf")
    assert (part.get_filename(), part.get_content()) == ("briefing.pdf", b"%PDF of briefing.html")


def test_machine_without_chinese_fonts_draws_the_english_charts(
    report: ReportSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = subprocess.CompletedProcess([], 0, stdout=b"\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: none)
    assert not mail.has_chinese_font()
    made, (note,) = mail.message(report, "zh")
    assert note.startswith("no Chinese font on this machine")
    assert "image/png" in {part.get_content_type() for part in made.walk()}
    alone = ReportSet(report.folder / "zh", report.found, ("zh",))
    with ZipFile(alone.folder / "notebooks.zip", "w") as kept:
        kept.writestr("notebooks/briefing.ipynb", notebook("zh"))
    made, (note,) = mail.message(alone, "zh")
    assert note.endswith("the mail has no charts")
    assert "image/png" not in {part.get_content_type() for part in made.walk()}


@pytest.mark.parametrize(
    "address", ["nobody", "a@b.org\nBcc: c@d.org", "a@b.org, c@d.org", "", "@b.org"]
)
def test_what_is_no_address_is_refused(report: ReportSet, address: str) -> None:
    with pytest.raises(UserError, match="is no address; expected one such as"):
        mail.message(report, to=[address])


def test_name_of_the_data_adds_no_header(report: ReportSet) -> None:
    told = mail.subject(mail.language("en"), report.found, "Plan\r\nBcc: c@d.org")
    assert told.startswith("Plan Bcc: c@d.org: 2 likely")


def test_command_writes_a_file_and_sends_nothing(
    report: ReportSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports, file = str(report.folder.parent), tmp_path / "a.eml"
    assert main(["mail", "--reports", reports, "--to", "a@b.org", "--out", str(file)]) == 0
    assert "Nothing was sent." in capsys.readouterr().out
    assert email.message_from_bytes(file.read_bytes(), policy=SMTP)["To"] == "a@b.org"
    for wrong in (["--set", "none"], ["--lang", "fr"], ["nopage"], ["../../etc/passwd"]):
        assert main(["mail", "--reports", reports, "--out", str(tmp_path / "b.eml"), *wrong]) == 2
    assert "expected" in capsys.readouterr().err
    assert not (tmp_path / "b.eml").exists()
