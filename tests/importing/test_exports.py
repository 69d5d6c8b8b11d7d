"""Samples of exports go through the command into a small folder of data."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from forecast.cli import main as cli
from tests import builders
from tests.importing.files import text

SAMPLES = Path(__file__).parent / "samples"

REGIONS = {
    "freedonia": "Freedonia", "northland": "Northland", "sylvania": "Sylvania", "aruba": "Aruba",
    "belgium": "Belgium", "sweden": "Sweden", "austria": "Austria", "zhejiang": "浙江省",
    "australia": "Australia", "usa": "United States",
}  # fmt: skip
INDICATORS = {
    "gdp": ("Gross domestic product", "地区生产总值", "亿元", "flow", "nominal"),
    "education": ("Spending on education", "地方财政教育支出", "亿元", "flow", "nominal"),
    "retail": ("Retail sales", "社会消费品零售总额", "亿元", "flow", "nominal"),
    "people": ("Population, total", "人口", "人", "stock", "none"),
    "patents": ("Patents", "专利", "count", "flow", "none"),
    "gdp_usd": ("GDP in dollars", "地区生产总值（美元）", "billion USD", "flow", "nominal"),
    "gdp_sek": ("GDP in kronor", "地区生产总值（克朗）", "billion SEK", "flow", "nominal"),
    "per_head": ("GDP per head", "人均地区生产总值", "EUR", "flow", "none"),
    "jobless": ("Unemployment rate", "失业率", "%", "rate", "none"),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of regions and indicators, and nothing known of them."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(builders.SCHEMA), "utf-8")
    rows: dict[str, list[dict[str, str]]] = {
        "regions": [
            {"region": key, "name": name, "name_zh": name, "kind": "country"}
            for key, name in REGIONS.items()
        ],
        "indicators": [
            {"indicator": key, "name": name, "name_zh": chinese, "unit": unit, "kind": kind,
             "transform": "log", "prices": prices, "description": name}
            for key, (name, chinese, unit, kind, prices) in INDICATORS.items()
        ],
        "sources": [{"source": "own", "title": "Own", "kind": "dataset", "published": "2026"}],
    }  # fmt: skip
    for table in builders.ROWS:
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, builders.columns(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows.get(table, []))
    return folder


class Case(NamedTuple):
    """A sample, what its labels stand for, and what is expected of it.

    Rows are region, indicator, period, measure, value, unit and status.
    """

    sample: str
    mapping: str
    rows: str
    said: str = ""
    options: str = ""


CASES = [
    Case(
        "worldbank.csv",
        '[indicators]\n"NY.GDP.MKTP.CD" = "gdp_usd"\n',
        "aruba gdp_usd 1994 level 1330167597.76536 US$ unknown; "
        "aruba gdp_usd 2011 level 2584463687.15084 US$ unknown",
        "Left out, as their regions are mapped nowhere: 83",
    ),
    Case(
        "oecd.csv",
        '[regions]\nSWE = "sweden"\n[indicators]\n"B1GQ_V.XDC" = "gdp_sek"\n',
        "sweden gdp_sek 2021 level 5464.876 million SEK unknown; "
        "sweden gdp_sek 2022 level 5865.211 million SEK unknown",
        "",
        "--published 2024",
    ),
    Case(
        "oecd_outlook.csv",
        '[regions]\nAUS = "australia"\n[indicators]\n'
        '"GDP.S0" = { indicator = "gdp_usd", unit = "USD" }\n',
        "australia gdp_usd 2054 forecast_level 12222400000000 USD projection",
        "",
        "--published 2023-12",
    ),
    Case(
        "oecd_stat.csv",
        '[indicators]\n"B1_GE.CQR.FRD" = { indicator = "gdp_usd", unit = "million USD" }\n',
        "freedonia gdp_usd 2019Q3 quarter_level 1234.5 million USD unknown; "
        "freedonia gdp_usd 2019Q4 quarter_level 1250 million USD preliminary",
        "",
        "--published 2020-03",
    ),
    Case(
        "eurostat.csv",
        '[regions]\nBE = "belgium"\n[indicators]\n'
        '"CLV10_EUR_HAB.B1GQ" = { indicator = "per_head", unit = "EUR" }\n',
        "belgium per_head 2019 level 36110 EUR unknown; "
        "belgium per_head 2022 level 36740 EUR preliminary",
        "Left out, as their regions are mapped nowhere: 3",
    ),
    Case(
        "eurostat_labels.csv",
        '[indicators]\nSDG_08_10 = { indicator = "per_head", unit = "EUR" }\n',
        "austria per_head 2023 level 45670 EUR unknown",
    ),
    Case(
        "fred_gdpca.csv",
        '[indicators]\nGDPCA = { indicator = "gdp_usd", unit = "billion USD" }\n',
        "usa gdp_usd 2015 level 17403.843 billion USD unknown; "
        "usa gdp_usd 2019 level 19072.505 billion USD unknown",
        "",
        "--region usa --published 2020-03",
    ),
    Case(
        "fred_gdpc1.csv",
        "[indicators]\nGDPC1 = false\n",
        "",
        "must not be added up",
        "--region usa --published 2024-10",
    ),
    Case(
        "ceic.csv",
        '[indicators]\n900000001 = { indicator = "gdp_usd", unit = "USD bn" }\n'
        '900000002 = { indicator = "gdp_usd", unit = "USD bn" }\n900000003 = false\n',
        "northland gdp_usd 2023 level 110 USD bn unknown; "
        "northland gdp_usd 2023-06 ytd_level 50.25 USD bn unknown",
    ),
    Case(
        "databank.csv",
        '[indicators]\n"NY.GDP.MKTP.KD.ZG" = { indicator = "gdp", prices = "real" }\n'
        '"SP.POP.TOTL" = { indicator = "people", unit = "人" }\n',
        "freedonia gdp 2021 growth 3.1 % unknown; freedonia gdp 2022 growth -0.25 % unknown; "
        "freedonia people 2021 level 1000000 人 unknown; "
        "freedonia people 2022 level 1010000 人 unknown; "
        "freedonia people 2023 level 1020000 人 unknown",
    ),
    Case(
        "weo.tsv",
        '[indicators]\nNGDP_RPCH = { indicator = "gdp", prices = "real" }\n'
        'LUR = { indicator = "jobless", unit = "%" }\n',
        "freedonia gdp 2022 growth 4 % unknown; freedonia gdp 2023 growth 5 % unknown; "
        "freedonia gdp 2025 forecast_growth 7 % projection; "
        "freedonia gdp 2029 forecast_growth 11 % projection",
        "Not taken, an estimate by others of a year that was over",
    ),
    Case(
        "weo_2025.csv",
        '[indicators]\nNGDP_RPCH = { indicator = "gdp", prices = "real" }\n',
        "freedonia gdp 2023 growth 3 % unknown; "
        "freedonia gdp 2025 forecast_growth 5 % projection; "
        "freedonia gdp 2026 forecast_growth 6 % projection",
    ),
    Case(
        "oecd_labels.csv",
        '[indicators]\n"US50.AP.PATN.PRIORITY._Z.INVENTOR._Z._Z._T" = '
        '{ indicator = "patents", unit = "count" }\n',
        "austria patents 2020 level 1016.05938720703 count unknown",
    ),
    Case(
        "nbs_regions.csv",
        "",
        "zhejiang gdp 2024 level 90007.0 亿元 unknown; "
        "zhejiang gdp 2022 level 80770.0 亿元 unknown",
        "Left out, as their regions are mapped nowhere: 3",
        "--published 2025-10",
    ),
    Case(
        "nbs_indicators.csv",
        "",
        "zhejiang education 2023 level 1227.90 亿元 unknown; "
        "zhejiang education 2022 level 1171.12 亿元 unknown",
        "",
        "--region zhejiang --published 2025-10",
    ),
    Case(
        "nbs_months.csv",
        '[indicators]\n"社会消费品零售总额_当期值(亿元)" = "retail"\n'
        '"社会消费品零售总额_累计值(亿元)" = "retail"\n"社会消费品零售总额_累计增长(%)" = '
        '{ indicator = "retail", prices = "nominal" }\n',
        "zhejiang retail 2024-05 month_level 1050.0 亿元 unknown; "
        "zhejiang retail 2024-05 ytd_level 5100.0 亿元 unknown; "
        "zhejiang retail 2024-05 ytd_growth 4.1 % unknown; "
        "zhejiang retail 2024-02 ytd_level 1980.0 亿元 unknown",
        "",
        "--region zhejiang --published 2024-06-20",
    ),
    Case(
        "wind.csv",
        '[indicators]\nM9000001 = "gdp"\nM9000002 = "gdp"\n'
        'M9000003 = { indicator = "gdp", prices = "real" }\n',
        "zhejiang gdp 2022 level 1000.5 亿元 unknown; "
        "zhejiang gdp 2023-06 ytd_level 520.25 亿元 unknown; "
        "zhejiang gdp 2023-06 ytd_growth 5.5 % unknown",
        "",
        "--region zhejiang",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sample)
def test_sample_becomes_observations(
    case: Case, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = text(tmp_path, case.mapping, name="map.toml")
    arguments = ["import", str(SAMPLES / case.sample), "--data", str(data), "--quiet", "--yes"]
    arguments += ["--new-source", "export", "--map", str(mapping), *case.options.split()]
    assert cli.main(arguments) == 0, capsys.readouterr().err
    assert case.said in capsys.readouterr().out
    with (data / "observations.csv").open(encoding="utf-8") as file:
        found = [
            " ".join(row[name] for name in
                     ("region", "indicator", "period", "measure", "value", "unit", "status"))
            for row in csv.DictReader(file)
        ]  # fmt: skip
    expected = case.rows.split("; ") if case.rows else []
    assert [row for row in expected if row not in found] == []
    assert cli.main(["check", "--data", str(data)]) == 0


def test_quarters_that_may_be_annual_rates_are_not_added_up(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = 'GDPC1 = {{ indicator = "gdp_usd", unit = "billion USD"{} }}'
    arguments = ["import", str(SAMPLES / "fred_gdpc1.csv"), "--data", str(data), "--quiet", "--yes",
                 "--new-source", "export", "--region", "usa", "--published", "2024-10",
                 "--map", str(tmp_path / "map.toml")]  # fmt: skip
    text(tmp_path, "[indicators]\n" + entry.format(""), name="map.toml")
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert 'expected measure = "quarter_level"' in said
    assert "fred_gdpc1.csv row 2, column B: '22403.435' - parts of a year are added up" in said
    text(tmp_path, "[indicators]\n" + entry.format(', measure = "quarter_level"'), name="map.toml")
    assert cli.main(arguments) == 0
    written = (data / "observations.csv").read_text("utf-8")
    assert "usa,gdp_usd,2023Q1,quarter_level,,nominal,22403.435,billion USD" in written
