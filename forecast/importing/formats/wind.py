"""Wind: a workbook or CSV of the economic database, series side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from forecast.importing.figures import Figures, Origin
from forecast.importing.formats import _series
from forecast.importing.formats.nbs import measure

LABEL = "Wind"

_LABELS = _series.Labels(
    needed=("指标名称", "频率", "单位"),
    name=("指标名称",),
    region=("国家", "地区"),
    code=("指标ID",),
    frequency="频率",
    unit="单位",
    source="来源",
    updated="更新时间",
)
_ORIGIN = Origin(LABEL, "Wind", "Wind", kind="secondary")


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    return _series.recognized(path, _LABELS)


def read(path: Path) -> Figures:
    """Read a file of this format.

    Zeros are taken as figures, with a notice: some exports write them for empty cells.
    """
    found = _series.read(path, _LABELS, _ORIGIN, measure)
    zeros = [figure for figure in found.figures if not figure.value]
    if not zeros:
        return found
    notice = (
        f"{path.name}: zeros, the first in {zeros[0].place}, were taken as figures; some exports "
        "of Wind write 0 for an empty cell"
    )
    return replace(found, notices=(*found.notices, notice))
