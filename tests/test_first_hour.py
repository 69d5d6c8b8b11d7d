"""The first hour of three users, from an empty folder to pages: a country, a county, a company.

Their places and figures are invented. Every file that they write is short, and nothing of the data
of the repository is on their pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forecast.cli import main as cli
from forecast.report import contents
from forecast.report import html as export
from forecast.report.execution.run import run as make
from forecast.report.request.options import Request
from forecast.study import open_study
from forecast.workers.backend import Workers
from tests.conftest import CHEAP

pytestmark = pytest.mark.slow

MOST_LINES = 40  # of a file that a user has to write
#: What belongs to the data of the repository, and to no other.
OURS = re.compile(
    r"(?i)jinhua|zhejiang|\bchin(a|ese)\b|yuan\b|\bCNY\b|\bRMB\b|亿元|万元|人民币|金华|浙江|中国"
)

Forecast = Callable[..., str]


@pytest.fixture
def forecast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Forecast:
    """Return the command in an empty folder; it returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, status: int = 0) -> str:
        found = cli.main([*arguments])
        said = capsys.readouterr()
        assert found == status, said.out + said.err
        return said.out + said.err

    return call


def written(path: Path, text: str) -> None:
    """Write what a user types."""
    assert len(text.strip().splitlines()) < MOST_LINES
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.strip() + "\n", "utf-8")


def pages(data: Path, *stems: str) -> dict[str, str]:
    """Make some of the pages of `forecast report`, and return their visible text."""
    study = open_study(data)
    plan = study.plan("")
    langs = contents.languages(study, plan)
    request = Request(plan=plan, data=data, draws=500, families=CHEAP, langs=langs)
    wanted = [task for task in contents.tasks(study, request) if task.stem in stems]
    assert {task.stem for task in wanted} == set(stems)
    frames = {lang: export.Frame(contents.navigation(study, request, lang)) for lang in langs}
    outcomes = make(wanted, data.parent / "pages", workers=Workers(1), frames=frames)
    assert [o for o in outcomes if o.status != "ok"] == []
    found = {}
    for task in wanted:
        text = (data.parent / "pages" / f"{task.output}.html").read_text("utf-8")
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " "))
        assert [m[0] for m in OURS.finditer(text)] == [], task.output
        found[task.output] = text
    return found


def test_a_country_against_its_plan(forecast: Forecast, tmp_path: Path) -> None:
    told = forecast(
        "new", "arcadia", "--region", "Arcadia", "--currency", "billion EUR", "--lang", "en, zh",
        "--plan", "Arcadia 2030", "--target", "GDP at least 390 by 2030",
        "--target", "Unemployment at most 5 % by 2030",
    )  # fmt: skip
    assert "2 without any figure: GDP, Unemployment" in told
    empty = pages(tmp_path / "arcadia", "index")["index"]
    assert "2 targets cannot be given a probability yet" in empty
    assert "Unemployment, Arcadia: yearly level (each year 2" in empty
    written(
        tmp_path / "table.csv",
        """
,unit,2012,2013,2014,2015,2016,2017,2018,2019,2020,2021,2022,2023,2024,2025
GDP,billion EUR,201.4,206.1,212.9,219.5,226.3,234.8,243.1,250.7,239.6,258.2,274.9,290.3,303.8,316.5
Unemployment,%,9.8,10.1,9.7,9.2,8.8,8.1,7.6,7.2,8.4,8.0,7.1,6.7,6.5,6.3""",
    )
    told = forecast(
        "import", "table.csv", "--data", "arcadia", "--region", "arcadia", "--new-source", "office",
        "--title", "National accounts 2026", "--published", "2026-03", "--yes", "--quiet",
    )  # fmt: skip
    assert "28" in told
    told = forecast("check", "--data", "arcadia")
    assert "No errors" in told
    assert "forecast report --data arcadia" in told
    found = pages(tmp_path / "arcadia", "index", "scenarios", "zh/gdp")
    assert "Of 2 targets, 2 can be given a probability today" in found["index"]
    assert "One point less" in found["scenarios"]
    assert "National accounts 2026" in found["zh/gdp"]


def test_a_county_with_fiscal_years(forecast: Forecast, tmp_path: Path) -> None:
    forecast(
        "new", "alder", "--region", "Alder County, Westland", "--currency", "million GBP",
        "--year-starts", "July", "--plan", "Corporate plan to 2029/30",
        "--target", "Council tax collected at least 420 by 2029/30",
        "--target", "Homeless households at most 900 households by 2029/30",
    )  # fmt: skip
    told = forecast("check", "--data", "alder")
    assert re.search(
        r"--region alder_county --indicator council_tax_collected --period 20\d\d/", told
    )
    revenue = [231, 240, 252, 261, 270, 284, 297, 305, 318, 333, 349, 362]
    homeless = [1480, 1455, 1390, 1402, 1350, 1290, 1305, 1240, 1180, 1165, 1120, 1085]
    years = [f"{year}/{(year + 1) % 100}" for year in range(2013, 2025)]
    written(
        tmp_path / "alder" / "observations.csv",
        "\n".join(
            [
                "region,indicator,period,value,source",
                *(f"alder_county,council_tax_collected,{y},{v},accounts"
                  for y, v in zip(years, revenue, strict=True)),
                *(f"alder_county,homeless_households,{y},{v},accounts"
                  for y, v in zip(years, homeless, strict=True)),
            ]
        ),
    )  # fmt: skip
    written(
        tmp_path / "alder" / "sources.csv",
        "source,title,published\naccounts,Statement of accounts 2024/25,2025-10",
    )
    assert "No errors" in forecast("check", "--data", "alder")
    found = pages(tmp_path / "alder", "homeless_households",
                  "data-alder_county-council_tax_collected")  # fmt: skip
    assert "2024/25" in found["data-alder_county-council_tax_collected"]
    assert re.search("at most 900 households in (2030|2029/30)", found["homeless_households"])


def test_a_company_with_falling_targets(forecast: Forecast, tmp_path: Path) -> None:
    forecast(
        "new", "works", "--region", "Alder Works", "--plan", "Strategy 2030",
        "--target", "Emissions at most 60 thousand tonnes by 2030",
        "--target", "Lost-time injuries at most 12 injuries a year by 2030",
    )  # fmt: skip
    forecast(
        "add", "--data", "works", "--region", "alder_works", "--indicator", "emissions",
        "--period", "2025", "--value", "81.5", "--new-source", "report_2025",
        "--title", "Sustainability report 2025", "--source-published", "2026-02", "--yes",
        "--quiet",
    )  # fmt: skip
    table = tmp_path / "works" / "observations.csv"
    emissions = [118, 115.5, 112, 110.1, 104.9, 101, 98.2, 92.5, 90.1, 86.4]
    injuries = [41, 38, 39, 35, 30, 29, 27, 26, 22, 21, 19]
    typed = [
        *(f"alder_works,emissions,{2015 + i},{v},report_2025" for i, v in enumerate(emissions)),
        *(f"alder_works,lost_time_injuries,{2015 + i},{v},report_2025"
          for i, v in enumerate(injuries)),
    ]  # fmt: skip
    written(table, table.read_text("utf-8") + "\n".join(typed))
    assert "No errors" in forecast("check", "--data", "works")
    answer: Any = forecast("assess", "emissions", "--data", "works")
    assert answer.startswith("Emissions: at most 60")
    found = pages(tmp_path / "works", "index", "takes-emissions")
    assert "Of 2 targets, 2 can be given a probability today" in found["index"]
    assert "at most 12 injuries in 2030" in found["index"]
