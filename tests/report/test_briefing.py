"""What a briefing chooses of a plan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from forecast.report.language import language
from forecast.report.pages.briefing import sections
from forecast.report.pages.known import last_figure
from forecast.study import Study
from forecast.targets.assessment import Assessment


def test_first_target_and_the_least_certain_are_told_in_full(
    answers: dict[str, Assessment],
) -> None:
    chosen = [str(a.target["target"]) for a in sections.main(list(answers.values()))]
    assert len(chosen) == sections.MOST
    assert chosen[0] == "gdp"
    assert chosen == [name for name in answers if name in chosen]  # in the plan's order
    able = {k: abs((a.probability or 0) - 0.5) for k, a in answers.items() if a.paths is not None}
    left = [distance for name, distance in able.items() if name not in chosen]
    assert max(able[name] for name in chosen[1:]) <= min(left)


def test_nothing_is_told_in_full_where_nothing_is_forecast(
    answers: dict[str, Assessment],
) -> None:
    assert sections.main([answers["business_rank"], answers["freight"]]) == []


@pytest.mark.parametrize(("lang", "head"), [("en", "Source"), ("zh", "来源")])
def test_last_known_figure_of_every_target_has_its_source(
    study: Study, answers: dict[str, Assessment], lang: str, head: str
) -> None:
    table = sections.sources(language(lang), study.evidence, list(answers.values()))
    assert len(table) == sum(len(a.known) > 0 for a in answers.values())
    assert table[head].ne("").all()


def test_source_is_that_of_the_figure_in_the_table_not_of_a_later_bound(
    answers: dict[str, Assessment],
) -> None:
    answer = answers["gdp"]
    assert answer.history is not None
    last = answer.known.query("measure == 'level'").iloc[[-1]]
    later = last.assign(observation="x1", bound="lower", value=1.0)
    told = last_figure(replace(answer, known=pd.concat([answer.known, later])))
    assert told is not None
    assert told["observation"] == answer.history.decisive(answer.history.last_year)["observation"]
    assert told["bound"] == ""
