"""What the tests of outputs share: the results of the frozen city."""

from __future__ import annotations

from typing import Any

import pytest

from forecast.report import results
from forecast.study import Study
from tests.conftest import CHEAP, DRAWS, PLAN

RUN = {
    "id": "2027-01-01T000000Z-abcdef12", "plan": PLAN, "as_of": "", "draws": DRAWS, "seed": 2027,
    "families": list(CHEAP), "outside": "all", "started": "2027-01-01T00:00:00Z",
    "newest": "2026-04-16", "edition": "abc", "data_digest": "0" * 64, "version": "0.1.0",
}  # fmt: skip


@pytest.fixture(scope="session")
def found(study: Study) -> dict[str, Any]:
    """Return what results.json of the frozen city holds."""
    return results.of_study(study, PLAN, RUN)
