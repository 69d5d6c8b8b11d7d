from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.evidence import known_on
from forecast.evidence.loading import load
from forecast.reconciliation.reconcile import reconcile
from forecast.verification import replay
from tests.conftest import CITY
from tests.fiscal import earlier, shifted
from tests.verification.test_holdout import GROWTH, steady
from tests.worlds import statement, world


def running() -> list[dict]:
    """Twelve years, and 2022 month by month: each figure nearer to the 9 % that came."""
    rows = steady(2010, 2021)
    for month, growth in ((3, 4.0), (6, 6.5), (9, 8.5)):
        published = f"2022-{month + 1:02d}-15"
        fields = {"measure": "ytd_growth", "published": published}
        rows.append(statement(f"2022-{month:02d}", growth, **fields))
    value = round(rows[11]["value"] * 1.09, 2)
    return [*rows, statement(2022, value, published="2023-02-20")]


def test_nothing_published_later_reaches_a_nowcast():
    evidence = world(running())
    june = date(2022, 6, 30)
    assert replay.public(evidence, june).observations["period"].max() == "2022-03"
    spoiled = [
        {**row, "value": row["value"] * 3} if row["published"] > "2022-06-30" else row
        for row in running()
    ]
    plain, other = (replay.nowcasts(w, "city", june) for w in (evidence, world(spoiled)))
    assert plain["estimate"].tolist() == other["estimate"].tolist()
    assert other["actual"].tolist() == [3 * v for v in plain["actual"]]


def test_the_error_falls_with_each_release():
    table = replay.replayed(world(running()), "city")
    year = table[table["year"] == 2022].sort_values("step")
    assert year["step"].tolist() == [3, 6, 9, 12, 15]
    assert year["months"].tolist() == [0, 3, 6, 9, 9]
    assert year["known"].tolist() == [False] * 4 + [True]
    errors = year["error"].abs().to_numpy()
    assert (np.diff(errors[1:]) < 0).all()
    assert errors[-1] < 0.1
    assert year["naive"].to_numpy() == pytest.approx(100 * (GROWTH / 1.09 - 1), abs=0.2)


def test_a_basis_unheard_of_on_the_day_is_not_used():
    old = [{**row, "basis": "old", "published": "2020"} for row in steady(2010, 2019)]
    rows = [*old, statement(2023, 300.0, basis="new", published="2024")]
    known = replay.public(world(rows), date(2021, 3, 31))
    assert known.bases.query("indicator == 'gdp'")["basis"].tolist() == ["old"]
    assert reconcile(known, "city", "gdp").steps.empty


def test_days_end_with_what_is_known():
    assert replay.days(world(steady()))[-1] == date(2026, 3, 31)
    cut = known_on(world(steady()), date(2023, 1, 1))
    assert replay.days(cut)[-1] == date(2022, 3, 31)  # of 2022 no level was known by then


def test_no_day_to_come_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "today", lambda: date(2024, 5, 1))
    assert replay.days(world(steady()))[-1] == date(2024, 3, 31)
    july = shifted(running(), 7)
    assert replay.days(july)[-2:] == [date(2022, 6, 30), date(2022, 9, 30)]  # of 2021/22
    assert replay.days(shifted(running(), 2))[-1] == date(2022, 4, 30)


def test_one_day_of_the_frozen_city():
    evidence = load(CITY)
    table = replay.nowcasts(evidence, "jinhua", date(2025, 3, 31))
    assert set(table["step"]) == {3, 15}
    assert set(table["region"]) == {"jinhua", "zhejiang", "china"}
    after, running = table[table["step"] == 15], table[table["step"] == 3]
    assert after["error"].abs().median() < running["error"].abs().median()
    # A year already published is known as published, up to what was revised later.
    published = after[after["known"]]
    assert len(published) >= 10
    assert published["error"].abs().median() < 0.5
    assert pd.api.types.is_datetime64_any_dtype(table["day"])


@pytest.mark.parametrize("starts", [4, 7, 10])
def test_fiscal_years_are_replayed_like_calendar_years(starts: int) -> None:
    """Six months earlier in every respect is the same question."""
    june = date(2022, 6, 30)
    by_calendar = replay.nowcasts(world(running()), "city", june)
    by_fiscal = replay.nowcasts(shifted(running(), starts), "city", earlier(june, starts))
    columns = [c for c in replay.REPLAYED if c != "day"]
    pd.testing.assert_frame_equal(by_fiscal[columns], by_calendar[columns])
