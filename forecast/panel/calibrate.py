"""The panels the committed tables were learned from, and the command that learns them again.

Competitions (series of any kind, their calendar years unknown) teach the table for mixed
collections: their training parts only, from origins 6 to 21 years before the end of these. Regional
panels teach the table for peers. No figure of a competition's test part is looked at but to print
the scores at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast import scores
from forecast.panel import learn, outside_record
from forecast.panel.arrays import FloatArray, IntArray, Paths, Tables
from forecast.panel.predict import QUANTILES, parts, predict
from forecast.problems import UserError

CUTS = (6, 9, 12, 15, 18, 21)  # origins in competitions, years before the end of the training part
WIDTH = 120  # years kept of a competition's series: the oldest origin still has `arrays.WINDOW`
LENGTHS = (17, 23, 34, 46)  # series of one length mostly ended in the same year: they share a wave
REGIONAL = 1 / 8  # weight of a regional panel, that of a competition being 1

M4 = "m4_yearly_half.csv"
M3 = "m3_yearly.csv"
PWT = "pwt1001_selected.csv"
WDI = "world_bank_global_economy_1960_2012.csv"
STATES = "us_state_gdp_spliced_1963_2021.csv"
DISTRICTS = "german_counties_gdp_1992_2014.csv"
PROVINCES = "china_provinces_gdp_2004_2013.csv"

SOURCES = {
    M4: "M4 competition, about half of the yearly series (github.com/Mcompetitions/M4-methods)",
    M3: "M3 competition, yearly series (R package Mcomp, github.com/robjhyndman/Mcomp)",
    PWT: "Penn World Table 10.01 (www.rug.nl/ggdc/productivity/pwt)",
    WDI: "World Development Indicators of the World Bank (data.worldbank.org)",
    STATES: "GDP by state, Bureau of Economic Analysis (www.bea.gov)",
    DISTRICTS: "GDP of districts, VGR der Länder (R package REAT on cran.r-project.org)",
    PROVINCES: "GDP of provinces, National Bureau of Statistics of China (data.stats.gov.cn)",
    outside_record.WEO: "growth forecasts of the World Economic Outlook, IMF "
    "(R package uqimf, github.com/fredbec/uqimf)",
}
NOTE = (
    "Scores are of the whole engine on the last six years of each series, which taught none of the "
    "tables. They flatter it a little: the design was chosen on earlier origins, but these years "
    "were looked at eleven times on the way (once with some thirty designs), and two choices were "
    "prompted by what was seen, though settled on earlier origins: taking the common error out "
    "before weights are learned, and half a tilt for mixed collections. The last two looks "
    "followed a change for peers, chosen on the regional panels. Of these no part was kept "
    "untouched."
)


@dataclass(frozen=True)
class Competition:
    """Series of a competition.

    Attributes
    ----------
    name : str
    category : ndarray of str, shape (n_series,)
    train : list of ndarray
        Values, oldest first.
    test : ndarray, shape (n_series, 6)
    """

    name: str
    category: npt.NDArray[np.str_]
    train: list[FloatArray]
    test: FloatArray

    @property
    def years(self) -> IntArray:
        """Length of each training part."""
        return np.array([len(s) for s in self.train])

    def frame(self) -> pd.DataFrame:
        """Return the training parts as a panel; all are taken to end in 2000."""
        n = self.years
        return pd.DataFrame({
            "series_id": np.repeat([f"s{i:05d}" for i in range(len(n))], n),
            "year": np.concatenate([np.arange(2001 - k, 2001) for k in n]),
            "value": np.concatenate(self.train),
        })  # fmt: skip

    def panel(self) -> learn.Panel:
        """Return the training parts as a panel to learn from."""
        n = self.years
        y = np.full((len(n), min(int(n.max()), WIDTH)), np.nan)
        for row, values in zip(y, self.train, strict=True):
            row[-len(values) :] = np.log(values[-len(row) :])
        ends = np.zeros(len(n), np.int64)
        batch = np.digitize(n, LENGTHS)
        return learn.Panel(self.name, Paths(y, np.isfinite(y)), ends, 1.0, CUTS, batch)


def read_set(folder: Path, file: str) -> pd.DataFrame:
    """Read one of the reference sets, all cells as text.

    Raises
    ------
    forecast.problems.UserError
        When it is not there, with where it can be had.
    """
    if not folder.is_dir():
        where = "; ".join(f"{name}: {source}" for name, source in SOURCES.items())
        raise UserError(f"there is no folder {folder}; it should hold these public sets: {where}")
    try:
        return pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{folder / file} cannot be read; its source is {SOURCES[file]}") from error


def _columns(frame: pd.DataFrame, file: str, *names: str) -> pd.DataFrame:
    missing = [name for name in names if name not in frame]
    if missing:
        raise UserError(f"{file} has no column {', '.join(missing)}")
    return frame[list(names)]


def competition(folder: Path, file: str) -> Competition:
    """Read the series of a competition."""
    rows = _columns(read_set(folder, file), file, "category", "train", "test")
    try:
        train = [np.array(text.split(), float) for text in rows["train"]]
        test = np.array([text.split() for text in rows["test"]], float)
    except ValueError as error:
        raise UserError(f"{file}: train and test should hold numbers ({error})") from error
    return Competition(Path(file).stem, rows["category"].to_numpy(str), train, test)


def regional(folder: Path) -> dict[str, tuple[str, pd.DataFrame]]:
    """Read the regional panels.

    Returns
    -------
    dict
        File and panel (``series_id, year, value``; positive values) by name.
    """
    out: dict[str, tuple[str, pd.DataFrame]] = {}

    def add(name: str, file: str, frame: pd.DataFrame) -> None:
        frame = frame.set_axis(["series_id", "year", "value"], axis=1)
        value = pd.to_numeric(frame["value"], errors="coerce")
        year = pd.to_numeric(frame["year"]).astype(np.int64)
        kept = frame.assign(year=year, value=value)[value > 0]
        single = kept.groupby(["series_id", "year"])["value"].mean().reset_index()
        long = single.groupby("series_id")["year"].transform("size") >= 2
        out[name] = file, single[long].reset_index(drop=True)

    world = _columns(read_set(folder, PWT), PWT, "isocode", "year", "rgdpna", "pop", "emp")
    for column in ("rgdpna", "pop", "emp"):
        add(f"pwt_{column}", PWT, world[["isocode", "year", column]])
    bank = _columns(read_set(folder, WDI), WDI, "Code", "Year", "GDP", "Exports")
    bank = bank[bank["Code"].isin(world["isocode"])]  # aggregates are no countries
    add("wb_gdp", WDI, bank[["Code", "Year", "GDP"]])
    share = pd.to_numeric(bank["Exports"], errors="coerce") / 100
    exports = pd.to_numeric(bank["GDP"], errors="coerce") * share
    add("wb_exports", WDI, bank[["Code", "Year"]].assign(exports=exports))
    states = _columns(read_set(folder, STATES), STATES, "stabbr", "year", "value", "name")
    for name in states["name"].unique():
        add(f"us_{name}", STATES, states[states["name"] == name].iloc[:, :3])
    districts = read_set(folder, DISTRICTS)
    add("de_gdp", DISTRICTS, _columns(districts, DISTRICTS, "region_code", "year", "gdp"))
    provinces = read_set(folder, PROVINCES)
    add("cn_gdp", PROVINCES, _columns(provinces, PROVINCES, "province", "year", "gdp_100m_cny"))
    return out


def peers(folder: Path, skip: Collection[str] = ()) -> list[tuple[learn.Panel, str]]:
    """Return the regional panels to learn from, each with its file; `skip` names some to leave."""
    out = []
    for name, (file, frame) in regional(folder).items():
        (part,) = parts(frame, "log")
        width = part.paths.y.shape[1]
        cuts = tuple(range(3, width - 8, 3) if width >= 40 else range(1, width - 8, 2))
        if name not in skip and cuts:
            out.append((learn.Panel(name, part.paths, part.last, REGIONAL, cuts), file))
    return out


def tables(folder: Path, skip: Collection[str] = ()) -> Tables:
    """Learn both tables, without scores.

    Parameters
    ----------
    folder : Path
        Of the reference sets.
    skip : collection of str
        Regional panels to leave out, for scoring on them.
    """
    mixed = [competition(folder, file).panel() for file in (M4, M3)]
    regions = peers(folder, skip)
    panels = [
        {
            "panel": panel.name,
            "source": SOURCES[f"{panel.name}.csv"],
            "series": len(panel.paths.y),
            "origins": "years before the end of the training part: " + ", ".join(map(str, CUTS)),
            "teaches": "weights and spread of mixed collections, spread of peers",
        }
        for panel in mixed
    ] + [
        {
            "panel": panel.name,
            "source": SOURCES[file],
            "series": len(panel.paths.y),
            "years": f"{int((panel.last + 1 - panel.paths.years).min())}-{int(panel.last.max())}",
            "origins": _origins(panel),
            "teaches": "weights and spread of peers",
        }
        for panel, file in regions
    ]
    return Tables(
        learn.learn(mixed),
        # The waves of regional panels are kept: their years are known, and many.
        learn.learn([panel for panel, _ in regions], mixed, waves=False),
        {"made_by": "forecast calibrate", "panels": panels},
    )


def _origins(panel: learn.Panel) -> str:
    last, cuts = int(panel.last.max()), panel.cuts
    if len(cuts) == 1:
        return str(last - cuts[0])
    return f"{last - cuts[-1]} to {last - cuts[0]}, every {cuts[1] - cuts[0]} years"


def scored(contest: Competition, learned: Tables) -> dict[str, float]:
    """Score the engine on the test part of a competition."""
    out = predict(contest.frame(), contest.test.shape[1], tables=learned)
    quantiles = out["value"].to_numpy().reshape(*contest.test.shape, len(QUANTILES))

    def at(level: float) -> FloatArray:
        found: FloatArray = quantiles[:, :, int(np.abs(QUANTILES - level).argmin())]
        return found

    y, point = contest.test, at(0.5)
    naive = np.repeat([[s[-1]] for s in contest.train], y.shape[1], axis=1)
    scale = np.array([np.abs(np.diff(s)).mean() for s in contest.train])
    found = {
        "sMAPE": scores.smape(y, point),
        "MASE": scores.mase(y, point, scale),
        "OWA against naive on the same series": scores.owa(y, point, naive, scale),
        "WQL": scores.wql(y, quantiles, QUANTILES),
        "MSIS at 95 %": scores.msis(y, at(0.025), at(0.975), scale),
        "95 % interval covers, %": 100 * scores.covered(y, at(0.025), at(0.975)).mean(),
        "80 % interval covers, %": 100 * scores.covered(y, at(0.1), at(0.9)).mean(),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def calibrated(folder: Path, tell: Callable[[str], None] = lambda line: None) -> Tables:
    """Learn both tables and score them on the test parts of the competitions.

    Parameters
    ----------
    folder : Path
        Of the reference sets; see `SOURCES`.
    tell : callable
        Takes a line on what was found.

    Raises
    ------
    forecast.problems.UserError
        When a set is missing, with where it can be had.
    """
    learned = tables(folder)
    found = {}
    for file in (M4, M3):
        contest = competition(folder, file)
        # Scored as they will be read: with the digits written.
        found[contest.name] = scored(contest, learned.rounded())
        tell(
            f"{contest.name}: " + ", ".join(f"{k} {v:.4g}" for k, v in found[contest.name].items())
        )
    learned.provenance.update(scores=found, note=NOTE)
    learned.outside.update(outside_record.learned(*outside_record.read(folder), learned.rounded()))
    return learned
