from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecast.cli.main import main
from forecast.evidence.loading import load
from forecast.evidence.problems import DataError, UserError
from forecast.scenarios.files import inspect, load_scenarios
from forecast.scenarios.spec import Scenario, Statement
from tests.builders import build

ROOT = Path(__file__).parents[2]
SOUND = """
name = "Shock"
story = "Exports fall."

[[statement]]
region = "jinhua"
indicator = "exports"
measure = "growth"
year = 2027
value = -10
unit = "%"
reason = "assumption"
source = "customs"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = build(tmp_path / "data")
    (data / "scenarios").mkdir()
    return data


def problems(folder: Path, text: str) -> list[str]:
    (folder / "scenarios" / "shock.toml").write_text(text, "utf-8")
    evidence = load(folder)
    tables = {name: getattr(evidence, name) for name in ("regions", "indicators", "sources")}
    return [str(problem) for problem in inspect(folder, tables)[1]]


def test_sound_file_is_read(folder: Path) -> None:
    assert problems(folder, SOUND) == []
    found = load_scenarios(load(folder))
    assert list(found) == ["baseline", "shock"]  # the baseline is there without a file
    (statement,) = found["shock"].statements
    assert statement == Statement(
        "jinhua/exports", "growth", -10, 2027, reason="assumption", source="customs"
    )
    assert found["shock"].digest
    assert found["shock"].channel == ""


def test_channel_is_read(folder: Path) -> None:
    named = 'channel = "Fewer orders."\nchannel_zh = "订单\\n减少。"\n' + SOUND
    assert problems(folder, named) == []
    shock = load_scenarios(load(folder))["shock"]
    assert (shock.channel, shock.channel_zh) == ("Fewer orders.", "订单减少。")


def test_fiscal_years_go_by_their_names(folder: Path) -> None:
    named = SOUND.replace("year = 2027", 'year = "2026/27"')
    (told,) = problems(folder, named)
    assert 'expected a year, such as 2027, or "2026/27" where years do not begin in January' in told
    evidence = load(folder)
    tables = {name: getattr(evidence, name) for name in ("indicators", "sources")}
    tables["regions"] = evidence.regions.assign(year_starts=7.0)
    found, wrong = inspect(folder, tables)
    assert (found["shock"].statements[0].years, wrong) == (2027, [])


def test_chinese_texts_keep_the_blanks_of_latin_names(folder: Path) -> None:
    story = 'story_zh = """Net exports\n下降。"""'
    assert problems(folder, SOUND.replace('story = "', f'{story}\nstory = "')) == []
    found = load_scenarios(load(folder))
    assert found["shock"].story_zh == "Net exports下降。"
    assert found["baseline"].name_zh == "基准情景"


def test_a_level_may_be_in_another_unit_of_its_dimension(folder: Path) -> None:
    text = (
        SOUND.replace('"growth"', '"level"').replace("-10", "300").replace('"%"', '"billion CNY"')
    )
    assert problems(folder, text.replace("reason", "sd = 20\nreason")) == []
    (statement,) = load_scenarios(load(folder))["shock"].statements
    assert (statement.value, statement.sd) == (3000, 200)  # 亿元


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "Shock"', "", "data/scenarios/shock.toml, key name: expected a text"),
        ("value = -10", 'value = "-10"',
         "data/scenarios/shock.toml line 10, key value: '-10' - expected a number without quotes"),
        ("value = -10", "", "line 5, key value: expected a line value = ..."),
        ("value = -10", "value = -120", "line 10, key value: '-120' - expected growth above"),
        ('"jinhua"', '"jinhau"', "(meant 'jinhua'?)"),
        ('"exports"', '"export"', "(meant 'exports'?)"),
        ('"growth"', '"grow"', "(meant 'growth'?)"),
        ('"customs"', '"custom"', "a key of sources.csv (meant 'customs'?)"),
        ('unit = "%"', 'unit = "亿元"', "line 11, key unit: '亿元' - expected %"),
        ("year = 2027", "years = [2028, 2027]", "expected the first year before the last"),
        ("year = 2027", "years = 2027", "expected the first and the last year"),
        ("year = 2027", "", "expected either year = 2027 or years = [2026, 2027]"),
        ("year = 2027", "year = 2027\nspread = 1", "key spread: '1' - expected one of"),
        ("year = 2027", "year = 2027\nsd = -1", "key sd: '-1' - expected 0 or more"),
        ("year = 2027", 'year = 2027\nbound = "lower"\nsd = 1', "neither sd nor relative"),
        ("year = 2027", "year = 2027\nprobability = 0.5", "expected a bound that it is"),
        ("year = 2027", 'year = 2027\nrelative = "percent"', "percent for levels only"),
        ("year = 2027", 'year = 2027\nof = "gdp"', "with measure share only"),
        ('"growth"', '"real_growth"', "real_growth of gdp only"),
        ("[[statement]]", "[statement]", "expected tables that begin with [[statement]]"),
        ("[[statement]]", "[[statement]", "expected TOML"),
    ],
)  # fmt: skip
def test_one_thing_wrong_one_message(folder: Path, old: str, new: str, expected: str) -> None:
    found = problems(folder, SOUND.replace(old, new, 1))
    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name = "A"\nstory = "B"\nstatement = [1]', "tables that begin with [[statement]]"),
        ("a = " + "[" * 4000, "TOML (too deep)"),
        ("a = " + "9" * 5000, "TOML (Exceeds the limit"),
        ('name = "A \\u001b[31m"', "expected texts without control characters"),
        ('name = "A \\u009b31m"', "expected texts without control characters"),
        ('name = "A \\u202e"', "expected texts without control characters"),
    ],
)
def test_file_of_another_form_is_one_message(folder: Path, text: str, expected: str) -> None:
    (told,) = problems(folder, text)
    assert expected in told


def test_scenarios_have_names_that_tell_them_apart(folder: Path) -> None:
    """One column of a table, or mark of a chart, would take the place of another."""
    (folder / "scenarios" / "copy.toml").write_text(SOUND.replace("-10", "-20"), "utf-8")
    (told,) = problems(folder, SOUND)
    assert told == (
        "data/scenarios/shock.toml, key name: 'Shock' - expected a name of its own, not that of"
        " copy"
    )
    (folder / "scenarios" / "copy.toml").unlink()
    (told,) = problems(folder, SOUND.replace("Shock", "Baseline"))
    assert told.endswith("not that of baseline")


@pytest.mark.skipif(os.name != "posix", reason="names of files are text")
@pytest.mark.parametrize("name", [b"a\x1b[31m.toml", b"a\nb.toml", b"\xb2\xdd.toml"])
def test_file_name_that_cannot_be_shown_is_refused(folder: Path, name: bytes) -> None:
    """A name in another encoding than the system's ended a run when it was written."""
    (folder / "scenarios" / os.fsdecode(name)).write_text(SOUND.replace("Shock", "Other"), "utf-8")
    (told,) = problems(folder, SOUND)
    assert told.isprintable()
    assert "expected a file name without control characters" in told


