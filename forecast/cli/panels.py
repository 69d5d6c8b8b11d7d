"""``predict``, ``attain`` and ``calibrate``: commands that need panels and no tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli import shared
from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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
    from forecast.evidence.panels import read
    from forecast.forecasting import panel_forecast

    def computed() -> pd.DataFrame:
        table, chosen = shared.noticed(read(panel)), shared.names(families)
        return panel_forecast.predict(table, horizon, origin, transform, chosen, kind=kind)

    table = _given(computed, out, json)
    if out:
        print(f"{table['series_id'].nunique()} series, {horizon} years ahead, written to {out}")
    return 0


def attain(
    panel: shared.PanelFile,
    targets: Annotated[
        Path,
        typer.Argument(
            metavar="TARGETS.csv", help="Columns target_id, series_id, year, comparison, value."
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
    from forecast.evidence.panels import read, read_targets
    from forecast.forecasting import panel_forecast

    def computed() -> pd.DataFrame:
        asked = shared.noticed(read(panel)), shared.noticed(read_targets(targets))
        return panel_forecast.attain(*asked, origin, transform, kind=kind)

    table = _given(computed, out, json)
    if out:
        print(f"{len(table)} targets written to {out}")
    return 0


def _given(compute: Callable[[], pd.DataFrame], out: Path | None, json: bool) -> pd.DataFrame:
    """Compute a table and write it to a file or print it as JSON; return it."""
    if (out is None) != json:
        raise UserError("expected either --out FILE or --json")
    if out is None:
        table = compute()
        shared.print_json(shared.rows(table))
        return table
    with shared.written(out) as part:
        table = compute()
        shared.save(table, part)
    return table


def calibrate(
    panels: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the reference panels.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="JSON to write.")],
) -> int:
    """Estimate weights and spread from reference panels, in the form of data/calibration.json.

    The message on a missing file names its public source.
    """
    from forecast.calibration.calibrate import calibrated

    with shared.written(out) as part:
        tables = calibrated(panels, lambda line: print(line, flush=True))
        tables.save(part)
    print(f"Tables written to {out}")
    return 0
