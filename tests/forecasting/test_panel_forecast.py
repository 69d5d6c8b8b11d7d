"""Tests of the engine for panels: known truths, hard series, clear errors."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.calibration import reference_sets, short_histories
from forecast.calibration import training as learn
from forecast.cli.main import main
from forecast.evidence.files.panels import read_each, read_targets_of
from forecast.evidence.panels import checked
from forecast.evidence.problems import DataError
from forecast.forecasting.component_forecasts import COMPONENTS
from forecast.forecasting.error_scale import _size_factors, adapted, effective_number
from forecast.forecasting.learned_tables import Prior, Tables, committed_tables
from forecast.forecasting.panel_data import Paths, parts
from forecast.forecasting.panel_forecast import QUANTILES, attain, predict
from forecast.forecasting.panel_growth import growth, moderated
from forecast.verification.scores import covered

Q = QUANTILES


def read(path):
    """Read a file of one panel."""
    ((_, panel),) = read_each(path)
    return panel


def frame(values, start=2000, name="a"):
    rows = [(name, start + i, v) for i, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["series_id", "year", "value"])


def many(n=60, years=25, seed=1, volatility=0.05, mean=0.04, sd=0.02, rho=0.0, common=0.0):
    rng = np.random.default_rng(seed)
    m = rng.normal(mean, sd, (n, 1))
    noise = volatility * rng.standard_normal((n, years))
    noise += common * rng.standard_normal(years)
    for t in range(1, years):
        noise[:, t] += rho * noise[:, t - 1]
    y = np.exp(4 + np.cumsum(m + noise, axis=1))
    return pd.concat([frame(v, name=f"s{i:03d}") for i, v in enumerate(y)], ignore_index=True)


def table_of(out):
    return out["value"].to_numpy().reshape(-1, out["horizon"].max(), len(Q))


# Output ----------------------------------------------------------------------------------------


def test_output_has_the_columns_and_order_promised():
    out = predict(many(3), 2)
    assert list(out) == ["series_id", "origin", "horizon", "year", "quantile", "value"]
    assert len(out) == 3 * 2 * 17
    assert (out["year"] == out["origin"] + out["horizon"]).all()
    assert (np.diff(table_of(out), axis=2) >= 0).all()


def test_output_does_not_depend_on_the_order_of_rows():
    data = many(20)
    mixed = data.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(predict(data, 3), predict(mixed, 3))


def test_origin_hides_what_came_later():
    data = many(20)
    early = data[data["year"] <= 2015]
    pd.testing.assert_frame_equal(predict(data, 2, origin=2015), predict(early, 2))


def test_group_changes_no_marginal():
    data = many(8)
    pd.testing.assert_frame_equal(predict(data, 2), predict(data.assign(group="g"), 2))


@given(st.floats(1e-6, 1e9))
@settings(max_examples=20, deadline=None)
def test_log_forecasts_do_not_care_about_units(unit):
    data = many(6, years=12)
    base = predict(data, 2)["value"]
    scaled = predict(data.assign(value=data["value"] * unit), 2)["value"]
    np.testing.assert_allclose(scaled, base * unit, rtol=1e-6)


@given(st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
@settings(max_examples=20, deadline=None)
def test_linear_forecasts_move_with_level_and_unit(unit, shift):
    data = many(6, years=12)
    base = predict(data, 2, transform="linear")["value"]
    moved = predict(data.assign(value=shift + unit * data["value"]), 2, transform="linear")
    floor = np.abs(shift) + unit * np.abs(base).max()
    got = moved["value"]
    if (shift + unit * data["value"]).min() < 0 or base.min() > 0:
        keep = got > 0
        np.testing.assert_allclose(
            got[keep], (shift + unit * base)[keep], rtol=1e-5, atol=1e-6 * floor
        )


# Known truth -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rho", "common"), [(0.0, 0.0), (0.4, 0.0), (0.0, 0.03)])
def test_intervals_cover_known_truth(rho, common):
    inside = []
    for seed in range(4):
        data = many(150, 33, seed=seed, rho=rho, common=common)
        known = data[data["year"] < 2030]
        came = data[data["year"] >= 2030].pivot(index="series_id", columns="year", values="value")
        q = table_of(predict(known, 3))
        inside.append(covered(came.to_numpy(), q[:, :, 4], q[:, :, 12]).mean())
    low, high = (0.72, 0.90) if common == 0 else (0.5, 0.98)
    assert low < np.mean(inside) < high


def test_growth_shrinks_more_where_there_is_more_noise():
    calm, wild = many(50, volatility=0.02), many(50, volatility=0.2)
    trust = []
    for data in (calm, wild):
        (part,) = parts(checked(data))
        trust.append(growth(part.paths, Prior()).trust.mean())
    assert trust[0] > trust[1] + 0.2


def test_moderated_variances_recover_the_prior_of_smyth():
    rng = np.random.default_rng(5)
    d0, s0, df = 6.0, 0.01, 15.0
    truth = d0 * s0 / rng.chisquare(d0, 4000)
    found = moderated(truth * rng.chisquare(df, 4000) / df, np.full(4000, df), Prior())
    assert ((found - truth) ** 2).mean() < (
        (truth * rng.chisquare(df, 4000) / df - truth) ** 2
    ).mean()


def test_wave_of_the_past_does_not_move_medians():
    # All series fell in the last years, together: the centre comes from the components.
    data = many(40, common=0.05, seed=3)
    (part,) = parts(checked(data))
    own = adapted(part.paths, part.last, 3, committed_tables().of(part.paths, part.last))
    assert own.sizes.shape == (3, 12)
    assert (np.diff(own.sizes, axis=1) >= 0).all()
    assert np.abs(own.shift).max() < 5


def factors(wave, rest, together, years=3, series=200):
    rng = np.random.default_rng(5)
    z = wave * np.repeat(rng.choice([-1.0, 1.0], years), series)
    z += rest * rng.standard_normal(years * series)
    year, count = np.repeat(np.arange(years), series), np.full(years, series)
    table = replace(committed_tables().peers, together=together)
    n = effective_number(z, year)
    start = np.zeros(len(table.levels))
    return _size_factors(z, year, count, n, 1.0, table, 0, start, 0.0)


def test_few_years_tell_the_size_of_the_rest_but_not_of_waves():
    # The table's 80 % level is about two scales: quiet errors are those well below 1.6.
    quiet, wave = factors(0.4, 0.4, 1.0)
    quiet_alone, _ = factors(0.0, 0.4, 1.0)
    assert np.abs(quiet[:9] - quiet_alone[:9]).max() < 0.1  # waves do not hide the rest
    assert quiet[7] < -0.9
    assert -0.7 < wave < -0.1  # narrower, but by far less than 0.4 / 0.8
    mixed, wave = factors(0.4, 0.4, 0.0)
    assert 0.7 * quiet[7] < mixed[7] < 0  # in mixed collections three years are three years
    assert wave == 0.0


def test_years_of_one_series_say_nothing_of_the_rest_or_the_wave():
    rng = np.random.default_rng(6)
    z = np.r_[0.5 * rng.standard_normal(400), 9.0, -9.0]
    year, count = np.r_[np.repeat([0, 1], 200), 2, 3], np.array([200, 200, 1, 1])
    table = replace(committed_tables().peers, together=1.0)
    start = np.zeros(len(table.levels))
    n = effective_number(z, year)
    found, wave = _size_factors(z, year, count, n, 1.0, table, 0, start, 0.0)
    assert found[7] < -0.8
    assert wave < 0


def test_effective_number_counts_years_when_errors_are_common():
    year = np.repeat(np.arange(10), 50)
    rng = np.random.default_rng(0)
    shock = rng.standard_normal(10)[year]
    assert effective_number(shock, year) == pytest.approx(10)
    assert effective_number(rng.standard_normal(500), year) > 150


# Hard series -----------------------------------------------------------------------------------

HARD = {
    "two points": [100.0, 110.0],
    "three equal": [5.0, 5.0, 5.0],
    "constant": [7.0] * 20,
    "zeros": [0.0] * 10,
    "some zeros": [0.0, 3.0, 0.0, 5.0, 2.0, 0.0, 1.0],
    "negative": list(np.linspace(-50, 30, 15)),
    "tiny": list(1e-12 * 1.1 ** np.arange(12)),
    "huge": list(1e15 * 1.5 ** np.arange(12)),
    "jump": [1.0] * 10 + [1e6],
    "collapse": [1e6] * 10 + [1.0],
    "exactly geometric": list(2.0 ** np.arange(15)),
    "line": list(np.arange(1.0, 30.0)),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_series_alone(name):
    out = predict(frame(HARD[name]), 6)
    assert np.isfinite(out["value"]).all()
    q = table_of(out)[0]
    assert (np.diff(q, axis=1) >= 0).all()
    if min(HARD[name]) >= 0:
        assert (q >= 0).all()
    last = HARD[name][-1]
    step = max(np.abs(np.diff(HARD[name])).max(), abs(last), 1e-300)
    assert abs(q[0, 8] - last) <= 3 * step


def test_hard_series_together():
    data = pd.concat([frame(v, name=k) for k, v in HARD.items()])
    out = predict(data, 3)
    assert np.isfinite(out["value"]).all()
    assert out["series_id"].nunique() == len(HARD)


def test_gaps_are_allowed_and_do_not_count_as_evidence():
    whole = many(30)
    holes = whole[~whole["year"].isin([2006, 2007, 2013])]
    out = predict(holes, 3)
    assert np.isfinite(out["value"]).all()
    (part,) = parts(checked(holes))
    assert part.paths.seen.sum() == len(holes)
    assert np.isfinite(part.paths.y).all()


def test_far_apart_years():
    out = predict(pd.DataFrame({
        "series_id": ["a", "a", "b", "b"], "year": [1700, 2000, 1999, 2000], "value": [1, 2, 3, 4.0]
    }), 2)  # fmt: skip
    assert np.isfinite(out["value"]).all()


@given(
    st.lists(
        st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=2, max_size=30),
        min_size=1, max_size=6,
    ),
    st.integers(1, 8),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_finite_panel_has_finite_ordered_quantiles(panels, horizon):
    data = pd.concat([frame(v, name=f"s{i}") for i, v in enumerate(panels)])
    q = table_of(predict(data, horizon))
    assert np.isfinite(q).all()
    assert (np.diff(q, axis=2) >= 0).all()


def test_logit_stays_between_bounds():
    data = frame([96.0, 97.0, 98.0, 98.6, 99.0, 99.3])
    out = predict(data, 6, transform="logit")
    assert out["value"].between(0, 100).all()


def test_component_models_can_be_chosen():
    data = many(10)
    a, b = predict(data, 2, families=["theta"]), predict(data, 2, families=["panel_ar"])
    assert not np.allclose(a["value"], b["value"])
    with pytest.raises(ValueError, match="known are theta"):
        predict(data, 2, families=["nobody"])


# Errors ----------------------------------------------------------------------------------------


def problems(text, targets=None):
    data = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    with pytest.raises(DataError) as caught:
        checked(data, "p.csv")
    return [(p.row, p.column, p.value) for p in caught.value.problems]


def test_everything_wrong_is_told_at_once():
    text = "series_id,year,value\na,2000,1\na,2001,many\na,2001,2\n,2002,3\na,2oo3,4\na,2004.5,5\n"
    found = problems(text)
    assert (3, "value", "many") in found
    assert (4, "year", "2001") in found
    assert (5, "series_id", "") in found
    assert (6, "year", "2oo3") in found
    assert (7, "year", "2004.5") in found


def test_missing_column_and_short_series():
    assert problems("series_id,value\na,1\n") == [(1, "year", "series_id, value")]
    found = problems("series_id,year,value\na,2000,1\na,2001,\nb,2000,1\nb,2001,2\n")
    assert found == [(2, "series_id", "a")]


def test_read_reports_the_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("series_id,year,value\na,2000,x\na,2001,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"mine\.csv"):
        read(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="CSV"):
        read(path)


@pytest.mark.parametrize("scale", ["log", "logit"])
def test_scale_that_values_do_not_admit(scale):
    with pytest.raises(DataError, match="values"):
        predict(frame([-1.0, 2.0, 3.0]), 2, transform=scale)


def test_bad_options():
    with pytest.raises(ValueError, match="horizon"):
        predict(many(3), 0)
    with pytest.raises(ValueError, match="transform"):
        predict(many(3), 1, transform="cubic")


# Targets ---------------------------------------------------------------------------------------


def aims(*rows):
    return pd.DataFrame(rows, columns=["target_id", "series_id", "year", "comparison", "value"])


def test_probability_agrees_with_the_quantiles():
    data = many(30)
    out = predict(data, 3)
    one = out[(out["series_id"] == "s004") & (out["horizon"] == 2)]
    rows = [
        (f"t{i}", "s004", 2026, c, v) for i, (v, c) in enumerate((v, ">=") for v in one["value"])
    ]
    got = attain(data, aims(*rows))
    inner = slice(2, -2)
    np.testing.assert_allclose(
        got["probability"].to_numpy()[inner], 1 - one["quantile"].to_numpy()[inner], atol=0.02
    )
    assert got["median"].iloc[0] == pytest.approx(one["value"].iloc[8])


def test_probabilities_of_opposites_sum_to_one_and_are_never_certain():
    got = attain(many(30), aims(("a", "s001", 2027, ">=", 1e9), ("b", "s001", 2027, "<", 1e9)))
    assert got["probability"].sum() == pytest.approx(1)
    assert 0 < got["probability"].min() < 0.02
    assert (got["standard_error"] > 0).all()


@pytest.mark.parametrize(("word", "sign"), [("at_least", ">="), ("exceed", ">"), ("at_most", "<=")])
def test_comparisons_in_words_are_those_in_signs(word, sign):
    got = attain(many(10), aims(("a", "s001", 2026, word, 90), ("b", "s001", 2026, sign, 90)))
    assert got["probability"].nunique() == 1


def test_probability_falls_with_the_target():
    values = np.linspace(10, 1000, 40)
    got = attain(many(30), aims(*[(f"t{i}", "s002", 2027, ">=", v) for i, v in enumerate(values)]))
    assert (np.diff(got["probability"]) <= 1e-12).all()


def test_wrong_targets_are_told_at_once():
    with pytest.raises(DataError) as caught:
        attain(
            many(4),
            aims(
                ("a", "nowhere", 2027, ">=", 1),
                ("a", "s001", 2010, "about", "many"),
                ("c", "s001", 2500, ">=", 1),
            ),
        )
    columns = {p.column for p in caught.value.problems}
    assert columns == {"series_id", "target_id", "comparison", "value", "year"}


def test_no_targets_and_half_years():
    with pytest.raises(DataError, match="at least one target"):
        attain(many(3), aims())
    with pytest.raises(DataError, match="whole year"):
        attain(many(3), aims(("a", "s001", 2026.5, ">=", 1)))


def test_messages_name_the_files(tmp_path):
    panel, targets = tmp_path / "mine.csv", tmp_path / "goals.csv"
    many(4).to_csv(panel, index=False)
    aims(("a", "nowhere", 2027, ">=", 1)).to_csv(targets, index=False)
    with pytest.raises(DataError, match=r"goals\.csv row 2, column series_id: 'nowhere'"):
        attain(read(panel), read_targets_of(targets)[""])
    with pytest.raises(DataError, match=r"mine\.csv, column year: '1950'"):
        predict(read(panel), 2, origin=1950)
    many(4).assign(value=lambda f: f["value"] - 1000).to_csv(panel, index=False)
    with pytest.raises(DataError, match=r"mine\.csv, column value: 's000'"):
        predict(read(panel), 2, transform="log")


def test_rows_longer_than_the_header_are_no_panel(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("series_id,year,value\na,2000,1,5\na,2001,1,6\n", encoding="utf-8")
    with pytest.raises(DataError, match="as many cells as the header"):
        read(path)


# Tables ----------------------------------------------------------------------------------------


def test_tables_survive_writing(tmp_path):
    tables = committed_tables()
    tables.save(tmp_path / "t.json")
    again = Tables.load(tmp_path / "t.json")
    np.testing.assert_array_equal(again.mixed.weights, tables.mixed.weights)
    np.testing.assert_allclose(again.peers.weights.sum(axis=2), 1, atol=1e-3)


def test_peers_are_told_from_mixed_panels():
    for common, low, high in ((0.0, -0.1, 0.2), (0.05, 0.9, 1.1)):
        (part,) = parts(checked(many(80, common=common)))
        table = committed_tables().of(part.paths, part.last)
        assert low <= table.together <= high
        assert isinstance(part.paths, Paths)


# Learning --------------------------------------------------------------------------------------


def reference(folder, test_factor=1.0):
    """Write drawn series in the formats of the reference sets."""
    folder.mkdir()
    for seed, file in enumerate((reference_sets.M4, reference_sets.M3)):
        values = many(30, 36, seed=seed).pivot(index="series_id", columns="year", values="value")
        parts = values.to_numpy()[:, :30], values.to_numpy()[:, 30:] * test_factor
        train, test = ([" ".join(map(str, row)) for row in part] for part in parts)
        rows = pd.DataFrame({"category": "Macro", "train": train, "test": test})
        rows.to_csv(folder / file, index=False)
    data, long = (
        many(20, years, seed=3, common=0.03).rename(columns={"series_id": "isocode"})
        for years in (22, 30)  # each past origin is forecast: one long set is enough
    )
    level = data["value"]
    share = 0.2 + 0.1 * np.sin(np.arange(len(data)) / 3)
    uses = {f"csh_{use}": share for use in "cig"}
    world = data.assign(rgdpna=level, pop=level, emp=level * share, **uses)
    world.to_csv(folder / reference_sets.PWT, index=False)
    bank = data.set_axis(["Code", "Year", "GDP"], axis=1)
    bank = bank.assign(Exports=100 * share, Imports=90 * share, Population=level, Growth="3.5")
    bank["CPI"] = 100 * 1.02 ** (bank["Year"] - 1990)
    bank.to_csv(folder / reference_sets.WDI, index=False)
    states = long.rename(columns={"isocode": "stabbr"}).assign(name="gdp")
    states.to_csv(folder / reference_sets.STATES, index=False)
    for file, names in (
        (reference_sets.DISTRICTS, ["region_code", "year", "gdp"]),
        (reference_sets.PROVINCES, ["province", "year", "gdp_100m_cny"]),
        (reference_sets.RESEARCH, ["Country Code", "year", "value"]),
        (reference_sets.PROVINCES_RESEARCH, ["province", "year", "value"]),
    ):
        rows = data.set_axis(names, axis=1).assign(pop=level)
        if "value" in rows:
            rows["value"] = 10 * share
        rows.to_csv(folder / file, index=False)
    _outlook(bank["Code"].unique(), int(bank["Year"].max())).to_csv(
        folder / reference_sets.WEO, index=False
    )
    return folder


def _outlook(countries, last):
    """Draw forecasts of growth in the format of the IMF's, half a year apart, and what came."""
    rng = np.random.default_rng(6)
    rows = [
        (country, year, season, year + ahead, 3.5 + rng.normal(), 3.5 + rng.normal())
        for country in countries
        for year in range(last - 4, last + 6, 2)
        for season in "SF"
        for ahead in range(6)
    ]
    columns = ["ISOAlpha_3Code", "forecast_year", "forecast_season", "target_year"]
    return pd.DataFrame(rows, columns=[*columns, "prediction", "tv_1"])


