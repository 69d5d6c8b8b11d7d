from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forecast.cache import cache_dir
from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import load
from forecast.reconciliation import stored
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import NO_TABLES, reconcile_all
from tests import builders


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return load(builders.build(tmp_path / "data"))


def test_stored_histories_are_those_of_all_series_together(evidence: Evidence) -> None:
    together, found = reconcile_all(evidence), stored.stored_histories(evidence)
    assert list(found) == list(together)
    assert found.failed == together.failed
    assert [h.fingerprint for h in found.values()] == [h.fingerprint for h in together.values()]
    for key, history in together.items():
        assert found[key].observations.equals(history.observations), key


def test_a_changed_figure_reconciles_what_it_bears_on_alone(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = stored.stored_histories(evidence), []

    def noted(part: Evidence, names: set[str], tables: bool) -> object:
        asked.append(names)
        return reconcile_all(part, names, tables)

    monkeypatch.setattr(stored, "reconcile_all", noted)
    rows = evidence.observations
    people = (rows["indicator"] == "population") & (rows["measure"] == "level")
    changed = rows.assign(value=np.where(people, rows["value"] * 1.01, rows["value"]))
    after = stored.stored_histories(replace(evidence, observations=changed))
    assert asked == [{"population"}]
    assert after["jinhua/population"].fingerprint != before["jinhua/population"].fingerprint
    assert after["jinhua/gdp"].fingerprint == before["jinhua/gdp"].fingerprint


def test_paths_without_tables_are_those_with_tables(evidence: Evidence) -> None:
    part = stored.part_of(evidence, "gdp")
    whole, bare = part.computed(), part.paths()
    assert list(whole) == list(bare)
    for key, history in whole.items():
        assert bare[key].fingerprint == history.fingerprint
        assert (bare[key].noise, bare[key].origin) == (history.noise, history.origin)
        assert bare[key].observations.empty
        assert not history.observations.empty


def test_targets_and_the_place_of_a_row_change_no_history(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.stored_histories(evidence)
    monkeypatch.setattr(stored, "reconcile_all", lambda *_: pytest.fail("computed again"))
    rows = evidence.observations
    below = rows.set_axis(rows.index + 1)
    found = stored.stored_histories(replace(evidence, observations=below, targets=evidence.targets))
    assert "jinhua/gdp" in found
    dearer = evidence.targets.assign(value=evidence.targets["value"] * 2)
    assert replace(evidence, targets=dearer).figures == evidence.figures
    assert replace(evidence, targets=dearer).digest != evidence.digest


def test_a_remark_changes_no_history(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored.stored_histories(evidence)
    monkeypatch.setattr(stored, "reconcile_all", lambda *_: pytest.fail("computed again"))
    rows = evidence.observations.assign(note="new", note_zh="新")
    noted = replace(evidence, observations=rows)
    found = stored.stored_histories(noted)
    assert noted.figures == evidence.figures
    assert noted.digest != evidence.digest
    assert [h.fingerprint for h in found.values()] == [h.fingerprint for h in before.values()]


def test_tables_stay_in_the_store_until_they_are_asked_for(evidence: Evidence) -> None:
    together = reconcile_all(evidence)
    stored.stored_histories(evidence)
    found = stored.stored_histories(evidence)["jinhua/gdp"]
    assert not vars(found).keys() & NO_TABLES.keys()
    assert found.observations.equals(together["jinhua/gdp"].observations)
    assert not vars(found).keys() & NO_TABLES.keys()  # a process that sees all keeps a few
    with pytest.raises(AttributeError, match="nothing"):
        found.nothing  # type: ignore[attr-defined] # noqa: B018
    copy = pickle.loads(pickle.dumps(found))
    assert type(copy) is History
    assert copy.fingerprint == found.fingerprint
    assert copy.deflator.equals(found.deflator)


def test_tables_that_went_are_made_again(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "kept"))
    found = stored.stored_histories(evidence)
    for path in cache_dir().glob("*/*.pickle"):
        path.unlink()
    stored._tables.cache_clear()
    together = reconcile_all(evidence)
    assert found["jinhua/gdp"].observations.equals(together["jinhua/gdp"].observations)


def test_histories_that_cannot_be_stored_have_their_tables(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "file" / "kept"))
    together, found = reconcile_all(evidence), stored.stored_histories(evidence)
    assert list(found) == list(together)
    assert not vars(found["jinhua/gdp"])["observations"].empty
