"""The page of a series, in both languages."""

from __future__ import annotations

import dataclasses
import html
import re

import pandas as pd
import pytest

from forecast.reconciliation.history import DOUBTED, History, HistoryError, shown_origins
from forecast.reconciliation.reconcile import reconcile
from forecast.report.language import LANGUAGES, language
from forecast.report.pages import expectations, shared
from forecast.report.pages import series as page
from forecast.report.text.markup import markdown
from forecast.study import Study
from tests.conftest import PLAN
from tests.reconciliation.test_doubt import figures
from tests.report.markup import HOSTILE, Tags, unlinked, unmarked
from tests.report.test_statements import GAPS
from tests.targets.test_assess import levels
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")
LINK = r'<a href="#([^"]*)">([^<]*)</a>'


def leads(rows: list[dict], indicator: str = "gdp") -> tuple[str, str]:
    """Return the first paragraph in English and in Chinese."""
    evidence = world(rows)
    history = reconcile(evidence, "city", indicator)
    stated = evidence.statements("city", indicator)
    return unlinked(page.lead(EN, history, stated)), unlinked(page.lead(ZH, history, stated))


def doubted() -> History:
    return reconcile(world(figures(233.7)), "city", "trade")


# The first paragraph ------------------------------------------------------------------------------


def test_published_path_that_agrees() -> None:
    english, chinese = leads(levels())
    assert re.fullmatch(
        r"\*\*The figure published for 2024 is 22\.522 billion yuan\.\*\* Taken together, all "
        r"statements give 22\.52 billion yuan \(90% interval 22\.\d\d to 22\.\d\d billion yuan\)\. "
        r"The path from 2012 on rests on all 13 statements\. All of its 13 years are published\. "
        r"No statement contradicts the others\.",
        english,
    )
    assert re.fullmatch(
        r"\*\*2024年公布数为225\.22亿元\*\*。综合全部数据，估计值为225\.2亿元（90%可信区间为22\d\.\d—22\d\.\d亿元）。"
        r"2012年以来的序列依据全部13条数据得出。13个年度值的数据依据均为“已公布”。各条数据之间没有矛盾。",
        chinese,
    )


def test_one_statement_is_told_in_the_singular() -> None:
    english, chinese = leads([statement(2021, 28.1)])
    assert english.endswith("It rests on one statement. No statement contradicts the others.")
    assert chinese.endswith("该值依据全部1条数据得出。各条数据之间没有矛盾。")


def test_figure_in_doubt_is_never_called_unpublished() -> None:
    history = doubted()
    assert shown_origins(history)[-1] == DOUBTED
    english, chinese = leads(figures(233.7), "trade")
    assert english.startswith(
        "**About 17.97 billion yuan in 2023; the published figure is in doubt** (90% interval "
    )
    assert english.count("(o0042) is in doubt: all other evidence puts it at 17.97") == 1
    assert "not published" not in english
    assert chinese.startswith("**2023年约为179.7亿元，公布数存疑**（90%可信区间为")
    assert chinese.count("（条目o0042）存疑") == 1
    shown = page.years(EN, history).set_index("Year")["Known from"]
    assert shown["2023"] == "published (in doubt)"
    assert page.years(ZH, history).set_index("年份")["数据依据"]["2023"] == "已公布（存疑）"


def test_identifiers_made_for_empty_cells_are_not_shown() -> None:
    history = doubted()
    assert "Statements" in page.years(EN, history)
    made = dataclasses.replace(
        history, observations=history.observations.assign(observation="x28a064fa")
    )
    for table in (page.years(EN, made), page.influences(ZH, made)):
        assert len(table)
        assert "x28a064fa" not in table.to_string()
    assert "Statements" not in page.years(EN, made)
    assert "x28a064fa for" not in page.lead(EN, made, made.observations)


def test_figure_of_an_earlier_year_is_in_doubt_beside_a_published_last_one() -> None:
    rows = figures(179.7)
    wrong = next(r for r in rows if r["indicator"] == "trade" and r["period"] == "2016")
    wrong["value"] *= 10
    english, chinese = leads(rows, "trade")
    assert english.startswith("**The figure published for 2023 is 17.97 billion yuan.**")
    assert "billion yuan published for 2016 (o0021) is in doubt" in english
    assert "2016年公布数" in chinese


def test_figures_calculated_from_others_do_not_follow_from_growth() -> None:
    english, chinese = leads(
        [statement(y, 6 + 0.1 * y % 3, status="derived") for y in range(2018, 2024)]
    )
    assert " in 2023, calculated from other published figures** (90% interval" in english
    assert "growth" not in english
    assert "，由其他已公布数据推算**（90%可信区间" in chinese