def test_calibrate_learns_from_training_parts_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(short_histories, "CASES", 4)
    monkeypatch.setattr(short_histories, "FORECASTS", 60)
    made = []
    for name, factor in (("a", 1.0), ("b", 3.0)):
        folder, out = reference(tmp_path / name, factor), tmp_path / f"{name}.json"
        assert main(["calibrate", "--panels", str(folder), "--out", str(out)]) == 0
        made.append(Tables.load(out))
    a, b = made
    for kind in ("mixed", "peers", "shares", "stocks"):
        one, other = getattr(a, kind), getattr(b, kind)
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.sizes, other.sizes)
        np.testing.assert_allclose(one.weights.sum(axis=2), 1, atol=1e-3)
        np.testing.assert_allclose(one.sizes[:, 4], 1)  # the median error is one scale
        assert (np.diff(one.sizes, axis=1) > 0).all()
    assert a.outside == b.outside
    assert len(a.outside["gain"]) == len(a.outside["lead"]) == 11
    wql = [tables.provenance["scores"]["m4_yearly_half"]["WQL"] for tables in made]
    assert wql[1] > 2 * wql[0]


def test_real_gdp_of_states_ends_where_the_file_goes_on_with_nominal_growth(tmp_path):
    folder = reference(tmp_path / "sets")
    states = pd.read_csv(folder / reference_sets.STATES)
    last = int(states["year"].max())
    prices = 1.02 ** np.minimum(states["year"] - (last - 20), 0)
    real = states.assign(name="rgdp", value=states["value"] / prices)
    pd.concat([states, real]).to_csv(folder / reference_sets.STATES, index=False)
    panels = reference_sets.regional(folder)
    assert panels["us_gdp"].frame["year"].max() == last
    assert panels["us_rgdp"].frame["year"].max() == last - 20
    assert panels["us_rgdp"].frame["year"].min() == panels["us_gdp"].frame["year"].min()


def test_committed_tables_say_where_they_come_from():
    provenance = committed_tables().provenance
    named = {panel["panel"] for panel in provenance["panels"]}
    assert {"m4_yearly_half", "m3_yearly", "pwt_rgdpna", "de_gdp", "cn_rd", "de_pop"} <= named
    assert all(panel["source"] and panel["origins"] for panel in provenance["panels"])
    assert 0.7 < provenance["scores"]["m4_yearly_half"]["OWA against naive on the same series"] < 1


def test_weights_go_to_the_voice_that_is_right():
    rng = np.random.default_rng(4)
    came = rng.normal(size=(400, 10))
    said = came + rng.normal(0, 1, (len(COMPONENTS), 400, 10))
    said[2] = came + rng.normal(0, 0.05, (400, 10))
    ones = np.ones(400)
    wave = np.arange(400) % 8
    past = learn.Episodes(said, came, ones, ones, wave, wave, ones, wave, wave, [])
    assert learn.weights_of(past, 1, np.ones(400, bool))[2] > 0.8
