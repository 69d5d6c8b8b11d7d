from __future__ import annotations

import ast
import doctest
import importlib.metadata
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Container
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")


def requirements(*extras: str) -> dict[str, Requirement]:
    listed = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        listed += PROJECT["project"]["optional-dependencies"][extra]
    found = [Requirement(text) for text in listed]
    return {canonicalize_name(r.name): r for r in found}


def tracked() -> list[Path]:
    """Return the files of the repository, those included that are about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout of git")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


# Dependencies -------------------------------------------------------------------------------------


def test_conda_gets_the_same_dependencies() -> None:
    described = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert described["name"] == "forecast"
    assert described["channels"] == ["conda-forge"]
    listed = [entry for entry in described["dependencies"] if isinstance(entry, str)]
    from_pip = [e for entry in described["dependencies"] if isinstance(entry, dict)
                for e in entry["pip"] if not e.startswith("-")]  # fmt: skip
    found = {canonicalize_name(r.name): r for r in map(Requirement, [*listed, *from_pip])}
    python = found.pop("python")
    found.pop("pip", None)
    assert str(python.specifier) == PROJECT["project"]["requires-python"]
    wanted = requirements("dev")
    assert set(found) == set(wanted)
    for name, requirement in wanted.items():
        assert found[name].specifier == requirement.specifier, name


def test_lock_pins_every_dependency_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    pinned: dict[str, set[Version]] = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        assert "--hash=sha256:" in line, line[:80]
        requirement = Requirement(line.split(" --hash")[0].strip())
        (clause,) = requirement.specifier
        assert clause.operator == "=="
        pinned.setdefault(canonicalize_name(requirement.name), set()).add(Version(clause.version))
    for name, requirement in requirements("dev").items():
        assert name in pinned, f"{name} is not in requirements.lock; run make lock"
        for version in pinned[name]:
            fits = requirement.specifier.contains(version, prereleases=True)
            assert fits, f"{name} {version}: run make lock"


def imported(folder: Path) -> set[str]:
    """Return the names of the packages that the files of a folder import."""
    names = {name for path in folder.rglob("*.py") for name in imported_by(path)}
    return names - set(sys.stdlib_module_names) - {"benchmarks", "docs", "forecast", "tests"}


def imported_by(path: Path) -> set[str]:
    """Return the names of the packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def brought_along(names: set[str]) -> set[str]:
    """Return what the named packages themselves require."""
    required = [Requirement(r) for name in names for r in importlib.metadata.requires(name) or []]
    return {canonicalize_name(r.name) for r in required if not r.marker or r.marker.evaluate()}


EXTRAS = (("forecast", ("dask", "scheduler")), ("tests", ("dev",)))


@pytest.mark.parametrize(("folder", "extras"), EXTRAS)
def test_everything_imported_is_a_stated_dependency(folder: str, extras: tuple[str, ...]) -> None:
    stated = set(requirements(*extras))
    if folder == "tests":  # they may look into what a stated one brings along
        stated |= brought_along(stated)
    by_module = importlib.metadata.packages_distributions()
    for module in imported(ROOT / folder):
        names = {canonicalize_name(name) for name in by_module.get(module, [module])}
        assert names & stated, f"{folder}/ imports {module}, which pyproject.toml does not name"


def test_extras_are_imported_by_their_own_module_only() -> None:
    """Whoever has not installed them can use all the rest."""
    own = requirements("dask").keys() - requirements().keys()
    for path in PACKAGE.rglob("*.py"):
        if path != PACKAGE / "workers" / "cluster.py":
            assert not imported_by(path) & own, path


HEAVY = (
    "distributed",
    "statsmodels",
    "prophet",
    "altair",
    "papermill",
    "nbconvert",
    "frictionless",
    "openpyxl",
    "scipy.stats",
)


@pytest.mark.parametrize(
    "program",
    [
        "import forecast",
        "from forecast import open_study",
        "import forecast.cli.main",
        "from forecast.report.pages import overview, track_record",
    ],
)
def test_import_is_cheap(program: str) -> None:
    program += f"; import sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["forecast", "forecast.cli.main"])
