"""Sliders for the assumptions of a scenario: the chances of the targets follow them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import pandas as pd

from forecast.report import show
from forecast.report.language import Language
from forecast.report.pages.scenario_statements import refusal, statement
from forecast.report.pages.scenarios import chances
from forecast.scenarios.spec import BASELINE, RefusedError, Scenario, Statement

if TYPE_CHECKING:
    from forecast.study import Study

STEPS = 40  # of a slider, from one end to the other
LEAST_REACH = 10.0  # points to either side of what is stated in percent
LOWEST, HIGHEST = -95.0, 99.0  # percent: a figure cannot fall by 100, nor a share reach it


class Panel(ipywidgets.VBox):  # type: ignore[misc]
    """Widgets, and for a page without a kernel the table that they begin with."""

    def __init__(self, children: Sequence[ipywidgets.Widget], page: str) -> None:
        super().__init__(children)
        self.page = page

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._repr_mimebundle_(**kwargs), "text/html": self.page}


def sliders(
    tell: Language, study: Study, scenario: str | Scenario, plan: str = ""
) -> tuple[Panel, pd.DataFrame]:
    """Return a slider for each assumption of a scenario, and the chances that follow them.

    Parameters
    ----------
    tell : Language
    study : Study
    scenario : str or Scenario
        One of the data by its name, or one of your own.
    plan : str

    Returns
    -------
    Panel
        In JupyterLab the table follows the sliders; an exported page has the first table alone.
    DataFrame
        The first table: by target the chance under the baseline and under the scenario.

    Raises
    ------
    forecast.scenarios.spec.RefusedError
        When the scenario contradicts itself or an identity, or lies out of reach.
    """
    outcomes = [study.scenario(BASELINE, plan), study.scenario(scenario, plan)]
    given, first = outcomes[1].scenario, chances(tell, outcomes)
    names, shown = [ipywidgets.HTML() for _ in given.statements], ipywidgets.HTML()
    shown.add_class("jp-RenderedHTMLCommon")  # as the tables of other cells, and at the left
    shown.layout.width = "fit-content"
    moved = [_slider(s) for s in given.statements]

    def update(*_: object) -> None:
        pairs = zip(given.statements, moved, strict=True)
        stated = tuple(replace(s, value=slider.value) for s, slider in pairs)
        for name, said in zip(names, stated, strict=True):
            name.value = html.escape(tell.write(statement(study.evidence, said)))
        try:
            outcomes[1] = study.scenario(replace(given, statements=stated), plan)
            shown.value = _page(chances(tell, outcomes))
        except RefusedError as error:
            shown.value = html.escape(refusal(tell, study.evidence, error))

    update()
    for slider in moved:
        slider.observe(update, "value")
    rows = [part for pair in zip(names, moved, strict=True) for part in pair]
    return Panel([*rows, shown], _page(first)), first


def _slider(s: Statement) -> ipywidgets.FloatSlider:
    """Return a slider around what is stated, as far to either side as it makes sense."""
    low, high = LOWEST, HIGHEST
    if s.measure == "level" and not s.relative:
        low, high = s.value / 2, s.value * 1.5
    elif s.measure == "share" and not s.relative:
        low = 100 - HIGHEST
    reach = max(abs(s.value), LEAST_REACH)
    low, high = max(low, s.value - reach), min(high, s.value + reach)
    return ipywidgets.FloatSlider(
        s.value,
        min=min(low, s.value),
        max=max(high, s.value),
        step=(high - low) / STEPS,
        readout_format=",.1f",
        continuous_update=False,  # the chances follow when the slider is let go
    )


def _page(table: pd.DataFrame) -> str:
    return str(show.table(table).data) if len(table) else ""  # type: ignore[union-attr]
