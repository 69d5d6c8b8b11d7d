from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.evidence.problems import UserError
from forecast.forecasting import models
from forecast.forecasting.model_pool import Options, component_draws
from forecast.forecasting.models import (
    _smoothing,
    _state_space,
    arima,
    families,
    family,
    local_trend,
    prophet,
)
from forecast.forecasting.models._draws import weights_of
from forecast.forecasting.panel_data import MIN_INFORMED

pytestmark = pytest.mark.slow

FAMILIES = families()
CLOSED_FORM = ("damped_drift", "damped_trend", "drift")
HORIZON = 5


def walk(years: int, seed: int, drift: float = 0.08, spread: float = 0.04) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 8.0 + np.cumsum(drift + spread * rng.standard_normal(years))


def simulate(name: str, path: np.ndarray, draws: int = 400, seed: int = 1, horizon: int = HORIZON):
    return family(name).simulate(path, horizon, draws, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def futures() -> dict[str, np.ndarray]:
    """The same path, carried on by every family."""
    return {name: simulate(name, walk(25, 0), draws=2000) for name in FAMILIES}


# The package -----------------------------------------------------------------------------------


def test_families_are_the_files_of_the_package():
    assert FAMILIES == (
        "arima",
        "damped_drift",
        "damped_trend",
        "drift",
        "local_trend",
        "prophet",
        "theta",
    )
    for name in FAMILIES:
        module = family(name)
        assert name == module.NAME
        assert module.LABEL
        assert any(
            year in module.SOURCE for year in ("1970", "1985", "1989", "2000", "2018", "2021")
        )
        assert MIN_INFORMED <= module.MIN_YEARS <= 8


@pytest.mark.parametrize("name", ["_draws", "nonesuch", ""])
def test_unknown_family_names_the_known_ones(name):
    with pytest.raises(ValueError, match=r"arima, damped_drift, .*theta"):
        family(name)


def test_import_is_cheap():
    code = (
        "import sys, forecast.forecasting.models as m; m.families();"
        "sys.exit(any(h in sys.modules for h in ('statsmodels', 'prophet', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# What every family promises --------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
def test_draws_are_finite_and_plausible(name, futures):
    draws = futures[name]
    assert draws.shape == (2000, HORIZON)
    assert np.isfinite(draws).all()
    last = walk(25, 0)[-1]
    assert (np.abs(np.median(draws, axis=0) - last) < 0.8).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_spread_grows_with_the_horizon(name, futures):
    low, high = np.quantile(futures[name], [0.1, 0.9], axis=0)
    width = high - low
    assert width[0] > 0.05  # next year is about as uncertain as years were: 2.6 * 0.04 = 0.10
    assert (np.diff(width) > 0).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_same_seed_same_draws(name):
    path = walk(16, 3)
    first = simulate(name, path, draws=50)
    assert np.array_equal(first, simulate(name, path, draws=50))
    assert not np.array_equal(first, simulate(name, path, draws=50, seed=2))


@pytest.mark.parametrize("name", FAMILIES)
def test_path_and_generator_are_used_but_path_not_changed(name):
    path = walk(12, 4)
    before = path.copy()
    rng = np.random.default_rng(1)
    first = family(name).simulate(path, 2, 20, rng)
    assert np.array_equal(path, before)
    assert not np.array_equal(first, family(name).simulate(path, 2, 20, rng))


@pytest.mark.parametrize("name", FAMILIES)
def test_shortest_path_and_one_year(name):
    years = family(name).MIN_YEARS
    assert np.isfinite(simulate(name, walk(years, 5), draws=30, horizon=1)).all()
    with pytest.raises(ValueError, match=f"needs at least {years} years, got {years - 1}"):
        simulate(name, walk(years - 1, 5))


@pytest.mark.parametrize("name", FAMILIES)
def test_gaps_and_empty_requests_are_refused(name):
    path = walk(12, 6)
    with pytest.raises(ValueError, match="one year ahead"):
        simulate(name, path, horizon=0)
    with pytest.raises(ValueError, match="one draw"):
        simulate(name, path, draws=0)
    with pytest.raises(ValueError, match="one yearly path"):
        simulate(name, path[:, None])
    path[4] = np.nan
    with pytest.raises(ValueError, match="without gaps"):
        simulate(name, path)


@pytest.mark.parametrize("name", FAMILIES)
def test_steady_paths_continue(name):
    constant = simulate(name, np.full(10, 3.25), draws=7)
    assert np.allclose(constant, 3.25, atol=1e-9)
    line = 2 + 0.1 * np.arange(12)
    draws = simulate(name, line, draws=7)
    assert np.ptp(draws, axis=0).max() < 1e-6
    assert (np.diff(draws[0], prepend=line[-1]) > 0.03).all()
    assert (np.diff(draws[0], prepend=line[-1]) < 0.1 + 1e-9).all()


def test_first_use_is_silent():
    # In a fresh process, because importing statsmodels changes warnings and loggers.
    code = (
        "import numpy as np\n"
        "from forecast.forecasting.models import families, family\n"
        "path = np.tile([0.0, 1.0], 8) + 1e-6 * np.arange(16) ** 2\n"
        "for name in families():\n"
        "    family(name).simulate(path, 2, 20, np.random.default_rng(1))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


ODD_PATHS = {
    "outlier": np.r_[walk(10, 7), 30.0, walk(10, 8)],
    "step": np.r_[np.zeros(8), np.ones(8)] + 1e-3 * np.sin(np.arange(16)),
    "alternating": np.tile([0.0, 1.0], 8) + 1e-6 * np.arange(16) ** 2,
    "explosive": 1.6 ** np.arange(16),
    "saturating": 5 - 0.7 ** np.arange(16),
    "far from zero": 1e6 + walk(16, 9),
    "tiny": 1e-7 * walk(16, 10),
    "noise": np.random.default_rng(11).standard_normal(16),
    "one step": np.r_[np.zeros(15), 1.0],
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", ODD_PATHS.values(), ids=ODD_PATHS)
@pytest.mark.parametrize("name", FAMILIES)
def test_odd_paths_give_finite_draws_without_a_warning(name, path):
    draws = simulate(name, path, draws=40, horizon=3)
    assert draws.shape == (40, 3)
    assert np.isfinite(draws).all()
    assert np.abs(np.median(draws, axis=0) - path[-1]).max() < 20 * np.ptp(path)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.floats(-10, 10, allow_subnormal=False), min_size=6, max_size=20),
    start=st.floats(-1e4, 1e4),
)
@pytest.mark.parametrize("name", CLOSED_FORM)
def test_any_path_gives_finite_draws(name, steps, start):
    path = start + np.cumsum(steps)
    assert np.isfinite(simulate(name, path, draws=20, horizon=3)).all()


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [(name, 1e-8) for name in CLOSED_FORM]
    + [("theta", 1e-3), ("local_trend", 1e-6), ("arima", 1e-2)],
)
def test_units_do_not_matter(name, tolerance):
    path = walk(20, 12)
    plain = simulate(name, path, draws=200)
    other = simulate(name, 2 * path + 3, draws=200)
    # A draw may fall to the next grid point or order when a weight changes in its last digit.
    assert np.mean(np.isclose(other, 2 * plain + 3, rtol=0, atol=tolerance)) > 0.98


# Coverage: the truth is a random walk with drift, which not every family believes in -----------

BANDS = {  # replications; share of outcomes inside the 80 % interval 1 and 3 years ahead
    "arima": (40, (0.68, 0.92), (0.68, 0.92)),
    "damped_drift": (400, (0.74, 0.88), (0.72, 0.88)),
    "damped_trend": (400, (0.72, 0.88), (0.62, 0.85)),
    "drift": (400, (0.75, 0.85), (0.75, 0.85)),
    "local_trend": (80, (0.68, 0.92), (0.68, 0.92)),
    "prophet": (30, (0.60, 0.95), (0.55, 0.95)),
    "theta": (200, (0.72, 0.90), (0.65, 0.88)),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_intervals_cover(name):
    replications, *bands = BANDS[name]
    inside = np.empty((replications, 2))
    for seed in range(replications):
        path = walk(23, seed + 1000, drift=0.02)
        draws = simulate(name, path[:20], draws=300, horizon=3, seed=seed)
        low, high = np.quantile(draws[:, [0, 2]], [0.1, 0.9], axis=0)
        actual = path[[20, 22]]
        inside[seed] = (low <= actual) & (actual <= high)
    for (least, most), share in zip(bands, inside.mean(axis=0), strict=True):
        assert least <= share <= most


# Drift and damping -----------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [1, 4])
def test_drift_is_the_student_t_of_the_textbook(ahead):
    path = walk(12, 20)
    steps = np.diff(path)
    count = len(steps)
    scale = steps.std(ddof=1) * np.sqrt(ahead + ahead**2 / count)
    expected = stats.t(count - 1, path[-1] + ahead * steps.mean(), scale)
    draws = simulate("drift", path, draws=40_000)[:, ahead - 1]
    assert stats.kstest(draws, expected.cdf).pvalue > 0.01
    assert draws.mean() == pytest.approx(expected.mean(), abs=4 * scale / 200)
    assert draws.var() == pytest.approx(expected.var(), rel=0.06)


def test_damped_drift_fades_from_the_recent_pace():
    path = np.r_[0.0, np.cumsum(np.r_[np.full(10, 0.02), np.full(10, 0.10)])]
    path += 0.005 * np.random.default_rng(21).standard_normal(21)
    steps = np.diff(path)
    weights = 0.9 ** np.arange(20)[::-1]
    pace = weights @ steps / weights.sum()
    assert pace > steps.mean()
    grown = np.median(simulate("damped_drift", path, draws=20_000), axis=0) - path[-1]
    assert grown == pytest.approx(pace * np.cumsum(0.9 ** np.arange(1, 6)), abs=0.01)


@pytest.mark.parametrize("name", ["damped_drift", "damped_trend"])
def test_damped_families_flatten(name):
    path = walk(25, 22, drift=0.10, spread=0.01)
    median = np.median(simulate(name, path, draws=4000, horizon=15), axis=0)
    steps = np.diff(median, prepend=path[-1])
    assert steps[0] > 0.07
    assert 0 < steps[-1] < 0.7 * steps[0]
    plain = np.median(simulate("drift", path, draws=4000, horizon=15), axis=0)
    assert np.diff(plain)[-1] == pytest.approx(0.10, abs=0.01)


# Smoothing -------------------------------------------------------------------------------------


def test_smoothing_is_that_of_statsmodels():
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    path = walk(20, 30)
    alpha, beta, phi, level, trend = 0.6, 0.12, 0.9, 7.9, 0.05
    fit = ETSModel(path, trend="add", damped_trend=True).smooth([alpha, beta, phi, level, trend])
    parameters = [np.array([value]) for value in (alpha, beta, phi)]
    innovations, levels, trends = _smoothing.run(path, *parameters)
    start = np.array([1, level, trend])
    assert innovations[0] @ start == pytest.approx(np.asarray(fit.resid))
    ahead = _smoothing.ahead(
        levels[0] @ start * np.ones(1),
        trends[0] @ start * np.ones(1),
        *parameters,
        np.zeros((1, 4)),
    )
    assert ahead[0] == pytest.approx(np.asarray(fit.forecast(4)))


def test_damped_trend_follows_level_and_trend():
    rng = np.random.default_rng(31)
    line = 1 + 0.1 * np.arange(25)
    noisy = line + 0.03 * rng.standard_normal(25)
    draws = simulate("damped_trend", noisy, draws=2000)
    # Noise about a line is not a random walk: the interval is about as wide as the noise, 2.6 sd.
    low, high = np.quantile(draws[:, 0], [0.1, 0.9])
    assert low < 3.5 - 0.02
    assert high > 3.5 - 0.02
    assert high - low < 0.15


def test_theta_is_centred_on_statsmodels():
    from statsmodels.tsa.forecasting.theta import ThetaModel

    path = walk(25, 32)
    expected = np.asarray(ThetaModel(path, deseasonalize=False).fit().forecast(HORIZON))
    draws = simulate("theta", path, draws=40_000)
    assert draws.mean(axis=0) == pytest.approx(expected, abs=0.02)


def test_theta_admits_that_it_halves_the_trend():
    path = walk(25, 33, drift=0.10, spread=0.02)
    low, high = np.quantile(simulate("theta", path), [0.1, 0.9], axis=0)
    assert low[0] < path[-1] + 0.10 < high[0]


# State space -----------------------------------------------------------------------------------


def sarimax(steps: np.ndarray, order: tuple[int, int], drift: bool) -> Any:
    """Return the model of statsmodels for some steps, its variance at its best."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    trend = "c" if drift else "n"
    return SARIMAX(steps, order=(order[0], 0, order[1]), trend=trend, concentrate_scale=True)


def test_state_space_draws_agree_with_statsmodels():
    steps = np.diff(walk(40, 40)) * 25
    model = sarimax(steps, (1, 1), drift=True)
    params = np.array([0.8, 0.6, -0.2])
    expected = model.smooth(params).get_forecast(4)
    point = model.untransform_params(params)[None]
    systems, squares, _ = _state_space.filtered(arima._process((1, 1), point), steps)
    systems = systems.scaled(squares / len(steps))
    rng = np.random.default_rng(2)
    draws = _state_space.ahead(systems, np.zeros(40_000, int), np.ones(40_000), 4, rng)
    assert draws.mean(axis=0) == pytest.approx(expected.predicted_mean, abs=0.03)
    assert draws.var(axis=0) == pytest.approx(expected.var_pred_mean, rel=0.03)


def assert_filtered_as_by_statsmodels(systems: _state_space.Systems, theirs: list[Any]) -> None:
    for i, one in enumerate(theirs):
        selection = one.selection[..., -1]
        shocks = selection @ one.state_cov[..., -1] @ selection.T
        assert systems.mean[i] == pytest.approx(one.predicted_state[..., -1], rel=1e-8, abs=1e-10)
        assert systems.cov[i] == pytest.approx(one.predicted_state_cov[..., -1], rel=1e-8, abs=1e-9)
        assert systems.shocks[i] == pytest.approx(shocks, rel=1e-8, abs=1e-10)
        assert systems.transition[i] == pytest.approx(one.transition[..., -1])
        assert systems.intercept[i] == pytest.approx(one.state_intercept[..., -1])
        assert systems.noise[i] == pytest.approx(one.obs_cov[0, 0, -1])


@pytest.mark.parametrize("order", [*arima.ORDERS, (2, 1), (0, 2), (3, 2)])
@pytest.mark.parametrize("drift", [False, True])
def test_many_arima_models_are_filtered_as_each_by_statsmodels(order, drift):
    steps = np.diff(walk(22, 58)) * 25
    model = sarimax(steps, order, drift)
    points = np.random.default_rng(4).standard_normal((9, sum(order) + drift))
    theirs = [model.filter(point, transformed=False, return_ssm=True) for point in points]
    systems, squares, volume = _state_space.filtered(arima._process(order, points), steps)
    likelihood = arima._concentrated(squares, volume, len(steps))
    assert likelihood == pytest.approx([one.llf for one in theirs], abs=1e-7)
    assert_filtered_as_by_statsmodels(systems.scaled(squares / len(steps)), theirs)


def test_many_local_trends_are_filtered_as_each_by_statsmodels():
    path, variances = walk(15, 59) * 20, local_trend._variances(local_trend.PRIORS)[::17]
    model = local_trend._model(path)
    theirs = [model.filter(point, return_ssm=True) for point in variances]
    start = local_trend._after_two(path[:2], variances)
    assert_filtered_as_by_statsmodels(_state_space.filtered(start, path[2:])[0], theirs)


def test_local_trend_tells_noise_from_a_random_walk():
    rng = np.random.default_rng(41)
    noisy = 1 + 0.1 * np.arange(25) + 0.05 * rng.standard_normal(25)
    wandering = walk(25, 42, drift=0.1, spread=0.07)  # steps as wide as those of the noise

    def width(path: np.ndarray) -> float:
        low, high = np.quantile(simulate("local_trend", path)[:, -1], [0.1, 0.9])
        return float(high - low)

    assert width(noisy) < 0.8 * width(wandering)


def test_local_trend_has_the_weights_of_a_diffuse_filter():
    path, variances = walk(15, 48) * 20, local_trend._variances(local_trend.PRIORS)[::9]
    likelihood = np.array([local_trend._model(path).loglike(point) for point in variances])
    assert local_trend._weights(path, variances) == pytest.approx(weights_of(likelihood), rel=1e-8)


def test_arima_recovers_growth_that_returns_to_its_mean():
    rng = np.random.default_rng(43)
    growth = np.empty(80)
    growth[0] = 0.08
    for year in range(1, 80):
        growth[year] = 0.08 + 0.7 * (growth[year - 1] - 0.08) + 0.01 * rng.standard_normal()
    growth[-3:] = 0.12, 0.14, 0.15  # a boom: growth is 7 points above its mean
    path = np.cumsum(growth)
    median = np.median(simulate("arima", path, draws=2000, horizon=10), axis=0)
    steps = np.diff(median, prepend=path[-1])
    assert 0.11 < steps[0] < 0.145
    assert (np.diff(steps[:5]) < 0).all()
    assert 0.07 < steps[-1] < 0.10


def test_arima_mixes_orders_and_small_samples_prefer_small_ones():
    fits, weights = arima._weighed(np.diff(walk(20, 44)) * 25, arima.ORDERS)
    assert fits[0].model is None
    assert fits[1].model is None
    assert weights[1] > 0.3  # the random walk with drift, which is the truth
    assert (weights > arima.LEAST_WEIGHT).sum() >= 3


@pytest.mark.parametrize("order", [*arima.ORDERS, (2, 1), (0, 2), (3, 2)])
@pytest.mark.parametrize("drift", [False, True])
def test_arima_has_the_likelihood_and_the_optimum_of_statsmodels(order, drift):
    steps = np.diff(walk(22, 47)) * 25
    model = sarimax(steps, order, drift)
    points = np.random.default_rng(3).standard_normal((20, sum(order) + drift))
    expected = [model.loglike(point, transformed=False) for point in points]
    assert arima._log_likelihood(steps, order, points) == pytest.approx(expected, abs=1e-7)
    found, theirs = arima._fit(steps, order, drift), model.fit(disp=0, cov_type="none")
    if found is not None and theirs.mle_retvals["converged"]:
        score = arima._aicc(theirs.llf, sum(order) + drift + 1, len(steps))
        assert found.score == pytest.approx(score, abs=1e-6)


def test_arima_falls_back_on_random_walks(monkeypatch):
    def broken(*args, **kwargs):
        raise np.linalg.LinAlgError("no solution")

    monkeypatch.setattr(arima, "_log_likelihood", broken)
    path = walk(20, 45)
    draws = simulate("arima", path, draws=4000)
    plain = simulate("drift", path, draws=4000)
    assert draws.mean(axis=0) == pytest.approx(plain.mean(axis=0), abs=0.02)


def test_local_trend_falls_back_on_the_random_walk(monkeypatch):
    def nothing(filtered, which, scale, horizon, rng):
        return np.full((len(which), horizon), np.nan)

    monkeypatch.setattr(_state_space, "ahead", nothing)
    assert np.isfinite(simulate("local_trend", walk(20, 46))).all()


def test_weights_survive_what_is_not_a_number():
    assert weights_of(np.array([0.0, np.nan, -np.inf, 0.0])).tolist() == [0.5, 0, 0, 0.5]
    assert weights_of(np.array([np.nan, -np.inf])).tolist() == [0.5, 0.5]
    assert weights_of(np.array([-2000.0, -2000.0 + np.log(3)])) == pytest.approx([0.25, 0.75])


# Prophet ---------------------------------------------------------------------------------------


def test_prophet_is_silent_and_leaves_the_global_generator_alone(capfd):
    path = walk(16, 50)
    draws = []
    for seed in (1, 2):
        np.random.seed(seed)
        expected = np.random.RandomState(seed).random_sample(3)
        draws.append(simulate("prophet", path, draws=60))
        assert np.array_equal(np.random.random_sample(3), expected)
    assert np.array_equal(*draws)
    assert capfd.readouterr() == ("", "")


#: Of 40,000 samples by Prophet's own package (1.5.0, its sampler warmed up by 2,000, max_treedepth
#: 10) for `walk(years, 56)` from its first year on: 5 %, 50 % and 95 % quantiles of the trend's
#: last value and last slope, and of the noise.
OF_ITS_OWN_PACKAGE = {
    (9, 5): [[0.8646, 0.9005, 0.9468], [0.1000, 0.4481, 0.9213], [0.0127, 0.0214, 0.0456]],
    (16, 5): [[1.3609, 1.3979, 1.4334], [0.7731, 1.3782, 2.0276], [0.0154, 0.0218, 0.0340]],
    (30, 5): [[2.5795, 2.6335, 2.6863], [2.0458, 3.0434, 3.8997], [0.0300, 0.0379, 0.0497]],
    (12, 0): [[1.1578, 1.2027, 1.2477], [1.0964, 1.1722, 1.2491], [0.0330, 0.0471, 0.0744]],
}


@pytest.mark.parametrize(("years", "changes"), OF_ITS_OWN_PACKAGE)
def test_posterior_of_prophet_is_that_of_its_own_package(monkeypatch, years, changes):
    monkeypatch.setattr(prophet, "CHAINS", 10_000)
    path = walk(years, 56) - walk(years, 56)[0]
    found = prophet._fit(path, np.random.default_rng(7), changes, prophet.FLEXIBILITY)
    slope = found.slope + found.changes.sum(axis=1)
    last = found.at(np.ones(1))[:, 0]
    expected = OF_ITS_OWN_PACKAGE[years, changes]
    for values, theirs in zip((last, slope, found.sd), expected, strict=True):
        ours = np.quantile(values * found.unit, [0.05, 0.5, 0.95])
        assert ours == pytest.approx(theirs, abs=0.04 * (theirs[2] - theirs[0]))


def test_trends_of_prophet_go_on_as_in_its_own_package():
    """Moments are those of 400,000 draws of its ``predictive_samples``."""
    n = 200_000
    trends = prophet._Trends(
        np.full(n, 1.0), np.full(n, 0.2), np.tile([0.5, -0.3], (n, 1)), np.array([0.3, 0.6]),
        np.full(n, 0.05), 2.0,
    )  # fmt: skip
    ahead = prophet._ahead(trends, 20, 4, n, np.random.default_rng(1))
    assert ahead.mean(axis=0) == pytest.approx([2.9866, 3.1130, 3.2392, 3.3655], abs=0.002)
    assert ahead.std(axis=0) == pytest.approx([0.1005, 0.1046, 0.1152, 0.1335], rel=0.01)
    high = np.quantile(ahead, 0.99, axis=0) - ahead.mean(axis=0)
    assert high == pytest.approx([0.2347, 0.2458, 0.2803, 0.3541], rel=0.02)


@pytest.mark.parametrize("years", [9, 16, 30])
def test_a_last_digit_moves_no_chance_by_prophet(years):
    """Chances of a sampler that follows rounding moved by up to a third."""
    path = walk(years, 58)
    other = path * (1 + 1e-6 * np.random.default_rng(59).standard_normal(years))
    first, second = (simulate("prophet", p, draws=1000)[:, 2] for p in (path, other))
    for limit in np.quantile(first, [0.1, 0.3, 0.5, 0.7, 0.9]):
        assert abs((first > limit).mean() - (second > limit).mean()) < 0.01


def test_prophet_follows_a_broken_trend():
    rng = np.random.default_rng(51)
    trend = np.r_[0.15 * np.arange(12), 0.15 * 11 + 0.05 * np.arange(1, 13)]
    path = trend + 0.02 * rng.standard_normal(24)
    median = np.median(simulate("prophet", path, draws=1000), axis=0)
    assert median == pytest.approx(trend[-1] + 0.05 * np.arange(1, 6), abs=0.08)


def test_draws_that_are_not_finite_are_those_of_the_random_walk(monkeypatch):
    path = walk(16, 53)
    monkeypatch.setattr(prophet, "_ahead", lambda *_: np.full((4000, HORIZON), np.nan))
    draws = simulate("prophet", path, draws=4000)
    plain = simulate("drift", path, draws=4000)
    assert draws.mean(axis=0) == pytest.approx(plain.mean(axis=0), abs=0.02)


def test_theta_falls_back_on_its_state_space_equivalent(monkeypatch):
    from statsmodels.tsa.forecasting.theta import ThetaModel

    def broken(self, *args, **kwargs):
        raise np.linalg.LinAlgError("no solution")

    path = walk(25, 54)
    usual = simulate("theta", path)
    monkeypatch.setattr(ThetaModel, "fit", broken)
    draws = simulate("theta", path)
    assert np.isfinite(draws).all()
    assert draws.std(axis=0) == pytest.approx(usual.std(axis=0))


# What a model makes of a path --------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
def test_fitted_models_show_parameters_and_residuals(name):
    path = walk(25, 0)
    found = family(name).fitted(path)
    table = found.parameters
    assert list(table.columns) == ["estimate", "low", "high"]
    assert np.isfinite(table["estimate"]).all()
    known = table.dropna()
    assert (known["low"] <= known["high"]).all()
    assert len(path) - 2 <= len(found.residuals) <= len(path)
    assert 0.01 < found.residuals.std() < 0.06  # the steps of the path vary by 0.04
    with pytest.raises(ValueError, match="needs at least"):
        family(name).fitted(path[:2])


def test_parameters_are_in_units_of_the_path():
    path, steps = walk(25, 0), np.diff(walk(25, 0))
    drift = family("drift").fitted(path)
    assert drift.parameters.loc["drift", "estimate"] == pytest.approx(steps.mean())
    assert drift.parameters.loc["sd of a step", "estimate"] == pytest.approx(steps.std(ddof=1))
    assert np.allclose(drift.residuals, steps - steps.mean())
    slope = np.polyfit(np.arange(25), path, 1)[0]
    theta = family("theta").fitted(path).parameters
    assert theta.loc["drift", "estimate"] == pytest.approx(slope / 2)
    ten = family("damped_trend").fitted(10 * path).parameters
    one = family("damped_trend").fitted(path).parameters
    assert ten.loc["alpha", "estimate"] == pytest.approx(one.loc["alpha", "estimate"])
    name = "trend of the last year"
    assert ten.loc[name, "estimate"] == pytest.approx(10 * one.loc[name, "estimate"])


OPTIONS = {
    "arima": {"orders": [(1, 0)]},
    "damped_drift": {"memory": 0.6},
    "damped_trend": {"damping": (0.8, 0.85)},
    "local_trend": {"priors": (0.1, 0.5, 0.05)},
    "prophet": {"changes": 1},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options_change_draws_and_parameters(name):
    path, chosen = walk(16, 3), family(name)
    usual = chosen.simulate(path, 2, 40, np.random.default_rng(1))
    other = chosen.simulate(path, 2, 40, np.random.default_rng(1), **OPTIONS[name])
    assert not np.array_equal(usual, other)
    assert not chosen.fitted(path).parameters.equals(
        chosen.fitted(path, **OPTIONS[name]).parameters
    )


# Models of one's own -----------------------------------------------------------------------------


class Still:
    """Tomorrow is like today, give or take."""

    NAME, LABEL, SOURCE, MIN_YEARS = "still", "No change", "Tests", 3

    def simulate(self, path, horizon, draws, rng):
        return path[-1] + rng.standard_normal((draws, horizon)).cumsum(axis=1)


@pytest.fixture
def still(monkeypatch):
    monkeypatch.setattr(models, "_OWN", {})
    models.register(Still())


def test_registered_model_is_used_where_it_is_named_only(still):
    assert isinstance(family("still"), Still)
    assert families() == FAMILIES
    chosen = Options(families=("still", "drift"))
    assert chosen.families == ("drift", "still")
    raw, _ = component_draws([walk(10, 1)], 2, 100, chosen, "a/b")
    assert [len(draws) for draws in raw.values()] == [50, 50]


def test_stored_results_belong_to_one_registration(still):
    before = Options(families=("still",))
    assert before == Options(families=("still",))
    models.register(Still())
    assert before != Options(families=("still",))
    assert Options(families=("drift",)).stamp == ""


def test_model_without_the_interface_is_refused(still):
    with pytest.raises(UserError, match="this has no NAME, LABEL, SOURCE, MIN_YEARS, simulate"):
        models.register(object())
    taken = type("Taken", (Still,), {"NAME": "theta"})
    with pytest.raises(UserError, match="cannot be named 'theta'"):
        models.register(taken())
    with pytest.raises(UserError, match=r"there are arima, .*theta, still"):
        family("nonesuch")