def test_package_and_command_load_not_even_numpy(module: str) -> None:
    program = f"import {module}, sys; print('numpy' in sys.modules, forecast.__version__)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", PROJECT["project"]["version"]]


# Modules ------------------------------------------------------------------------------------------

PACKAGE = ROOT / "forecast"
#: What stands above `forecast.study`, and may import it.
ABOVE_STUDY = ("forecast.editions", "forecast.cli", "forecast.editing", "forecast.report")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(source: str, known: Container[str]) -> set[str]:
    """Return the modules of the package that a source imports, those under TYPE_CHECKING too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "imports name their package in full"
            assert not node.level, "imports name their package in full"
            names = [(f"{node.module}.{alias.name}", node.module) for alias in node.names]
            found |= {inner if inner in known else outer for inner, outer in names}
    return {name for name in found if name in known}


def package_imports() -> dict[str, set[str]]:
    paths = {module_name(path): path for path in PACKAGE.rglob("*.py")}
    return {m: imports_of(path.read_text("utf-8"), paths) - {m} for m, path in paths.items()}


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
from typing import TYPE_CHECKING
import a.one
from a import two, name
if TYPE_CHECKING:
    from a.three import Thing
def late():
    from a import four
"""
    known = {"a", "a.one", "a.two", "a.three", "a.four", "a.five"}
    assert imports_of(source, known) == known - {"a.five"}


