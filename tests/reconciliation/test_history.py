import dataclasses
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.forecasting.model_pool import Options, simulate
from forecast.reconciliation.history import HistoryError
from forecast.reconciliation.observations import rounding
from forecast.reconciliation.reconcile import _price_noise, reconcile, reconcile_all
from forecast.reconciliation.smoothing.observation_equations import Layout
from forecast.report.language import language
from forecast.report.pages.shared import pace_unit
from tests.reconciliation.figures import estimate, levels, steady
from tests.worlds import statement, world


def test_published_levels_are_kept():
    history = reconcile(world(levels(steady())), "city", "gdp")
    assert history.origin == ("published",) * 12
    np.testing.assert_allclose(history.values(), list(steady().values()), rtol=0.002)


def test_level_follows_from_next_years_level_and_growth():
    """The case of trade in 2023: never published, implied by 2024 and its growth."""
    rows = [
        statement(2021, 5880.0), statement(2022, 6838.7), statement(2024, 8794.9),
        statement(2024, 14.3, measure="growth"),
    ]  # fmt: skip
    row = estimate(reconcile(world(rows), "city", "gdp"), 2023)
    assert row["origin"] == "derived"
    assert row["estimate"] == pytest.approx(8794.9 / 1.143, rel=0.004)
    assert row["low"] < 8794.9 / 1.143 < row["high"]


def test_a_new_survey_may_change_the_level_by_any_size():
    """Growth of five percent throughout; the new survey finds twice as much."""
    old = steady(2010, 8, 1.05)
    new = {year: 200 * 1.05 ** (year - 2010) for year in range(2018, 2024)}
    evidence = world([*levels(old, basis="old"), *levels(new, basis="new")])
    found = {}
    for link in ("survey", "step"):
        linked = evidence.bases.replace({"link": {"step": link}})
        history = reconcile(dataclasses.replace(evidence, bases=linked), "city", "gdp")
        found[link] = history.steps.set_index("basis").loc["old"]
        assert estimate(history, 2023)["estimate"] == pytest.approx(new[2023], rel=0.002)
    assert found["survey"]["low"] < 100 < found["survey"]["high"]
    assert found["survey"]["percent"] == pytest.approx(100, abs=8)
    assert found["step"]["percent"] < found["survey"]["percent"]


def test_a_figure_of_low_quality_is_not_the_published_one():
    rows = levels({y: v for y, v in steady().items() if y != 2018})
    rows.append(statement(2018, steady()[2018], mark="low_quality"))
    history = reconcile(world(rows), "city", "gdp")
    assert estimate(history, 2018)["origin"] == "derived"
    sure = [*rows[:-1], {**rows[-1], "mark": ""}]
    assert estimate(reconcile(world(sure), "city", "gdp"), 2018)["origin"] == "published"


def test_step_between_bases_comes_from_the_growth_chain():
    old = steady(2012, 10)
    rows = levels(old, basis="old")
    rows += [statement(2022, old[2021] * 1.07 * 1.09, basis="new")]
    rows += [statement(2022, 7.0, measure="growth")]
    history = reconcile(world(rows), "city", "gdp")
    step = history.steps.set_index("basis").loc["old"]
    assert step["low"] < 9.0 < step["high"]
    assert step["percent"] == pytest.approx(9.0, abs=1.5)
    # Growth within the old basis is untouched by the step.
    values = history.values()
    np.testing.assert_allclose(values[1:10] / values[:9], 1.07, atol=0.004)


def test_real_growth_uses_the_parents_prices():
    """Nominal growth is real growth plus the deflator, which the province's rows imply."""
    rows = [statement(2023, 1000.0, region="province"), statement(2024, 1070.0, region="province")]
    rows += [statement(2024, 4.0, region="province", measure="growth", prices="real")]
    rows += [statement(2024, 100.0), statement(2024, 6.0, measure="growth", prices="real")]
    rows += levels(steady(2016, 6, 1.09, 45.0))
    row = estimate(reconcile(world(rows), "city", "gdp"), 2023)
    prices = 1.07 / 1.04
    assert row["estimate"] == pytest.approx(100 / (1.06 * prices), rel=0.01)


