from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.report import charts as shared
from forecast.report.language import language
from forecast.report.pages import charts

TEXT = "What the chart shows."


def samples(description: str = TEXT) -> dict[str, Any]:
    """One chart of each kind, from made-up figures."""
    years = np.arange(2010, 2026)
    level = 100 * 1.08 ** (years - 2010)
    path = pd.DataFrame(
        {"year": years, "estimate": level, "low": level * 0.98, "high": level * 1.02}
    ).assign(origin=["published"] * 14 + ["derived", "nowcast"])
    statements = pd.DataFrame(
        {
            "year": years,
            "value": level * 1.01,
            "status": (["final", "census", "preliminary", "unknown"] * 4),
            "source": "a </script> bulletin",
            "label": "level",
            "measure": "level",
            "flagged": [y == 2015 for y in years],
        }
    )
    targets = pd.DataFrame(
        {
            "target": ["GDP", "Travel time", "Population"],
            "probability": [0.02, None, 0.9],
            "low": [0.01, None, 0.8],
            "high": [0.05, None, 0.97],
            "said": ["2 in 100", "not assessable", "90 in 100"],
        }
    )
    track = pd.DataFrame({"horizon": [1, 2, 3], "coverage": [0.81, 0.78, 0.7]})
    days = ["end of March", "end of June"]
    releases = pd.DataFrame(
        {"day": days * 2, "method": ["ours"] * 2 + ["naive"] * 2, "error": [5.0, 4, 8, 8]}
    )
    words = {"title": "A title", "description": description}
    return {
        "history": charts.history(path, statements, unit="亿元", **words),
        "path": charts.history(path, unit="亿元", **words),
        "overview": charts.overview(targets, **words),
        "track": charts.track(track, **words),
        "releases": charts.releases(releases, **words),
    }  # fmt: skip


SPECS = {name: chart.to_dict() for name, chart in samples().items()}


def walk(node: Any) -> Any:
    yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from walk(child)


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_is_wide_described_and_legible(name: str) -> None:
    spec = SPECS[name]
    assert spec["width"] == "container"
    assert spec["description"] == TEXT
    sizes = [
        v
        for part in walk(spec)
        if isinstance(part, dict)
        for k, v in part.items()
        if k.endswith("ontSize")
    ]
    assert sizes
    assert min(sizes) >= 11
    assert "url" not in {k for part in walk(spec) if isinstance(part, dict) for k in part}


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_can_be_drawn_by_an_old_vega_lite(name: str) -> None:
    import vl_convert

    spec = shared.mimebundle(SPECS[name])[shared.MIME]
    # 5.8 is the oldest that vl-convert has; JupyterLab 4 carries 5.6.
    vega = vl_convert.vegalite_to_vega({**spec, "width": 600}, vl_version="5.8")
    assert vega["marks"]


def test_description_is_required() -> None:
    with pytest.raises(ValueError, match="description"):
        samples(" ")


def test_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"rows lacks the column\(s\) coverage"):
        charts.track(pd.DataFrame({"horizon": [1]}), description=TEXT)


def test_releases_are_in_their_order_and_told_apart_without_colour() -> None:
    line = SPECS["releases"]["layer"][0]["encoding"]
    assert line["x"]["sort"] == ["end of March", "end of June"]
    assert line["strokeDash"]["scale"]["domain"] == ["ours", "naive"]
    assert line["y"]["scale"]["zero"] is True


def test_not_assessable_target_is_last_and_said() -> None:
    data = SPECS["overview"]["datasets"].values()
    rows = next(rows for rows in data if rows and "said" in rows[0])
    assert [r["said"] for r in rows] == ["90 in 100", "2 in 100", "not assessable"]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.floats(-1e6, 1e6),
)
def test_stacking_keeps_every_dot_on_its_side_of_the_target(
    values: list[float], target: float
) -> None:
    stacked = shared.stack_dots(values, target)
    assert len(stacked) == len(values)
    assert not stacked.duplicated().any()
    if np.ptp([*values, target]) > 1e-3:
        assert list(stacked["value"] >= target) == list(np.sort(values) >= target)
    assert (stacked["row"] >= 0).all()


def test_enabled_charts_show_themselves_as_version_5_without_a_network() -> None:
    import altair as alt

    before = alt.renderers.active
    try:
        shared.enable(language("en"))
        shown = samples()["track"]._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
    assert set(shown) == {"application/vnd.vegalite.v5+json", "text/plain"}
    assert shown["text/plain"] == TEXT
    spec = shown["application/vnd.vegalite.v5+json"]
    assert spec["$schema"].endswith("/v5.json")
    assert spec["width"] == shared.WIDTH  # "container" hangs JupyterLab
    json.dumps(spec, allow_nan=False)  # strict JSON: missing values are null


@pytest.mark.parametrize(("lang", "text"), [("en", "10,000"), ("zh", "10000")])
def test_numbers_of_an_axis_are_grouped_as_the_language_does(lang: str, text: str) -> None:
    import altair as alt
    import vl_convert

    rows = pd.DataFrame({"year": [2020, 2021], "value": [5000.0, 15000.0]})
    chart = alt.Chart(rows).mark_line().encode(shared.year_axis([2020, 2021]), y="value:Q")
    drawn = shared.finish(chart, "", TEXT, 200, width=300).to_dict()
    bundle = shared.mimebundle(drawn, lang)
    svg = vl_convert.vegalite_to_svg({**bundle[shared.MIME], "$schema": None})
    assert f">{text}</text>" in svg
