"""Panels as arrays, by hand: windows, alignment, earlier origins, and coherence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.problems import DataError
from forecast.forecasting.panel_data import (
    EnsembleError,
    Part,
    Paths,
    coherence,
    intraclass,
    parts,
    peer_share,
    window,
)

#: What a window takes: years with evidence, years at most, and share of them with evidence.
LEAST, LONGEST, SPARSEST = 3, 20, 0.25
YEAR = np.array([2001, 2001, 2001, 2002, 2002, 2003])

# Window -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "first"),
    [
        ("1" * 8, 0),
        ("1" * 25, 5),  # at most twenty years
        ("0011111", 2),  # the first year has evidence
        ("10000000001111", 0),  # mostly gaps, because the dense part is too short ...
        ("100000000011111", 10),  # ... until it is long enough
        ("11111" + "0" * 15, 0),  # a quarter of the years is the least
        ("1010101", 2),  # three of the last five
        ("1111", 0),
        ("10000111", 5),  # few years have to be dense
        ("1000110", None),
        ("11", None),
        ("11111" + "0" * 20, None),  # too long ago
        ("", None),
    ],
)
def test_window(years: str, first: int | None) -> None:
    informed = np.array([year == "1" for year in years], bool)
    if first is None:
        with pytest.raises(EnsembleError, match=f"takes {LEAST} years with evidence") as error:
            window(informed)
        assert (error.value.years, error.value.status) == (0, 1)  # evidence lacks, not length
    else:
        assert window(informed) == slice(first, len(years))


@given(st.lists(st.booleans(), max_size=40))
def test_window_always_has_enough_evidence(years: list[bool]) -> None:
    informed = np.array(years, bool)
    try:
        seen = window(informed)
    except EnsembleError:
        assert informed[-LONGEST:].sum() < LEAST or informed[-LONGEST:].mean() < 0.6
        return
    assert seen.stop == len(years)
    assert informed[seen.start]
    assert informed[seen].sum() >= LEAST
    assert seen.stop - seen.start <= LONGEST
    assert informed[seen].mean() > SPARSEST - 1e-9


# Alignment ----------------------------------------------------------------------------------------


def panel(series: dict[str, dict[int, float]]) -> pd.DataFrame:
    rows = [(name, year, v) for name, values in series.items() for year, v in values.items()]
    return pd.DataFrame(rows, columns=["series_id", "year", "value"])


def part_of(series: dict[str, dict[int, float]], **options: object) -> Part:
    (part,) = parts(panel(series), **options)  # type: ignore[arg-type]
    return part


def test_paths_end_together_and_gaps_are_filled_on_the_scale() -> None:
    part = part_of({"a": {2001: 1.0, 2002: 2.0, 2004: 8.0}, "b": {2009: 3.0, 2010: 6.0}})
    expected = [[0.0, np.log(2), np.log(4), np.log(8)], [np.nan, np.nan, np.log(3), np.log(6)]]
    np.testing.assert_allclose(part.paths.y, expected)
    assert part.paths.seen.tolist() == [[True, True, False, True], [False, False, True, True]]
    assert part.last.tolist() == [2004, 2010]
    assert (part.paths.scale, part.floor.tolist()) == ("log", [False, False])
    longer = part_of({"a": {1: 1.0, 2: 2.0}, "b": {1: 1.0, 2: 2.0, 3: 4.0}})
    np.testing.assert_allclose(longer.paths.y / np.log(2), [[np.nan, 0, 1], [0, 1, 2]])


def test_what_was_never_positive_throughout_is_on_its_own_unit() -> None:
    series = {"a": {1: 1.0, 2: 2.0}, "b": {1: 0.0, 2: 2.0}, "c": {1: -1.0, 2: 2.0}}
    linear, log = parts(panel(series))
    assert (linear.ids.tolist(), log.ids.tolist()) == (["b", "c"], ["a"])
    assert linear.floor.tolist() == [True, False]  # what was never negative stays so
    np.testing.assert_allclose(linear.paths.y, [[0.0, 2.0], [-1.0, 2.0]])
    assert part_of({"a": {1: 1.0, 2: 2.0}}, transform="linear").floor.tolist() == [True]


def test_scale_has_to_admit_every_value() -> None:
    series = {"a": {1: 10.0, 2: 99.0}, "b": {1: 20.0, 2: 30.0}}
    assert part_of(series, transform="logit").paths.scale == "logit"
    for wrong in (-1.0, 101.0):
        with pytest.raises(DataError):
            parts(panel({**series, "c": {1: 40.0, 2: wrong}}), transform="logit")
    with pytest.raises(DataError):
        parts(panel({**series, "c": {1: 40.0, 2: 0.0}}), transform="log")


def test_no_more_than_ninety_years_are_kept_but_for_the_value_before_the_last() -> None:
    many = part_of({"a": {year: 1.0 + year for year in range(1, 101)}})
    assert many.paths.y.shape == (1, 90)
    assert many.paths.y[0, 0] == pytest.approx(np.log(12))
    far = part_of({"a": {year: 1.0 + year for year in [1, *range(50, 100)]}, "b": {1: 1, 121: 2}})
    assert far.paths.y.shape == (2, 121)
    assert far.paths.years.tolist() == [99, 121]
    assert far.paths.y[1, 60] == pytest.approx(np.log(2) / 2)


def test_origin_leaves_series_of_two_values() -> None:
    series = {"a": {2001: 1.0, 2002: 2.0, 2003: 3.0}, "b": {2002: 1.0, 2003: 2.0}}
    part = part_of(series, origin=2002)
    assert (part.ids.tolist(), part.last.tolist()) == (["a"], [2002])
    np.testing.assert_allclose(part.paths.y, np.log([[1.0, 2.0]]))
    assert part_of(series, origin=2003).ids.tolist() == ["a", "b"]
    with pytest.raises(DataError, match="two earlier values"):
        parts(panel(series), origin=2001)


def test_cut_goes_back_by_years_and_keeps_what_was_long_enough() -> None:
    y = np.array([[1.0, 2, 3, 4, 5], [np.nan, np.nan, np.nan, 1, 2], [1.0, 2, 3, 4, 5]])
    seen = np.isfinite(y)
    seen[2, 2] = False
    paths = Paths(y, seen)
    assert paths.years.tolist() == [5, 2, 5]
    past, kept = paths.cut(1, at_least=3)
    assert kept.tolist() == [0, 2]
    np.testing.assert_array_equal(past.y, y[[0, 2], :4])
    past, kept = paths.cut(2, at_least=3)
    assert kept.tolist() == [0]
    assert paths.cut(2)[1].tolist() == [0]  # the other's value at that origin was not seen
    assert paths.cut(3)[1].tolist() == [0, 2]  # two values are enough
    past, kept = paths.cut(4, at_least=2)
    assert len(kept) == 0
    assert past.y.shape[0] == 0
    long = np.arange(200.0).reshape(2, 100)
    past, kept = Paths(long, long >= 0).cut(4)
    assert kept.tolist() == [0, 1]
    np.testing.assert_array_equal(past.y, long[:, 6:96])  # of ninety years


# Coherence ----------------------------------------------------------------------------------------


def test_intraclass_correlation_of_balanced_years_by_hand() -> None:
    z, year = np.array([1.0, 3.0, 5.0, 7.0]), np.array([1, 1, 2, 2])
    # Means 2 and 6: between 2 * (2 - 4)^2 * 2 = 16 on one degree, within (1 + 1 + 1 + 1) / 2 = 2.
    assert intraclass(z, year) == pytest.approx((16 - 2) / (16 + 2))


def test_intraclass_correlation_of_years_of_unequal_size_by_hand() -> None:
    z = np.array([1.0, 2.0, 3.0, 6.0, 8.0, 4.0])
    means = {2001: 2.0, 2002: 7.0, 2003: 4.0}
    between = sum(n * (means[y] - 4) ** 2 for y, n in ((2001, 3), (2002, 2), (2003, 1))) / 2
    within = (1 + 0 + 1 + 1 + 1 + 0) / 3
    typical = (6 - (9 + 4 + 1) / 6) / 2
    expected = (between - within) / (between + (typical - 1) * within)
    assert intraclass(z, YEAR) == pytest.approx(expected)


def test_intraclass_correlation_lies_between_0_and_1() -> None:
    assert intraclass(np.array([1.0, -1.0, 1.0, -1.0]), np.array([1, 1, 2, 2])) == 0
    assert intraclass(np.array([1.0, 1.0, 2.0, 2.0]), np.array([1, 1, 2, 2])) == 1
    assert intraclass(np.array([1.0, 2.0]), np.array([1, 1])) == 0  # one year tells nothing
    assert intraclass(np.array([1.0, 2.0]), np.array([1, 2])) == 0  # nor do years of one series


def test_few_series_do_not_tell_whether_they_move_together() -> None:
    y = np.cumsum(np.random.default_rng(1).normal(size=(1, 12)).repeat(5, axis=0), axis=1)
    last = np.full(5, 2020)
    assert coherence(Paths(y[:4], np.isfinite(y[:4])), last[:4]) == 0
    assert coherence(Paths(y, np.isfinite(y)), last) == pytest.approx(1)


def growing(rates: np.ndarray) -> Paths:
    y = np.cumsum(np.column_stack([np.zeros(len(rates)), rates]), axis=1)
    return Paths(y, np.isfinite(y))


def test_coherence_is_that_of_standardized_growth_of_the_same_year() -> None:
    rng = np.random.default_rng(6)
    last = np.array([2010, 2010, 2011, 2011, 2012, 2012])
    year = last[:, None] - np.arange(7, -1, -1)
    rates = rng.normal(size=(6, 8)) + 0.6 * rng.normal(size=13)[year - 2000]
    z = (rates - rates.mean(axis=1, keepdims=True)) / rates.std(axis=1, keepdims=True)
    expected = intraclass(z.ravel(), year.ravel())
    assert coherence(growing(rates), last) == pytest.approx(expected)
    low, high = 0.03, 0.15
    share = np.clip((expected - low) / (high - low), 0, 1)
    assert 0 < share < 1
    assert peer_share(growing(rates), last) == pytest.approx(share)


def test_coherence_is_of_twenty_years_and_of_series_with_three_rates() -> None:
    rng = np.random.default_rng(4)
    rates = np.column_stack([rng.normal(size=(5, 10)), np.tile(rng.normal(size=20), (5, 1))])
    last = np.full(5, 2020)
    assert coherence(growing(rates), last) == pytest.approx(1)  # what was before counts no more
    assert peer_share(growing(rates), last) == 1.0
    assert peer_share(growing(rates[:, :10]), last) == 0.0
    assert coherence(growing(rates[:, 9:]), last) == pytest.approx(1)
    assert coherence(growing(rates[:, 9:-1]), last) < 1  # the twentieth still does
    y = growing(rates[:, -5:]).y
    y[0, :2] = np.nan  # three rates
    assert coherence(Paths(y, np.isfinite(y)), last) > 0.9
    y[0, :3] = np.nan
    assert coherence(Paths(y, np.isfinite(y)), last) == 0
