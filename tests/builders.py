"""A small data folder that tests build, damage and read.

Its tables are described by the repository's own `data/datapackage.json`.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

# One city with parents, series of every kind, and figures that agree with each other.
_REGIONS = """
region,name,name_zh,kind,parent
china,China,中国,country,
zhejiang,Zhejiang,浙江省,province,china
jinhua,Jinhua,金华市,city,zhejiang
bazaar,Commodity market,商品市场,market,jinhua
jinhua_shanghai,Jinhua to Shanghai,金华至上海,link,jinhua
jinhua_nanjing,Jinhua to Nanjing,金华至南京,link,jinhua
"""

_INDICATORS = """
indicator,name,name_zh,unit,transform,kind,prices,deflator,description
gdp,Gross domestic product,地区生产总值,亿元,log,flow,nominal,gdp,value added
exports,Exports of goods,出口总额,亿元,log,flow,nominal,,exports
population,Permanent residents,常住人口,万人,log,stock,none,,year end
rd_share,R&D spending,研发投入强度,%,logit,share,none,,share of GDP
express,Express parcels,快递业务量,亿件,log,flow,none,,parcels
market_turnover,Market turnover,市场成交额,亿元,log,flow,nominal,,turnover
travel_time,Fastest train,最快列车,minutes,linear,duration,none,,minutes
business_rank,Business environment,营商环境,rank,linear,rank,none,,rank
tax_per_mu,Tax per mu,亩均税收,万元/亩,log,rate,nominal,,tax
friendly_cities,Friendly cities,友好城市,count,linear,count,none,,new since 2022
usd_cny,Exchange rate,汇率,CNY/USD,log,rate,none,,average of the year
"""

_BASES = """
indicator,basis,sequence,link,name,description
gdp,old_census,1,step,Old census,before
gdp,new_census,2,reference,New census,after
population,before_count,1,none,Before the count,before
population,counted,2,reference,Counted,after
"""

_SOURCES = """
source,title,publisher,url,published,kind,note
yearbook,Yearbook,Bureau,https://example.org/yearbook,,yearbook,
bulletin,Bulletin,Bureau,https://example.org/bulletin,2024-03,bulletin,
customs,Customs,Customs,https://example.org/customs,,customs,
news,A newspaper,Press,https://example.org/news,2025-02-10,news,
plan_text,The plan,Party committee,https://example.org/plan,2022-01,plan,
"""

_OBSERVATIONS = """
region,indicator,period,measure,bound,prices,value,unit,basis,status,mark,source,published,note
jinhua,gdp,2017,level,,nominal,3870.2,亿元,old_census,final,,yearbook,,
jinhua,gdp,2018,level,,nominal,4100.2,亿元,old_census,final,,yearbook,,
jinhua,gdp,2019,level,,nominal,4559.9,亿元,,final,,yearbook,,
jinhua,gdp,2020,level,,nominal,4703.9,亿元,,final,,yearbook,,
jinhua,gdp,2021,level,,nominal,5355.4,亿元,,final,,yearbook,,
jinhua,gdp,2022,level,,nominal,5562.5,亿元,,final,,yearbook,,
jinhua,gdp,2023,level,,nominal,6011.3,亿元,,preliminary,,bulletin,,
jinhua,gdp,2021,growth,,real,9.8,%,,final,,yearbook,,
jinhua,gdp,2022,growth,,real,2.5,%,,final,,yearbook,,
jinhua,gdp,2023,growth,,real,6.8,%,,preliminary,,bulletin,,
jinhua,gdp,2024-06,ytd_level,,nominal,2950.1,亿元,,preliminary,,news,2024-07-20,
jinhua,gdp,2024-09,ytd_level,,nominal,4600.5,亿元,,preliminary,,news,2024-10-20,
jinhua,gdp,2024-09,ytd_growth,,real,6.2,%,,preliminary,,news,2024-10-20,
jinhua,gdp,2024,level,lower,nominal,6500,亿元,,preliminary,,news,,
jinhua,gdp,2022,level,,nominal,556.25,亿元,,secondary,low_quality,news,,
jinhua,exports,2012,level,,nominal,170.5,亿美元,,final,,customs,,
jinhua,exports,2013,level,,nominal,350.1,亿美元,,final,,customs,,
jinhua,exports,2013,growth,,nominal,105.3,%,,final,conflict,customs,,
jinhua,exports,2014,level,,nominal,2210.3,亿元,,final,,customs,,
jinhua,exports,2015,level,,nominal,2411.2,亿元,,final,,customs,,
jinhua,exports,2015,growth,,nominal,9.1,%,,final,,customs,,
jinhua,exports,2015-06,ytd_level,,nominal,1101.5,亿元,,final,,customs,,
jinhua,exports,2015-11,ytd_level,,nominal,2190.7,亿元,,final,,customs,,
jinhua,population,2010,level,,none,536.16,万人,counted,census,,yearbook,,
jinhua,population,2017,level,,none,556.4,万人,before_count,final,,yearbook,,
jinhua,population,2020,level,,none,7050683,人,,census,,yearbook,,
jinhua,population,2021,level,,none,712,万人,,final,,yearbook,,
jinhua,population,2022,level,,none,712.7,万人,,final,,yearbook,,
jinhua,rd_share,2020,level,,none,2.21,%,,final,,yearbook,,
jinhua,rd_share,2021,level,,none,2.26,%,,final,,yearbook,,
jinhua,rd_share,2022,change,,none,0.08,pp,,final,,bulletin,,
jinhua,rd_share,2023,level,,none,2.34,%,,final,,bulletin,,
jinhua,express,2020,level,,none,90.1,亿件,,final,,yearbook,,
jinhua,express,2021,level,,none,1165000,万件,,final,,yearbook,,
jinhua,express,2022,level,lower,none,120,亿件,,secondary,,news,,
bazaar,market_turnover,2021,level,,nominal,1866.8,亿元,,final,,news,,
jinhua_shanghai,travel_time,2022,level,,none,92,minutes,,secondary,,news,,
jinhua,business_rank,2023,level,,none,31,rank,,secondary,,news,,
zhejiang,tax_per_mu,2021,level,,nominal,32,万元/亩,,secondary,,news,,
jinhua,friendly_cities,2023-05-18,event,,none,1,count,,secondary,,news,,
china,usd_cny,2012,level,,none,6.3125,CNY/USD,,final,,yearbook,,
china,usd_cny,2013,level,,none,6.1932,CNY/USD,,final,,yearbook,,
china,usd_cny,2013,level,,none,6.1956,CNY/USD,,secondary,,news,,
"""

_PLANS = """
plan,name,name_zh,region,adopted,horizon,source,note
jinhua_2027,Plan to 2027,规划,jinhua,2022-01,2027,plan_text,
"""

_TARGETS = """
plan,target,name,indicator,region,kind,comparison,value,unit,year,tolerance,items,\
reference_region,wording,reading,source,note
jinhua_2027,gdp,GDP,gdp,jinhua,level,about,10000,亿元,2027,5,,,one trillion,close,plan_text,
jinhua_2027,population,People,population,jinhua,level,exceed,800,万人,2027,,,,people,x,plan_text,
jinhua_2027,rd_share,R&D,rd_share,jinhua,level,at_least,3.4,%,2027,,,,3.4 %,share,plan_text,
jinhua_2027,market,Market,market_turnover,jinhua,markets,at_least,1000,亿元,2027,,bazaar,,one,each,plan_text,
jinhua_2027,circle,Circle,travel_time,jinhua,legs,at_most,120,minutes,2027,,\
jinhua_shanghai;jinhua_nanjing,,two hours,each,plan_text,
jinhua_2027,rank,Rank,business_rank,jinhua,rank,rank_within,20,rank,2027,,,,top 20,x,plan_text,
jinhua_2027,tax,Tax,tax_per_mu,jinhua,comparison,at_least,,万元/亩,2027,,,zhejiang,mean,x,plan_text,
jinhua_2027,friends,Friends,friendly_cities,jinhua,count,exceed,10,count,2027,,,,ten,new,plan_text,
"""

_OPENINGS = """
opening,region,project,minutes,earliest,likely,latest,source,published,note
nanjing_line,jinhua_nanjing,new_line,105,2026-06,2026-12,2028,news,2025-02-10,announced
"""

_JUDGEMENTS = """
plan,target,expert,date,level,value,unit,reason
jinhua_2027,rank,A. Adviser,2025-03-01,0.05,14,rank,the index of the region
jinhua_2027,rank,A. Adviser,2025-03-01,0.5,24,rank,the index of the region
jinhua_2027,rank,A. Adviser,2025-03-01,0.95,41,rank,the index of the region
"""

#: The description of the real tables holds for the small ones.
SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "datapackage.json").read_text("utf-8")
)


def fields(table: str) -> list[dict[str, Any]]:
    """Return the description of a table's columns."""
    (resource,) = (item for item in SCHEMA["resources"] if item["name"] == table)
    return resource["schema"]["fields"]  # type: ignore[no-any-return]


