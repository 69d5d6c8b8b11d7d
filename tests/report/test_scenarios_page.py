"""The page on scenarios, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest

from forecast.dependence.links import Links
from forecast.evidence.evidence import Evidence
from forecast.facts import Number, fact
from forecast.report.language import LANGUAGES, language
from forecast.report.pages import scenarios as page
from forecast.report.pages.pictures import scenario_marks
from forecast.report.pages.scenario_statements import refusal, statement
from forecast.report.text.markup import OURS, markdown
from forecast.scenarios import joint_targets
from forecast.scenarios.apply import Outcome, apply
from forecast.scenarios.contributions import contributions
from forecast.scenarios.joint_draws import Joint
from forecast.scenarios.spec import RefusedError, Scenario, Statement
from forecast.study import Study
from tests.conftest import PLAN
from tests.report.markup import unmarked

EN, ZH = unmarked("en"), unmarked("zh")
BOOM = Scenario("Boom", [Statement("jinhua/gdp", "growth", 80, 2027)], name_zh="过热")


@pytest.fixture(scope="module")
def outcomes(study: Study) -> page.Outcomes:
    return study.outcomes(PLAN)


@pytest.fixture(scope="module")
def baseline(outcomes: page.Outcomes) -> Outcome:
    return page.applied(outcomes)[0]


@pytest.fixture(scope="module")
def refused(baseline: Outcome) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        apply(baseline.joint, BOOM)
    return caught.value


@pytest.fixture(scope="module")
def vouched(study: Study) -> Evidence:
    """Return the evidence with a site that somebody vouches for."""
    site = {"host": "ecns.cn", "kind": "press", "publisher": "China News Service", "note": ""}
    return replace(study.evidence, hosts=pd.DataFrame([site]))


def test_lead_names_what_depends_most(outcomes: page.Outcomes) -> None:
    chances: dict[str, list[float]] = {}
    for outcome in page.applied(outcomes):
        for result in outcome.results:
            name = str(result.goal.assessment.target["name"])
            chances.setdefault(name, []).append(result.probability)
    most = max(chances, key=lambda name: max(chances[name]) - min(chances[name]))
    text = page.lead(EN, outcomes)
    assert text.startswith(f"**The target that depends most on the scenario is {most}: from about ")
    assert "5 scenarios are compared with the baseline for the 8 targets on yearly levels" in text
    chinese = page.lead(ZH, outcomes)
    assert chinese.startswith("**受情景影响最大的目标是工业增加值：在“外需冲击”情景下实现概率约")
    assert "5个情景与基准情景进行比较，涉及8项可预测的年度数值目标。" in chinese
    figures = [re.findall(r"\d+", t.split("\n")[0].replace(" in 100", "")) for t in (text, chinese)]
    assert figures[0] == figures[1]


def test_lead_where_nothing_depends_on_the_scenario(outcomes: page.Outcomes) -> None:
    same = dict.fromkeys(("baseline", "same"), outcomes["baseline"])
    text = page.lead(EN, same)
    assert text.startswith(
        "**No scenario changes the probability of a target by 3 in 100 or more.**\n\nOne "
        "scenario is compared with the baseline for the 8 targets on yearly levels with a "
        "forecast."
    )
    assert page.lead(ZH, same).startswith("**各情景下，各项目标实现概率的变动均不足3个百分点**。")
    assert EN.write(page.changing(same)) == (
        "Under no scenario does the probability of a target change by 3 in 100 or more"
    )


def test_lead_of_data_without_scenarios(outcomes: page.Outcomes) -> None:
    alone = {"baseline": outcomes["baseline"]}
    assert page.lead(EN, alone).startswith(
        "**There is no scenario to compare with the baseline.**\n\nThe baseline alone is shown, "
        "for the 8 targets on yearly levels with a forecast."
    )
    assert page.lead(ZH, alone).startswith(
        "**没有可与基准情景比较的情景**。\n\n仅列出基准情景下8项可预测的年度数值目标的实现概率。"
    )
    assert EN.write(page.changing(alone)) == "Probabilities without a scenario"


def test_chart_says_how_many_targets_depend_on_the_scenario(outcomes: page.Outcomes) -> None:
    found = page.applied(outcomes)
    goals = found[0].joint.goals
    chances = {
        goal.name: [o.results[i].probability for o in found if o.reliable(goal)]
        for i, goal in enumerate(goals)
    }
    n = sum(max(each) - min(each) >= page.NOTABLE for each in chances.values())
    told = {tell.lang: tell.write(page.changing(outcomes)) for tell in (EN, ZH)}
    assert told["zh"] == f"8项目标中有{n}项的实现概率在各情景之间相差3个百分点及以上"
    some = "one has a" if n == 1 else f"{n} have a"
    assert told["en"] == (
        f"Of 8 targets, {some} probability that differs by 3 in 100 or more between scenarios"
    )


def test_lead_of_a_plan_without_forecasts(baseline: Outcome) -> None:
    bare = Joint(**{**vars(baseline.joint), "goals": ()})
    empty = {"baseline": apply(bare, Scenario("Baseline"))}
    assert page.lead(EN, empty) == (
        "No target of the plan depends on a series that could be forecast."
    )
    assert page.lead(ZH, empty) == "本规划没有以可预测指标衡量的目标。"
    assert scenario_marks.chart(EN, empty) is None
    assert page.all_together(EN, empty["baseline"]) == ""


def test_refused_scenario_is_named_and_the_others_stand(
    study: Study, baseline: Outcome, refused: RefusedError
) -> None:
    outcomes = {"baseline": baseline, "boom": refused}
    known = {"baseline": baseline.scenario, "boom": BOOM}
    told = page.refusals(EN, study.evidence, outcomes, known)
    assert re.fullmatch(
        r"\*\*Not possible: Boom\.\*\* Gross domestic product, Jinhua: growth of 80% in 2027\. "
        r"This lies \d+ standard deviations from the forecast; the simulated paths support at most "
        r"8\.",
        told,
    )
    assert re.fullmatch(
        r"\*\*情景不成立：过热\*\*。2027年金华市地区生产总值增长80%。该设定偏离预测\d+个标准差，"
        r"超出模拟路径所能支持的范围（最多8个标准差）。",
        page.refusals(ZH, study.evidence, outcomes, known),
    )
    assert page.applied(outcomes) == [baseline]
    listed = page.assumptions(EN, study.evidence, refused, BOOM)
    assert listed == "- **Gross domestic product, Jinhua: growth of 80% in 2027**. "
    shown = page.details(EN, study.evidence, outcomes, known)
    assert "Not possible: Boom" in shown[-1].data  # type: ignore[union-attr]


REASONS = [
    (fact("refused-not-forecast"), "Exports of goods, China is not forecast with the others",
     "未纳入联合预测"),
    (fact("refused-years", first=2026, last=2027), "The forecast covers 2026 to 2027.",
     "预测期为2026—2027年。"),
    (fact("refused-change"), "state growth", "应设定增速"),
    (fact("refused-growth"), "state a change", "应设定升降幅度"),
    (fact("refused-prices"), "No price index is known", "缺少可用于计算实际增速的价格指数"),
    (fact("refused-known"), "The figure is known already", "该数据已经公布"),
    (fact("refused-contradiction"), "contradict one another: Exports of goods, China: fall of 1%",
     "以下设定相互矛盾：2027年中国货物出口额下降1%。"),
    (fact("refused-far-together", distance=Number(9)), "together they lie 9 standard deviations",
     "合在一起则偏离预测9个标准差"),
    (fact("refused-unmet"), "cannot be brought to these statements", "无法满足以下设定"),
    (fact("refused-few", share=Number(0.4, 1), least=Number(1)),
     "in 0.4 of 100 simulated paths; at least 1", "每100条模拟路径中仅有0.4条"),
    (fact("refused-left", left=Number(3), paths=Number(4000), least=Number(1)),
     "hold in 3 of 4,000 simulated paths", "4000条模拟路径中仅有3条"),
    (fact("refused-sum", year=2027), "Exports of goods, China: the first is the sum",
     "中国货物出口额：前者为其余各项之和"),
    (fact("refused-part", year=2027), "the first is a part of the second", "前者是后者的一部分"),
    (fact("refused-product", year=2027), "the second times the third", "第一项等于后两项之积"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "en", "zh"), REASONS, ids=[r[0].message for r in REASONS])
def test_every_refusal_is_worded(study: Study, reason: object, en: str, zh: str) -> None:
    stated = [Statement("china/exports", "growth", -1, 2027)]
    error = RefusedError("x", reason, stated, ["china/exports"])  # type: ignore[arg-type]
    assert en in refusal(EN, study.evidence, error)
    assert zh in refusal(ZH, study.evidence, error)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_have_a_row_per_target_and_a_column_per_scenario(
    lang: str, outcomes: page.Outcomes
) -> None:
    tell, found = language(lang), page.applied(outcomes)
    goals = found[0].joint.goals
    names = {"en": {"Baseline", "R&amp;D push"}, "zh": {"基准", "研发投入加快"}}[lang]
    for table in (page.chances(tell, found), page.medians(tell, found)):
        assert len(table) == len(goals)
        assert names <= set(table)
    counts = page.at_least(tell, found)
    assert list(counts.iloc[:, 0]) == list(page.chances(tell, found))[1:]
    assert len(counts.columns) == 1 + len(goals)
    ties = page.ties(tell, found[0])
    goal = {g.name: g for g in goals}
    pairs = joint_targets.pairs(found[0])
    linked = [
        bool(found[0].joint.relation(goal[a].series, goal[b]))
        for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    assert len(ties) == min(sum(linked), page.PAIRS)
    for cell in page.chances(tell, found).iloc[:, 1:].to_numpy().ravel():
        assert re.fullmatch(r"(&lt; ?|&gt; ?)?\d+†?", cell)


def test_figures_of_the_tables_are_those_of_the_outcome(outcomes: page.Outcomes) -> None:
    found = page.applied(outcomes)
    goal = found[0].results[0].goal
    assert page.chances(EN, found)["Target"][0] == f'<a href="{goal.name}.html">GDP</a>'
    medians = page.medians(EN, found)
    assert medians["Target value"][0] == "950 billion yuan"
    assert medians["Baseline"][0] == f"{found[0].results[0].median / 10:,.1f}"
    assert page.medians(ZH, found)["基准"][0] == f"{found[0].results[0].median:.0f}"


STATEMENTS = [
    (Statement("china/exports", "growth", -10, 2027),
     "Exports of goods, China: fall of 10% in 2027", "2027年中国货物出口额下降10%"),
    (Statement("jinhua/exports", "growth", -8, 2027, sd=4, relative="points"),
     "Exports of goods, Jinhua: growth 8 percentage points below the baseline in 2027, standard "
     "deviation 4 percentage points",
     "2027年金华市货物出口额增速比基准情景低8个百分点（标准差4个百分点）"),
    (Statement("jinhua/gdp", "level", 3, (2026, 2027), relative="percent"),
     "Gross domestic product, Jinhua: average level 3% above the baseline in 2026 to 2027",
     "2026—2027年金华市地区生产总值年均水平比基准情景高3%"),
    (Statement("jinhua/gdp", "level", 8400, 2027, sd=50),
     "Gross domestic product, Jinhua: level of 840 billion yuan in 2027, standard deviation "
     "5 billion yuan", "2027年金华市地区生产总值水平为8400亿元（标准差50亿元）"),
    (Statement("jinhua/price_level", "growth", -1, 2027, bound="upper", probability=0.8),
     "Price level of GDP, Jinhua: fall of at least 1% in 2027, with a probability of 80%",
     "2027年金华市GDP平减指数降幅不低于1%（概率80%）"),
    (Statement("jinhua/gdp", "growth", 5, (2026, 2027), bound="lower"),
     "Gross domestic product, Jinhua: growth of at least 5% a year in 2026 to 2027",
     "2026—2027年金华市地区生产总值年均增速不低于5%"),
    (Statement("china/rd_share", "change", 0.1, (2026, 2027)),
     "R&D spending as a share of GDP, China: rise of 0.1 percentage points a year in 2026 to 2027",
     "2026—2027年中国R&D经费投入强度年均提高0.1个百分点"),
    (Statement("jinhua/exports", "share", 40, 2027, of="gdp"),
     "Exports of goods, Jinhua: share of 40% of Gross domestic product in 2027",
     "2027年金华市货物出口额占地区生产总值的比重为40%"),
    (Statement("jinhua/exports", "share", 3, 2027, of="china/exports", bound="upper"),
     "Exports of goods, Jinhua: share of at most 3% of Exports of goods, China in 2027",
     "2027年金华市货物出口额占中国货物出口额的比重不超过3%"),
    (Statement("jinhua/gdp", "real_growth", 6, (2026, 2027)),
     "Gross domestic product, Jinhua: real growth of 6% a year in 2026 to 2027",
     "2026—2027年金华市地区生产总值年均实际增长6%"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "en", "zh"), STATEMENTS)
def test_statements_in_words(study: Study, stated: Statement, en: str, zh: str) -> None:
    assert EN.write(statement(study.evidence, stated)) == en
    assert ZH.write(statement(study.evidence, stated)) == zh


def test_source_of_a_figure_is_a_link(
    study: Study, vouched: Evidence, outcomes: page.Outcomes
) -> None:
    scenario = study.scenarios()["official_growth"]
    unlinked = page.assumptions(EN, study.evidence, outcomes["official_growth"], scenario)
    assert "Source: China sets 2026 economic growth target at 4.5 pct to 5 pct." in unlinked
    text = page.assumptions(EN, vouched, outcomes["official_growth"], scenario)
    assert "Source: [China sets 2026 economic growth target at 4.5 pct to 5 pct](http" in text
    assert text.count("\n- ") == 2
    chinese = page.assumptions(ZH, vouched, outcomes["official_growth"], scenario)
    assert "资料来源：[" in chinese
    assert "假设：2027年继续提出与2026年相同的增长区间，并得以实现。" in chinese
    assert chinese.count("\n- ") == 2


def test_distance_warns_of_what_is_extreme(baseline: Outcome) -> None:
    joint = baseline.joint
    gdp, place = joint.values("china/gdp"), joint.place(2027)
    growth = 100 * (gdp[:, place] / gdp[:, place - 1] - 1)
    for sds, extreme in ((0.5, False), (5.0, True)):
        value = float(growth.mean() - sds * growth.std())
        fall = apply(joint, Scenario("Fall", [Statement("china/gdp", "growth", value, 2027)]))
        told = page.distance(EN, fall)
        assert f"as unusual as {fall.reach.surprise:.1f} standard deviations" in told
        assert ("**Read it as an extreme case**" in told) == extreme
        assert ("an ordinary departure" in told) != extreme
        assert ("**应视为极端情形**，而非预测。" in page.distance(ZH, fall)) == extreme
    mean = Scenario("Mean", [Statement("china/gdp", "growth", float(growth.mean()), 2027)])
    told = page.distance(EN, apply(joint, mean))
    assert "less than 0.1 standard deviations" in told
    assert "0.0" not in told.split("Relative entropy")[0]
    assert (
        page.distance(EN, baseline) == "Nothing is assumed: these are the forecasts as they stand."
    )
    assert page.distance(ZH, baseline) == "不作任何假设，即现有预测。"


def test_largest_changes_are_named(outcomes: page.Outcomes, baseline: Outcome) -> None:
    shock = outcomes["external_demand_shock"]
    assert isinstance(shock, Outcome)
    told = page.moved(EN, shock, baseline)
    assert re.fullmatch(r"Largest changes: Industrial value added \d+ in 100 → \d+ in 100\.", told)
    assert page.moved(EN, baseline, baseline) == (
        "No probability with a reliable link changes by 3 in 100 or more."
    )
    assert page.moved(ZH, baseline, baseline) == (
        "有可靠关联的各项目标，实现概率的变动均不足3个百分点。"
    )


def test_change_without_a_reliable_link_is_no_finding(baseline: Outcome) -> None:
    """The same draws, with and without links between the series."""
    stated = [Statement("china/gdp", "growth", 0, 2027)]
    joint, name = baseline.joint, "industrial_value_added"
    loose = Links(joint.links.keys, joint.links.correlation, 0 * joint.links.years)
    tight = Links(joint.links.keys, 0 * joint.links.correlation + 0.9, 0 * joint.links.years + 12)
    told, marked, parted = [], [], []
    for links in (tight, loose):
        fall = apply(replace(joint, links=links, _columns={}), Scenario("Fall", stated))
        place = [goal.name for goal in joint.goals].index(name)
        told.append(page.moved(EN, fall, baseline))
        marked.append(page.chances(EN, [baseline, fall])["Fall"][place].endswith("†"))
        parted.append(fall.reliable(joint.goals[place]))
    assert told[0].startswith("Largest changes: ")
    assert told[1].startswith(
        "No probability with a reliable link changes by 3 in 100 or more. No reliable link, and "
        "therefore no finding: Industrial value added "
    )
    assert marked == [False, True]
    assert parted == [True, False]


def test_channel_and_assumptions_come_before_results(study: Study, outcomes: page.Outcomes) -> None:
    shown = page.details(EN, study.evidence, outcomes, study.scenarios())
    first, second = (part.data for part in shown[:2] if part is not None)
    assert "Channel: Tariffs and weaker demand" in first
    assert first.index("Channel: ") < first.index("Exports of goods, China")
    assert second.startswith("Distance from the baseline")


def test_all_and_most_of_the_targets(baseline: Outcome) -> None:
    chances = joint_targets.at_least(baseline)
    told = page.all_together(EN, baseline)
    assert told.startswith(
        "Probability that all 8 targets on yearly levels with a forecast are met: fewer than "
    )
    k = max(k for k, p in chances.items() if p >= 0.5)
    assert f"Probability that at least {k} of them are met: " in told
    assert "(if they were independent: " in told
    assert page.all_together(ZH, baseline).startswith("8项可预测的年度数值目标全部实现的概率：低于")
    one = Joint(**{**vars(baseline.joint), "goals": baseline.joint.goals[:1]})
    alone = page.all_together(EN, apply(one, Scenario("Baseline")))
    assert alone.startswith(
        "Probability that the one target on a yearly level with a forecast is met: "
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_chart_is_described_in_the_language(lang: str, outcomes: page.Outcomes) -> None:
    chart = scenario_marks.chart(language(lang), outcomes)
    assert isinstance(chart, alt.LayerChart)
    spec = chart.to_dict()
    assert spec["width"] == "container"
    assert spec["title"]["text"] == language(lang).write(page.changing(outcomes))
    # What the lead says is in the text alternative, and not said twice to the eye.
    assert language(lang).write(page.finding(outcomes)) in spec["description"]
    assert not set(spec["description"]) & {"*", OURS}
    assert "100" in spec["title"]["subtitle"]
    found, drawn = page.applied(outcomes), spec["usermeta"]["figures"]["data"]
    assert len(drawn) == sum(o.reliable(goal) for o in found for goal in o.joint.goals)
    assert len(drawn) < len(found) * len(found[0].joint.goals)
    assert len(spec["description"]) > 30


def test_contributions_are_shown_for_what_moves(study: Study, outcomes: page.Outcomes) -> None:
    outcome = outcomes["external_demand_shock"]
    assert isinstance(outcome, Outcome)
    contributed = contributions(outcome)
    found = page.parts(EN, study.evidence, outcome, contributed)
    moved = (contributed["with_all"] - contributed["baseline"]).abs() >= page.NOTABLE
    goals = {goal.name: goal for goal in outcome.joint.goals}
    series = [outcome.scenario.statements[i].series for i in contributed["statement"]]
    joined = [
        bool(outcome.joint.relation(key, goals[name]))
        for key, name in zip(series, contributed["target"], strict=True)
    ]
    assert len(found) == (moved.to_numpy() & np.array(joined)).sum() > 0
    assert set(found["Target"]) <= {r.goal.assessment.target["name"] for r in outcome.results}
    assert list(found)[-2:] == ["Without it", "It alone"]
    assert list(page.parts(ZH, study.evidence, outcome, contributed))[-2:] == [
        "去除该设定", "仅保留该设定",
    ]  # fmt: skip


def test_terminal_table(outcomes: page.Outcomes, baseline: Outcome) -> None:
    outcome = outcomes["rd_push"]
    assert isinstance(outcome, Outcome)
    table = page.beside(EN, baseline, outcome)
    assert list(table) == [
        "target", "year", "baseline", "scenario", "median", "median in the scenario",
    ]  # fmt: skip
    assert list(table.iloc[0, :3]) == ["gdp", "2027", "< 9 in 100"]
    first, *others = baseline.joint.goals
    fiscal = replace(first, assessment=replace(first.assessment, year_starts=7))
    named = replace(baseline, joint=replace(baseline.joint, goals=(fiscal, *others)))
    assert list(page.beside(EN, named, outcome)["year"][:2]) == ["2026/27", "2027"]
    # What differs without a reliable link is marked, on the terminal as on the page.
    goals = baseline.joint.goals
    loose = {goal.name for goal in goals if not outcome.reliable(goal)}
    differs = table["median"] != table["median in the scenario"].str.rstrip("†")
    marked = table["median in the scenario"].str.endswith("†")
    assert marked.any()
    assert list(marked) == list(differs & table["target"].isin(loose))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whole_page_leaves_no_mark_of_markdown_open(
    lang: str, study: Study, vouched: Evidence, outcomes: page.Outcomes
) -> None:
    """Bold text beside full-width punctuation is the trap of CommonMark in Chinese."""
    from nbconvert.filters import markdown2html

    tell = language(lang)
    shown = page.details(tell, vouched, outcomes, study.scenarios())
    texts = [markdown(page.lead(tell, outcomes)), *(s.data for s in shown if s is not None)]
    for text in texts:
        assert "**" not in markdown2html(text)
    if lang == "zh":
        plain = re.sub(r"\[[^]]*\]\([^)]*\)|<[^>]+>", "", "\n".join(texts))
        assert not re.findall(r"[A-Za-z]{4,}", plain)
