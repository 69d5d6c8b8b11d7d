"""Sources on pages: small print, the list with addresses for paper, which of two is better."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.sources.ranks import RANKS
from forecast.reconciliation.reconcile import reconcile
from forecast.report.language import LANGUAGES, language
from forecast.report.pages.evidence import sources
from forecast.study import Study
from tests.report.markup import HOSTILE, Tags, unlinked
from tests.targets.test_assess import levels
from tests.worlds import statement, world

EN, ZH = language("en"), language("zh")
OFFICE = ("office", "Communiqué", "The office", "https://stats.gov.cn/a", "2024-03", "bulletin", "")
PAPER = ("paper", "Report", "", "https://farm.example/b?x=1", "2024-04", "news", "mirror")


def with_sources(rows: list[dict], *more: tuple[str, ...]) -> Evidence:
    plain = world(rows)
    table = pd.DataFrame(
        more, columns=["source", "title", "publisher", "url", "published", "kind", "copy"]
    )
    together = pd.concat([plain.sources, table.assign(note="")]).fillna("")
    return dataclasses.replace(plain, sources=together)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rank_has_a_word_of_its_own(lang: str) -> None:
    assert len({sources.rank(language(lang), key) for key in RANKS}) == len(RANKS)


def test_official_source_is_linked_and_a_mirror_is_named() -> None:
    evidence = with_sources(levels(), OFFICE, PAPER)
    official = sources.cell(EN, evidence.source("office"))
    assert official == (
        '<a href="https://stats.gov.cn/a">Communiqué</a>'
        "<br><small>The office · 2024-03 · official</small>"
    )
    mirror = sources.cell(EN, evidence.source("paper"), "2023")
    assert mirror == (
        "Report<br><small>publisher not known · 2024-04 · figure first published 2023 · "
        "repost · read at farm.example</small>"
    )
    assert "转载 · 见于farm.example" in sources.cell(ZH, evidence.source("paper"))


def test_list_has_the_best_first_and_each_address_once_for_paper() -> None:
    rows = [
        *levels(),
        statement(2025, 24.0, source="office"),
        statement(2026, 25.0, source="paper"),
    ]
    evidence = with_sources(rows, OFFICE, PAPER)
    found = sources.table(EN, evidence, evidence.statements("city", "gdp"))
    assert found["Rank"].tolist() == ["official", "yearbook", "repost"]
    assert found["Figures here"].sum() == len(rows)
    page = found.to_html(escape=False)
    assert page.count('<a href="https://stats.gov.cn/a" data-address="">') == 1
    assert "farm.example/b" not in page


def test_newest_figure_of_a_copy_is_second_hand_and_forecasts_are_no_figures() -> None:
    rows = [
        statement(2024, 23.0, source="office"),
        statement(2025, 24.0, source="paper"),
        statement(2026, 5.0, measure="forecast_growth", status="target", source="office"),
    ]
    evidence = with_sources(rows, OFFICE, PAPER)
    known = evidence.statements("city", "gdp")
    said = "2 published figures from 2 sources, by rank of the source: official 1 and repost 1."
    assert sources.counted(EN, evidence, known) == said
    assert len(sources.table(EN, evidence, known)) == 2
    said = "The last known figure, for 2025, is second-hand (source: repost)."
    assert sources.second_hand(EN, evidence, known) == said
    told = "最近一期（2025年）数据系转引（来源等级：转载）。"
    assert sources.second_hand(ZH, evidence, known) == told
    # The office said so too, or has a newer one.
    both = known.assign(also_in=["", "office", ""])
    assert sources.second_hand(EN, evidence, both) == ""
    assert sources.second_hand(EN, evidence, known[known["period"] != "2025"]) == ""


def test_better_of_two_sources_is_named() -> None:
    more = [
        statement(2024, 22.52, source="office", observation="o90"),
        statement(2024, 23.1, source="paper", observation="o91"),
    ]
    rows = [*(row for row in levels() if row["period"] != "2024"), *more]
    evidence = with_sources(rows, OFFICE, PAPER)
    told = sources.rivals(EN, evidence, reconcile(evidence, "city", "gdp"))
    plain = unlinked(told)
    assert plain == (
        "For 2024, 2.252 billion yuan (o90, official) is better documented than "
        "2.31 billion yuan (o91, repost)."
    )
    assert sources.rivals(EN, evidence, None) == ""
    history = reconcile(evidence, "city", "gdp")
    nameless = dataclasses.replace(
        history, observations=history.observations.assign(observation="")
    )
    assert "2.252 billion yuan (official) is" in sources.rivals(EN, evidence, nameless)


def test_figures_that_agree_are_no_rivals() -> None:
    evidence = with_sources(levels(), OFFICE)
    assert sources.rivals(EN, evidence, reconcile(evidence, "city", "gdp")) == ""


def test_sources_of_a_city_are_listed_in_both_languages(study: Study) -> None:
    rows = study.evidence.statements("jinhua", "gdp")
    for tell in (EN, ZH):
        found = sources.table(tell, study.evidence, rows)
        assert found[tell("sources-head-count")].sum() == len(rows)


def test_markup_in_the_data_is_text() -> None:
    hostile = ("paper", HOSTILE, HOSTILE, 'https://stats.gov.cn/?a="><b>', "2024", "news", "")
    evidence = with_sources([statement(2024, 1.0, source="paper")], hostile)
    rows = evidence.statements("city", "gdp")
    for tell in (EN, ZH):
        page = sources.table(tell, evidence, rows).to_html(index=False, escape=False)
        page += sources.cell(tell, evidence.source("paper"))
        tags = {tag for tag, _ in Tags(page).found}
        assert tags <= {*["table", "thead", "tbody", "tr", "th", "td", "a", "br", "small", "span"]}