def test_every_word_of_a_statement_that_is_unknown_is_named(folder: Path) -> None:
    text = SOUND.replace('"growth"', '"grow"').replace('"exports"', '"export"')
    found = "\n".join(problems(folder, text))
    assert "(meant 'growth'?)" in found
    assert "(meant 'exports'?)" in found


def test_chinese_texts_are_optional(folder: Path) -> None:
    texts = 'name_zh = "冲击"\nstory_zh = """\n出口\n下降。"""\n'
    chinese = SOUND.replace("story =", f"{texts}story =")
    chinese += 'reason_zh = "假设"\n'
    assert problems(folder, chinese) == []
    found = load_scenarios(load(folder))["shock"]
    assert (found.name_zh, found.story_zh) == ("冲击", "出口下降。")
    assert found.statements[0].reason_zh == "假设"
    (wrong,) = problems(folder, chinese.replace('"假设"', '" "'))
    assert "line 18, key reason_zh: ' ' - expected a text" in wrong
    (wrong,) = problems(folder, chinese.replace("name_zh", "name_cn"))
    assert "key name_cn: '冲击' - expected one of name, name_zh, story" in wrong


def test_share_of_a_series_of_another_region(folder: Path) -> None:
    share = SOUND.replace('"growth"', '"share"').replace("-10", "4")
    assert problems(folder, share + 'of = "zhejiang/gdp"\n') == []
    (wrong,) = problems(folder, share + 'of = "zhejiang/gpd"\n')
    assert "expected a key of indicators.csv (meant 'zhejiang/gdp'?)" in wrong


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    text = SOUND.replace("-10", '"x"').replace('"customs"', "3").replace("story", "stroy")
    found = problems(folder, text)
    assert len(found) == 4  # the value, the source, the unknown key, the missing story
    with pytest.raises(DataError, match="4 errors"):
        load_scenarios(load(folder))