def test_figure_of_a_weak_source_is_told_as_such() -> None:
    rows = [statement(y, 100 + 5 * (y - 2015)) for y in range(2015, 2023)]
    rows.append(statement(2023, 141, mark="low_quality", status="secondary"))
    english, chinese = leads(rows)
    assert ", reported by a weak source only** (90% interval" in english
    assert "A weak source reports 14.1 billion yuan for 2023 (o0009)." in english
    assert "，仅有可靠性较低的来源**（90%可信区间" in chinese


def test_what_is_added_up_from_others_is_told_beside_the_statements() -> None:
    rows = [r for r in figures(179.7) if (r["indicator"], r["period"]) != ("trade", "2019")]
    english, chinese = leads(rows, "trade")
    assert (
        "rests on all 13 statements. It also rests on one figure calculated from others, as a sum "
        "or difference. Of its 14 years, 13 are published and 1 is derived."
    ) in english
    assert "另有1个数值由其他数据加减推算。共14个年度值，其中已公布13个和推算1个。" in chinese


def test_statement_that_does_not_fit_is_named() -> None:
    english, chinese = leads([*levels(), statement(2018, 1500.0, observation="wrong")])
    assert (
        "One statement does not fit the others and is heavily down-weighted: wrong for 2018."
        in english
    )
    assert "有1条数据与其他数据不一致，基本不计入：wrong（2018）。" in chinese


def test_doubtful_statement_is_named_even_where_it_fits() -> None:
    marked = statement(2018, 151.0, observation="marked", mark="low_quality")
    english, chinese = leads([*levels(), marked])
    assert "One statement is marked as doubtful and given little weight: marked for 2018." in (
        english
    )
    assert english.endswith("No other statement contradicts the rest.")
    assert "有1条数据标注为存疑，仅赋予较小权重：marked（2018）。其余数据之间没有矛盾。" in chinese


def test_published_total_off_its_published_parts_is_named() -> None:
    past = [10 * 1.06**i for i in range(12)]
    rows = [
        statement(2008 + i, round(share * value, 4), indicator=name)
        for name, share in (("exports", 0.6), ("trade", 1.0), ("imports", 0.4))
        for i, value in enumerate(past)
    ]
    assert "add up" not in leads([dict(row) for row in rows], "trade")[0]
    rows[23] = {**rows[23], "value": round(1.05 * past[-1], 2)}
    english, chinese = leads(rows, "trade")
    assert "For 2019, 1.993 billion yuan was published, whereas 1.898 billion yuan follows" in (
        english
    )
    assert "they do not add up (o0024)." in english
    assert "二者不平衡（条目o0024）" in chinese
    assert "No statement contradicts" not in english


@pytest.mark.parametrize(
    ("n", "kind", "en", "zh"),
    [
        (
            1,
            "level",
            "There is one statement, and no yearly level",
            "共有1条数据，但没有",
        ),
        (
            2,
            "level",
            "There are 2 statements, and no yearly level",
            "共有2条数据，但没有",
        ),
        (
            0,
            "level",
            "There are 0 statements, and no yearly level",
            "共有0条数据，但没有",
        ),
        (1, "rank", "There is one edition, listed below", "共有1期排名"),
        (2, "rank", "There are 2 editions, listed below", "共有2期排名"),
    ],
)
def test_series_without_a_path_says_why(n: int, kind: str, en: str, zh: str) -> None:
    place = {"indicator": "place", "unit": "rank", "prices": "none"}
    other = {"indicator": "place", "measure": "growth"}
    evidence = world(
        [statement(2019 + i, 9, **(place if kind == "rank" else other)) for i in range(2)]
    )
    rows = evidence.statements("city", "place").head(n)
    if kind == "rank":
        with pytest.raises(HistoryError, match="lists of places are not joined"):
            reconcile(evidence, "city", "place")
    assert en in page.lead(EN, None, rows)
    assert zh in page.lead(ZH, None, rows)
    assert page.origins_note(EN, evidence, None) == ""
    assert page.influence_note(EN, None) == page.related_note(EN, None) == ""
    assert page.years(EN, None).empty
    assert page.influences(EN, None).empty
    assert page.related(EN, evidence, None).empty


