"""The published figure of a year is its estimate; earlier releases and bounds do not move it."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import UNKNOWN_WEIGHTS, reconcile
from tests.worlds import statement, world


def past() -> list[dict]:
    return [statement(2013 + i, round(3000 * 1.07**i, 1)) for i in range(12)]


LAST = round(3000 * 1.07**11, 1)


def of(*rows: dict) -> History:
    return reconcile(world([*past(), *rows]), "city", "gdp")


def test_growth_and_bounds_do_not_move_a_published_figure() -> None:
    figure = round(LAST * 1.055)
    history = of(
        statement(2025, figure, status="preliminary"),
        statement(2025, 200 * (figure // 200), bound="lower", status="secondary"),
        statement(2025, 6.0, measure="growth", bound="lower", prices="real"),
        statement(2025, 6.3, measure="growth"),
    )
    assert history.values()[-1] == pytest.approx(figure, abs=0.5)
    rows = history.observations.set_index(["year", "measure", "bound"])
    assert rows.loc[(2025, "level", "lower"), "unused"] == "the figure itself is published"
    assert 6.0 < rows.loc[(2025, "growth", "lower"), "fitted"] < 7.0
    # What may still be revised stays in the interval.
    low, high = history.quantiles([0.05, 0.95])[-1]
    assert (high - low) / (2 * 1.645 * figure) == pytest.approx(UNKNOWN_WEIGHTS * 0.002, rel=0.05)


def test_newest_official_release_counts() -> None:
    releases = [
        statement(2025, 6750.0, status="secondary", published="2027-01"),
        statement(2025, 6700.0, status="preliminary", published="2026-01", observation="first"),
        statement(2025, 6720.0, status="final", published="2026-11", observation="yearbook"),
        statement(2025, 6731.0, status="revised", published="2027-11", observation="revised"),
    ]
    for n, value in ((2, 6700.0), (3, 6720.0), (4, 6731.0)):
        history = of(*[dict(r) for r in releases[:n]])
        assert history.values()[-1] == pytest.approx(value, abs=0.05)
        assert history.published(2025) == value
        decides = history.observations[history.observations["decides"]]
        assert decides.loc[decides["year"] == 2025, "value"].tolist() == [value]
    again = of(
        statement(2025, 6705.0, status="preliminary", published="2026-03"), dict(releases[1])
    )
    assert again.values()[-1] == pytest.approx(6705.0, abs=0.05)


def test_outlier_among_the_releases_stays_one() -> None:
    history = of(
        statement(2025, 6700.0, status="preliminary", published="2026-01"),
        statement(2025, 67200.0, status="final", published="2026-11", observation="slip"),
    )
    assert history.observations.set_index("observation").loc["slip", "outlier"]
    assert history.values()[-1] == pytest.approx(6700.0, abs=0.05)


@pytest.mark.parametrize("fields", [{"mark": "low_quality"}, {"status": "secondary"}])
def test_doubtful_figures_and_copies_are_evidence_among_other_evidence(
    fields: dict[str, str],
) -> None:
    history = of(statement(2025, LAST * 1.12, **fields), statement(2025, 7.0, measure="growth"))
    assert not history.observations["decides"].to_numpy()[-2:].any()
    assert history.values()[-1] < LAST * 1.119


def test_revisions_of_one_year_carry_over_to_what_rests_on_it() -> None:
    """Level a year later and growth: the year before inherits the error of the figure."""
    rows = [statement(2020, 1070.0), statement(2020, 7.0, measure="growth")]
    history = reconcile(world(rows), "city", "gdp")
    assert history.values()[0] == pytest.approx(1000.0, rel=1e-3)
    sd = np.sqrt(np.diag(history.cov)) / UNKNOWN_WEIGHTS
    rounding = 5 / np.sqrt(3) / 1070
    assert sd[1] == pytest.approx(np.hypot(0.001, rounding), rel=0.02)
    growth = np.hypot(0.004, 0.175 / np.sqrt(3) / 100)
    assert sd[0] == pytest.approx(np.hypot(sd[1], growth), rel=0.05)
