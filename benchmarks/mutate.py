"""Change one operator or number of the numeric modules at a time and see whether a test notices.

A sample drawn by seed is held against the tests of the mutated module alone, for an hour instead
of a day. Mutation testing: DeMillo, Lipton & Sayward (1978), Computer 11(4).
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS = ("comparison", "count", "cumulative", "markets", "rank")
#: Module -> the tests that have to notice, quick ones first.
PANEL = "component_forecasts panel_growth error_scale panel_forecast backtest"
TESTS = {
    "reconciliation/smoothing/observation_equations": (
        "observation_equations dense_system observations history"
    ),
    "reconciliation/smoothing/noise": "noise history messages",
    "reconciliation/smoothing/trend_prior": "trend_prior history messages worlds",
    "reconciliation/smoothing/robust_smoother": "robust_smoother dense_system falls history worlds",
    "reconciliation/smoothing/truncation": "truncation stated_bounds history",
    "reconciliation/smoothing/stated_bounds": "stated_bounds history",
    "reconciliation/derived_levels": "derived_levels history falls",
    "evidence/scales": "scales",
    "reconciliation/related_series/links": "messages history",
    "reconciliation/related_series/messages": "messages history worlds",
    "reconciliation/related_series/census_steps": "census_steps",
    "reconciliation/adding_up": "adding_up",
    "targets/revisions": "revisions",
    "verification/scores": "scores",
    "verification/probability_scores": "probability_scores",
    "forecasting/model_pool": "model_pool",
    "forecasting/component_forecasts": PANEL,
    "forecasting/error_scale": f"error_scale {PANEL}",
    "forecasting/panel_data": f"panel_data {PANEL}",
    "targets/elicitation": "elicitation judgement",
    "targets/types/_series/parts": "parts",
    "targets/types/level": "level types assess",
    "targets/types/legs": "legs types",
    **{f"targets/types/{k}": "kinds_told types" for k in KINDS},
    "dependence/conditioning": "conditioning",
}
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}  # fmt: skip
UNTOUCHED = (ast.Raise, ast.JoinedStr)
NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}


def mutants(node: ast.AST) -> Iterator[ast.AST]:
    """Return what a node may be changed to."""
    other = copy.deepcopy(node)
    if isinstance(other, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(other.op) in SWAPS:
        other.op = SWAPS[type(other.op)]()  # type: ignore[assignment]
    elif isinstance(other, ast.Compare) and type(other.ops[0]) in SWAPS:
        other.ops[0] = SWAPS[type(other.ops[0])]()  # type: ignore[assignment]
    elif isinstance(other, ast.UnaryOp) and isinstance(other.op, ast.USub | ast.Not):
        other = other.operand
    elif isinstance(other, ast.Name | ast.Attribute):
        name = other.id if isinstance(other, ast.Name) else other.attr
        if name not in NAMES:
            return
        setattr(other, "id" if isinstance(other, ast.Name) else "attr", NAMES[name])
    elif isinstance(other, ast.Constant) and type(other.value) in (int, float):
        other.value = other.value + 1 if isinstance(other.value, int) else other.value * 2 + 0.5
    else:
        return
    yield other


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Return parent, field, place in the field and mutant; messages and types are left alone."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list") or isinstance(tree, UNTOUCHED):
            continue
        for i, node in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(node, ast.AST):
                for other in mutants(node):
                    yield tree, name, i if isinstance(value, list) else None, other
                yield from places(node)


def mutated(source: str, number: int) -> tuple[str, str]:
    """Return the source with its mutant of that number, and what was changed."""
    tree = ast.parse(source)
    parent, name, i, other = list(places(tree))[number]
    field = getattr(parent, name)
    old = field if i is None else field[i]
    said = f"{old.lineno}: {ast.unparse(old)[:60]} -> {ast.unparse(other)[:60]}"
    if i is None:
        setattr(parent, name, other)
    else:
        field[i] = other
    return ast.unparse(ast.fix_missing_locations(tree)), said


def test_file(name: str) -> str:
    """Path of a test module in the repository, whichever folder it is in."""
    (found,) = (ROOT / "tests").rglob(f"test_{name}.py")
    return str(found.relative_to(ROOT))


def passes(folder: Path, tests: list[str], seconds: int) -> bool:
    """Run tests in a copy of the project; one that computes for too long has failed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def main() -> None:
    """Draw mutants, hold each against the tests of its module, and list those that survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", nargs="*", default=list(TESTS), choices=list(TESTS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutate") as name:
        folder = Path(name)
        for part in ("forecast", "tests", "data", "notebooks", "benchmarks", "pyproject.toml"):
            copied = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copied(ROOT / part, folder / part)
        files = {m: folder / "forecast" / f"{m}.py" for m in given.modules}
        sources = {m: file.read_text("utf-8") for m, file in files.items()}
        every = [(m, i) for m in files for i in range(len(list(places(ast.parse(sources[m])))))]
        drawn = random.Random(given.seed).sample(every, min(given.sample, len(every)))
        tests = {m: [test_file(t) for t in TESTS[m].split()] for m, _ in drawn}
        red = [t for t in sorted({t for names in tests.values() for t in names})
               if not passes(folder, [t], 1800)]  # fmt: skip
        if red:
            sys.exit(f"{', '.join(red)} fail without any mutant")
        survived = 0
        for n, (module, number) in enumerate(drawn, start=1):
            text, said = mutated(sources[module], number)
            files[module].write_text(text, "utf-8")
            alive = passes(folder, tests[module], 600)
            files[module].write_text(sources[module], "utf-8")
            survived += alive
            fate = "SURVIVED" if alive else "killed"
            print(f"{n} of {len(drawn)}  {fate}  {module}.py:{said}", flush=True)
        print(f"{len(drawn) - survived} of {len(drawn)} mutants killed ({len(every)} in all)")


if __name__ == "__main__":
    main()
