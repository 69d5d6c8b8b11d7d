"""Feed damaged input to everything that reads what others wrote, guided by what it runs.

    python benchmarks/fuzz.py [NAME ...] [--seconds 60] [--seed 1] [--runs N] [--input FILE]

Each reader runs in a process of its own under atheris. It may return a result or raise one of its
documented errors with a message; any other exception, ten seconds for one input or 2 GB of memory
is a finding, which ends the run of that reader: its input is kept in `.venv-fuzz/found` and read
again by `NAME --input FILE`. With `--runs` in place of seconds, a seed gives the same inputs.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
# One thread, and no folder for results: each input is read anew.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", FORECAST_CACHE="/dev/null/none")

import atheris

GUIDING = ["forecast", "mistune", "tomllib"]  # which of their lines run guides the next input
with atheris.instrument_imports(include=GUIDING if "--child" in sys.argv else ["-"]):
    import nbformat.v4 as v4
    import pandas as pd

    from forecast.editing.tablefile import read_tables
    from forecast.evidence import calendar, loading, units
    from forecast.evidence.files import numbers
    from forecast.evidence.files.schema import SHIPPED
    from forecast.evidence.files.tables import expected_cell
    from forecast.evidence.panels import checked, table_of
    from forecast.evidence.problems import UserError
    from forecast.facts import Amount, Name
    from forecast.importing import grid, labels, mapping, periods, rows, wide
    from forecast.importing.formats import recognized
    from forecast.report import charts, html, show
    from forecast.report.language import language
    from forecast.report.pages.shared import plan_title
    from forecast.report.request import runfile
    from forecast.report.text.markup import link
    from forecast.scenarios import files as scenarios
    from forecast.targets.elicitation import pooled
    from tests import builders
    from tests.report.markup import HOSTILE, MARKDOWN, Tags, hostile_world
    from tests.report.test_runfile import SOUND

ROOT, WORK = Path(__file__).resolve().parents[1], Path(tempfile.gettempdir())
FOUND = ROOT / ".venv-fuzz" / "found"
SCENARIOS, SAMPLES = ROOT / "tests/fixtures/city/scenarios", ROOT / "tests/importing"
SHEET = "xl/worksheets/sheet1.xml"
TABLES = sorted(builders.ROWS)
#: What is documented beside `UserError`: the callers catch it and say what is wrong.
DOCUMENTED = (UserError, numbers.UndecidedError, periods.AmbiguousError, rows.UnmappedError)
ATTRIBUTES = {"class", "lang"}  # of ours, on long cells and on words of another language
#: Addresses that a page may have: pages of the set, places on them, the one given, files in it.
OWN = r"[\w.-]*(\.html)?(#[\w-]+)?|https://example\.org/a|data:.*"


def kept(data: bytes, name: str) -> Path:
    """Write an input to a file."""
    (WORK / name).parent.mkdir(exist_ok=True)
    (WORK / name).write_bytes(data)
    return WORK / name


FOLDER = cache(lambda: builders.build(WORK / "small"))
KNOWN = cache(lambda: loading.load(FOLDER()))
SOUND_TABLES = cache(lambda: loading.inspect(FOLDER())[0])
FIELDS = cache(lambda: read_tables(FOLDER())["observations"].table.fields)
LABELS = cache(lambda: mapping.Labels(KNOWN(), mapping.MappingFile(region="jinhua")))


def table(data: bytes) -> None:
    """Read a table among sound ones: the first byte says which."""
    replaced = {TABLES[data[0] % len(TABLES)]: data[1:]}
    found = loading.inspect(FOLDER(), replaced)[1]
    assert all(p.expected for p in found)
    if not any(p.severity == "error" for p in found):
        loading.load(FOLDER(), replaced=replaced)


def judgements(data: bytes) -> None:
    """Read judgements, and fit distributions to them."""
    evidence = loading.load(FOLDER(), replaced={"judgements": data})
    for _, row in evidence.targets.iterrows():
        if (found := pooled(evidence, row)) is not None:
            assert 0 <= found.low <= found.probability <= found.high <= 1


def scenario(data: bytes) -> None:
    """Read a scenario."""
    found, problems = scenarios.read(kept(data, "scenarios/s.toml"), SOUND_TABLES())
    assert (found is None) == bool(problems)


def run_file(data: bytes) -> None:
    """Read a run file."""
    assert runfile.read(kept(data, "run.toml"))


def map_file(data: bytes) -> None:
    """Read a mapping of labels."""
    given = mapping.read_mapping(kept(data, "m.toml"))
    mapping.checked_mapping("m.toml", given, KNOWN(), FIELDS())


def foreign(data: bytes) -> None:
    """Import a file by others: text, a web page, an old workbook."""
    path, known = kept(data, "t.csv"), LABELS()
    reader = recognized(path)
    found = reader.read(path) if reader else wide.read(path, known.reading())
    rows.rows_of(KNOWN(), found, known, "news", "", "2026-01-01")


def workbook(data: bytes) -> None:
    """Import a workbook: the bytes are the XML of its sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in book().items():
            archive.writestr(name, data if name == SHEET else content)
    foreign(made.getvalue())