def test_second_figure_for_the_same_thing_is_a_contradiction(folder: Path) -> None:
    second = SOUND[SOUND.index("[[") :].replace("-10", "4")
    (found,) = problems(folder, SOUND + "\n" + second)
    assert "'4.0' - expected no second figure: another statement has -10" in found
    low = SOUND.replace("year = 2027", 'year = 2027\nbound = "lower"').replace("-10", "8")
    high = SOUND[SOUND.index("[[") :].replace("year = 2027", 'year = 2027\nbound = "upper"')
    (found,) = problems(folder, low + "\n" + high)
    assert "a lower bound below the upper one" in found


def test_check_names_what_is_wrong_in_a_scenario(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "scenarios" / "shock.toml").write_text(SOUND, "utf-8")
    assert main(["check", "--data", str(folder)]) == 0
    (folder / "scenarios" / "shock.toml").write_text(SOUND.replace("-10", "oops"), "utf-8")
    assert main(["check", "--data", str(folder)]) == 1
    assert "data/scenarios/shock.toml: expected TOML" in capsys.readouterr().out


def test_six_scenarios_ship_each_with_its_reasons() -> None:
    found = load_scenarios(load(ROOT / "data"))
    assert list(found) == [
        "baseline", "external_demand_shock", "nominal_weakness", "official_growth", "rd_push",
        "services_ecommerce",
    ]  # fmt: skip
    assert not found["baseline"].statements
    for key, scenario in found.items():
        assert scenario.story
        assert scenario.statements or key == "baseline"
        for statement in scenario.statements:
            # What is not taken from a source is called an assumption.
            assert statement.source or statement.reason.startswith("Assumption"), key
    (shock,) = (s for s in found["external_demand_shock"].statements if s.region == "china")
    assert (shock.indicator, shock.measure, shock.value, shock.years) == (
        "exports", "growth", -10.0, 2027
    )  # fmt: skip


def test_scenario_in_a_notebook() -> None:
    scenario = Scenario("Tariffs now", [Statement("china/exports", "growth", -10, 2027)])
    assert scenario.key == "tariffs_now"
    with pytest.raises(ValueError, match="measure is 'grow'; expected one of level, growth"):
        Statement("china/exports", "grow", -10, 2027)
    with pytest.raises(ValueError, match="region/indicator"):
        Statement("exports", "growth", -10, 2027)
    with pytest.raises(UserError, match="value is '2'; expected a number"):
        Statement("china/exports", "growth", "2", 2027)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="years is '2027'; expected a year"):
        Statement("china/exports", "growth", 2, "2027")  # type: ignore[arg-type]
    with pytest.raises(UserError, match="expected a list"):
        Scenario("One", Statement("china/exports", "growth", 2, 2027))  # type: ignore[arg-type]
