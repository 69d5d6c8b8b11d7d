from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.facts import Name, fact
from forecast.report.language import language
from forecast.report.pages import gaps, tables, words
from forecast.report.pages.target import parts
from forecast.report.pages.target.meaning import listed
from forecast.report.pages.target.thin import is_thin
from forecast.study import Study
from forecast.targets.assess import Assessment, Missing
from forecast.targets.assessment import PARTS
from forecast.targets.value_of_information import Gap
from forecast.verification.multiples import RATIOS
from forecast.verification.scores import share_by_years
from forecast.verification.track_record import (
    LEARNED,
    NAIVE,
    coverage,
    crps_ratios,
    mean_scores,
    pooled_factor,
    scored,
)
from tests.conftest import PLAN
from tests.test_targets import levels
from tests.verification.test_track_record import record
from tests.worlds import statement, world

HOSTILE = "<script>alert('1')</script> & \"quotes\""
GAPS = re.compile(r"\b(nan|NaN|None|NaT|inf)\b")


def assessed(answers: dict[str, Assessment]) -> list[Assessment]:
    return [a for a in answers.values() if a.probability is not None]


class Tags(HTMLParser):
    """Collect the elements of a piece of HTML, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile_world() -> Evidence:
    """Return a world in which every text that an economist types has markup in it."""
    rows = [dict(row, note=HOSTILE) for row in levels()]
    rows.append(statement("2025-06", 9.0, measure="ytd_growth", bound="lower", note=HOSTILE))
    evidence = world(rows, name=HOSTILE, wording=HOSTILE, reading=HOSTILE)
    for column in ("title", "publisher"):
        evidence.sources[column] = HOSTILE
    evidence.sources["url"] = 'https://example.org/?a="><script>alert(2)</script>'
    evidence.regions["name"] = HOSTILE
    return evidence


# Cuts for the charts ------------------------------------------------------------------------------


def test_coverage_by_years_ahead() -> None:
    frame = pd.DataFrame(
        {"horizon": [1, 1, 1, 1, 2, 2], "inside": [True, True, True, False, True, False]}
    )
    found = coverage(frame)
    assert found.to_dict("list") == {
        "horizon": [1, 2], "coverage": [0.75, 0.5], "cases": [4, 2],
    }  # fmt: skip


def test_reliability_counts_each_case_once() -> None:
    # Normal forecasts, asked for -1, -0.5, -0.25, 0, 0.25, 0.5, 1 and 2 standard deviations.
    frame = scored(record(np.array([0.3, -0.6]), years=[2010, 2010]))
    factor = pooled_factor(record(np.empty(0)))
    assert factor == 1.0  # with one year no other year says anything of the spread
    found = tables.reliability(frame)
    bands = ["0 to 5 %", "5 to 20 %", "20 to 40 %", "40 to 60 %", "60 to 80 %", "80 to 95 %"]
    assert found["range"].tolist() == bands  # a band without cases is left out
    assert found["cases"].tolist() == [2, 2, 2, 6, 2, 2]
    assert found["happened"].tolist() == pytest.approx([0, 0, 0, 0.5, 0.5, 1])
    # One year of cases that all came out alike bounds their share at 5 or 95 %, no closer.
    assert found["high"].tolist()[:3] == pytest.approx([0.95] * 3)
    assert found["low"].tolist()[-1] == pytest.approx(0.05)
    assert tables.reliability_table(frame)["Came true"].tolist()[2:4] == ["0 %", "50 %"]


def test_interval_of_a_share_resamples_years_not_cases() -> None:
    """Forty cases in two years are worth two, not forty."""
    happened = np.r_[np.ones(20), np.zeros(20)]
    together = share_by_years(happened, np.repeat([2010, 2011], 20))
    apart = share_by_years(happened, np.arange(40))
    assert together.tolist() == [0.0, 1.0]
    assert 0.3 < apart[0] < 0.5 < apart[1] < 0.7


def test_interval_of_cases_that_all_came_out_alike_is_as_wide_as_their_years_are_few() -> None:
    years = np.repeat([2010, 2011, 2012], 10)
    all_true, none = share_by_years(np.ones(30), years), share_by_years(np.zeros(30), years)
    assert all_true.tolist() == pytest.approx([0.05 ** (1 / 3), 1.0])
    assert none.tolist() == pytest.approx([0.0, 1 - 0.05 ** (1 / 3)])


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


def test_scores_compare_methods_on_common_cases() -> None:
    cases = [("city/gdp", origin, h) for origin in (2018, 2019) for h in (1, 2)]
    extra = ("city/gdp", 2020, 1)  # which only one of them forecast
    both = pd.concat(
        [forecasts(NAIVE, 40.0, [*cases, extra]), forecasts(LEARNED, 20.0, cases)],
        ignore_index=True,
    )
    found = tables.scores(both)
    # The score of a uniform forecast at its median is a twelfth of its width: twice as wide, twice
    # as bad. It gives 96 a chance of 7/10, or of 6/10 where it is twice as wide.
    assert found["Method"].tolist() == ["learned ensemble", "no change"]
    assert found["CRPS, 1 to 2 years ahead"].tolist() == ["1.00, 1.00", "2.00, 2.00"]
    assert found["80 % held"].tolist() == ["100, 100", "100, 100"]
    assert found["Brier score"].tolist() == ["0.090, 0.090", "0.160, 0.160"]
    mean = crps_ratios(mean_scores(both))
    assert mean.loc[NAIVE].tolist() == pytest.approx([2.0, 2.0])
    off = tables.scores(both.assign(actual=109.0))
    assert off["80 % held"].tolist() == ["100, 100", "0, 0"]
    assert off["Method"].tolist() == ["no change", "learned ensemble"]
    assert tables.scores(both[both["method"] == NAIVE].assign(series="x")).shape[0] == 1
    assert tables.scores(pd.concat([both.iloc[:1], both.iloc[-1:]])).empty
    assert len(tables.scores(tables.without(both, 2019, 2019))) == 2


def test_reliability_of_the_record_is_complete(study: Study) -> None:
    cases = study.track_record()
    assert len(cases) > 300
    assert tables.reliability(cases)["cases"].sum() == len(RATIOS) * len(cases)
    found = coverage(cases)
    assert found["cases"].sum() == len(cases)
    assert found["coverage"].between(0.65, 0.95).all()


# Tables for readers -------------------------------------------------------------------------------


def text_of(table: pd.DataFrame) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(table.astype(str).to_numpy().ravel())))


def test_summary_has_a_line_and_a_link_for_every_target(answers: dict[str, Assessment]) -> None:
    found = tables.summary(list(answers.values()))
    assert len(found) == 18
    for target, cell in zip(answers, found["Target"], strict=True):
        assert f'href="{target}.html"' in cell
    assert GAPS.search(text_of(found)) is None
    by_target = found.set_index(pd.Index(answers))
    for target, answer in answers.items():
        if answer.probability is None:
            assert by_target.loc[target, "Chance"].startswith(("not assessable", "partly known"))
            assert by_target.loc[target, "Pace"] == ""
        else:
            said = words.short(answer.probability, answer.floor)
            thin = " (thin)" if is_thin(answer) else ""
            assert html.unescape(by_target.loc[target, "Chance"]) == f"{said}{thin}"
    assert by_target.loc["trade", "Pace"] == "hold"
    assert by_target.loc["trade", "Last known"] == "1,050.86 billion yuan (2025)"
    assert by_target.loc["gdp", "Needed a year"].endswith("%")
    assert by_target.loc["rd_share", "Needed a year"].endswith("pp")


def test_chart_of_all_targets_says_what_the_table_says(answers: dict[str, Assessment]) -> None:
    found = tables.overview(list(answers.values()))
    assert len(found) == 18
    known = found["probability"].notna()
    assert (found["said"].str.contains("assessable|known") == ~known).all()
    assert (found.loc[known, "low"] <= found.loc[known, "probability"]).all()
    assert (found.loc[known, "probability"] <= found.loc[known, "high"]).all()


def test_what_is_missing_is_said_for_every_target_without_a_chance(
    study: Study,
    answers: dict[str, Assessment],
) -> None:
    tell = language("en")
    found = gaps.missing_table(tell, study.evidence, list(answers.values()))
    without = [a for a in answers.values() if a.probability is None]
    assert len(found) == len(without) == 10
    assert found["Missing"].str.len().gt(20).all()
    assert found["Status"].tolist() == ["partly known"] * 6 + ["not assessable yet"] * 4
    assert sorted(found["Data points"]) == sorted(str(len(a.known)) for a in without)
    assert gaps.missing_table(tell, study.evidence, assessed(answers)).empty


def test_statements_of_every_target_are_shown_with_their_source(
    answers: dict[str, Assessment],
) -> None:
    for target, answer in answers.items():
        frame = listed(answer)
        found = tables.statements(frame)
        assert len(found) == len(frame)
        if len(found):
            assert {"Id", "Period", "What", "Published", "Source"} <= set(found)
            assert (found["Source"] != "").all()
            assert GAPS.search(text_of(found)) is None, target
            assert not [c for c in found if found[c].astype(str).eq("").all()]


def test_statements_of_several_places_name_the_place(answers: dict[str, Assessment]) -> None:
    found = tables.statements(listed(answers["big_markets"]))
    assert set(found["Place"]) >= {"Yiwu China Commodity City", "Yongkang China Hardware City"}


def test_series_link_to_pages_that_are_made(study: Study) -> None:
    found = tables.series(study, PLAN)
    addresses = [Tags(cell).found[0][1]["href"] for cell in found["Series"]]
    assert addresses == [words.page_name(r, i) for r, i in study.pages(PLAN)]
    assert found["Statements"].ge(1).all()
    assert GAPS.search(text_of(found)) is None
    assert (
        "no path" not in found.set_index(pd.Index(addresses)).loc["data-jinhua-gdp.html"].tolist()
    )


# Markup in the data -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("gdp.html", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//example.org", False),
        ("file:///etc/passwd", False),
        ('https://e.org/" onmouseover="alert(1)', True),
    ],
)
def test_link(address: str, linked: bool) -> None:
    cell = tables.link(HOSTILE, address)
    elements = Tags(cell).found
    assert [tag for tag, _ in elements] == ["a"] * linked
    if linked:
        assert elements[0][1] == {"href": address}
    assert HOSTILE in html.unescape(cell)


def test_markup_in_a_target_is_text_in_the_tables() -> None:
    evidence = hostile_world()
    row = evidence.target("plan", "goal")
    part = [Name(HOSTILE), "2024", "", 1.0, "met", 0.5, HOSTILE]
    rows = pd.DataFrame([part], columns=list(PARTS))
    told = fact("reason-not-computed", why=HOSTILE)
    wanted = (Missing("city", "gdp", "2024", told),)
    answer = Assessment(row, "not_assessable", told, 100.0, "亿元", parts=rows, missing=wanted)
    case = pd.DataFrame({"figure": [told], "probability": [0.5], "floor": [0.1]})
    gap = Gap("plan", "goal", Name(HOSTILE), wanted, opens=True, what_if=case)
    tell = language("en")
    for frame in (
        tables.summary([answer]),
        gaps.missing_table(tell, evidence, [answer]),
        parts.table(tell, answer),
        gaps.what_if(tell, [gap]),
        gaps.next_figures(tell, evidence, [gap]),
    ):
        page = frame.to_html(index=False, escape=False)
        tags = {tag for tag, _ in Tags(page).found}
        assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "a"}, tags


def replayed() -> pd.DataFrame:
    """One series seen on all five days, and one only at the end of March."""
    error = [6.0, -5.0, 4.0, -3.0, 0.0, 50.0]
    return pd.DataFrame(
        {
            "region": "city", "indicator": ["gdp"] * 5 + ["trade"], "kind": "flow", "year": 2024,
            "step": [3, 6, 9, 12, 15, 3], "months": [0, 3, 6, 9, 9, 0],
            "known": [False] * 4 + [True, False], "error": error, "naive": [8.0] * 6,
            "score": [1.5, 1.0, 1.0, 1.0, 0.0, 5.0],
        }
    )  # fmt: skip


def test_days_are_compared_on_the_same_cases() -> None:
    rows = tables.releases(replayed())
    ours = rows[rows["method"] == "our estimate"]
    assert ours["error"].tolist() == [6.0, 5.0, 4.0, 3.0, 0.0]
    assert ours["day"].tolist()[0] == "end of March"
    assert rows.loc[rows["method"] != "our estimate", "error"].eq(8.0).all()
    table = tables.releases_table(replayed())
    assert table["Cases"].tolist() == [1] * 5
    assert table["80 % held"].tolist() == ["0 %"] + ["100 %"] * 4
    assert table["90 % held"].tolist() == ["100 %"] * 5
    assert set(table["Growth once more"]) == {"8.0 %"}


def test_months_count_every_case() -> None:
    table = tables.months_table(replayed()).set_index("Months published")
    assert table["Cases"].to_dict() == {
        "none": 2, "up to 3": 1, "4 to 6": 1, "7 to 9": 1, "the year itself": 1,
    }  # fmt: skip
    assert table.loc["none", "Mean error"] == "28.0 %"


def test_hidden_levels_are_counted_by_place_and_kind() -> None:
    found = pd.DataFrame(
        {
            "region": ["province", "city", "city"], "indicator": "gdp",
            "kind": ["flow", "flow", "share"], "year": 2020, "error": [1.0, -2.0, 30.0],
            "score": [0.1, -1.5, 4.0],
        }
    )  # fmt: skip
    table = tables.hidden(world([statement(2020, 1.0)]), found).set_index("Levels of")
    assert table["Cases"].to_dict() == {
        "all": 3, "Province": 1, "City": 2, "flows": 2, "shares": 1,
    }  # fmt: skip
    assert table.loc["all", ["Median error", "90 % held"]].tolist() == ["2.0 %", "67 %"]


def test_nothing_replayed_gives_empty_tables() -> None:
    none = replayed().iloc[:0]
    assert tables.releases_table(none).empty
    assert tables.months_table(none).empty
    assert tables.hidden(world([statement(2020, 1.0)]), none).empty
