from __future__ import annotations

import csv
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.scales import TRANSFORMS, transform

#: Values that each scale takes.
DOMAINS = {
    "log": st.floats(1e-6, 1e9),
    "logit": st.floats(0.01, 99.99),
    "linear": st.floats(-1e6, 1e6),
}


@pytest.mark.parametrize("name", DOMAINS)
@given(data=st.data())
def test_inverse_gives_the_value_back(name: str, data: st.DataObject) -> None:
    scale, value = TRANSFORMS[name], np.array([data.draw(DOMAINS[name])])
    np.testing.assert_allclose(scale.inverse(scale.forward(value)), value, rtol=1e-9)


@pytest.mark.parametrize("name", DOMAINS)
@given(data=st.data())
def test_order_is_kept(name: str, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(DOMAINS[name], DOMAINS[name])))
    scale = TRANSFORMS[name]
    assert scale.forward(np.array([low]))[0] <= scale.forward(np.array([high]))[0]


@pytest.mark.parametrize(
    ("name", "value"), [("log", 7313.0), ("logit", 2.54), ("logit", 72.9), ("linear", -4.0)]
)
def test_slope_is_the_derivative(name: str, value: float) -> None:
    scale, step = TRANSFORMS[name], 1e-5 * abs(value)
    ends = scale.forward(np.array([value - step, value + step]))
    assert scale.slope(np.array([value]))[0] == pytest.approx(np.diff(ends)[0] / (2 * step))


@given(st.floats(-30, 30))
def test_share_stays_between_0_and_100(x: float) -> None:
    assert 0 < TRANSFORMS["logit"].inverse(np.array([x]))[0] < 100


@given(st.floats(-700, 700))
def test_level_stays_positive(x: float) -> None:
    assert TRANSFORMS["log"].inverse(np.array([x]))[0] > 0


@pytest.mark.parametrize("name", TRANSFORMS)
def test_scale_survives_another_process(name: str) -> None:
    assert pickle.loads(pickle.dumps(TRANSFORMS[name])) is TRANSFORMS[name]


def test_unknown_scale_is_told_which_are_known() -> None:
    with pytest.raises(ValueError, match=r"'sqrt'; known are log, logit, linear"):
        transform("sqrt")


def test_every_scale_of_the_data_is_known() -> None:
    file = Path(__file__).parents[2] / "data" / "indicators.csv"
    used = {row["transform"] for row in csv.DictReader(file.open(encoding="utf-8-sig"))}
    assert {transform(name).name for name in used} == used
    assert {"log", "logit"} <= used


def test_scales_by_hand() -> None:
    value = np.array([20.0, 50.0, 80.0])
    np.testing.assert_allclose(
        TRANSFORMS["logit"].forward(value), [-np.log(4), 0, np.log(4)], atol=1e-12
    )
    np.testing.assert_allclose(TRANSFORMS["logit"].slope(value), [1 / 16, 1 / 25, 1 / 16])
    np.testing.assert_allclose(TRANSFORMS["log"].forward(np.array([1.0, np.e])), [0, 1])
    np.testing.assert_allclose(TRANSFORMS["linear"].forward(value), value)


def test_share_far_out_is_a_number_without_a_warning() -> None:
    with np.errstate(all="raise"):
        found = TRANSFORMS["logit"].inverse(np.array([-600.0, -1e4, 1e4]))
    assert found[0] == pytest.approx(100 * np.exp(-500), rel=1e-6)
    assert found[0] == found[1]
    assert found[2] == 100