def test_no_module_imports_itself_through_others() -> None:
    try:
        list(TopologicalSorter(package_imports()).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")


def test_nothing_below_the_study_imports_it() -> None:
    for module, imports in package_imports().items():
        if module != "forecast" and not module.startswith(ABOVE_STUDY):
            assert "forecast.study" not in imports, module


#: Lines of a module and of a function, modules of a folder.
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_MODULES = 400, 60, 10


def test_modules_have_at_most_400_lines() -> None:
    for path in PACKAGE.rglob("*.py"):
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= MOST_LINES, f"{module_name(path)} has {lines} lines"


def lines_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first, end = function.body[0], function.end_lineno
    assert end is not None
    lines = end - function.lineno + 1
    if ast.get_docstring(function) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_functions_have_at_most_60_lines_beside_their_docstring() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name, lines = f"{module_name(path)}.{node.name}", lines_without_docstring(node)
                limit = MOST_LINES_OF_A_FUNCTION
                assert lines <= limit, f"{name} has {lines} lines beside its docstring"


def test_folders_have_at_most_ten_modules() -> None:
    for folder in {path.parent for path in PACKAGE.rglob("*.py")}:
        modules = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= MOST_MODULES, f"{folder.relative_to(ROOT)}: {len(modules)} modules"


def test_docstrings_refer_to_what_exists() -> None:
    named: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        inner = [n for top in tree.body if isinstance(top, ast.ClassDef) for n in top.body]
        names = {str(getattr(n, "name", "")) for n in [*tree.body, *inner]}
        for node in [*tree.body, *inner]:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", 0)]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
        named[module_name(path)] = names
    for path in PACKAGE.rglob("*.py"):
        for found in re.findall(r"`(forecast(?:\.\w+)+)`", path.read_text("utf-8")):
            module = max((m for m in named if f"{found}.".startswith(f"{m}.")), key=len)
            unknown = set(found[len(module) + 1 :].split(".")) - named[module] - {""}
            assert not unknown, f"{module_name(path)} names {found}"


# Text ---------------------------------------------------------------------------------------------

#: Written in two parts, so that this file does not hold what it looks for.
ELSEWHERE = ["/wo" + "rk/", ".lib" + "rary", "../sh" + "ared", "/ro" + "ot/", "/tm" + "p/fc"]


def test_nothing_speaks_of_another_machine() -> None:
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" in raw[:4096]:
            continue  # a picture
        text = raw.decode("utf-8")
        for word in ELSEWHERE:
            assert word not in text, f"{path.relative_to(ROOT)} holds {word}"


def test_files_are_small_and_end_with_a_newline() -> None:
    for path in tracked():
        raw = path.read_bytes()
        assert len(raw) < 2_000_000, path
        if b"\0" not in raw[:4096] and raw:
            assert raw.endswith(b"\n"), path
            assert b"\r" not in raw, path


def test_nothing_that_a_run_makes_is_tracked() -> None:
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        assert not re.match(
            r"\.venv|reports/\d|reports/latest|reports/failed|.*\.egg-info|build/", name
        )
        assert "__pycache__" not in name


# README -------------------------------------------------------------------------------------------


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    rules = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(
        re.findall(r"\bmake ([a-z]+)\b", " ".join(re.findall(r"`[^`]*`|^    .*$", README, re.M)))
    )
    assert {"report", "test", "check", "lab"} <= named <= rules
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == rules
    for name in re.findall(r"\btests/[\w/.]+", makefile):
        assert (ROOT / name).exists(), name


def test_every_command_of_the_readme_exists() -> None:
    from typer.main import get_command

    from forecast.cli.main import app

    commands: Any = vars(get_command(app))["commands"]
    named = re.findall(r"`(forecast [a-z][^`]*)`", README)
    named += re.findall(r"^    (forecast [a-z].*)$", README.replace("\\\n", ""), re.MULTILINE)
    assert len(named) >= 4
    for line in named:
        _, name, *arguments = shlex.split(line)
        commands[name].make_context(name, arguments)  # an error where it does not understand
    assert {line.split()[1] for line in named} >= {"check", "history", "assess"}


def pages() -> list[Path]:
    """Return every page of documentation, but for the one that names files of others."""
    return [p for p in tracked() if p.suffix == ".md" and p.parent.name != "samples"]


def test_every_file_that_a_page_links_to_exists() -> None:
    for page in pages():
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_file_and_folder_that_a_page_names_exists() -> None:
    made = {"reports/latest/index.html", "reports/failed/", "reports/partial/", "notebooks/"}
    made |= {"reports/editions/"}
    named = re.compile(
        r"`((?:data|forecast|notebooks|reports|tests)/[\w./-]*)`"
        r"|((?:benchmarks|forecast|tests)/[\w/]+\.py)\b"
    )
    for page in pages():
        for names in named.findall(page.read_text("utf-8")):
            (name,) = filter(None, names)
            assert name in made or (ROOT / name).exists(), f"{page}: {name}"


def test_readme_names_modules_and_folders_that_exist() -> None:
    modules = set(re.findall(r"`?\b([a-z]+\.py)\b", README))
    for name in modules:
        assert (ROOT / "forecast" / name).exists(), name
    tour = README.partition("## The code")[2]
    folders = {p.name for p in (ROOT / "forecast").iterdir() if p.is_dir() and p.name[0] != "_"}
    assert folders <= set(re.findall(r"\b(\w+)/", tour))


def blocks() -> list[str]:
    """Return the examples in Python of the README."""
    return re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_examples_of_the_readme_give_what_they_show() -> None:
    shown = "".join(block for block in blocks() if ">>>" in block)
    example = doctest.DocTestParser().get_doctest(shown, {}, "README", "README.md", 0)
    assert len(example.examples) >= 5
    assert doctest.DocTestRunner().run(example).failed == 0


def test_examples_of_the_readme_run() -> None:
    (example,) = (block for block in blocks() if ">>>" not in block)
    exec(example.replace("draws=2000", "draws=300, families=('drift',)"), {})


def test_reference_is_that_of_the_docstrings() -> None:
    from tests.reference import FILE, page

    assert FILE.read_text("utf-8") == page(), "run make docs"


def test_readme_counts_what_there_is() -> None:
    from forecast.forecasting.models import families

    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    assert f"{numbers[len(families()) - 1]} simple families" in README


def test_mutations_are_held_against_modules_and_tests_that_exist() -> None:
    from benchmarks.mutate import TESTS

    for module, names in TESTS.items():
        assert (ROOT / "forecast" / f"{module}.py").is_file(), module
        for name in names.split():
            assert len(list((ROOT / "tests").rglob(f"test_{name}.py"))) == 1, name
