"""The remarks of the data in Chinese say what the English ones say, figure by figure."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from forecast.evidence.loading import load

ROWS = load(Path(__file__).parents[2] / "data").observations[["note", "note_zh"]]
NOTES = ROWS[ROWS["note"] != ""].drop_duplicates()

SCALES = {"万亿": 12, "trillion": 12, "billion": 9, "亿": 8, "million": 6, "万": 4}
FIGURE = re.compile(rf"(\d+(?:\.\d+)?)(?:\s?({'|'.join(SCALES)}))?")
MONTHS = {f"{calendar.month_name[month]}": f"{month}" for month in range(1, 13)}


def figures(note: str) -> Counter[Decimal]:
    """Return the numbers of a note: 5.1 billion and 51亿 are one, and so are May and 5月."""
    note = re.sub(r"(?<=\d),(?=\d{3})", "", note)
    note = re.sub("|".join(MONTHS), lambda found: f" {MONTHS[found[0]]} ", note)
    return Counter(Decimal(n).scaleb(SCALES.get(of, 0)) for n, of in FIGURE.findall(note))


@pytest.mark.parametrize(
    ("note", "same", "other"),
    [
        ("over 51.5 billion RMB", "超过515亿元", "超过51.5亿元"),
        (
            "census of 1 November 2020; 7,050,683 persons",
            "2020年11月1日；7050683人",
            "2020年1月1日",
        ),
        ("G1301, 1.98 trillion", "G1301次，1.98万亿元", "G1301次，1.98亿元"),
    ],
)
def test_figures_of_both_languages(note: str, same: str, other: str) -> None:
    assert figures(note) == figures(same) != figures(other)


def test_every_note_has_a_chinese_one_with_the_same_figures() -> None:
    assert NOTES["note"].is_unique
    assert len(NOTES)
    for note, chinese in NOTES.itertuples(index=False):
        assert re.search("[\u4e00-\u9fff]", chinese), note
        assert figures(note) == figures(chinese), (note, chinese)


def test_chinese_notes_are_set_as_chinese() -> None:
    for chinese in NOTES["note_zh"]:
        assert not re.search(r"[,;()] |[\u4e00-\u9fff] | [\u4e00-\u9fff]|\d %|[,;]", chinese), (
            chinese
        )