# Every series of the city -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_gap_in_any_text_or_table_of_any_series(study: Study, lang: str) -> None:
    tell, evidence = language(lang), study.evidence
    pairs = shared.series_with_pages(study, PLAN)
    assert len(pairs) > 10
    for region, indicator in pairs:
        history = study.find_history(region, indicator)
        rows = evidence.statements(region, indicator)
        texts = [
            page.heading(tell, evidence, region, indicator),
            page.definition(tell, evidence, region, indicator),
            page.lead(tell, history, rows),
            page.origins_note(tell, evidence, history),
            page.influence_note(tell, history),
            page.related_note(tell, history),
            expectations.series_note(tell, evidence, region, indicator),
        ]
        for text in texts:
            assert not re.search(r"\(\)|（）|,,|，，|  \b|[{}]", text), text
        for frame in (
            page.years(tell, history),
            expectations.series_table(tell, evidence, region, indicator),
            page.influences(tell, history),
            page.related(tell, evidence, history),
        ):
            texts.append(re.sub(r"<[^>]+>", " ", " ".join(frame.astype(str).to_numpy().ravel())))
        for text in texts:
            assert GAPS.search(text) is None, (region, indicator, text)


@pytest.mark.parametrize(
    ("indicator", "en", "zh"),
    [
        ("gdp", "billion yuan, current prices. The data tables hold it in 亿元; 1 亿元 is 0.1 "
         "billion yuan.", "单位：亿元，按现价计算。"),
        ("population", "Unit: million people. The data tables hold it in 万人; 1 万人 is 10,000 "
         "people.", "单位：万人。"),
        ("rd_share", "Unit: %.", "单位：%。"),
        ("business_rank", "Unit: rank.", "单位：名次。"),
        ("friendly_cities", "Unit: number.", "单位：个。"),
    ],
)  # fmt: skip
def test_unit_is_told_with_the_definition(study: Study, indicator: str, en: str, zh: str) -> None:
    assert page.definition(EN, study.evidence, "jinhua", indicator).endswith(en)
    assert page.definition(ZH, study.evidence, "jinhua", indicator).endswith(zh)


def test_definition_without_a_full_stop_becomes_a_sentence(study: Study) -> None:
    short = study.evidence.indicators.assign(description="value added", description_zh="")
    told = dataclasses.replace(study.evidence, indicators=short)
    assert page.definition(EN, told, "jinhua", "rd_share") == "Definition: value added. Unit: %."
    assert page.definition(ZH, told, "jinhua", "rd_share") == "定义：value added。单位：%。"


def test_heading_names_place_and_indicator(study: Study) -> None:
    assert page.heading(EN, study.evidence, "jinhua", "gdp") == "# Jinhua: Gross domestic product"
    assert page.heading(ZH, study.evidence, "jinhua", "gdp") == "# 金华市地区生产总值"


# Tables -------------------------------------------------------------------------------------------


def test_years_show_the_path_with_its_statements(study: Study) -> None:
    history = study.history("jinhua", "gdp")
    found = page.years(EN, history)
    assert list(found) == [
        "Year", "Estimate, billion yuan", "90% interval", "Known from", "Statements",
    ]  # fmt: skip
    assert found["Year"].tolist() == [str(year) for year in history.years]
    known = found["Known from"] != "interpolated (no data)"
    assert (found.loc[known, "Statements"] != "").all()
    cells = " ".join(found["Statements"])
    links = re.findall(LINK, cells)
    assert links
    assert all(target == text for target, text in links)  # each leads to its row below
    ids = set(re.sub(LINK, r"\2", cells).replace("+", " ").split())
    assert ids <= set(" ".join(history.observations["observation"]).replace("+", " ").split())
    chinese = page.years(ZH, history)
    assert list(chinese) == ["年份", "估计值（亿元）", "90%区间", "数据依据", "数据条目"]
    last = chinese.iloc[-1]
    assert last["估计值（亿元）"] == found["Estimate, billion yuan"].iloc[-1].replace(".", "")
    assert "—" in last["90%区间"]


def test_every_statement_behind_a_year_is_in_the_table_of_statements(study: Study) -> None:
    """What a reader follows a number by: year, statement, source."""
    for region, indicator in shared.series_with_pages(study, PLAN):
        history = study.find_history(region, indicator)
        if history is None:
            continue
        rows = " ".join(history.observations["observation"])
        shown = set(rows.replace("+", " ").split())  # a row may hold a sum of statements
        for year in page.years(EN, history).itertuples():
            links = re.findall(LINK, year.Statements)
            assert all(target == text for target, text in links)
            assert {html.unescape(text) for _, text in links} <= shown
            rest = html.unescape(re.sub(LINK, r"\2", year.Statements)).replace("+", " ")
            for observation in sorted(shown, key=len, reverse=True):
                rest = rest.replace(observation, "")
            assert rest.split() == [], f"{region}/{indicator} {year.Year}"


