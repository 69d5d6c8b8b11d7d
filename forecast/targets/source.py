"""What answers on targets, scenarios and missing figures are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from forecast.evidence.evidence import Evidence
    from forecast.forecasting.model_pool import Options
    from forecast.reconciliation.history import History
    from forecast.targets.assessment import Assessment


class Source(Protocol):
    """One state of the data with one set of options; `forecast.study.Study` is one.

    Attributes
    ----------
    evidence : Evidence
    options : Options
    """

    evidence: Evidence
    options: Options

    def histories(self) -> dict[str, History]:
        """Return every series that adds up to a path, by ``region/indicator``."""

    def find_history(self, region: str, indicator: str) -> History | None:
        """Return one of them, or None."""

    def record(self) -> pd.DataFrame:
        """Return past forecasts of all series; see `forecast.verification.track_record`."""

    def assess(self, target: str, plan: str = "", year: int | None = None) -> Assessment:
        """Answer one target of a plan."""