@cache
def book() -> dict[str, bytes]:
    """Return the parts of a workbook."""
    from openpyxl import Workbook

    made, file = Workbook(), io.BytesIO()
    for row in (["", 2023, 2024], ["GDP (亿元)", 10.5, 20], ["Area", "1,234*", "=1+1"]):
        made.active.append(row)
    made.active.merge_cells("A5:C6")
    made.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def panel(data: bytes) -> None:
    """Read a panel of the reader's own."""
    checked(table_of(kept(data, "p.csv"), ("series_id", "year", "value")))


def words(data: bytes) -> None:
    """Read units, periods, numbers and labels, a line each; write what was read."""
    units.parse.cache_clear()
    lines = data.decode("utf-8", "replace").split("\n")[:20]
    for line in lines:
        units.measured(line), labels.split(line), periods.span(line), labels.undated(line)
        for starts in (1, 4):
            days = calendar.first_day(line, starts), calendar.last_day(line, starts)
            assert days == (None, None) or days[0] <= days[1]
        for mark in ".,":
            if (found := numbers.number(line, mark)) is not None:
                language("en").write(Amount(float(found.value), line))
    for one, other in pairwise(lines):
        tried(lambda: units.convert(1.5, one, other))  # noqa: B023
        tried(lambda: units.ratio_scale(one, other, "%"))  # noqa: B023
    for reading in ("", "fiscal", "dmy"):
        tried(lambda: periods.periods_of([*map(grid.Cell, lines)], reading))  # noqa: B023
    numbers.decimal_mark(lines)


def page(data: bytes, drawn: bool = False) -> None:
    """Put a text that the tables can hold onto a page: it stays text."""
    text = data.decode("utf-8", "replace")
    if expected_cell(SHIPPED["plans"].fields["name"], text):
        return
    attributes = plain()
    for tag, given in Tags(told(text, drawn)).found:
        beyond = set(given) - ATTRIBUTES - attributes.get(tag, set())
        assert tag in attributes and not beyond, f"<{tag} {given}>: {text!r}"  # noqa: PT018
        for address in filter(None, (given.get("href"), given.get("src"))):
            assert re.fullmatch(OWN, address), f"{address}: {text!r}"


def chart(data: bytes) -> None:
    """Put a text into the specification of a chart as well."""
    page(data, drawn=True)


def told(text: str, drawn: bool) -> str:
    """Return a page that has a text in every kind of place."""
    evidence, tell, at = hostile_world(), language("en"), "https://example.org/a"
    evidence.plans["name"] = text
    title, name = plan_title(tell, evidence, "plan"), tell.write(Name(text))
    cells = pd.DataFrame({"a": [show.anchor(name, text), show.anchor(name, at)]})
    x = {"field": "x", "title": text, "type": "nominal"}
    spec = {
        "mark": "text", "data": {"values": [{"x": text}]}, "encoding": {"text": x, "x": x},
        "title": {"text": text, "subtitle": name}, "description": text,
        "usermeta": {"name": text, "figures": {"columns": [text], "data": [[text]]}},
    }  # fmt: skip
    said = show.say(f"# {title}", f"Plan {name}.", f"- {name}", f"See {link(name, text)}.")
    shown = [{"text/markdown": said.data}, {"text/html": show.table(cells, caption=name).data}]
    shown += [charts.mimebundle(spec)] * drawn
    outputs = [v4.new_output("display_data", data=data) for data in shown]
    nb = v4.new_notebook(cells=[v4.new_code_cell("show()", outputs=outputs)])
    frame = html.Frame([(name, "index.html")], {name: text}, text, "charts.js", text)
    return html.to_html(nb, title=title, frame=frame)


@cache
def plain() -> dict[str, set[str]]:
    """Return the elements of a page with no markup but our sentences', and their attributes."""
    found: dict[str, set[str]] = {"strong": set(), "em": set(), "code": set()}
    for tag, given in Tags(told("Plan [here](a.html): 规划.", drawn=True)).found:
        found.setdefault(tag, set()).update(given)
    return found


