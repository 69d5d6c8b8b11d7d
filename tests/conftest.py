"""What all tests share: one thread per process, results apart from the user's, frozen data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Before numpy is imported: small matrices gain nothing from threads, and tests run side by side.
os.environ.update(
    dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
)

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment
from tests.browser import Browser

# On a busy machine an example takes long through no fault of its own. Who has time tries more of
# them: `pytest --hypothesis-profile thorough`.
settings.register_profile(
    "forecast", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("forecast"), max_examples=1000)
settings.load_profile("forecast")
#: Any character that a file in UTF-8 can hold; asked for by the codec, finding them takes seconds.
ANY = st.characters(exclude_categories=["Cs"])

#: Frozen data: what is typed into `data/` changes no number that a test expects.
CITY = Path(__file__).parent / "fixtures" / "city"
FISCAL = Path(__file__).parent / "fixtures" / "fiscal"
PLAN = "jinhua_2027"
#: Families that take no time; the dear ones have tests of their own.
CHEAP = ("damped_drift", "drift", "theta")
DRAWS = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow files first: what begins last is short, so that both processes end together."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def results_of_the_user_are_left_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep computed results in a folder of this run, also those of processes that tests start."""
    base = tmp_path_factory.getbasetemp()
    # Processes of pytest-xdist share their parent's folder: what one computed, the others read.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "results"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORECAST_CACHE", str(folder))
        patch.setenv("FORECAST_DATA", str(CITY))  # who names no folder reads the frozen one
        yield folder


@pytest.fixture(scope="session")
def study() -> Study:
    """Return the frozen city with cheap options."""
    return open_study(CITY, draws=DRAWS, families=CHEAP)


@pytest.fixture(scope="session")
def answers(study: Study) -> dict[str, Assessment]:
    """Return the answers on the targets of the plan to 2027, by target."""
    return {str(a.target["target"]): a for a in study.assess_all(PLAN)}


@pytest.fixture(scope="module")  # while Playwright runs, asyncio finds its loop at work
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened
