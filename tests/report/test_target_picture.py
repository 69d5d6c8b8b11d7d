"""The charts of the page on one target, and the frames they are drawn from."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.facts import Chance
from forecast.report import charts
from forecast.report.language import Language, language
from forecast.report.pages import shared
from forecast.report.pages.pictures import calibration, dots, fan
from forecast.report.pages.pictures import history as past_picture
from forecast.report.pages.pictures.limits import limits
from forecast.report.pages.target import pace, record, uncertainty
from forecast.report.show import say
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.milestones import milestones
from tests.answers import answer, old
from tests.report.markup import unmarked

EN, ZH = unmarked("en"), unmarked("zh")
CHARTS: dict[str, Callable[[Language, Assessment], Any]] = {
    "dots": dots.chart,
    "fan": fan.chart,
    "pace": pace.pace_chart,
    "models": uncertainty.models_chart,
    "like": record.like_chart,
    "coverage": lambda tell, found: calibration.coverage(tell, found.record),
}


def specification(tell: Language, chart: Any) -> dict[str, Any]:
    """Return what the page gets to draw; making it checks it against Vega-Lite's schema."""
    charts.enable(tell)
    bundle = chart._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    return json.loads(json.dumps(bundle[charts.MIME], allow_nan=False))  # type: ignore[no-any-return]


def assessed(answers: dict[str, Assessment]) -> list[Assessment]:
    return [a for a in answers.values() if a.kind == "level" and a.paths is not None]


def walk(node: Any) -> Any:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_chart_is_wide_described_and_legible(name: str, lang: str) -> None:
    import vl_convert

    chart = CHARTS[name](language(lang), answer(value=290.0))
    spec = specification(language(lang), chart)
    assert chart.to_dict()["width"] == "container"
    assert spec["description"].endswith("." if lang == "en" else "。")
    parts = [part for part in walk(spec) if isinstance(part, dict)]
    assert min(v for part in parts for k, v in part.items() if k.endswith("ontSize")) >= 11
    # 5.8 is the oldest that vl-convert has; JupyterLab 4 has 5.6.
    assert vl_convert.vegalite_to_vega({**spec, "width": 600}, vl_version="5.8")["marks"]


@pytest.mark.parametrize("name", ["fan", "dots", "models"])
def test_target_is_dashed_and_labelled(name: str) -> None:
    layers = CHARTS[name](EN, answer(value=290.0)).to_dict()["layer"]
    marks = [la["mark"] for la in layers if la["mark"].get("color") == charts.TARGET]
    assert any(mark.get("strokeDash") or mark["type"] == "tick" for mark in marks)
    assert any(mark["type"] == "text" for mark in marks)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_shows_or_is_none(name: str, answers: dict[str, Assessment]) -> None:
    shown = 0
    for target, found in answers.items():
        chart = CHARTS[name](EN, found)
        if found.paths is not None:
            assert chart is not None, target
        if chart is not None:
            text = json.dumps(specification(EN, chart), ensure_ascii=False)
            assert re.search(r"\bnan\b|\bNone\b|NaN", text) is None, target
            shown += 1
    assert shown >= 7


def test_target_without_a_probability_has_no_forecast_to_show(
    answers: dict[str, Assessment],
) -> None:
    for found in answers.values():
        if found.probability is None:
            assert dots.chart(EN, found) is None
            assert uncertainty.models_chart(EN, found) is None
            for text in (dots.heading(EN, found), fan.note(EN, found)):
                shown = say(text)
                assert shown is None or shown.data.strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CHARTS)
def test_page_of_a_year_that_is_past(name: str) -> None:
    chart = CHARTS[name](EN, answer(value=200.0, year=2020))
    assert chart is None or specification(EN, chart)


# Dots and fan -------------------------------------------------------------------------------------


def test_fifty_dots_and_their_share(answers: dict[str, Assessment]) -> None:
    for found in assessed(answers):
        shown = dots.dots(ZH, found)
        assert len(shown) == 50
        assert found.probability_draws is not None
        met = int(shown["attained"].sum())
        assert abs(met - 50 * found.probability_draws) <= 1
        # The dots stand on the side of the line that they are counted on.
        assert ((shown["value"] >= found.threshold) == shown["attained"]).all()
        english = dots.dots(EN, found)
        shift = EN.scaled(1.0, found.unit)
        assert english["value"].to_numpy() == pytest.approx(shift * shown["value"].to_numpy())
        title = specification(EN, dots.chart(EN, found))["title"]
        assert f"{met} of 50" in " ".join(title["text"])
        title = specification(ZH, dots.chart(ZH, found))["title"]
        assert f"有{met}个达到目标" in "".join(title["text"])