def test_rank_and_count_have_no_unit_in_the_head() -> None:
    rows = [
        statement(y, 3 + y - 2015, indicator="friends", unit="count", prices="none")
        for y in range(2015, 2024)
    ]
    history = reconcile(world(rows), "city", "friends")
    assert "Estimate" in page.years(EN, history)
    assert "估计值" in page.years(ZH, history)


def test_influences_are_the_greatest_first(study: Study) -> None:
    history = study.history("jinhua", "gdp")
    found = page.influences(EN, history, most=4)
    changes = found["Change without it, %"].str.replace("−", "-").astype(float)
    sizes = changes.abs().tolist()
    assert 1 <= len(sizes) <= 4
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) > 0
    assert page.influence_note(EN, history).startswith("## How sensitive the last figure is")
    share = study.history("jinhua", "rd_share")
    assert "Change without it, percentage points" in page.influences(EN, share)
    assert "剔除后的变化（个百分点）" in page.influences(ZH, share)


def test_path_that_no_single_statement_moves_says_so() -> None:
    history = doubted()
    still = history.observations.assign(influence=0.0)
    found = dataclasses.replace(history, observations=still)
    assert page.influences(EN, found).empty
    assert page.influence_note(EN, found).endswith("No single statement moves it.")


def test_relatives_say_what_they_are_and_those_that_move_nothing_are_counted(
    study: Study,
) -> None:
    history = study.history("jinhua", "industrial_output")
    found = page.related(EN, study.evidence, history).set_index("Related series")["Relation"]
    assert found["Jinhua: Industrial value added, all industry"] == "the indicator it follows"
    chinese = page.related(ZH, study.evidence, history).set_index("相关指标")["关系"]
    assert chinese["金华市工业增加值"] == "走势与之相随的指标"
    gdp = study.history("jinhua", "gdp")
    shown = page.related(EN, study.evidence, gdp)
    rest = len(gdp.related) - len(shown)
    assert rest > 0
    assert f"{rest} more " in page.related_note(EN, gdp)
    assert f"另有{rest}个相关指标" in page.related_note(ZH, gdp)
    assert set(shown["Relation"]) <= {"the region above", "a part of the region"}


def test_relatives_that_do_not_move_the_path_are_told_without_a_table() -> None:
    still = pd.DataFrame(
        [("province", "trade", "parent", 0.001)],
        columns=["region", "indicator", "relation", "influence"],
    )
    history = dataclasses.replace(doubted(), related=still)
    assert page.related_note(EN, history).endswith(
        "Each moves it by less than 0.005%, because its own figures determine it."
    )
    assert page.related_note(ZH, history).endswith(
        "各相关指标的影响均小于0.005%，因为本指标自身的数据已足以确定其数值。"
    )
    assert page.related(EN, world(levels()), history).empty


def test_legend_of_origins_is_markup_and_not_asterisks() -> None:
    for lang, word in (("en", "published (in doubt)"), ("zh", "已公布（存疑）")):
        tell = language(lang)
        shown = markdown(page.origins_note(tell, world(figures(233.7)), doubted()))
        assert f"- **{word}**" in shown
        assert "&#42;" not in shown


# Markup in the data -------------------------------------------------------------------------------


def test_markup_in_the_data_is_text() -> None:
    plain = world(levels())
    evidence = dataclasses.replace(
        plain,
        regions=plain.regions.assign(name=HOSTILE),
        sources=plain.sources.assign(
            title=HOSTILE, publisher=HOSTILE, url='https://e.org/?a="><script>alert(2)</script>'
        ),
    )
    evidence.indicators["description"] = HOSTILE
    history = reconcile(evidence, "city", "gdp")
    for tell in (EN, ZH):
        for text in (
            page.heading(tell, evidence, "city", "gdp"),
            page.definition(tell, evidence, "city", "gdp"),
        ):
            assert "<script>" in text
            assert "<script>" not in markdown(text)
        for frame in (
            page.years(tell, history),
            page.influences(tell, history),
            page.related(tell, evidence, history),
        ):
            shown = frame.to_html(index=False, escape=False)
            tags = {tag for tag, _ in Tags(shown).found}
            assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "a"}, tags
