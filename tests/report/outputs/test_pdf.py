"""Pages printed by a real Chromium, read back."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from forecast.report.outputs import pdf

PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>金华市 GDP</title>
<style>@page { size: A4; @bottom-right { content: counter(page) } }</style></head><body>
<h1>金华市地区生产总值</h1><p>年均增长13.9%，<a href="gdp.html">门户</a>网页
<a href="https://example.org/a">来源</a></p><h2>数据来源</h2>
<div style="height: 1500px"></div><h2>最后</h2></body></html>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = tmp_path_factory.mktemp("a folder")
    (folder / "页.html").write_text(PAGE, "utf-8")
    return PdfReader(pdf.printed(folder / "页.html", folder / "zh" / "页.pdf"))


def test_paper_is_a4_with_page_numbers(made: PdfReader) -> None:
    assert len(made.pages) == 2
    for number, page in enumerate(made.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert str(number) in page.extract_text().split()


def test_it_is_tagged_and_has_bookmarks(made: PdfReader) -> None:
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert "/StructTreeRoot" in root
    head, below = made.outline
    assert head.title == "金华市地区生产总值"
    assert [entry.title for entry in below] == ["数据来源", "最后"]
    assert made.metadata is not None
    assert made.metadata.title == "金华市 GDP"


def test_chinese_text_is_found_as_written(made: PdfReader) -> None:
    """Fonts draw 金, 长 and 门 by the signs of their radicals."""
    text = made.pages[0].extract_text()
    for words in ("金华市地区生产总值", "年均增长13.9%", "门户", "网页", "来源"):
        assert words in text
    assert not [s for s in text if "RADICAL" in unicodedata.name(s, "")]


def test_no_link_names_a_folder_of_this_machine(made: PdfReader) -> None:
    notes = [note.get_object() for page in made.pages for note in page.get("/Annots", ())]
    assert [note["/A"]["/URI"] for note in notes] == ["https://example.org/a"]


def test_machine_without_a_browser_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pdf.PdfError, match=r"Chromium, Google Chrome or Microsoft Edge in PATH"):
        pdf.printed(tmp_path / "page.html", tmp_path / "page.pdf")


def test_browser_that_fails_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho no display >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setattr(pdf, "browser", lambda: str(fake))
    with pytest.raises(pdf.PdfError, match=r"page.html was not printed, status 3: no display"):
        pdf.printed(tmp_path / "page.html", tmp_path / "page.pdf")
