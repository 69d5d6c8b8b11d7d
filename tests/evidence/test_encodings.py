from __future__ import annotations

import pytest

from forecast.evidence.files.delimited import delimited
from forecast.evidence.files.encodings import UndecodableError, decoded, text_of
from forecast.evidence.problems import DataError

NAMES = {
    "GB18030": (
        "gb18030",
        "金华 杭州 北京 衢州 邯郸 亳州 鄠邑区 GDP增长 济南（市区） 广西壮族自治区",
    ),
    "Shift-JIS": ("cp932", "東京 大阪 北海道 さいたま 名古屋 東京ドーム"),
    "Windows-1252": (
        "cp1252",
        "Québec München Málaga Besançon Nîmes créée Île-de-France Côte_d’Ivoire Åland Øst naïve",
    ),
    "Windows-1251": ("cp1251", "Москва Санкт-Петербург Тверь область"),
}
CASES = [(n, codec, name) for n, (codec, names) in NAMES.items() for name in names.split()]


def table(name: str) -> str:
    return f"series_id,year,value\n{name.replace('_', ' ')},2010,1.5\n"


@pytest.mark.parametrize(("encoding", "codec", "name"), CASES)
def test_one_name_is_enough(encoding: str, codec: str, name: str) -> None:
    assert decoded(table(name).encode(codec)) == (table(name), encoding)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_as_it_is(codec: str) -> None:
    text = table("金华 Québec")
    assert decoded(text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp1251", "МОСКВА"),  # as good in Chinese characters
        ("gb18030", "温州"),  # as good in Cyrillic capitals
        ("cp1252", "ÅÄÖ"),
        ("cp1250", "Łódź"),
        ("big5", "臺北 臺中"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_what_was_tried(codec: str, name: str) -> None:
    with pytest.raises(UndecodableError) as refused:
        decoded(table(name).encode(codec))
    tried = dict(refused.value.readings)
    assert list(tried) == ["UTF-8", "GB18030", "Shift-JIS", "Windows-1252", "Windows-1251"]
    if codec == "gb18030":
        assert tried["GB18030"] == "温州,2010,1.5"
        assert tried["Windows-1251"] == "ОВЦЭ,2010,1.5"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            table("МОСКВА").encode("cp1251"),
            "not in UTF-8, and which of GB18030, Shift-JIS, Windows-1252 and Windows-1251 cannot "
            "be told; expected",
        ),
        (
            table("金华 东阳 义乌 永康 兰溪").encode().replace(b"\x8e", b""),
            "not in UTF-8; expected",
        ),
    ],
)
def test_a_table_that_is_refused_says_in_one_sentence_how_to_save_it(
    data: bytes, said: str
) -> None:
    with pytest.raises(DataError) as refused:
        text_of(data, "targets.csv")
    text = str(refused.value)
    assert f"targets.csv row 2: {said}" in text
    assert text.endswith(
        "expected text in UTF-8: open it in a spreadsheet or an editor, save it as 'CSV UTF-8'"
    )
    assert "reads '" not in text


def test_a_file_in_utf_16_without_foreign_characters_names_no_cell() -> None:
    (notice,) = delimited("a,b\n1,2\n".encode("utf-16"), "p.csv").notices
    assert notice == "p.csv was read as UTF-16"


def test_one_broken_character_does_not_turn_the_file_into_nonsense() -> None:
    data = table("金华 东阳 义乌 永康 兰溪 浦江").encode().replace("华".encode(), b"\xe5\x8d")
    with pytest.raises(UndecodableError) as refused:
        decoded(data)
    assert refused.value.position == data.index(b"\xe5\x8d ")


@pytest.mark.parametrize("name", ["²", "α", "滁", "温州", "ж"])
def test_the_usual_code_page_is_taken_unless_another_looks_better(name: str) -> None:
    data = table(name).encode("gb18030")
    assert decoded(data, "GB18030") == (table(name), "GB18030")
    assert decoded(table("Málaga").encode("cp1252"), "GB18030").encoding == "Windows-1252"