@pytest.mark.parametrize("factor", [10.0, 0.1, 1.3, 0.7])
@pytest.mark.parametrize("year", [2013, 2016, 2019])
def test_wrong_row_hardly_moves_well_observed_years_and_is_named(factor: float, year: int):
    values = steady()
    good = levels(values) + [
        statement(y, 7.0, measure="growth", status="preliminary") for y in list(values)[1:]
    ]
    clean = reconcile(world([dict(r) for r in good]), "city", "gdp")
    bad = statement(year, values[year] * factor, observation="wrong", status="preliminary")
    history = reconcile(world([*good, bad]), "city", "gdp")
    named = history.observations[history.observations["outlier"]]
    assert list(named["observation"]) == ["wrong"]
    np.testing.assert_allclose(history.values(), clean.values(), rtol=0.005)


def test_wrong_level_without_a_twin_is_rejected_by_its_neighbours():
    values = steady()
    rows = levels({y: v * (10 if y == 2016 else 1) for y, v in values.items()})
    rows += [statement(y, 7.0, measure="growth") for y in list(values)[1:]]
    history = reconcile(world(rows), "city", "gdp")
    assert history.observations.loc[history.observations["outlier"], "period"].tolist() == ["2016"]
    assert estimate(history, 2016)["estimate"] == pytest.approx(values[2016], rel=0.01)


def test_running_year_comes_out_of_year_to_date_rows_and_sharpens():
    base = levels(steady(2014, 10))
    widths = []
    for month in (3, 6, 9, 11):
        rows = [*base, statement(f"2024-{month:02d}", 9.0, measure="ytd_growth")]
        row = estimate(reconcile(world([dict(r) for r in rows]), "city", "gdp"), 2024)
        assert row["origin"] == "nowcast"
        assert row["low"] < list(steady(2014, 10).values())[-1] * 1.09 * 1.005 < row["high"] * 1.02
        widths.append(row["high"] / row["low"])
    assert widths == sorted(widths, reverse=True)


def test_lower_bound_lifts_an_open_year():
    rows = levels(steady(2010, 10, 1.03))
    last = steady(2010, 10, 1.03)[2019]
    early = statement("2020-03", 3.0, measure="ytd_growth")
    free = estimate(reconcile(world([*rows, dict(early)]), "city", "gdp"), 2020)
    bound = statement(2020, 138.0, bound="lower")
    assert last * 1.05 < 138.0
    history = reconcile(world([*[dict(r) for r in rows], early, bound]), "city", "gdp")
    assert free["estimate"] < 138.0 < estimate(history, 2020)["estimate"] < 139.5
    draws = history.draws(500, np.random.default_rng(1))
    assert np.exp(draws[:, -1]).min() >= 138.0 * (1 - 1e-6)


def test_share_of_gdp_steps_against_gdp():
    rows = levels(steady(2012, 10), basis="old")
    rows += [statement(2022, steady(2012, 11)[2022] * 1.09), statement(2022, 7.0, measure="growth")]
    share = {"indicator": "share", "unit": "%", "prices": "none"}
    rows += [statement(y, 2.0, basis="on_old_gdp", **share) for y in range(2015, 2021)]
    rows += [statement(2022, 2.0, **share)]
    history = reconcile(world(rows), "city", "share")
    assert estimate(history, 2018)["estimate"] == pytest.approx(2.0 / 1.09, rel=0.03)


def test_change_of_a_share_gives_the_year_before():
    share = {"indicator": "share", "unit": "%", "prices": "none"}
    change = {**share, "measure": "change", "unit": "pp"}
    rows = [statement(2020, 1.9, **share), statement(2024, 2.54, **share)]
    rows += [statement(2024, 0.2, **change)]
    row = estimate(reconcile(world(rows), "city", "share"), 2023)
    assert row["estimate"] == pytest.approx(2.34, abs=0.02)
    assert row["origin"] == "derived"


def test_unjoinable_basis_is_shown_but_not_used():
    people = {"indicator": "population", "unit": "万人", "prices": "none"}
    rows = [statement(2017, 556.4, basis="before", **people)]
    rows += [statement(y, 700 + 5 * (y - 2020), **people) for y in range(2020, 2025)]
    history = reconcile(world(rows), "city", "population")
    assert history.years[0] == 2020
    used = history.observations.set_index("period")["used"]
    assert used.to_dict() == {"2017": False, **dict.fromkeys(map(str, range(2020, 2025)), True)}


