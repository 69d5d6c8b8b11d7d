from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasting.learned_tables import committed_tables
from forecast.targets import pseudo_targets
from forecast.verification.reference_record import (
    FEWEST,
    enough,
    own,
    panels_of,
    reference_record,
    supplemented,
)
from forecast.verification.track_record import LEVELS, RECORD, coverage, scored
from tests.verification.test_track_record import record

KINDS = ("flow", "share", "stock")


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_short_histories_are_not_too_narrow(kind: str) -> None:
    """A share of so few cases has an error of 3 points; stocks were calmer than the tables."""
    found = reference_record((kind,))
    short = found[found["years"] <= 5]
    assert short["inside"].mean() > 0.75
    assert found["inside"].mean() > 0.78
    assert (coverage(found)["cases"] == len(found) / 5).all()


@pytest.mark.parametrize("kind", KINDS)
def test_quantiles_are_those_of_the_table_around_the_kept_centre(kind: str) -> None:
    found = reference_record((kind,))
    quantiles = np.stack(found["quantiles"].to_list())
    assert (np.diff(quantiles, axis=1) > 0).all()
    apart = quantiles - quantiles[:, [49]]
    np.testing.assert_allclose(apart, -apart[:, ::-1], atol=1e-12)
    covered = (quantiles[:, 9] <= found["actual"]) & (found["actual"] <= quantiles[:, 89])
    assert (covered == found["inside"]).all()
    panel, rows = next(iter(committed_tables().record[kind].items()))
    first = found[found["panel"] == panel].head(len(rows))
    np.testing.assert_allclose([row[5] for row in rows], np.stack(first["quantiles"])[:, 49])
    assert len(LEVELS) == quantiles.shape[1]


def test_kinds_are_put_together() -> None:
    every = reference_record(KINDS)
    assert len(every) == sum(len(reference_record((kind,))) for kind in KINDS)
    assert set(panels_of(every)) == {p for k in KINDS for p in committed_tables().record[k]}
    assert own(every).empty
    assert reference_record(()).empty


@pytest.mark.parametrize("cases", [0, 3, int(FEWEST) - 1, int(FEWEST), 40])
def test_panels_join_a_record_of_few_cases_and_no_other(cases: int) -> None:
    few = scored(record(np.zeros(cases), horizon=2))
    found = supplemented(few, ("flow",), 2)
    assert enough(few, 2) == (cases >= FEWEST)
    assert len(own(found)) == cases
    assert bool(panels_of(found)) == (cases < FEWEST)
    if cases >= FEWEST:
        pd.testing.assert_frame_equal(found, few)
        assert panels_of(supplemented(few, ("flow",), 1))  # there are none of that horizon


def test_floor_of_the_panels_is_below_that_of_nine_cases() -> None:
    few = scored(record(np.zeros(9)))
    for kind in KINDS:
        floor = pseudo_targets.least(supplemented(few, (kind,), 1), 1)
        assert 0.005 < floor < 0.06 < pseudo_targets.least(few, 1)


def test_series_without_a_kind_get_no_panels() -> None:
    nothing = scored(pd.DataFrame(columns=RECORD))
    assert supplemented(nothing, (), 1).empty
