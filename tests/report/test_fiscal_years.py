"""Pages of a made-up state whose years begin in July: every year has its name, none its number."""

from __future__ import annotations

import copy
import pickle
import re
from calendar import month_name
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.loading import load
from forecast.facts import Year, Years
from forecast.forecasting.model_pool import Options
from forecast.report.language import Language, language
from forecast.report.pages import scenarios, series, shared, statements, target
from forecast.report.pages.pictures import dots, fan
from forecast.report.pages.pictures import history as picture
from forecast.report.pages.target import kinds, lead, meaning, pace, parts, record
from forecast.report.releases import Calendar
from forecast.report.results import target_result
from forecast.study import Study
from forecast.targets.revisions import preliminary
from tests.conftest import FISCAL
from tests.report.test_language import LANGUAGES

QUICK = Options(200, families=("drift", "theta"), imputations=2)
#: A year that is neither part of a date, a fiscal year nor a longer number.
BARE = re.compile(r"(?<![\w/.,-])(?:19|20)\d\d(?![\d/]|[-.]\d|年\d+月)")
MONTHS = f"(?:{'|'.join(month_name[1:])})"
SENTENCES = {
    "en": "Years are fiscal years, July to June; 2026/27, numbered 2027 in the data, is July 2026 "
    "to June 2027.",
    "zh": "年份为财政年度（7月至次年6月）；2026/27年（数据中记为2027年）指2026年7月至2027年6月。",
}


@pytest.fixture(scope="module")
def state() -> Study:
    return Study(load(FISCAL), QUICK)


def texts_of(found: Any) -> str:
    """Return the texts of a paragraph, a table or a chart."""
    if isinstance(found, pd.DataFrame):
        return found.to_string()
    if found is None or isinstance(found, str):
        return found or ""
    spec = found.to_dict()
    return " ".join([spec["description"], *map(str, spec.get("title", "")), *labels(spec)])


def labels(spec: dict[str, Any]) -> list[str]:
    return [str(v) for rows in spec["datasets"].values() for row in rows
            for key, v in row.items() if key not in ("year", "start")]  # fmt: skip


def bare(lang: str, text: str) -> list[str]:
    text = re.sub(rf"{MONTHS} \d{{4}}", "", text.replace(SENTENCES[lang], ""))
    return [text[max(m.start() - 30, 0) : m.end() + 10] for m in BARE.finditer(text)]


def target_page(tell: Language, study: Study, name: str) -> list[Any]:
    answer, evidence = study.assess(name), study.evidence
    return [
        lead.heading(tell, answer),
        kinds.lead(tell, answer),
        target.thin.thin(tell, evidence, answer),
        parts.table(tell, answer),
        dots.heading(tell, answer),
        dots.chart(tell, answer),
        fan.chart(tell, answer),
        fan.table(tell, answer),
        pace.pace(tell, answer),
        pace.pace_chart(tell, answer),
        target.uncertainty.uncertainty(tell, answer),
        target.uncertainty.ever(tell, answer),
        record.record(tell, answer),
        record.next_year(tell, evidence, answer),
        meaning.release_note(tell, answer, Calendar(evidence), preliminary(evidence, answer)),
        meaning.reading(tell, answer),
        meaning.known_note(tell, evidence, answer),
        statements.table(tell, evidence, meaning.listed(answer), "state"),
    ]


def series_page(tell: Language, study: Study, indicator: str) -> list[Any]:
    history, evidence = study.history("state", indicator), study.evidence
    rows = evidence.statements("state", indicator)
    return [
        series.lead(tell, history, rows),
        series.years(tell, history),
        series.influence_note(tell, history),
        series.influences(tell, history),
        series.related_note(tell, history),
        picture.chart(tell, history),
        statements.table(tell, evidence, history.observations),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["revenue", "total", "people"])
def test_a_page_names_fiscal_years(state: Study, lang: str, name: str) -> None:
    tell = language(lang)
    told = [texts_of(part) for part in target_page(tell, state, name)]
    assert [found for text in told for found in bare(lang, text)] == []
    assert SENTENCES[lang] in told[-3]
    assert "2026/27" in told[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("indicator", ["revenue", "population"])
def test_a_series_page_names_fiscal_years(state: Study, lang: str, indicator: str) -> None:
    told = [texts_of(part) for part in series_page(language(lang), state, indicator)]
    assert [found for text in told for found in bare(lang, text)] == []
    definition = series.definition(language(lang), state.evidence, "state", indicator)
    last = "2025/26" if indicator == "revenue" else "2024/25"
    assert last in definition
    assert definition.endswith(shared.fiscal(language(lang), Year(int(f"20{last[-2:]}"), 7)))


def test_calendar_years_stay_numbers_beside_them(state: Study) -> None:
    tell = language("en")
    assert "in 2027" in lead.heading(tell, state.assess("output"))
    assert "fiscal" not in series.definition(tell, state.evidence, "state", "gdp")
    spec = picture.chart(tell, state.history("state", "gdp")).to_dict()
    assert "labelExpr" not in str(spec)


def test_axis_and_tooltips_have_the_names(state: Study) -> None:
    spec = picture.chart(language("en"), state.history("state", "revenue")).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["axis"]["labelExpr"].startswith("(datum.value - 1)")
    (points,) = (layer for layer in spec["layer"] if "tooltip" in layer["encoding"])
    assert points["encoding"]["tooltip"][0]["field"] == "when"
    rows = spec["datasets"][points["data"]["name"]]
    assert {row["when"] for row in rows if row["year"] == 2014} == {"2013/14"}


def test_quarters_and_halves_add_up_to_fiscal_years(state: Study) -> None:
    history = state.history("state", "revenue")
    rows = state.evidence.statements("state", "revenue")
    within = rows[rows["measure"].isin(["quarter_level", "half_level"])]
    sums = within.groupby("year")["value"].sum()
    assert list(sums.index) == list(range(2014, 2025))
    found = pd.Series(history.values(), index=history.years)
    np.testing.assert_allclose(found[sums.index], sums, rtol=1e-3)
    # Of a stock the second calendar quarter ends the year.
    people = state.history("state", "population")
    ends = state.evidence.statements("state", "population").query("month == 12")
    np.testing.assert_allclose(people.values(), ends["value"], rtol=1e-3)


def test_a_region_above_with_other_years_is_no_relative(state: Study) -> None:
    assert state.history("land", "revenue").year_starts == 10
    assert state.history("state", "revenue").related.empty


def test_results_have_the_name_of_the_year(state: Study) -> None:
    found = {name: target_result(state.assess(name)) for name in ("revenue", "output")}
    named = [(r["year"], r["year_name"], r["year_starts"]) for r in found.values()]
    assert named == [(2027, "2026/27", 7), (2027, "2027", 1)]


def test_a_year_keeps_its_month() -> None:
    year = Year(2024, 4)
    for same in (copy.copy(year), pickle.loads(pickle.dumps(year))):
        assert (same, same.starts, same.text) == (2024, 4, "2023/24")
    tell = language("en")
    assert tell.write(Years([Year(y, 4) for y in (2020, 2021, 2022, 2024)])) == (
        "2019/20 to 2021/22 and 2023/24"
    )


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "do not begin in the same month"), ("zh", "各目标所用年度的起始月份不同")],
)
def test_scenarios_say_how_years_go_together(state: Study, lang: str, expected: str) -> None:
    assert expected in scenarios.lead(language(lang), state.outcomes("plan"))