def test_growth_alone_is_not_enough():
    with pytest.raises(HistoryError, match="at least one yearly level"):
        reconcile(world([statement(2020, 5.0, measure="growth")]), "city", "gdp")


def test_every_statement_says_how_it_fits_and_how_much_it_moves():
    rows = [*levels(steady()), statement(2021, 7.0, measure="growth")]
    found = reconcile(world(rows), "city", "gdp").observations
    assert found[["fitted", "deviation", "weight", "influence"]].notna().all().all()
    last = found[(found["period"] == "2021") & (found["measure"] == "level")]
    assert abs(last["influence"].iloc[0]) == found["influence"].abs().max()


def test_leave_one_out_agrees_with_solving_again():
    rows = [*levels(steady()), statement(2021, 8.0, measure="growth")]
    history = reconcile(world([dict(r) for r in rows]), "city", "gdp")
    again = reconcile(world([dict(r) for r in rows[:-1]]), "city", "gdp")
    change = 100 * (again.values()[-1] / history.values()[-1] - 1)
    told = history.observations.set_index("measure").loc["growth", "influence"]
    assert told == pytest.approx(change, abs=0.02)


@pytest.mark.parametrize("missing", [0.3, 0.6])
def test_intervals_cover_a_known_truth(missing: float):
    """Simulated worlds with gaps, growth rows and rounding: 90 % intervals hold 85 to 97 %."""
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(60):
        truth = np.cumsum(np.r_[5.0, 0.07 + 0.03 * rng.standard_normal(14)])
        rows = []
        for i, x in enumerate(truth):
            if rng.random() > missing or i in (0, 14):
                rows.append(statement(2005 + i, np.exp(x + 0.001 * rng.standard_normal())))
            elif rng.random() < 0.5:
                g = 100 * np.expm1(x - truth[i - 1] + 0.004 * rng.standard_normal())
                rows.append(statement(2005 + i, round(g, 1), measure="growth"))
        table = reconcile(world(rows), "city", "gdp").table()
        known = np.exp(truth[table["year"] - 2005])
        inside += list((table["low"] <= known) & (known <= table["high"]))
    assert 0.85 <= np.mean(inside) <= 0.97


@given(st.floats(0.001, 1e7))
@settings(max_examples=50, deadline=None)
def test_rounding_is_positive_and_small(value: float):
    assert 0 < rounding(value) <= max(0.025 * value, 0.5)


@given(st.floats(1e-3, 1e3))
@settings(max_examples=10, deadline=None)
def test_unit_does_not_matter(factor: float):
    plain = reconcile(world(levels(steady())), "city", "gdp")
    scaled = reconcile(world(levels({y: v * factor for y, v in steady().items()})), "city", "gdp")
    np.testing.assert_allclose(scaled.values(), plain.values() * factor, rtol=0.02)


# Months and quarters ----------------------------------------------------------------------------


def test_few_pasts_share_out_what_the_last_year_may_have_been():
    rows = [*levels(steady(2010, 10)), statement("2020-06", 95.0, measure="ytd_level")]
    history = reconcile(world(rows), "city", "gdp")
    sd = float(np.sqrt(history.cov[-1, -1]))
    assert sd > 0.02
    for seed in range(20):
        ends = history.pasts(4, np.random.default_rng(seed))[:, -1]
        assert abs(ends.mean() - history.mean[-1]) < 0.2 * sd
        assert 0.75 * sd < ends.std() < 1.1 * sd


def test_a_forecast_of_others_is_no_fact():
    """Neither a path nor its origins nor its last year depend on what others expect."""
    rows = levels(steady())
    told = statement(
        2022, 30.0, measure="forecast_growth", status="projection", published="2021-10-15"
    )
    level = statement(2023, 900.0, measure="forecast_level", status="target", published="2021-10")
    without, with_them = (
        reconcile(world(part), "city", "gdp") for part in (rows, [*rows, told, level])
    )
    assert without.fingerprint == with_them.fingerprint
    unused = with_them.observations.loc[~with_them.observations["used"], "unused"]
    assert list(unused) == ["a forecast of others"] * 2


# What cannot be computed ------------------------------------------------------------------------


