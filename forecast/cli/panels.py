"""``predict``, ``attain`` and ``calibrate``: commands that need panels and no tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli import shared
from forecast.evidence.problems import UserError
from forecast.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    Named = tuple[str, pd.DataFrame]

Origin = Annotated[int | None, typer.Option("--origin", metavar="YEAR", help="Use no later year.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="CSV to write, unless --json prints.")
]


def predict(
    panel: shared.PanelFile,
    horizon: Annotated[int, typer.Option(metavar="H", help="Years ahead.")],
    out: Out = None,
    origin: Origin = None,
    transform: shared.Transform = "auto",
    kind: shared.Kind = "flow",
    families: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="Component models to include, separated by commas; all if left out.",
        ),
    ] = "",
    json: shared.Json = False,
) -> int:
    """Forecast every series of a panel: 17 quantiles of each of the next years.

    The quantiles are computed, not drawn: they are the same however the command is run.
    """
    from forecast.evidence.files.panels import read_each
    from forecast.forecasting import panel_forecast

    chosen, series = shared.names(families), 0

    def computed() -> Iterator[Named]:
        nonlocal series
        for name, table in read_each(panel):
            asked = shared.noticed(table)
            found = panel_forecast.predict(asked, horizon, origin, transform, chosen, kind=kind)
            series += found["series_id"].nunique()
            yield name, found

    _give(computed(), out, json)
    if out:
        print(f"{series} series, {horizon} year{'s' * (horizon != 1)} ahead, written to {out}")
    return 0


def attain(
    panel: shared.PanelFile,
    targets: Annotated[
        Path,
        typer.Argument(
            metavar="TARGETS",
            help="CSV or Parquet with the columns target_id, series_id, year, comparison, value; "
            "also panel, if the panels have names.",
        ),
    ],
    out: Out = None,
    origin: Origin = None,
    transform: shared.Transform = "auto",
    kind: shared.Kind = "flow",
    json: shared.Json = False,
) -> int:
    """Estimate the probability that targets on a panel are attained.

    Comparisons are >=, >, <=, < or at_least, exceed, at_most. Probabilities are computed, not
    drawn.
    """
    from forecast.evidence.files.panels import PANEL, read_each, read_targets_of
    from forecast.evidence.panels import file_of
    from forecast.evidence.problems import data_error
    from forecast.forecasting import panel_forecast

    def computed() -> Iterator[Named]:
        left = read_targets_of(targets)
        file = next(map(file_of, left.values()), targets.name)
        for name, table in read_each(panel):
            if name in left:
                asked = shared.noticed(table), shared.noticed(left.pop(name))
                yield name, panel_forecast.attain(*asked, origin, transform, kind=kind)
        for name in left:
            raise data_error(file, f"a panel of {panel.name}", column=PANEL, value=name)

    answered = _give(computed(), out, json)
    if out:
        print(f"{answered} targets written to {out}")
    return 0


def _give(tables: Iterator[Named], out: Path | None, json: bool) -> int:
    """Write tables to a file as they come, or print them as JSON; return the number of rows."""
    import pandas as pd

    if (out is None) != json:
        raise UserError("expected either --out FILE or --json")
    if out is None:
        table = pd.concat([_with_panel(*found) for found in tables], ignore_index=True)
        shared.print_json(shared.rows(table))
        return len(table)
    rows = 0
    with written(out) as part:
        for name, table in tables:
            shared.save(_with_panel(name, table), part, more=rows > 0)
            rows += len(table)
    return rows


def _with_panel(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the name of its panel, if it has one."""
    if name:
        table.insert(0, "panel", name)
    return table


def calibrate(
    panels: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the reference panels.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="JSON to write.")],
) -> int:
    """Estimate weights and spread from reference panels, in the form of data/calibration.json.

    The message on a missing file names its public source.
    """
    from forecast.calibration.calibrate import calibrated

    with written(out) as part:
        tables = calibrated(panels, lambda line: print(line, flush=True))
        tables.save(part)
    print(f"Tables written to {out}")
    return 0
