"""The commands ``predict``, ``attain`` and ``calibrate``."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    import pandas as pd

COMPUTED = "accepted and without effect: quantiles are computed, not drawn"


def add_commands(commands: Any) -> None:
    """Add the commands for panels.

    Parameters
    ----------
    commands : argparse action
        What ``ArgumentParser.add_subparsers`` returns.
    """
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "panel", type=Path, metavar="PANEL.csv", help="columns series_id, year, value"
    )
    common.add_argument("--origin", type=int, metavar="YEAR", help="use no later year")
    common.add_argument(
        "--transform",
        default="auto",
        help="scale: auto (log where all values of a series are positive, else linear), log, "
        "logit (percentages between 0 and 100) or linear",
    )
    common.add_argument(
        "--kind", default="flow", help="flow (such as output; the default) or stock (population)"
    )
    for name in ("jobs", "draws", "seed"):
        common.add_argument(f"--{name}", type=int, metavar="N", help=COMPUTED)

    predict = commands.add_parser(
        "predict", parents=[common], help="forecast every series of a panel",
        description="Forecast every series of a panel: 17 quantiles of each of the next years. The "
        "output is computed, not drawn, and the same however it is run.",
    )  # fmt: skip
    predict.add_argument("--horizon", type=int, required=True, metavar="H", help="years ahead")
    predict.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV to write")
    predict.add_argument(
        "--families", default="", help="component models to include, separated by commas (all)"
    )
    predict.set_defaults(do=_predict)

    attain = commands.add_parser(
        "attain", parents=[common], help="say how likely targets on a panel are to be attained",
        description="Probability of targets. Comparisons are >=, >, <=, < or at_least, exceed, "
        "at_most. Probabilities are computed, not drawn.",
    )  # fmt: skip
    attain.add_argument(
        "targets", type=Path, metavar="TARGETS.csv",
        help="columns target_id, series_id, year, comparison, value",
    )  # fmt: skip
    attain.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV to write")
    attain.set_defaults(do=_attain)

    calibrate = commands.add_parser(
        "calibrate", help="learn weights and spread again from reference panels",
        description="Learn weights and spread from the reference panels, as data/calibration.json "
        "holds them. A missing file is named together with where to get it in public.",
    )  # fmt: skip
    calibrate.add_argument(
        "--panels", type=Path, required=True, metavar="DIR", help="folder of the reference panels"
    )
    calibrate.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON to write")
    calibrate.set_defaults(do=_calibrate)


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Print what the reader of a table noticed, beside the output; return the table."""
    from forecast.evidence.panels import notices

    for notice in notices(table):
        print(f"Note: {notice}", file=sys.stderr)
    return table


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a file to write that takes the place of `path` once it is whole.

    The place is tried before the work begins. An existing file keeps its content until the end.

    Raises
    ------
    forecast.evidence.problems.UserError
        When nothing can be written there.
    """
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "it is not a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        yield part
        os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _save(table: pd.DataFrame, path: Path) -> None:
    """Write ten digits: what differs beyond them is the order of additions, not the forecast."""
    table.to_csv(path, index=False, lineterminator="\n", float_format="%.10g")


def _predict(arguments: argparse.Namespace) -> int:
    from forecast.evidence.panels import read
    from forecast.forecasting.panel_forecast import committed_tables, predict

    families = tuple(name.strip() for name in arguments.families.split(",") if name.strip())
    tables = committed_tables()
    panel = told(read(arguments.panel))
    with written(arguments.out) as part:
        out = predict(
            panel,
            arguments.horizon,
            arguments.origin,
            arguments.transform,
            families,
            tables,
            arguments.kind,
        )
        _save(out, part)
    n = out["series_id"].nunique()
    print(f"{n} series, {arguments.horizon} years ahead, written to {arguments.out}")
    return 0


def _attain(arguments: argparse.Namespace) -> int:
    from forecast.evidence.panels import read, read_targets
    from forecast.forecasting.panel_forecast import attain, committed_tables

    tables = committed_tables()
    panel, targets = told(read(arguments.panel)), told(read_targets(arguments.targets))
    with written(arguments.out) as part:
        out = attain(panel, targets, arguments.origin, arguments.transform, tables, arguments.kind)
        _save(out, part)
    print(f"{len(out)} targets written to {arguments.out}")
    return 0


def backtest(
    panels: Sequence[tuple[str, str, str, pd.DataFrame]], horizon: int, out: Path | None
) -> int:
    """Score past forecasts, print the scores, and write the forecasts where asked.

    Parameters
    ----------
    panels : sequence of (str, str, str, DataFrame)
        Title, scale, kind and panel. Of several, those whose series are too short are told and
        left out.
    horizon : int
    out : Path, optional
    """
    import pandas as pd

    from forecast.evidence.panels import checked
    from forecast.evidence.problems import DataError
    from forecast.verification import summary as verification
    from forecast.verification.backtest import backtest

    found = []
    with written(out) if out else contextlib.nullcontext() as part:
        for title, scale, kind, panel in panels:
            try:
                past = backtest(checked(panel), horizon, scale, kind=kind)
            except DataError:
                if len(panels) == 1:
                    raise
                print(f"\n{title.upper()}\n\nNo series is long enough.")
                continue
            print(f"\n{title.upper()}\n" if title else "", verification.text(past), sep="\n")
            found.append(past)
        if part:
            every = pd.concat(found, ignore_index=True)
            _save(every, part)
            print(f"\n{len(every):,} past forecasts written to {out}")
    return 0


def _calibrate(arguments: argparse.Namespace) -> int:
    from forecast.calibration.calibrate import calibrated

    with written(arguments.out) as part:
        tables = calibrated(arguments.panels, lambda line: print(line, flush=True))
        tables.save(part)
    print(f"Tables written to {arguments.out}")
    return 0