def columns(table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [field["name"] for field in fields(table)]


def _rows(table: str, text: str) -> list[list[str]]:
    """Return the rows in the order of the real columns.

    A column that is not given here stays empty, or has the first of the values it is limited to.
    """
    constraints = {field["name"]: field.get("constraints", {}) for field in fields(table)}
    usual = {
        name: rules["enum"][0] if rules.get("required") and "enum" in rules else ""
        for name, rules in constraints.items()
    }
    records = [usual | record for record in csv.DictReader(text.strip().splitlines())]
    if table == "observations":
        for i, record in enumerate(records, start=1):
            record["observation"] = f"o{i:04d}"
    return [[record[name] for name in constraints] for record in records]


#: The rows of every table, without headers.
ROWS: dict[str, list[list[str]]] = {
    table: _rows(table, text)
    for table, text in {
        "regions": _REGIONS,
        "indicators": _INDICATORS,
        "bases": _BASES,
        "sources": _SOURCES,
        "observations": _OBSERVATIONS,
        "plans": _PLANS,
        "targets": _TARGETS,
        "openings": _OPENINGS,
        "judgements": _JUDGEMENTS,
    }.items()
}


def text(table: str, rows: list[list[str]] | None = None, delimiter: str = ",") -> str:
    """Return a table as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([columns(table), *(ROWS[table] if rows is None else rows)])
    return out.getvalue()


def build(folder: Path, encoding: str = "utf-8") -> Path:
    """Write the small data folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(SCHEMA), "utf-8")
    for table in ROWS:
        (folder / f"{table}.csv").write_bytes(text(table).encode(encoding))
    return folder


