"""What all charts share, tested on the charts of the pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.reconciliation.reconcile import reconcile
from forecast.report import charts as shared
from forecast.report.language import Language, language
from forecast.report.pages import overview, track_record
from forecast.report.pages.pictures import calibration, dots, fan
from forecast.report.pages.pictures import history as picture
from forecast.report.pages.target import pace, record, uncertainty
from forecast.verification.track_record import scored
from tests.answers import answer
from tests.browser import Browser
from tests.report.test_track_record_page import replayed
from tests.targets.test_assess import levels
from tests.verification.test_track_record import record as cases
from tests.worlds import statement, world

EN = language("en")


def samples(tell: Language) -> dict[str, Any]:
    """Return one chart of each kind, from made-up figures; a source has the end of a script."""
    found, past = answer(value=290.0), scored(cases(np.array([2.5, *np.zeros(39)])))
    evidence = world([*levels(), statement(2016, 250.0)])
    evidence.sources["title"] = "a </script> bulletin"
    return {
        "history": picture.chart(tell, reconcile(evidence, "city", "gdp")),
        "dots": dots.chart(tell, found),
        "fan": fan.chart(tell, found),
        "pace": pace.pace_chart(tell, found),
        "models": uncertainty.models_chart(tell, found),
        "like": record.like_chart(tell, found),
        "coverage": calibration.coverage(tell, past),
        "overview": overview.chart(tell, [found, answer(value=260.0, name="Another")]),
        "reliability": calibration.reliability(tell, past),
        "releases": track_record.releases_chart(tell, replayed()),
    }


CHARTS = samples(EN)
SPECS = {name: chart.to_dict() for name, chart in CHARTS.items()}


def walk(node: Any) -> Any:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_is_wide_described_and_legible(name: str) -> None:
    spec = SPECS[name]
    assert spec["width"] == "container"
    assert spec["description"].endswith(".")
    shown = shared.mimebundle(spec)[shared.MIME]
    parts = [part for part in walk(shown) if isinstance(part, dict)]
    assert min(v for part in parts for k, v in part.items() if k.endswith("ontSize")) >= 11
    assert "url" not in {k for part in parts for k in part}


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_can_be_drawn_by_an_old_vega_lite(name: str) -> None:
    import vl_convert

    spec = shared.mimebundle(SPECS[name])[shared.MIME]
    # 5.8 is the oldest that vl-convert has; JupyterLab 4 has 5.6.
    vega = vl_convert.vegalite_to_vega({**spec, "width": 600}, vl_version="5.8")
    assert vega["marks"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_titles_fit_in_jupyterlab(browser: Browser, tmp_path: Path, lang: str) -> None:
    import vl_convert

    every = samples(language(lang)).values()
    shown = [shared.mimebundle(chart.to_dict(), lang)[shared.MIME] for chart in every]
    drawn = [vl_convert.vegalite_to_svg({**spec, "$schema": None}) for spec in shown]
    (tmp_path / "page.html").write_text(f"<meta charset=utf-8>{''.join(drawn)}", "utf-8")
    spare = """[...document.querySelectorAll('svg')].map(svg =>
        [...svg.querySelectorAll('.role-title text')].map(text =>
            svg.getBoundingClientRect().right - text.getBoundingClientRect().right)).flat()"""
    with browser.open(tmp_path / "page.html") as opened:
        found = opened.evaluate(spare)
    assert len(found) > len(drawn)  # captions as well
    assert min(found) > 0
    assert min(found) < 60  # some are as long as a line may be


def finished(chart: Any, title: str, description: str, **more: Any) -> Any:
    empty = pd.DataFrame({"a": ["1"]})
    return shared.finish(
        chart, title, description, 200, name="x", caption="", figures=empty, **more
    )


def test_description_is_required() -> None:
    import altair as alt

    with pytest.raises(ValueError, match="description"):
        finished(alt.Chart(pd.DataFrame({"year": [2020]})).mark_point(), "Title", " ")


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.floats(-1e6, 1e6),
)
def test_stacking_keeps_every_dot_on_its_side_of_the_target(
    values: list[float], target: float
) -> None:
    stacked = dots.stack_dots(values, [target])
    assert len(stacked) == len(values)
    assert not stacked.duplicated().any()
    if np.ptp([*values, target]) > 1e-3:
        assert list(stacked["value"] >= target) == list(np.sort(values) >= target)
    assert (stacked["row"] >= 0).all()


@pytest.mark.parametrize(
    "column",
    [
        [1, 2],
        [0.5, np.nan],
        [-np.inf, np.inf],
        [True, False],
        ["a", None],
        [pd.Timestamp("2025-03-01"), pd.NaT],
        pd.Categorical(["a", "b"]),
        pd.array([1, None], dtype="Int64"),
        [1, "b"],
    ],
)
def test_rows_of_a_chart_are_those_of_altair(column: Any) -> None:
    import altair as alt

    table = pd.DataFrame({"name": column, "other": ["x", "y"]}, index=[7, 3])
    wanted = alt.default_data_transformer(table)
    assert json.dumps(shared._inline(table)) == json.dumps(wanted)


def test_enabled_charts_show_themselves_as_version_5_without_a_network() -> None:
    import altair as alt

    before = alt.renderers.active, alt.data_transformers.active
    try:
        shared.enable(EN)
        shown = CHARTS["coverage"]._repr_mimebundle_()
    finally:
        alt.renderers.enable(before[0])
        alt.data_transformers.enable(before[1])
    assert set(shown) == {"application/vnd.vegalite.v5+json", "text/plain"}
    assert shown["text/plain"] == SPECS["coverage"]["description"]
    spec = shown["application/vnd.vegalite.v5+json"]
    assert spec["$schema"].endswith("/v5.json")
    assert spec["width"] == shared.WIDTH  # "container" hangs JupyterLab
    json.dumps(spec, allow_nan=False)  # strict JSON: missing values are null


def test_chart_keeps_its_own_look_beside_the_shared_one() -> None:
    import altair as alt

    chart = alt.Chart(pd.DataFrame({"year": [2020]})).mark_point().configure_axis(labelFontSize=20)
    config = shared.mimebundle(chart.to_dict())[shared.MIME]["config"]
    assert config["axis"] == {**shared.AXIS, "labelFontSize": 20}
    assert config["legend"]["columns"] == shared.LEGEND["columns"]
    assert config["background"] == "#ffffff"


@pytest.mark.parametrize(("lang", "text"), [("en", "10,000"), ("zh", "10000")])
def test_numbers_of_an_axis_are_grouped_as_the_language_does(lang: str, text: str) -> None:
    import altair as alt
    import vl_convert

    rows = pd.DataFrame({"year": [2020, 2021], "value": [5000.0, 15000.0]})
    chart = alt.Chart(rows).mark_line().encode(shared.year_axis([2020, 2021]), y="value:Q")
    drawn = finished(chart, "", "Values.", width=300).to_dict()
    bundle = shared.mimebundle(drawn, lang)
    svg = vl_convert.vegalite_to_svg({**bundle[shared.MIME], "$schema": None})
    assert f">{text}</text>" in svg
