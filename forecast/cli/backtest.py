"""``backtest``: how good past forecasts were."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import shared
from forecast.evidence.problems import UserError
from forecast.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from forecast.study import Study

    Named = tuple[str, str, str, pd.DataFrame]  # title, scale, kind and panel


def backtest(
    panel: Annotated[
        Path | None,
        typer.Argument(metavar="PANEL", help="As of forecast predict; the data if left out."),
    ] = None,
    horizon: Annotated[int, typer.Option(metavar="H", help="Years ahead.")] = 5,
    transform: shared.Transform = "auto",
    kind: shared.Kind = "flow",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of every past forecast with its scores."),
    ] = None,
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    seed: shared.Seed = shared.SEED,
    json: shared.Json = False,
) -> int:
    """Score past forecasts of a panel, or of all series of the data.

    Forecast from every past year, by the learned ensemble, each of its component forecasts, naive,
    drift and climatology, and score these against the outcomes. Without a panel, the project's own
    series are used.
    """
    if panel and (data or as_of):
        raise UserError("--data and --as-of are for our own series, not for a panel")
    if panel:
        panels, single = _named(panel, transform, kind), False
    else:
        own = _own(shared.opened(data, as_of, seed=seed), quiet=json)
        panels, single = iter(own), len(own) == 1
    scores, rows = [], 0
    with written(out) if out else contextlib.nullcontext() as part:
        for title, scale, of, table in panels:
            past = _past(table, horizon, scale, of, alone=single or not title)
            if not json:
                print(f"\n{title.upper()}\n" if title else "", _text(past), sep="\n")
            elif past is not None:
                scores.append({"panel": title, **_scores(past)})
            if part and past is not None:
                if panel and title:
                    past.insert(0, "panel", title)
                shared.save(past, part, more=rows > 0)
                rows += len(past)
        if part and not json:
            print(f"\n{rows:,} past forecasts written to {out}")
    if json:
        shared.print_json(scores)
    return 0


def _named(path: Path, scale: str, kind: str) -> Iterator[Named]:
    """Yield the panels of a file."""
    from forecast.evidence.files.panels import read_each

    for name, table in read_each(path):
        yield name, scale, kind, shared.noticed(table)


def _own(study: Study, quiet: bool) -> list[Named]:
    """Return the series of the data as panels, after what the record of past forecasts tells."""
    from forecast.forecasting import ensemble as learned
    from forecast.report.language import language
    from forecast.report.pages import track_record
    from forecast.report.text.markup import plain
    from forecast.verification.reference_record import own

    record, tell = study.track_record(), language("en")
    if not quiet:
        print(plain(track_record.lead(tell, record)) + "\n")
    if not len(record):
        return []
    if not quiet:
        print(track_record.reliability(tell, record).to_string(index=False) + "\n")
        scores = track_record.scores(tell, study.comparison())
        print(
            (tell("record-scores-none") if scores.empty else scores.to_string(index=False)) + "\n"
        )
        print(plain(track_record.limits(tell, record)))
    if own(record).empty:
        return []
    return [
        (f"{kind}, {scale} scale", scale, "stock" if kind == "stock" else "flow", panel)
        for (scale, kind), panel in learned.panels(study.histories()).items()
    ]


def _past(
    panel: pd.DataFrame, horizon: int, scale: str, kind: str, alone: bool
) -> pd.DataFrame | None:
    """Return the past forecasts of a panel; None if its series are too short and others remain."""
    from forecast.evidence.panels import checked
    from forecast.evidence.problems import DataError
    from forecast.verification.backtest import backtest

    try:
        return backtest(checked(panel), horizon, scale, kind=kind)
    except DataError:
        if alone:
            raise
        return None


def _text(past: pd.DataFrame | None) -> str:
    from forecast.verification import summary

    return "No series is long enough." if past is None else summary.text(past)


def _scores(past: pd.DataFrame) -> dict[str, Any]:
    """Return the tables of scores of past forecasts, for JSON."""
    from forecast.verification import summary

    return {
        "forecasts": shared.rows(summary.forecast_scores(past).reset_index()),
        "events": shared.rows(summary.event_scores(past).reset_index()),
        "coverage": shared.rows(summary.coverage(past).reset_index()),
        "reliability": shared.rows(summary.reliability(past).reset_index(names="chance")),
    }