def test_series_that_cannot_be_computed_is_named_and_all_others_go_on():
    rows = [*levels(steady()), statement(2015, 0.0, indicator="exports", observation="zero")]
    rows += levels(steady(), indicator="imports")
    found = reconcile_all(world(rows))
    assert {"city/gdp", "city/imports"} <= set(found)
    assert list(found.failed) == ["city/exports"]
    assert "(zero) has no place on a log scale" in found.failed["city/exports"]
    with pytest.raises(HistoryError, match="city/exports: level 0 of 2015"):
        reconcile(world(rows), "city", "exports")
    again = pickle.loads(pickle.dumps(found))
    assert (list(again), again.failed) == (list(found), found.failed)


def test_count_of_zero_is_kept():
    rows = [
        statement(y, v, indicator="friends", unit="count", prices="none")
        for y, v in ((2020, 0.0), (2021, 0.0), (2022, 3.0))
    ]
    history = reconcile(world(rows), "city", "friends")
    table = history.table()
    assert table["estimate"].tolist() == pytest.approx([0, 0, 3], abs=0.01)
    assert (table["low"] >= 0).all()
    assert np.isfinite(history.observations[["fitted", "influence"]].to_numpy(float)).all()


def test_share_at_the_end_of_its_scale_has_an_interval():
    share = {"indicator": "share", "unit": "%", "prices": "none"}
    values = [94.0, 95.5, 97.1, 98.5, 100.0, 100.0]
    history = reconcile(
        world([statement(2018 + i, v, **share) for i, v in enumerate(values)]), "city", "share"
    )
    table = history.table()
    assert table["estimate"].to_numpy()[:4] == pytest.approx(values[:4], abs=0.05)
    assert (table["estimate"].to_numpy()[4:] > 99.4).all()
    assert (table["low"] < table["estimate"]).all()
    assert (table["high"] < 100).all()
    assert history.published(2023) == 100.0
    bound = statement(2024, 100.0, bound="upper", **share)
    rows = [statement(2018 + i, v, **share) for i, v in enumerate(values)]
    again = reconcile(world([*rows, bound]), "city", "share").observations
    assert again["unused"].tolist()[-1] == "a bound at the end of the scale"


def test_histories_compare_by_identity():
    history = reconcile(world(levels(steady())), "city", "gdp")
    assert history == history
    assert len({history, reconcile(world(levels(steady())), "city", "gdp")}) == 2


def test_series_that_was_never_negative_stays_so_on_a_linear_scale():
    rows = [
        statement(2012 + i, 40.0 - 4 * i, indicator="friends", unit="count", prices="none")
        for i in range(11)
    ]
    evidence = world(rows)
    evidence.indicators.loc[evidence.indicators["indicator"] == "friends", "kind"] = "stock"
    history = reconcile(evidence, "city", "friends")
    assert history.not_negative
    ahead = simulate(history, 3, Options(draws=400, imputations=2), np.ones(3)).pooled
    assert ahead.min() == 0.0
    assert (ahead == 0).mean() > 0.3
    assert pace_unit(language("en"), history.rate(0.0)) == "a year"
    assert pace_unit(language("zh"), history.rate(0.0)) == ""  # the head says 年均

    rows[0]["value"] = -3.0
    below = reconcile(world(rows), "city", "friends")
    assert below.not_negative  # a count
    other = world(rows)
    other.indicators.loc[other.indicators["indicator"] == "friends", "kind"] = "stock"
    assert not reconcile(other, "city", "friends").not_negative


def test_doubtful_figure_on_a_linear_scale_is_known_to_five_percent():
    rows = [
        statement(2020, v, indicator="time", unit="minutes", prices="none", mark=mark)
        for v, mark in ((180.0, ""), (285.0, "low_quality"))
    ]
    rows.append(statement(2016, 190.0, indicator="time", unit="minutes", prices="none"))
    history = reconcile(world(rows), "city", "time")
    assert history.values()[-1] == pytest.approx(180.0, abs=0.5)


def test_price_change_goes_with_growth_as_the_posterior_says() -> None:
    layout = Layout(np.array([2020, 2021]), [], [], [], [2021])
    # Growth, second year less first: variance 5 - 2 * 2 + 2 = 3, covariance with prices 1.2 - 0.3.
    cov = np.array([[2.0, 2.0, 0.3], [2.0, 5.0, 1.2], [0.3, 1.2, 1.0]])
    found = _price_noise(layout, cov).loc[2021]
    assert found["slope"] == pytest.approx(0.9 / 3)
    assert found["sd"] == pytest.approx(np.sqrt(1.0 - 0.9**2 / 3))
