from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.evidence.problems import UserError
from forecast.facts import Amount
from forecast.report.language import language
from forecast.report.show import frame_html
from forecast.report.workbench import models as page
from forecast.study import Study
from forecast.targets.assessment import Assessment
from forecast.verification import residuals
from tests.conftest import CHEAP, PLAN


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_fans_show_the_answer_first_and_then_every_model(
    lang: str, answers: dict[str, Assessment]
) -> None:
    tell, answer = language(lang), answers["gdp"]
    assert answer.paths is not None
    shown = page.fans(tell, answer)
    assert shown["model"].nunique() == 1 + len(CHEAP)
    last = shown[shown["year"] == answer.year].iloc[0]
    median = float(np.median(answer.paths.pooled[:, -1]))
    assert last["median"] == pytest.approx(tell.scaled(median, answer.unit))
    spec = page.fans_chart(tell, answer).to_dict()
    assert str(answer.year) in spec["description"]
    drawn = spec["usermeta"]["figures"]
    assert len(drawn["data"]) == len(shown)
    assert drawn["data"][0][0] == shown["model"].iloc[0]
    medians = shown[shown["year"] == answer.year]["median"] / float(tell.scaled(1, answer.unit))
    title = spec["title"]["text"]
    for value in (medians.min(), medians.max()):
        assert tell.write(Amount(float(value), answer.unit)) in title


def test_chance_at_the_limit_of_what_past_cases_support_is_told_as_one(
    answers: dict[str, Assessment],
) -> None:
    low = dict.fromkeys(CHEAP, 0.0411)
    answer = replace(answers["gdp"], probability=0.0411, floor=0.0411, by_family=low)
    shown = page.chances(language("en"), replace(answer, probability=0.3), answer)
    assert list(shown["Probability"]) == [
        "about 30 in 100",
        *["fewer than 5 in 100"] * (1 + len(CHEAP)),
    ]
    assert list(page.chances(language("zh"), answer)["实现概率"]) == ["低于5%"] * (1 + len(CHEAP))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_autocorrelation_chart_counts_what_chance_does_not_explain(lang: str) -> None:
    table = residuals.autocorrelation(np.cumsum(np.ones(30)))
    spec = page.autocorrelation_chart(language(lang), table).to_dict()
    outside = int((table["autocorrelation"].abs() > table["limit"]).sum())
    assert outside > 1
    assert str(outside) in spec["title"]["text"]
    assert f"{table['autocorrelation'].iloc[0]:.2f}" in spec["description"]
    assert len(spec["usermeta"]["figures"]["data"]) == len(table)


def test_target_without_a_forecast_names_those_that_have_one(study: Study) -> None:
    with pytest.raises(UserError, match=r"target circle_1h does not rest on .* gdp, "):
        page.assessed(study, "circle_1h", PLAN)


def test_tables_of_pandas_have_short_numbers_to_the_right(answers: dict[str, Assessment]) -> None:
    assert answers["gdp"].paths is not None
    text = frame_html(answers["gdp"].paths.table())
    assert text.count('<th style="text-align: left">model') == 1
    assert '<td style="text-align: left">drift' in text
    assert "NaN" not in text
    assert text.count('text-align: right">2027') == 1 + len(CHEAP)
