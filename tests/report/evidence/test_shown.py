"""What is gathered for the page of a series is all that the page needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

import forecast
from forecast.report import show
from forecast.report.pages import shared
from forecast.report.pages.evidence import shown
from forecast.report.pages.pictures import history as picture
from forecast.resources import NOTEBOOKS
from forecast.study import Study
from tests.conftest import PLAN

pytestmark = pytest.mark.slow

NOTEBOOK = NOTEBOOKS / "20_data.ipynb"


def told(found: shown.Shown, lang: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run the cells of the notebook; return its text and tables."""
    nb: Any = nbformat.read(NOTEBOOK, as_version=4)
    parts: list[str] = []

    def table(frame: Any, *_: Any, **__: Any) -> None:
        parts.append(str(frame.to_dict("split")))

    monkeypatch.setattr(forecast, "open_study", lambda *_: None)
    monkeypatch.setattr(shown, "of_series", lambda *_: found)
    monkeypatch.setattr(show, "say", lambda *texts: parts.extend(texts))
    monkeypatch.setattr(show, "table", table)
    monkeypatch.setattr(picture, "chart", lambda *_: None)
    names: dict[str, Any] = {}
    for cell in nb.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
            names |= {"lang": lang, "region": found.region, "indicator": found.indicator}
    monkeypatch.undo()
    return parts


def test_page_is_as_from_all_the_evidence(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources of sums and of exchange rates, publishers of sites, and whatever else is led to."""
    pages = shared.series_with_pages(study, PLAN)
    assert len(pages) > 20
    for number, key in enumerate(pages):
        alone, lang = shown.of_series(study, *key), ("en", "zh")[number % 2]
        assert len(alone.evidence.observations) < len(study.evidence.observations) / 2
        whole = replace(alone, evidence=study.evidence)
        assert told(alone, lang, monkeypatch) == told(whole, lang, monkeypatch), key


def test_digests_are_those_of_the_content(study: Study) -> None:
    again = Study(study.evidence, study.options)
    for key in shared.series_with_pages(study, PLAN)[:5]:
        assert shown.of_series(study, *key).digests == shown.of_series(again, *key).digests


def test_notebook_that_opens_more_is_known(tmp_path: Path) -> None:
    assert shown.shows_series_alone(NOTEBOOK)
    assert not shown.shows_series_alone(NOTEBOOKS / "10_target.ipynb")
    text = NOTEBOOK.read_text("utf-8")
    other = tmp_path / "other.ipynb"
    more = '"found = ' + shown.OPENED + '\\n",'
    assert more in text
    other.write_text(text.replace(more, more + '"whole = forecast.open_study(data)\\n",'), "utf-8")
    assert not shown.shows_series_alone(other)
