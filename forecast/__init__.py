"""How likely is a plan's target, what would it take, and how do we know.

`open_study` loads a folder of tables; its `assess`, `history`, `record` and `what_if` answer.
`probability` takes one pandas series, `predict` and `attain` take a panel. Importing the package
loads none of the heavy libraries: they are imported by the functions that use them.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.evidence.problems import DataError, UserError
    from forecast.forecasting.panel_forecast import attain, predict
    from forecast.reconciliation.history import History
    from forecast.scenarios.spec import Scenario, Statement
    from forecast.series import Probability, probability
    from forecast.study import Study, open_study

__all__ = [
    "DataError",
    "History",
    "Probability",
    "Scenario",
    "Statement",
    "Study",
    "UserError",
    "attain",
    "open_study",
    "predict",
    "probability",
]
__version__ = "0.1.0"

# openpyxl takes lxml where it is there, by which no workbook is written where the path of temporary
# files has a sign of addresses, such as % or #. It looks once, when it is imported.
os.environ.setdefault("OPENPYXL_LXML", "False")

#: Where the public names are defined.
_HOME = {
    "DataError": "evidence.problems",
    "History": "reconciliation.history",
    "Probability": "series",
    "Scenario": "scenarios.spec",
    "Statement": "scenarios.spec",
    "Study": "study",
    "UserError": "evidence.problems",
    "attain": "forecasting.panel_forecast",
    "open_study": "study",
    "predict": "forecasting.panel_forecast",
    "probability": "series",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"forecast.{_HOME[name]}"), name)
    raise AttributeError(f"module 'forecast' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
