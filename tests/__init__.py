"""Tests; what they share is in `conftest.py`."""

import sys

# jsonschema is spared a grammar of web addresses that takes two seconds to compile, as by
# `forecast.report.charts`: None says that the package is not installed.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
