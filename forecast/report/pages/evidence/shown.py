"""All that the page of a series shows: it stands as long as this does, for it has nothing else.

A notebook that takes its figures from `of_series` alone is computed again when one of these
changes, not for any change of the data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence, digest_of
from forecast.evidence.files.schema import COLUMNS
from forecast.reconciliation.history import History
from forecast.reconciliation.smoothing.truncation import Bounds
from forecast.reconciliation.stored import bearing, named, only
from forecast.report.pages.evidence import quality
from forecast.report.releases import Calendar
from forecast.report.releases.upcoming import Schedule
from forecast.study import Study
from forecast.targets.quality.components import Quality

OWN = ("observations", "sources", "publishers")  # tables of which only some rows are shown
#: How such a notebook opens the data.
OPENED = "shown.of_series(forecast.open_study(data, as_of), region, indicator)"
DEFINING = ("regions", "indicators", "bases", "hosts")  # tables that are there as a whole


@dataclass(frozen=True, eq=False)
class Shown:
    """A series, and what is known of it.

    Attributes
    ----------
    region, indicator : str
    evidence : Evidence
        Without any figure but the statements on the series, those that its path rests on, the
        exchange rates that convert them, and their sources.
    history : History or None
    schedule : Schedule
        Which figures are expected and overdue, by the dates of all data.
    quality : Quality
        The grade, by the same.
    """

    region: str
    indicator: str
    evidence: Evidence
    history: History | None
    schedule: Schedule
    quality: Quality

    @property
    def rows(self) -> pd.DataFrame:
        """The statements on the series."""
        return self.evidence.statements(self.region, self.indicator)

    @property
    def digests(self) -> dict[str, str]:
        """A digest of each sort of what is shown."""
        tables = {
            name: getattr(self.evidence, name).reset_index(drop=True) for name in (*OWN, *DEFINING)
        }
        return {
            "definitions": digest_of({name: tables[name] for name in DEFINING}),
            "statements": digest_of({name: tables[name] for name in OWN}),
            "path": _digest(_content(self.history)),
            "dates": _digest([repr(self.schedule)]),
            "grade": _digest([repr(self.quality)]),
        }


def shows_series_alone(notebook: Path) -> bool:
    """Whether a notebook takes what it shows by `OPENED`, and does nothing else with a study."""
    text = notebook.read_text("utf-8").casefold()
    return OPENED in text and "study" not in text.replace(OPENED, "")


def of_series(study: Study, region: str, indicator: str) -> Shown:
    """Take what a page shows of a series out of a study.

    Parameters
    ----------
    study : Study
    region : str
        Key of the region; empty: that of the first plan.
    indicator : str
    """
    evidence = study.evidence
    region = region or str(evidence.plan()["region"])
    rows, history = evidence.statements(region, indicator), study.find_history(region, indicator)
    return Shown(
        region,
        indicator,
        _alone(evidence, rows if history is None else history.observations, region, indicator),
        history,
        Calendar(evidence).of_series(region, indicator),
        quality.of_series(evidence, rows, history),
    )


def _alone(evidence: Evidence, rows: pd.DataFrame, region: str, indicator: str) -> Evidence:
    """Return the evidence without figures that neither bear on some statements nor are of a series.

    Nor has it plans, targets or publishers of other sources.
    """
    pairs = ["region", "indicator"]
    wanted = {(region, indicator), *rows[pairs].itertuples(index=False, name=None)}
    table = evidence.observations
    mine = np.array([p in wanted for p in table[pairs].itertuples(index=False, name=None)], bool)
    found = only(evidence, bearing(evidence, mine), named(rows))
    publishers = {*found.sources["publisher"], *evidence.hosts["publisher"]}
    rest = set(COLUMNS) - {*OWN, *DEFINING}
    return found.but(
        publishers=evidence.publishers[evidence.publishers["publisher"].isin(publishers)],
        warnings=(),
        **{name: getattr(evidence, name).iloc[:0] for name in rest if hasattr(evidence, name)},
    )


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _content(history: History | None) -> Iterator[str]:
    """Yield all that a history holds; equal ones give the same, computed or stored."""
    for each in () if history is None else fields(history):
        value: Any = getattr(history, each.name)
        if isinstance(value, pd.DataFrame | pd.Series):
            value = value.reset_index().to_dict("split")
        elif isinstance(value, np.ndarray):
            value = value.tolist()
        elif isinstance(value, Bounds):
            value = value.digest().hex()
        elif each.name == "scale":
            value = value.name
        yield f"{each.name}: {value!r}"
