"""The public reference sets: their names, their sources, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.evidence.problems import UserError

M4 = "m4_yearly_half.csv"
M3 = "m3_yearly.csv"
PWT = "pwt1001_selected.csv"
WDI = "world_bank_global_economy_1960_2012.csv"
STATES = "us_state_gdp_spliced_1963_2021.csv"
DISTRICTS = "german_counties_gdp_1992_2014.csv"
PROVINCES = "china_provinces_gdp_2004_2013.csv"
WEO = "weo_growth_forecasts_to_2012.csv"
RESEARCH = "world_bank_rd_pct_gdp.csv"
PROVINCES_RESEARCH = "china_provinces_rd_intensity_2011_2023.csv"

SOURCES = {
    M4: "M4 competition, about half of the yearly series (github.com/Mcompetitions/M4-methods)",
    M3: "M3 competition, yearly series (R package Mcomp, github.com/robjhyndman/Mcomp)",
    PWT: "Penn World Table 10.01 (www.rug.nl/ggdc/productivity/pwt)",
    WDI: "World Development Indicators of the World Bank (data.worldbank.org)",
    STATES: "GDP by state, Bureau of Economic Analysis, two classifications spliced "
    "(R package BEAData, github.com/donboyd5/BEAData)",
    DISTRICTS: "GDP of districts, VGR der Länder (R package REAT on cran.r-project.org)",
    PROVINCES: "GDP of provinces, National Bureau of Statistics of China (data.stats.gov.cn)",
    RESEARCH: "R&D as % of GDP, World Development Indicators (data.worldbank.org)",
    PROVINCES_RESEARCH: "R&D as % of GDP of provinces, National Bureau of Statistics of China "
    "(github.com/huhuaping/techme)",
    WEO: "growth forecasts of the World Economic Outlook, IMF "
    "(R package uqimf, github.com/fredbec/uqimf)",
}
NOMINAL, REAL = "gdp", "rgdp"  # GDP by state
SAME_GROWTH = 1e-9  # by which their growth differs at most where it is the same
FLOW, SHARE, STOCK = "flow", "share", "stock"


def read_set(folder: Path, file: str) -> pd.DataFrame:
    """Read one of the reference sets, a key of `SOURCES`, all cells as text.

    Raises
    ------
    forecast.evidence.problems.UserError
        When it is missing; the message names its public source.
    """
    if not folder.is_dir():
        where = "; ".join(f"{name}: {source}" for name, source in SOURCES.items())
        raise UserError(f"there is no folder {folder}; it should hold these public sets: {where}")
    try:
        return pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{folder / file} cannot be read; its source is {SOURCES[file]}") from error


def columns(frame: pd.DataFrame, file: str, *names: str) -> pd.DataFrame:
    """Return some columns of a set.

    Raises
    ------
    forecast.evidence.problems.UserError
        When one is missing.
    """
    missing = [name for name in names if name not in frame]
    if missing:
        raise UserError(f"{file} has no column {', '.join(missing)}")
    return frame[list(names)]


@dataclass(frozen=True, eq=False)
class Region:
    """A regional panel."""

    file: str  # where it comes from; a key of `SOURCES`
    #: Tables it teaches: `FLOW`, `SHARE` (in percent, between 0 and 100), `STOCK`.
    kinds: tuple[str, ...]
    frame: pd.DataFrame  # columns ``series_id, year, value``; values are positive

    @property
    def scale(self) -> str:
        """Scale its values are worked on."""
        return "logit" if SHARE in self.kinds else "log"


def regional(folder: Path) -> dict[str, Region]:
    """Read the regional panels from the folder of the reference sets, by name."""
    out: dict[str, Region] = {}

    def add(name: str, file: str, frame: pd.DataFrame, *kinds: str) -> None:
        frame = frame.set_axis(["series_id", "year", "value"], axis=1)
        value = pd.to_numeric(frame["value"], errors="coerce")
        year = pd.to_numeric(frame["year"]).astype(np.int64)
        kept = frame.assign(year=year, value=value)[value > 0]
        if SHARE in kinds:  # a ratio that exceeds the whole is none of its shares
            kept = kept[kept.groupby("series_id")["value"].transform("max") < 100]
        single = kept.groupby(["series_id", "year"])["value"].mean().reset_index()
        long = single.groupby("series_id")["year"].transform("size") >= 2
        out[name] = Region(file, kinds or (FLOW,), single[long].reset_index(drop=True))

    uses = ("csh_c", "csh_i", "csh_g")
    world = columns(read_set(folder, PWT), PWT, "isocode", "year", "rgdpna", "pop", "emp", *uses)
    add("pwt_rgdpna", PWT, world[["isocode", "year", "rgdpna"]])
    for column in ("pop", "emp"):  # also for panels of stocks that are not declared as such
        add(f"pwt_{column}", PWT, world[["isocode", "year", column]], FLOW, STOCK)
    for column in uses:
        percent = 100 * pd.to_numeric(world[column], errors="coerce")
        add(f"pwt_{column}", PWT, world[["isocode", "year"]].assign(percent=percent), SHARE)
    employed = pd.to_numeric(world["emp"], errors="coerce")
    percent = 100 * employed / pd.to_numeric(world["pop"], errors="coerce")
    add("pwt_emp_share", PWT, world[["isocode", "year"]].assign(percent=percent), SHARE)
    bank = columns(
        read_set(folder, WDI), WDI, "Code", "Year", "GDP", "Exports", "Imports", "Population"
    )
    bank = bank[bank["Code"].isin(world["isocode"])]  # aggregates are no countries
    add("wb_gdp", WDI, bank[["Code", "Year", "GDP"]])
    share = pd.to_numeric(bank["Exports"], errors="coerce") / 100
    exports = pd.to_numeric(bank["GDP"], errors="coerce") * share
    add("wb_exports", WDI, bank[["Code", "Year"]].assign(exports=exports))
    add("wb_pop", WDI, bank[["Code", "Year", "Population"]], STOCK)
    for column in ("Exports", "Imports"):
        add(f"wb_{column.lower()}_share", WDI, bank[["Code", "Year", column]], SHARE)
    states = _really_real(
        columns(read_set(folder, STATES), STATES, "stabbr", "year", "value", "name")
    )
    for name in states["name"].unique():
        add(f"us_{name}", STATES, states[states["name"] == name].iloc[:, :3])
    districts = columns(read_set(folder, DISTRICTS), DISTRICTS, "region_code", "year", "gdp", "pop")
    add("de_gdp", DISTRICTS, districts[["region_code", "year", "gdp"]])
    add("de_pop", DISTRICTS, districts[["region_code", "year", "pop"]], STOCK)
    provinces = read_set(folder, PROVINCES)
    add("cn_gdp", PROVINCES, columns(provinces, PROVINCES, "province", "year", "gdp_100m_cny"))
    research = read_set(folder, RESEARCH)
    add("wb_rd", RESEARCH, columns(research, RESEARCH, "Country Code", "year", "value"), SHARE)
    research = read_set(folder, PROVINCES_RESEARCH)
    found = columns(research, PROVINCES_RESEARCH, "province", "year", "value")
    add("cn_rd", PROVINCES_RESEARCH, found, SHARE)
    return out


def _really_real(states: pd.DataFrame) -> pd.DataFrame:
    """Return GDP by state without what the file calls real and is nominal.

    It splices two classifications of industries, and takes the growth of real GDP from the nominal
    table from 1998 on (BEAData reads `rgdp` from the file of `gdp`): the same panel twice, and a
    break from real to nominal growth in every series.
    """
    if not {NOMINAL, REAL} <= set(states["name"]):
        return states
    value = states.assign(value=pd.to_numeric(states["value"], errors="coerce"))
    wide = {
        name: rows.pivot(index="year", columns="stabbr", values="value")
        for name, rows in value.groupby("name")
    }
    prices = wide[NOMINAL].div(wide[REAL])
    move = prices.pct_change(fill_method=None).abs().max(axis=1) > SAME_GROWTH
    nominal = states["year"] > str(move[::-1].idxmax())
    return states[(states["name"] != REAL) | ~nominal]


def outlook(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the forecasts of the World Economic Outlook, and growth and prices of the countries.

    Raises
    ------
    forecast.evidence.problems.UserError
        When a file is missing; the message names its public source.
    """
    weo = columns(
        read_set(folder, WEO), WEO, "ISOAlpha_3Code", "forecast_year", "forecast_season",
        "target_year", "prediction", "tv_1",
    )  # fmt: skip
    return weo, columns(read_set(folder, WDI), WDI, "Code", "Year", "Growth", "CPI")
