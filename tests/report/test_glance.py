"""The table at the top of a target's page: the questions a reader asks first."""

from __future__ import annotations

import html
from datetime import date

import pandas as pd
import pytest

from forecast.report.html_cleanup import cleaned
from forecast.report.language import language
from forecast.report.pages.known import last_figure
from forecast.report.pages.target import glance
from forecast.report.releases import Calendar
from forecast.study import Study
from forecast.targets.assessment import Assessment

EN, ZH = language("en"), language("zh")


def table(study: Study, answer: Assessment, lang: str = "en") -> dict[str, str]:
    """Return the answers by the name of the row."""
    tell, evidence = language(lang), study.evidence
    view = glance.View(tell, evidence, answer, Calendar(evidence, date(2026, 11, 26)))
    shown = glance.table(view)
    asked = {tell(f"glance-{name}"): name for name in glance.ROWS}
    names = shown.iloc[:, 0].str.replace("<.*?>", "", regex=True).map(asked)
    return dict(zip(names, shown.iloc[:, 1], strict=True))


def test_answers_of_a_level(study: Study, answers: dict[str, Assessment]) -> None:
    found = table(study, answers["gdp"])
    assert list(found)[:3] == ["chance", "evidence", "next"]
    assert found["chance"] == "Very unlikely at best: fewer than 9 in 100."
    assert found["assumed"].startswith("Current prices; statistical basis: ")
    assert "“about” allows a shortfall of 5%" in found["assumed"]
    assert found["takes"].startswith("Required: +")
    assert "comparable past cases the event occurred in" in found["record"]
    own = table(study, answers["gdp"], "zh")
    assert own["assumed"].startswith("按现价计算；统计口径：")
    assert list(own) == list(found)


def test_years_and_publisher_of_the_figures_are_told(
    study: Study, answers: dict[str, Assessment]
) -> None:
    answer = answers["gdp"]
    assert answer.quality is not None
    found, zh = table(study, answer), table(study, answer, "zh")
    first, last = answer.quality.levels[0], answer.quality.levels[-1]
    assert found["evidence"].endswith(f"Years with data: {first} to {last}.")
    assert zh["evidence"].endswith(f"有数据的年份：{first}—{last}年。")
    known = 0
    for answer in answers.values():
        if (figure := last_figure(answer)) is None:
            continue
        name = str(study.evidence.source(str(figure["source"]))["publisher"])
        said = "The last known figure is from"
        whole = f"{said} {EN.write(study.evidence.publisher(name))}." if name else said
        assert (whole in html.unescape(table(study, answer)["sources"])) == bool(name)
        known += bool(name)
    assert known


def test_overdue_figures_stand_before_the_next(
    study: Study, answers: dict[str, Assessment]
) -> None:
    calendar = Calendar(study.evidence, date(2028, 6, 1))
    told = glance.next_due(glance.View(EN, study.evidence, answers["gdp"], calendar))
    assert told.startswith("Not in the data: ")
    assert "is expected" in told


def test_targets_of_other_plans_and_better_methods_are_told(
    study: Study, answers: dict[str, Assessment]
) -> None:
    answer, calendar = answers["gdp"], Calendar(study.evidence, date(2026, 11, 26))
    view = glance.View(EN, study.evidence, answer, calendar, "", "Others did better.", [answer])
    assert glance.record(view).endswith("Others did better.")
    alone = glance.View(EN, study.evidence, answers["population"], calendar)
    assert glance.others(alone) == (
        "No forecast by others is part of the answer, "
        "and no other plan in the data has a target for it."
    )
    plan = EN.of(study.evidence.plan(str(answer.target["plan"])), "name")
    goal = EN.write(answer.goal)
    assert glance.others(view).endswith(f"for comparison: {goal} ({plan}).")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_of_target_has_its_rows(
    study: Study, answers: dict[str, Assessment], lang: str
) -> None:
    for answer in answers.values():
        found = table(study, answer, lang)
        assert {"chance", "evidence", "decides"} <= set(found), answer.key
        assert all(len(text) < 330 for text in found.values()), answer.key


def test_questions_link_to_the_sections_that_the_page_has(
    study: Study, answers: dict[str, Assessment]
) -> None:
    view = glance.View(EN, study.evidence, answers["gdp"], Calendar(study.evidence))
    shown: pd.DataFrame = glance.table(view)
    assert '<a href="#which-release-decides">Which figure decides?</a>' in shown.iloc[3, 0]
    page = f"<main><h1>GDP</h1>{shown.to_html(escape=False)}<h2>Which release decides</h2></main>"
    made, _ = cleaned(f"<html><body>{page}</body></html>", "GDP", EN)
    assert '<a href="#which-release-decides">Which figure decides?</a>' in made
    assert "What are the sources?" in made
    assert "#what-is-known" not in made
