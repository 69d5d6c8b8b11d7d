"""CEIC: a workbook or CSV of series, side by side or one below the other."""

from __future__ import annotations

import re
from pathlib import Path

from forecast.importing.figures import Figures, Origin
from forecast.importing.formats import _series

LABEL = "CEIC"

_LABELS = _series.Labels(
    needed=("Frequency", "Unit", "First Obs. Date"),
    name=("Name", ""),
    region=("Subnational", "Region", "Country"),
    code=("Series ID", "Series Code"),
    frequency="Frequency",
    unit="Unit",
    source="Source",
    updated="Last Update Time",
)
_ORIGIN = Origin(LABEL, "CEIC", "CEIC Data", "https://www.ceicdata.com", kind="secondary")


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    return _series.recognized(path, _LABELS)


def read(path: Path) -> Figures:
    """Read a file of this format.

    The region is the part of the country where the file names one.
    """
    return _series.read(path, _LABELS, _ORIGIN, _measure)


def _measure(name: str, yearly: bool) -> str:
    """Return the measure of figures since January, ``ytd`` in the names of CEIC.

    Examples
    --------
    >>> _measure("GDP: ytd: Zhejiang", False), _measure("GDP: ytd: YoY", False)
    ('ytd_level', 'ytd_growth')
    >>> _measure("GDP Index: ytd: PY=100", False), _measure("GDP: Zhejiang", True)
    ('', '')
    """
    change = re.search(r"\byoy\b", name, re.IGNORECASE)
    if "=100" in name or yearly or not re.search(r"\bytd\b", name, re.IGNORECASE):
        return ""
    return "ytd_growth" if change else "ytd_level"