READERS = {
    reader.__name__: reader
    for reader in (table, judgements, scenario, run_file, map_file, foreign, workbook, panel,
                   words, page, chart)
}  # fmt: skip


def seeds(name: str) -> Iterator[bytes]:
    """Yield what a reader begins with: files of the tests, and a few lines of each kind."""
    markup = [HOSTILE, MARKDOWN, "a # b - c | d |", "&lt;a href=x&gt; **b** `c`"]
    own = {
        "table": [chr(i) + builders.text(key) for i, key in enumerate(TABLES)],
        "judgements": [builders.text("judgements")],
        "scenario": [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*"))],
        "foreign": ["<table><tr><td colspan=2>GDP<td>2024<tr><td rowspan=2>1<td>2</table>"],
        "run_file": [SOUND], "page": markup, "chart": markup,
        "map_file": ['region = "jinhua"\n[indicators]\nA = {indicator = "gdp", unit = "亿元"}\n'],
        "panel": ["series_id,year,value\na,2020,1.5\na,2021,2.5\n"],
        "words": ["million USD\nbillion yuan / 10,000 persons\n% of GDP\n亿元\nUS$m",
                  "2023-24\n2023Q2\nFY2024H1\n2023-06-30\n1-6月\n31/12/2023\nDec-11",
                  "7,313.50*\n(1.234,5)\n5.2%\n12 34\n1e5\n－3亿元"],
        "workbook": [book()[SHEET].decode()],
    }  # fmt: skip
    yield from (text.encode() for text in own[name])
    if name == "foreign":
        files = [*SAMPLES.glob("samples/*sv"), *SAMPLES.glob("*.xls")]
        yield from (path.read_bytes() for path in sorted(files))


def one_cell(data: bytes, size: int, seed: int) -> bytes:
    """Change one cell half of the time, which keeps a table one; else any bytes."""
    drawn, cells = random.Random(seed), re.split(rb"([,;\t\n])", data)
    at = drawn.randrange(0, len(cells), 2)
    if drawn.random() < 0.5 or not cells[at]:
        return bytes(atheris.Mutate(data, size))
    cells[at] = bytes(atheris.Mutate(cells[at], len(cells[at]) + 8))
    return b"".join(cells)[:size]


def tried(call: Callable[[], object]) -> None:
    """Call a reader: it returns, or raises an error that says something."""
    try:
        call()
    except DOCUMENTED as error:
        if not str(error):
            raise AssertionError("an error without a message") from error


def fuzz(name: str, options: list[str]) -> None:
    """Run one reader until its time is over or it fails; does not return."""
    for number, data in enumerate(seeds(name)):
        kept(data, f"corpus/{number:03d}")
    tabular = name in ("table", "judgements", "foreign", "panel")
    own = {"custom_mutator": one_cell} if tabular else {}
    atheris.Setup([name, *options], lambda data: tried(lambda: data and READERS[name](data)), **own)
    atheris.Fuzz()


def main() -> None:
    """Run the readers one after another, a line each; the status is 1 where one failed."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(READERS))
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, help="inputs, in place of seconds")
    parser.add_argument("--input", type=Path, help="a finding, to be read again")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given, options = parser.parse_known_args()
    if given.child:
        fuzz(given.names[0], options)
    FOUND.mkdir(exist_ok=True)
    limit = f"-runs={given.runs}" if given.runs else f"-max_total_time={given.seconds}"
    limits = [limit, f"-seed={given.seed}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=20000"]
    failed = 0
    for name in given.names or READERS:
        with tempfile.TemporaryDirectory() as folder:
            what = str(given.input.resolve()) if given.input else f"{folder}/corpus"
            command = [sys.executable, __file__, name, "--child", *limits, what,
                       "-print_final_stats=1", f"-artifact_prefix={FOUND}/{name}-"]  # fmt: skip
            env = os.environ | {"TMPDIR": folder, "PYTHONHASHSEED": "0"}
            done = subprocess.run(command, capture_output=True, env=env)
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        count = re.search(r"number_of_executed_units:\s*(\d+)", said)
        said = re.sub(r"(?m)^(INFO|WARNING|#\d+).*\n", "", said)
        wrong = f"failed\n{said}" if done.returncode else "nothing found"
        print(f"{name}: {count[1] if count else 'no'} inputs, {wrong}", flush=True)
        failed |= bool(done.returncode)
    sys.exit(failed)


if __name__ == "__main__":
    main()
