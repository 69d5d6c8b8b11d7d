"""How likely is a plan's target, what would it take, and how do we know.

`open_study` loads the data; its `assess`, `history`, `record` and `what_if` answer. Importing the
package loads none of the heavy libraries: they are imported by the functions that use them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.scenarios.spec import Scenario, Statement
    from forecast.study import Study, open_study

__all__ = ["Scenario", "Statement", "Study", "open_study"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("Scenario", "Statement"):
        from forecast.scenarios import spec

        return getattr(spec, name)
    if name in __all__:
        from forecast import study

        return getattr(study, name)
    raise AttributeError(f"module 'forecast' has no attribute {name!r}")
