# Everything a fresh machine needs is Python 3.11 or later; the first target that needs it makes .venv.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
SAMPLE ?= 100
SEED ?= 1
SECONDS ?= 60
# What Python has compiled is kept: most targets start it often, the tests hundreds of times.
unexport PYTHONDONTWRITEBYTECODE
# Pages that the README shows.
SHOWN := gdp index takes-gdp scenarios data-jinhua-gdp zh/gdp
# Tests that between them use every library.
QUICK := tests/cli tests/editing tests/importing tests/evidence/test_check.py tests/forecasting/test_models.py \
  tests/report/execution tests/report/test_html.py tests/report/test_language.py

.PHONY: help report test tests check lab docs bench mutate fuzz lock floors release sample clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

report: .venv/installed  ## write all reports to reports/<run id>/, newest complete set in reports/latest/
	$(BIN)/forecast report --jobs $(JOBS)

test: .venv/installed  ## check, and run all tests meanwhile: the types alone keep one processor busy for half a minute
	$(MAKE) --jobs 2 check tests

tests: .venv/installed
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

check: .venv/installed  ## lint, format, docstrings, types, direction of imports, stripped notebooks, valid data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/numpydoc lint $$(find forecast -name '*.py')
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb
	$(BIN)/forecast check

lab: .venv/installed  ## open the notebooks in JupyterLab; edited modules are picked up, git sees no outputs
	-$(BIN)/nbstripout --install
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
	  PYTHONSTARTUP=$(CURDIR)/forecast/report/workbench/startup.py $(BIN)/jupyter lab --notebook-dir notebooks

docs: .venv/installed  ## write the reference of the package, forecast/REFERENCE.md, from its docstrings
	$(BIN)/python -m tests.reference

bench: .venv-bench/installed .venv/installed  ## measure us beside the peers, pages beside papermill and nbconvert, one worker beside two, a set whose worker is killed; REFERENCE=folder of the reference data
	.venv-bench/bin/python benchmarks/bench.py --reference $(REFERENCE)
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/lost_worker.py
	$(BIN)/python benchmarks/stream.py

mutate: .venv/installed  ## change the numeric modules at 100 places, one at a time: does a test notice?
	nice $(BIN)/python benchmarks/mutate.py --sample $(SAMPLE) --seed $(SEED)

fuzz: .venv-fuzz/installed  ## feed damaged tables, scenarios, workbooks and texts to the readers, each for SECONDS, guided by what they run
	nice .venv-fuzz/bin/python benchmarks/fuzz.py --seconds $(SECONDS) --seed $(SEED)

lock: .venv/installed  ## pin the newest versions that pyproject.toml admits
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --generate-hashes --quiet \
	  --upgrade --extra dev pyproject.toml -o requirements.lock

floors: .venv/installed  ## quick tests at the lowest versions that pyproject.toml admits
	$(PYTHON) -m venv .venv-floors
	$(BIN)/uv pip install --no-config --quiet --python .venv-floors --resolution lowest-direct --editable ".[dev]"
	.venv-floors/bin/python -m pytest $(QUICK)

.venv-bench/installed: benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv-fuzz/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps atheris==3.0.0
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

release: .venv/installed  ## the wheel, and a bill of materials (CycloneDX) of all that it runs and is tested with, in dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	$(BIN)/uv tool run --quiet --from 'cyclonedx-bom>=7,<8' cyclonedx-py environment --pyproject pyproject.toml --mc-type library --output-reproducible \
	  --output-format JSON --output-file dist/forecast.cdx.json $(BIN)/python

sample: .venv/installed  ## take the README's pictures of the newest set, in chromium
	for page in $(SHOWN); do chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,1500 \
	  --virtual-time-budget=4000 --screenshot=reports/sample/$$(echo $$page | tr / -).png \
	  file://$(CURDIR)/reports/latest/$$page.html; done
	$(BIN)/python -c "from pathlib import Path; from PIL import Image; \
	  [Image.open(p).quantize(64).save(p, optimize=True) for p in Path('reports/sample').glob('*.png')]"

clean:  ## remove the environment and all reports
	rm -rf .venv .venv-bench .venv-floors .venv-fuzz dist reports/[0-9]* reports/latest reports/failed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
