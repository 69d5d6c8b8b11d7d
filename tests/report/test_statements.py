"""The table of statements, and the points of charts, in both languages."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import load
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile
from forecast.report import charts
from forecast.report.language import LANGUAGES, Language, language
from forecast.report.pages import known, series, shared, statements
from forecast.report.pages.pictures import history as picture
from forecast.report.pages.target.meaning import listed
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests import builders
from tests.conftest import PLAN
from tests.report.markup import HOSTILE, Tags
from tests.targets.test_assess import levels
from tests.worlds import statement, world

EN, ZH = language("en"), language("zh")
SAFE = {"table", "thead", "tbody", "tr", "th", "td", "a", "br", "span", "small"}
GAPS = re.compile(r"\b(nan|NaN|None|NaT|inf)\b")


def table(evidence: Evidence, tell: Language = EN, indicator: str = "gdp") -> pd.DataFrame:
    history = reconcile(evidence, "city", indicator)
    return statements.table(tell, evidence, history.observations)


def specification(chart: object, tell: Language) -> dict:
    """Return what the page gets to draw."""
    return charts.mimebundle(chart.to_dict(), tell.lang)[charts.MIME]  # type: ignore[attr-defined]


def shown_words(spec: object) -> set[str]:
    """Return the titles and the entries of legends in a specification."""
    if isinstance(spec, list):
        return set().union(*map(shown_words, spec))
    if not isinstance(spec, dict):
        return set()
    found = set().union(*map(shown_words, spec.values()))
    for value in (spec.get("title"), *(spec.get("domain") or [])):
        found |= {value} if isinstance(value, str) else set()
    return found


def by_id(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """Index a table by the identifiers in its small print."""
    return found.set_index(found[column].str.extract(r"<small[^>]*>(\w+)")[0])


def described() -> Evidence:
    return world(
        [
            *levels(),
            statement(2020, 5.0, measure="growth", prices="real"),
            statement(2023, 210.0, bound="lower"),
            statement("2025-06", 9.5, measure="ytd_growth"),
            statement(2016, 1234567.5, mark="low_quality", basis="old"),
        ]
    )


def test_statement_is_described_in_english() -> None:
    found = by_id(table(described()), "What")
    assert list(found) == ["Period", "What", "Published", "Reconciled", "Source"]
    assert found.loc["o0014", "What"] == ('growth, real<br><small id="o0014">o0014 · final</small>')
    assert found.loc["o0015", "What"].startswith("level, at least<br>")
    assert found.loc["o0016", "What"].startswith("growth, year to date, nominal<br>")
    assert found.loc["o0017", "What"].endswith(" · final</small>")
    assert found.loc["o0017", "Published"] == "123.45675 trillion yuan"
    assert found.loc["o0017", "Source"].endswith(
        "<br><small>doubtful source or definition; does not fit the others</small>"
    )
    assert "not used: the figure itself is published" in found.loc["o0015", "Source"]
    assert found.loc["o0001", "Source"] == (
        "Yearbook<br><small>Bureau · yearbook · read at example.org</small>"
    )


def test_statement_is_described_in_chinese() -> None:
    found = by_id(table(described(), ZH), "内容")
    assert list(found) == ["时期", "内容", "公布数", "衔接后数值", "来源"]
    assert found.loc["o0014", "内容"] == (
        '比上年增长，可比价格<br><small id="o0014">o0014 · 最终数</small>'
    )
    assert found.loc["o0015", "内容"].startswith("年度数值（下限）<br>")
    assert found.loc["o0016", "内容"].startswith("年内累计同比增长，现价<br>")
    assert found.loc["o0017", "公布数"] == "1234567.5亿元"
    assert "来源或定义存疑；与其他数据不一致" in found.loc["o0017", "来源"]
    assert "未采用：该年数据已公布" in found.loc["o0015", "来源"]
    assert "Bureau · 统计年鉴 · 见于example.org" in found.loc["o0001", "来源"]


@pytest.mark.parametrize("column", ["measure", "status", "mark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_the_schema_has_a_word_of_its_own(lang: str, column: str) -> None:
    tell = language(lang)
    (field,) = (f for f in builders.fields("observations") if f["name"] == column)
    keys = field["constraints"]["enum"]
    if column == "measure":
        words = [statements.measure(tell, key) for key in keys]
    elif column == "status":
        words = [statements.status(tell, key) for key in keys]
    else:
        words = [tell(f"mark-{key.replace('_', '-')}") for key in keys]
    assert len(set(words)) == len(keys)


@pytest.mark.parametrize(
    ("reason", "en", "zh"),
    [
        ("an event", "an event", "事件"),
        ("a forecast of others", "a forecast by others", "其他机构的预测"),
        ("a bound on part of a year", "a bound on part of a year", "年内部分时段的上下限"),
        (
            "the months before it are not known",
            "the months before it are not known",
            "此前月份数据缺失",
        ),
        (
            "counted in the sum through 2024-06",
            "counted in the sum to June 2024",
            "已计入截至2024年6月的累计数",
        ),
        ("no exchange rate known", "no exchange rate is known", "缺少汇率"),
        (
            "its basis cannot be joined to today's",
            "its basis cannot be joined to today’s",
            "口径无法与现行口径衔接",
        ),
        (
            "a bound at the end of the scale",
            "a bound at the end of the scale",
            "取值范围端点上的上下限",
        ),
        ("no level within reach", "no level within reach", "邻近年份没有数值可供衔接"),
        ("the figure itself is published", "the figure itself is published", "该年数据已公布"),
    ],
)
def test_why_a_statement_is_not_used(reason: str, en: str, zh: str) -> None:
    assert statements.unused(EN, reason) == en
    assert statements.unused(ZH, reason) == zh


def test_statement_that_is_not_used_says_why() -> None:
    people = {"indicator": "population", "unit": "万人", "prices": "none"}
    rows = [statement(2017, 556.4, basis="before", **people)]
    rows += [statement(y, 700.0 + y - 2020, **people) for y in range(2020, 2025)]
    found = table(world(rows), indicator="population")
    assert found["Source"].str.contains("not used: its basis cannot").tolist() == (
        [True] + [False] * 5
    )
    assert found["Published"].iloc[0] == "5.564 million people"


def test_every_statement_of_the_city_is_shown_with_its_source(study: Study) -> None:
    for region, indicator in shared.series_with_pages(study, PLAN):
        history = study.find_history(region, indicator)
        frame = study.evidence.statements(region, indicator)
        frame = frame if history is None else history.observations
        for tell in (EN, ZH):
            found = statements.table(tell, study.evidence, frame)
            assert len(found) == len(frame)
            assert found[tell("statements-head-source")].ne("").all()
            text = html.unescape(re.sub(r"<[^>]+>", " ", " ".join(found.to_numpy().ravel())))
            assert GAPS.search(text) is None, (region, indicator)
            assert not [c for c in found if found[c].eq("").all()]


def test_statements_of_every_target_are_shown_with_their_source(
    study: Study, answers: dict[str, Assessment]
) -> None:
    for target, answer in answers.items():
        frame = listed(answer)
        found = statements.table(EN, study.evidence, frame)
        assert len(found) == len(frame)
        if len(found):
            assert {"Period", "What", "Published", "Source"} <= set(found)
            assert (found["Source"] != "").all()
            text = " ".join(found.astype(str).to_numpy().ravel())
            assert GAPS.search(text) is None, target
            assert not [c for c in found if found[c].astype(str).eq("").all()]


def test_statements_of_several_places_name_the_place(
    study: Study, answers: dict[str, Assessment]
) -> None:
    frame = listed(answers["big_markets"])
    places = set(statements.table(EN, study.evidence, frame)["Place"])
    assert places >= {"Yiwu China Commodity City", "Yongkang China Hardware City"}


def test_ranks_and_counts_have_no_unit_in_the_table(study: Study) -> None:
    for indicator in ("business_rank", "friendly_cities"):
        rows = study.evidence.statements("jinhua", indicator)
        found = statements.table(EN, study.evidence, rows)
        assert found["Published"].str.fullmatch(r"[\d.,]+").all()


def test_place_is_named_where_there_are_several_or_another() -> None:
    evidence = world([*levels(), statement(2024, 9.0, region="province")])
    both = evidence.observations
    assert set(statements.table(EN, evidence, both)["Place"]) == {"City", "Province"}
    one = evidence.statements("city", "gdp")
    assert "Place" not in statements.table(EN, evidence, one)
    assert "Place" not in statements.table(EN, evidence, one, "city")
    assert "Place" in statements.table(EN, evidence, one, "province")
    assert statements.table(EN, evidence, one.iloc[:0]).empty


def test_source_has_its_own_date() -> None:
    evidence = world([statement(2024, 1.0, published="2024-03"), statement(2023, 1.0)])
    dated = dataclasses.replace(evidence, sources=evidence.sources.assign(published="2025"))
    rows = dated.statements("city", "gdp")
    found = statements.table(EN, dated, rows).set_index("Period")["Source"]
    assert "Bureau · 2025 · figure first published 2024-03 · year" in found["2024"]
    assert "Bureau · 2025 · yearbook" in found["2023"]
    found = statements.table(ZH, dated, rows).set_index("时期")["来源"]
    assert "Bureau · 2025 · 数据首次公布于2024-03 · 统计年鉴" in found["2024"]


def test_remark_is_in_the_language_of_the_page_or_labelled() -> None:
    first, *rest = levels()
    evidence = world([dict(first, note="rounded", note_zh="经四舍五入"), *rest])
    assert "rounded" in table(evidence)["Source"].str.cat()
    chinese = table(evidence, ZH)["来源"].str.cat()
    assert "经四舍五入" in chinese
    assert "rounded" not in chinese
    assert "英文备注" not in chinese
    untold = world([dict(first, note="rounded"), *rest])
    assert "英文备注：rounded" in table(untold, ZH)["来源"].str.cat()


def test_markup_in_the_data_is_text() -> None:
    evidence = world([dict(row, note=HOSTILE) for row in levels()])
    evidence.sources["title"] = HOSTILE
    evidence.sources["url"] = 'https://example.org/?a="><script>alert(2)</script>'
    evidence.regions["name"] = HOSTILE
    for frame in (table(evidence), table(evidence, ZH)):
        page = frame.to_html(index=False, escape=False)
        tags = {tag for tag, _ in Tags(page).found}
        assert tags <= SAFE, tags
        assert HOSTILE in html.unescape(page)


# What others expect -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "unit", "en", "zh"),
    [
        ((5.0, 5.0, "real", "target"), "%", "5%, real (target)", "5%，可比价格（预期目标）"),
        ((4.5, 5.0, "nominal", "projection"), "%", "4.5% to 5%, nominal", "4.5%—5%，现价"),
        (
            (800.0, 800.0, "none", "target"),
            "万人",
            "8 million people (target)",
            "800万人（预期目标）",
        ),
        (
            (7000.0, 7100.0, "nominal", "projection"),
            "亿元",
            "700 to 710 billion yuan",
            "7000—7100亿元",
        ),
    ],
)
def test_what_is_expected(row: tuple[float, float, str, str], unit: str, en: str, zh: str) -> None:
    given = dict(zip(("low", "high", "prices", "kind"), row, strict=True))
    assert statements.expected(EN, given, unit) == en
    assert statements.expected(ZH, given, unit) == zh


# The chart ----------------------------------------------------------------------------------------


def test_points_are_published_levels_in_the_unit_of_the_language(study: Study) -> None:
    history = study.history("jinhua", "gdp")
    found = picture.points(ZH, history)
    assert len(found) > 10
    assert found["value"].notna().all()
    assert 7313 in found.loc[found["year"] == 2025, "value"].round().tolist()
    scaled = picture.points(EN, history)
    assert (found["value"] / scaled["value"]).to_numpy() == pytest.approx(10)
    path = picture.past(EN, history)
    assert path["estimate"].to_numpy() == pytest.approx(history.values() / 10)
    assert (path["low"] <= path["estimate"]).all()
    assert (path["estimate"] <= path["high"]).all()


def wrong() -> History:
    return reconcile(
        world([*levels(), statement(2018, 1500.0, observation="wrong")]), "city", "gdp"
    )


def test_outlier_is_flagged_and_ringed() -> None:
    history = wrong()
    found = picture.points(ZH, history)
    assert found.loc[found["flagged"], "value"].tolist() == [1500.0]
    for tell, why in ((EN, "does not fit the others"), (ZH, "与其他数据不一致")):
        spec = specification(picture.chart(tell, history), tell)
        assert f'"domain": ["{why}"]' in json.dumps(spec, ensure_ascii=False)


def test_chart_tells_what_it_shows_in_both_languages() -> None:
    history = wrong()
    assert picture.chart(EN, None) is None
    english = specification(picture.chart(EN, history), EN)
    assert english["description"].startswith(
        "10.00 billion yuan in 2012; 22.52 billion yuan in 2024 (90% interval "
    )
    chinese = specification(picture.chart(ZH, history), ZH)
    assert "2012年为100.0亿元，2024年为225.2亿元" in chinese["description"]
    assert {"亿元", "年份", "来源", "最终数"} <= shown_words(chinese)
    assert not [text for text in shown_words(chinese) if re.search(r"[A-Za-z]{2,}", text)]


def test_every_series_has_a_chart_or_none(study: Study) -> None:
    drawn = 0
    for region, indicator in shared.series_with_pages(study, PLAN):
        history = study.find_history(region, indicator)
        for tell in (EN, ZH):
            chart = picture.chart(tell, history)
            assert (chart is None) == (history is None)
            if chart is not None:
                assert "NaN" not in json.dumps(specification(chart, tell))
                drawn += 1
    assert drawn > 20


def test_a_year_of_quarters_in_another_currency_names_its_sum_and_its_rate(tmp_path: Path) -> None:
    tables = {
        "regions": "region,name\nland,A land",
        "indicators": "indicator,name,name_zh,unit\nsales,Sales,销售额,million AUD\n"
        "rate,Exchange rate,汇率,AUD/USD",
        "sources": "source,title\nbook,Yearbook\nbank,Bank bulletin",
        "plans": "plan,name,region\nplan,A plan,land",
        "targets": "plan,target,name,indicator,region,comparison,value,year\n"
        "plan,sales,Sales,sales,land,at_least,900,2027",
        "observations": "region,indicator,period,measure,value,unit,source\n"
        "land,rate,2022,level,1.5,AUD/USD,bank\nland,sales,2021,level,550,million AUD,book\n"
        + "".join(
            f"land,sales,2022Q{q},quarter_level,{100 + q},million USD,book\n" for q in range(1, 5)
        ),
    }  # fmt: skip
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text.strip() + "\n", "utf-8")
    evidence = load(tmp_path)
    history = reconcile(evidence, "land", "sales")
    rows = evidence.statements("land", "sales")
    for code, lead, rate, total in (
        ("en", "615.0 million Australian dollars in 2022, the sum of the figures published",
         "converted at the yearly average 1.5", "410 million US dollars, calculated"),
        ("zh", "2022年为6.150亿澳大利亚元，系已公布的各月或各季度数合计", 
         "按年平均汇率1.5", "4.1亿美元，由各月或各季度数据相加"),
    ):  # fmt: skip
        tell = language(code)
        text = series.lead(tell, history, rows)
        assert lead in text
        assert tell("series-rests", span="path", some="all", first=history.dated(2021),
                    used=5, n=5) in text  # fmt: skip
        table = statements.table(tell, evidence, history.observations)
        value, remark = (tell(f"statements-head-{name}") for name in ("value", "source"))
        last = table.iloc[-1]
        assert last[value] == ""
        assert total in last[remark]
        assert rate in last[remark]
        assert "Bank bulletin" in table.iloc[1][remark]
        assert "about" not in known.last_known(tell, history)
