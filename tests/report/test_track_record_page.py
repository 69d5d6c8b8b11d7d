"""The page on the track record: what past forecasts and estimates came to, in both languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from forecast.report.charts import LINE, QUIET
from forecast.report.language import LANGUAGES, Language
from forecast.report.pages import track_record as page
from forecast.report.pages.pictures import calibration
from forecast.report.pages.shared import span
from forecast.study import Study
from forecast.verification.multiples import RATIOS
from forecast.verification.residuals import crps_ratios, mean_scores
from forecast.verification.track_record import (
    LEARNED,
    NAIVE,
    coverage,
    pooled_factor,
    scored,
)
from tests.answers import GAPS
from tests.report.markup import unmarked
from tests.targets.test_assess import levels
from tests.verification.test_track_record import record
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")
NOTHING = scored(record(np.empty(0)))


def surprised() -> pd.DataFrame:
    """Return a record of forty forecasts, one of which was off by 2.5 standard deviations."""
    return scored(record(np.array([2.5, *np.zeros(39)])))


def forecasts(method: str, width: float, cases: list[tuple[str, int, int]]) -> pd.DataFrame:
    """Return uniform forecasts around 100 of outcomes of 100; every multiple of no pace asks 96."""
    levels = np.arange(1, 100) / 100
    rows = [
        {"method": method, "series": series, "origin": origin, "horizon": h,
         "quantiles": 100 + width * (levels - 0.5), "actual": 100.0, "start": 96.0,
         "pace": 0.0, "step": 0.0}
        for series, origin, h in cases
    ]  # fmt: skip
    return pd.DataFrame(rows)


def replayed() -> pd.DataFrame:
    """One series seen on all five days, and one only at the end of March."""
    error = [6.0, -5.0, 4.0, -3.0, 0.0, 50.0]
    return pd.DataFrame(
        {
            "region": "city", "indicator": ["gdp"] * 5 + ["trade"], "kind": "flow", "year": 2024,
            "day": pd.to_datetime(
                ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31", "2024-03-31"]
            ),
            "step": [3, 6, 9, 12, 15, 3], "months": [0, 3, 6, 9, 9, 0],
            "known": [False] * 4 + [True, False], "error": error, "naive": [8.0] * 6,
            "score": [1.5, 1.0, 1.0, 1.0, 0.0, 5.0],
        }
    )  # fmt: skip


# Past forecasts -----------------------------------------------------------------------------------


def test_finding_gives_coverage_events_and_score() -> None:
    text = page.lead(EN, surprised())
    assert text.startswith(
        "**Of 40 past forecasts, on 1 series, 98% of the outcomes lay within the 80% interval.** "
    )
    assert "whether growth would reach a multiple (0 to 3) of the pace" in text
    assert re.search(r"Their Brier score is 0\.\d{3}, (no )?better than the 0\.\d{3} of", text)
    assert page.lead(ZH, surprised()).startswith(
        "**对1个序列作出的40次历史预测中，98%的实际结果落在80%预测区间内**。"
    )
    assert page.lead(EN, NOTHING) == "No series is long enough to test forecasts of it."
    assert page.lead(ZH, NOTHING) == "没有足够长的序列可供检验。"


def test_note_of_the_overview_counts_the_covered_outcomes() -> None:
    text = page.note(EN, surprised())
    assert text.startswith(
        "Over the one series of the data that is long enough, one year ahead, the 80% interval "
        "covered 39 of 40 outcomes (98%; nominal 80%)."
    )
    assert "覆盖了40个实际结果中的39个（98%，名义值80%）" in page.note(ZH, surprised())
    later = pd.concat([surprised(), surprised().assign(horizon=4)])
    assert "long enough, 1 to 4 years ahead, the" in page.note(EN, later)
    assert "提前1—4年的80%预测区间" in page.note(ZH, later)
    assert page.note(EN, NOTHING) == EN("target-record-none")


def test_what_came_true_of_low_and_high_chances_is_told() -> None:
    # Two usual steps up and more are given next to nothing: reached by one forecast of forty.
    text = page.came_true(EN, surprised())
    assert re.search(r"Of \d+ events given less than 5%, [1-3]% came true\.", text)
    assert "given more than 80%, 100% came true." in text
    text = page.came_true(ZH, surprised())
    assert re.search(r"概率低于5%的\d+个事件中，[1-3]%实际发生。", text)
    assert "概率高于80%的80个事件中，100%实际发生。" in text
    assert page.came_true(EN, NOTHING) == page.came_true(ZH, NOTHING) == ""


def test_limits_give_the_number_of_independent_cases() -> None:
    apart = scored(record(np.zeros(8), years=list(range(2010, 2018))))
    assert "are worth about 8 independent ones." in page.limits(EN, apart)
    assert "约相当于8个独立案例。" in page.limits(ZH, apart)
    assert page.limits(EN, NOTHING) == EN("record-none")


def test_reliability_counts_each_case_once() -> None:
    # Normal forecasts, asked for -1, -0.5, -0.25, 0, 0.25, 0.5, 1 and 2 standard deviations.
    cases = scored(record(np.array([0.3, -0.6]), years=[2010, 2010]))
    assert pooled_factor(record(np.empty(0))) == 1.0  # one year alone: no other sets its spread
    found = page.reliability(EN, cases)
    # A band without cases is left out.
    bands = ["0% to 5%", "5% to 20%", "20% to 40%", "40% to 60%", "60% to 80%", "80% to 95%"]
    assert found["Given"].tolist() == bands
    assert found["Events"].tolist() == [2, 2, 2, 6, 2, 2]
    assert found["Came true"].tolist() == ["0%", "0%", "0%", "50%", "50%", "100%"]
    # The cases of one year share its shock: they bound no share.
    assert found["90% interval"].tolist() == ["too few years"] * 6
    chinese = page.reliability(ZH, cases)
    assert chinese["事件数"].tolist() == found["Events"].tolist()
    assert chinese["实际发生"].tolist() == found["Came true"].tolist()
    assert chinese["90%区间"].tolist()[-1] == "年份过少"
    apart = page.reliability(EN, scored(record(np.zeros(8), years=list(range(2010, 2018)))))
    assert apart["90% interval"].tolist()[0] == "0% to 31%"


def test_reliability_of_the_record_is_complete(study: Study) -> None:
    cases = study.track_record()
    assert len(cases) > 300
    assert page.reliability(EN, cases)["Events"].sum() == len(RATIOS) * len(cases)
    found = coverage(cases)
    assert found["cases"].sum() == len(cases)
    assert found["coverage"].between(0.65, 0.95).all()


def test_scores_compare_methods_on_common_cases() -> None:
    cases = [("city/gdp", origin, h) for origin in (2018, 2019) for h in (1, 2)]
    extra = ("city/gdp", 2020, 1)  # which only one of them forecast
    both = pd.concat(
        [forecasts(NAIVE, 40.0, [*cases, extra]), forecasts(LEARNED, 20.0, cases)],
        ignore_index=True,
    )
    found = page.scores(EN, both)
    # The score of a uniform forecast at its median is a twelfth of its width: twice as wide, twice
    # as bad. It gives 96 a chance of 7/10, or of 6/10 where it is twice as wide.
    assert found["Method"].tolist() == ["Learned ensemble", "No change"]
    assert found["CRPS, 1 to 2 years ahead"].tolist() == ["1.00, 1.00", "2.00, 2.00"]
    assert found["80% covered"].tolist() == ["100, 100", "100, 100"]
    assert found["Brier score"].tolist() == ["0.090, 0.090", "0.160, 0.160"]
    assert crps_ratios(mean_scores(both)).loc[NAIVE].tolist() == pytest.approx([2.0, 2.0])
    chinese = page.scores(ZH, both)
    assert chinese["CRPS（提前1—2年）"].tolist() == ["1.00, 1.00", "2.00, 2.00"]
    assert (chinese.to_numpy()[:, 1:] == found.to_numpy()[:, 1:]).all()
    off = page.scores(EN, both.assign(actual=109.0))
    assert off["80% covered"].tolist() == ["100, 100", "0, 0"]
    assert off["Method"].tolist() == ["No change", "Learned ensemble"]
    assert page.scores(EN, both[both["method"] == NAIVE].assign(series="x")).shape[0] == 1
    assert page.scores(EN, pd.concat([both.iloc[:1], both.iloc[-1:]])).empty
    assert len(page.scores(EN, page.without(both, 2019, 2019))) == 2


# The running year ---------------------------------------------------------------------------------


def test_days_of_fiscal_years_have_the_months_of_the_calendar() -> None:
    found = replayed()
    fiscal = found.assign(day=found["day"] - pd.DateOffset(months=6))  # from July on
    told = page.replay_lead(EN, fiscal)
    assert (
        "on average at the end of September, by 3.0% at the end of June and by 0.0% in the " in told
    )
    assert "in the September after**" in told
    assert "9月末6.0%，6月末3.0%，财年结束后的9月0.0%" in page.replay_lead(ZH, fiscal)
    assert "The replay covers 2023/24," in page.replay_note(EN, fiscal)
    both = pd.concat([found, fiscal.assign(indicator="other")])
    told = page.replay_lead(EN, both)
    assert "at the end of the third month, by 3.0% at the end of the year and by 0.0% in" in told


def test_replay_is_told_on_the_cases_of_every_day() -> None:
    told = page.replay_lead(EN, replayed())
    assert "off by 6.0% on average at the end of March" in told
    assert "by 3.0% at the end of December and by 0.0% in the March after" in told
    assert "100% lay within the 90% intervals; by the day of the estimate, the share was" in told
    assert told.endswith("lowest at 100% (end of March).")
    assert "The replay covers 2024, for all series" in page.replay_note(EN, replayed())
    told = page.replay_lead(ZH, replayed())
    assert "估计误差平均为：3月末6.0%，12月末3.0%，次年3月0.0%**" in told
    assert "100%落在90%区间内" in told
    none = replayed().iloc[:0]
    assert page.replay_lead(EN, none).startswith("No running year")
    assert page.replay_lead(ZH, none).startswith("没有可供实时回测的年份")
    assert page.replay_note(EN, none) == page.replay_note(ZH, none) == ""


@pytest.mark.parametrize(
    ("years", "en", "zh"),
    [([2024, 2024], "2024", "2024年"), ([2024, 2021], "2021 to 2024", "2021—2024年")],
)
def test_span_of_years(years: list[int], en: str, zh: str) -> None:
    assert EN.write(span(pd.Series(years))) == en
    assert ZH.write(span(pd.Series(years))) == zh


def test_days_are_compared_on_the_same_cases() -> None:
    table = page.releases(EN, replayed())
    assert table["As of"].tolist() == [
        "end of March", "end of June", "end of September", "end of December", "March after",
    ]  # fmt: skip
    assert table["Cases"].tolist() == [1] * 5
    assert table["Mean error"].tolist() == ["6.0%", "5.0%", "4.0%", "3.0%", "0.0%"]
    assert table["80% covered"].tolist() == ["0%"] + ["100%"] * 4
    assert table["90% covered"].tolist() == ["100%"] * 5
    assert set(table["Last growth repeated"]) == {"8.0%"}
    chinese = page.releases(ZH, replayed())
    assert chinese["截至"].tolist() == ["3月末", "6月末", "9月末", "12月末", "次年3月"]
    assert chinese["平均误差"].tolist() == table["Mean error"].tolist()


def test_months_count_every_case() -> None:
    table = page.months(EN, replayed()).set_index("Months published")
    assert table["Cases"].to_dict() == {
        "none": 2, "up to 3": 1, "4 to 6": 1, "7 to 9": 1, "the year itself": 1,
    }  # fmt: skip
    assert table.loc["none", "Mean error"] == "28.0%"
    chinese = page.months(ZH, replayed()).set_index("已公布月份")
    assert chinese["案例数"].to_dict() == {
        "无": 2, "3个月以内": 1, "4—6个月": 1, "7—9个月": 1, "全年": 1,
    }  # fmt: skip


def test_releases_are_drawn_in_their_order_and_told_apart_without_colour() -> None:
    chart = page.releases_chart(EN, replayed())
    assert chart is not None
    spec = chart.to_dict()
    line = spec["layer"][0]["encoding"]
    assert line["x"]["sort"][0] == "end of March"
    assert line["strokeDash"]["scale"]["domain"] == ["reconciled estimate", "last growth repeated"]
    assert line["strokeDash"]["scale"]["range"] == [[1, 0], [6, 4]]
    assert line["color"]["scale"]["range"] == [LINE, QUIET]
    assert line["y"]["scale"]["zero"] is True
    rows = next(iter(spec["datasets"].values()))
    ours = [row["error"] for row in rows if row["method"] == "reconciled estimate"]
    assert ours == [6.0, 5.0, 4.0, 3.0, 0.0]
    assert {row["error"] for row in rows if row["method"] != "reconciled estimate"} == {8.0}


@pytest.mark.parametrize("tell", [EN, ZH], ids=LANGUAGES)
def test_nothing_replayed_gives_empty_tables_and_no_chart(tell: Language) -> None:
    none = replayed().iloc[:0]
    assert page.releases(tell, none).empty
    assert page.releases_chart(tell, none) is None
    assert page.months(tell, none).empty
    assert page.hidden(tell, world([statement(2020, 1.0)]), none).empty
    assert calibration.reliability(tell, NOTHING) is None
    assert calibration.coverage(tell, NOTHING) is None


# Hidden levels ------------------------------------------------------------------------------------


def test_hidden_levels_are_told_with_their_number() -> None:
    evidence = world(levels())
    told = page.hidden_lead(EN, evidence, replayed())
    assert "median error is 4.5%, and 83% of the 6 levels lay in the 90% interval" in told
    assert "**误差中位数为4.5%，6个数据中83%落在90%区间内**" in page.hidden_lead(
        ZH, evidence, replayed()
    )
    mixed = replayed().assign(kind=["share", *["flow"] * 5])
    assert "Coverage was lowest for flows: 80% of 5." in page.hidden_lead(EN, evidence, mixed)
    assert "其中流量指标的覆盖率最低：5个数据中，80%落在区间内。" in page.hidden_lead(
        ZH, evidence, mixed
    )
    none = replayed().iloc[:0]
    assert page.hidden_lead(EN, evidence, none).startswith("No level stands between two others")


def test_hidden_levels_are_counted_by_place_and_kind() -> None:
    found = pd.DataFrame(
        {
            "region": ["province", "city", "city"], "indicator": "gdp",
            "kind": ["flow", "flow", "share"], "year": 2020, "error": [1.0, -2.0, 30.0],
            "score": [0.1, -1.5, 4.0],
        }
    )  # fmt: skip
    table = page.hidden(EN, world([statement(2020, 1.0)]), found).set_index("Levels of")
    assert table["Cases"].to_dict() == {
        "all": 3, "Province": 1, "City": 2, "flows": 2, "shares": 1,
    }  # fmt: skip
    assert table.loc["all", ["Median error", "90% covered"]].tolist() == ["2.0%", "67%"]


@pytest.mark.parametrize("tell", [EN, ZH], ids=LANGUAGES)
def test_no_gap_in_any_text(tell: Language) -> None:
    evidence, cases = world(levels()), surprised()
    for text in (
        page.lead(tell, cases), page.note(tell, cases), page.limits(tell, cases),
        page.replay_lead(tell, replayed()), page.replay_note(tell, replayed()),
        page.hidden_lead(tell, evidence, replayed()),
    ):  # fmt: skip
        gap = GAPS.search(text)
        assert gap is None, f"{gap and gap.group()!r} in {text!r}"