def test_fan_starts_where_the_past_ends(answers: dict[str, Assessment]) -> None:
    for found in assessed(answers):
        assert found.history is not None
        past, future = past_picture.past(ZH, found.history), fan.future(ZH, found)
        assert future["year"].iloc[0] == past["year"].iloc[-1]
        assert list(np.diff(future["year"])) == [1] * (len(future) - 1)
        assert future["year"].iloc[-1] == found.year
        bands = future[list(fan.NAMES)]
        # The fan opens as wide as the last year is uncertain.
        assert bands["q50"].iloc[0] == pytest.approx(past["estimate"].iloc[-1])
        assert bands["q05"].iloc[0] == pytest.approx(past["low"].iloc[-1])
        assert bands["q95"].iloc[0] == pytest.approx(past["high"].iloc[-1])
        assert (bands.diff(axis=1).iloc[:, 1:] >= 0).all().all()
        assert bands["q50"].iloc[-1] == pytest.approx(found.quantiles[0.5])


def test_fan_draws_its_bands_and_fifteen_years_of_the_past(answers: dict[str, Assessment]) -> None:
    found = answers["gdp"]
    spec = fan.chart(EN, found).to_dict()  # type: ignore[union-attr]
    data = spec["datasets"].values()
    bands = next(rows for rows in data if rows and "band" in rows[0])
    last = {r["band"]: (r["low"], r["high"]) for r in bands if r["year"] == 2027}
    assert list(last) == ["90 in 100", "60 in 100", "30 in 100"]
    ends = [(found.quantiles[low] / 10, found.quantiles[1 - low] / 10) for low in (0.05, 0.2, 0.35)]
    for shown, expected in zip(last.values(), ends, strict=True):
        assert shown == pytest.approx(expected)
    text = json.dumps(spec, ensure_ascii=False)
    years = {int(y) for y in re.findall(r'"year": (\d{4})', text)}
    assert min(years) == 2010
    assert max(years) == 2027
    assert "plan: about 1,000" in text
    assert "counts as met: 950" in text
    chinese = json.dumps(specification(ZH, fan.chart(ZH, found)), ensure_ascii=False)
    assert "达标线9500" in chinese
    assert "90%区间" in chinese
    assert "亿元" in chinese


def figures(chart: Any) -> pd.DataFrame:
    """Return what a page shows as the figures of a chart."""
    found = chart.to_dict()["usermeta"]["figures"]
    return pd.DataFrame(found["data"], columns=found["columns"])


def test_heading_and_captions_read_the_pictures() -> None:
    found = answer(value=300.0)
    assert dots.heading(EN, found) == "## The picture"
    caption = specification(EN, dots.chart(EN, found))["title"]["subtitle"]
    assert " ".join(caption).startswith("Each dot is one of 50 equally likely values for 2027.")
    caption = " ".join(specification(EN, fan.chart(EN, found))["title"]["subtitle"])
    assert caption.startswith("In 90 of 100 such cases the outcome lies within the fan")
    assert "older statistical bases" not in caption
    caption = "".join(specification(ZH, fan.chart(ZH, found))["title"]["subtitle"])
    assert caption.startswith("100次中约有90次，实际值落在整个扇形之内")
    past = answer(value=200.0, year=2020)
    assert dots.heading(EN, past) == "## The picture\n\nWhat is known so far."
    assert fan.note(EN, past) == ""
    assert fan.table(EN, past).empty


def test_title_is_the_finding() -> None:
    for value, verb in ((300.0, "does not meet"), (240.0, "meets")):
        title = " ".join(specification(EN, fan.chart(EN, answer(value=value)))["title"]["text"])
        assert title.startswith("The median forecast for 2027, ")
        assert verb in title
    title = " ".join(specification(EN, pace.pace_chart(EN, answer(value=300.0)))["title"]["text"])
    assert title == (
        "Required up to 2027: +10.0% a year; achieved over the last 5 years: +7.0% a year"
    )


def test_table_of_the_fan_has_every_year_and_the_chance_of_the_last(
    answers: dict[str, Assessment],
) -> None:
    found = answers["gdp"]
    table = fan.table(ZH, found)
    assert table["年份"].tolist() == ["2025", "2026", "2027"]
    assert table["中位数（亿元）"].iloc[-1] == f"{found.quantiles[0.5]:.0f}"
    low, high = (f"{found.quantiles[q]:.0f}" for q in (0.05, 0.95))
    assert table["90%区间"].iloc[-1] == ZH("range", low=low, high=high)
    assert table["达标概率"].iloc[0] == ""
    assert found.probability is not None
    chance = ZH.write(Chance(found.probability, found.floor, short=True))
    assert html.unescape(table["达标概率"].iloc[-1]) == chance


def test_figures_of_the_fan_are_those_it_draws(answers: dict[str, Assessment]) -> None:
    found = answers["gdp"]
    shown = figures(fan.chart(ZH, found)).set_index(["年份", "项目"])
    drawn = fan.future(ZH, found).set_index("year")
    last = shown.loc[("2027", "预测中位数")]
    for name, head in (("q50", "数值"), ("q05", "5%分位数"), ("q80", "80%分位数")):
        assert float(last[f"{head}（亿元）"]) == pytest.approx(drawn.loc[2027, name], abs=0.5)
    assert found.history is not None
    path = past_picture.past(ZH, found.history).set_index("year")["estimate"]
    assert float(shown.loc[("2020", "估计值"), "数值（亿元）"]) == pytest.approx(
        path[2020], abs=0.5
    )
    assert "7313" in shown.loc["2025", "数值（亿元）"].tolist()  # as published
    alt_text = fan.chart(ZH, found).to_dict()["description"]  # type: ignore[union-attr]
    assert f"2027年{last['数值（亿元）']}（" in alt_text