def row_of(table: str, **cells: str) -> int:
    """Return the spreadsheet row of the first row with these cells."""
    names = columns(table)
    for number, row in enumerate(ROWS[table], start=2):
        if all(row[names.index(name)] == cell for name, cell in cells.items()):
            return number
    raise LookupError(f"no row of {table} with {cells}")


def edit(folder: Path, table: str, row: int, **cells: str) -> None:
    """Type other values into the cells of one row."""
    names = columns(table)
    rows = [list(cells) for cells in ROWS[table]]
    for name, cell in cells.items():
        rows[row - 2][names.index(name)] = cell
    (folder / f"{table}.csv").write_text(text(table, rows), "utf-8")


def append(folder: Path, table: str, **cells: str) -> int:
    """Add a row that repeats the last one but for these cells; return its number."""
    names = columns(table)
    rows = [list(row) for row in ROWS[table]]
    rows.append(list(rows[-1]))
    for name, cell in cells.items():
        rows[-1][names.index(name)] = cell
    (folder / f"{table}.csv").write_text(text(table, rows), "utf-8")
    return len(rows) + 1


def keep(folder: Path, table: str, column: str, *values: str) -> None:
    """Keep the rows of a table that have one of these values in a column."""
    at = columns(table).index(column)
    rows = [row for row in ROWS[table] if row[at] in values]
    (folder / f"{table}.csv").write_text(text(table, rows), "utf-8")


def few(folder: Path) -> Path:
    """Write the small data folder with one target that can be assessed, one that cannot, and what
    is known of their series; return it."""
    build(folder)
    keep(folder, "targets", "target", "gdp", "rank")
    for table in ("indicators", "bases", "observations"):
        keep(folder, table, "indicator", "gdp", "business_rank")
    return folder


def lengthen(folder: Path, first: int = 2003) -> Path:
    """Give the city's GDP earlier years, so that forecasts of it can be held against what came."""
    names, path = columns("observations"), folder / "observations.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    start = next(dict(zip(names, row, strict=True)) for row in rows if "2017" in row)
    for number, year in enumerate(range(first, 2017)):
        wave = 0.02 * (-1) ** year  # growth that alternates, so that there is something to miss
        value = round(float(start["value"]) / (1.08 + wave / 10) ** (2017 - year) * (1 + wave), 1)
        cells = {"observation": f"o9{number:03d}", "period": str(year), "value": str(value)}
        rows.append([{**start, **cells}[name] for name in names])
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_text(buffer.getvalue(), "utf-8")
    return folder