def test_fan_draws_the_path_that_the_plan_implied(answers: dict[str, Assessment]) -> None:
    found = answers["gdp"]
    path = milestones(found)
    assert path is not None
    shown = figures(fan.chart(EN, found)).set_index(["Figure", "Year"]).iloc[:, 0]
    shown = shown.loc["path implied by the plan"]
    assert list(shown.index) == [str(year) for year in path.years.index]
    ends = shown.iloc[[0, -1]].str.replace(",", "").astype(float) * 10
    assert list(ends) == pytest.approx([path.years["value"].iloc[0], path.ends[0]], rel=1e-3)
    words = json.dumps(specification(ZH, fan.chart(ZH, found)), ensure_ascii=False)
    assert "规划隐含路径" in words
    # Without an adoption there is no path, and nothing is said of one.
    bare = json.dumps(specification(EN, fan.chart(EN, replace(found, adopted=0))))
    assert "implied" not in bare


def test_what_would_still_do_is_a_mark_and_no_bar() -> None:
    bars, marks, *_ = pace.pace_chart(EN, old(2021, value=190.0)).to_dict()["layer"]  # type: ignore[union-attr]
    assert bars["transform"] == [{"filter": {"field": "kind", "oneOf": ["achieved"]}}]
    assert marks["mark"]["type"] == "tick"


def test_about_has_a_line_for_the_plan_and_one_for_what_counts() -> None:
    found = answer(value=300.0, comparison="about", tolerance=5.0)
    lines = limits(EN, found)
    assert lines["value"].tolist() == [30.0, 28.5]
    assert lines["decides"].tolist() == [False, True]
    assert lines["label"].tolist() == ["plan: about 30", "counts as met: 28.5"]


# The pace and the models --------------------------------------------------------------------------


def test_pace_ends_with_what_is_required(answers: dict[str, Assessment]) -> None:
    found = answers["gdp"]
    rows = pace.pace_rows(EN, found)
    assert rows["kind"].tolist() == ["achieved", "achieved", "required"]
    assert rows["label"].tolist()[0] == "achieved 2020–2025"
    assert rows["label"].tolist()[-1] == "required 2025–2027"
    assert rows["growth"].tolist() == [found.achieved[5], found.achieved[3], found.required]
    assert rows["said"].tolist()[-1] == f"{found.required:+.1f}% a year"
    own = pace.pace_rows(ZH, found)
    assert own["label"].tolist()[-1] == "尚需（2025—2027年）"
    assert own["said"].tolist()[-1] == f"增长{found.required:.1f}%"


def test_growth_of_a_target_that_is_met_is_not_called_required() -> None:
    rows = pace.pace_rows(EN, old(2021, value=190.0))
    assert rows["kind"].tolist()[-1] == "still enough"
    assert rows["growth"].tolist()[-1] < 0


def test_growth_of_shares_has_two_digits(answers: dict[str, Assessment]) -> None:
    said = pace.pace_rows(EN, answers["rd_share"])["said"]
    assert said.str.fullmatch(r"[+−]\d\.\d\d percentage points a year").all()


def test_answer_is_first_and_every_model_beside_it(answers: dict[str, Assessment]) -> None:
    found = answers["industrial_value_added"]
    rows = uncertainty.model_rows(ZH, found)
    assert found.paths is not None
    assert rows["model"].iloc[0] == shared.method_name(ZH, shared.method(found))
    assert len(rows) == 1 + len(found.paths.by_family)
    numbers = rows[list(uncertainty.QUANTILES)]
    assert (numbers.diff(axis=1).iloc[:, 1:] >= 0).all().all()
    assert numbers["median"].iloc[0] == pytest.approx(found.quantiles[0.5])
    assert found.probability is not None
    chance = Chance(found.probability, found.floor, short=True)
    assert rows["said"].iloc[0] == ZH.write(chance)
    english = uncertainty.model_rows(EN, found)
    assert english["median"].iloc[0] == pytest.approx(found.quantiles[0.5] / 10)


# The record ---------------------------------------------------------------------------------------


def test_record_without_cases_has_no_picture() -> None:
    assert calibration.coverage(EN, pd.DataFrame()) is None


def test_small_picture_marks_the_band_of_the_chance(answers: dict[str, Assessment]) -> None:
    marked = 0
    for found in answers.values():
        rows = record.like_rows(EN, found)
        if rows.empty or not rows["mine"].any():
            continue
        (mine,) = rows[rows["mine"]].to_dict("records")
        assert mine["said"] == EN.write(shared.share(mine["came"]))
        assert mine["asked"] > 0
        assert found.probability is not None
        assert mine["lower"] <= found.probability <= mine["upper"] + 1e-9
        marked += 1
    assert marked >= 5
    bands = record.like_rows(EN, answers["gdp"])["band"]
    assert set(bands) <= {"0–5", "5–20", "20–40", "40–60", "60–80", "80–95", "95–100"}
