# The key-account workbook. `make report` and `make test` each do everything, from a fresh clone on.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STRIP := --keep-count --keep-id --drop-tagged-cells injected-parameters --extra-keys "metadata.papermill cell.metadata.papermill cell.metadata.execution metadata.widgets"
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The package goes in after its locked dependencies, which a hash-checking installation cannot do in one call.
# Compiled here: where PYTHONDONTWRITEBYTECODE is set, every process would compile it anew.
PACKAGE := $(INSTALL) --no-deps --no-build-isolation --editable . && $(BIN)/python -m compileall -q kam_analysis

# Files of tests side by side; tests/conftest.py says which run together, and in what order.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Tests that were read once are read in a third of the time: each process would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test tests test-slow schedulers check check-beside cover setup setup-dev lab bench pictures tables lock outputs strip help clean

report: setup  ## the main job: every report on the committed sample
	$(BIN)/kam report --out reports

test: setup-dev  ## every check and test, the checks beside the tests; says how long each step took
	@$(MAKE) --no-print-directory -j2 check-beside tests

# What a step takes, in seconds, is said when it ends.
CLOCK := start=$$(date +%s); took() { echo "== $$1: $$(($$(date +%s) - start)) s"; }

tests: setup-dev  ## the tests alone, with the 30 that took longest
	@$(CLOCK); $(BIN)/python -m pytest $(SIDE_BY_SIDE) --durations=30 && took tests

test-slow: setup-dev schedulers  ## what takes an hour, before an issue is resolved: real schedulers, two years of runs, deliberate faults
	KAM_MONTHS=24 $(BIN)/python -m pytest -q tests/test_months_of_runs.py
	$(INSTALL) "cosmic-ray>=8.4,<9"
	KAM_WRITE_TABLES=1 $(BIN)/python .ci/mutation.py 40

# Airflow has an environment of its own; jupyter-scheduler lies beside ours, with what ours lacks of what it needs.
SCHEDULER := $(CURDIR)/$(VENV)/jupyter-scheduler
AIRFLOW := $(CURDIR)/$(VENV)/airflow/bin/python

schedulers: setup-dev
	test -x $(AIRFLOW) || $(PYTHON) -m venv $(VENV)/airflow
	$(AIRFLOW) -m pip install --quiet --disable-pip-version-check "apache-airflow>=3,<4" apache-airflow-providers-standard
	$(INSTALL) --no-deps --upgrade --target $(SCHEDULER) "jupyter-scheduler>=2.12,<3"
	$(INSTALL) --upgrade --target $(SCHEDULER) croniter fsspec pydantic pytz sqlalchemy
	KAM_AIRFLOW=$(AIRFLOW) KAM_JUPYTER_SCHEDULER=$(SCHEDULER) $(BIN)/python -m pytest -q tests/test_real_schedulers.py

check-beside: setup-dev
	@$(CLOCK); $(MAKE) --no-print-directory check && took check
	@$(CLOCK); $(BIN)/python -m pytest --doctest-modules kam_analysis && took doctests

cover: setup-dev  ## what of the package the tests run (takes about half as long again as they do)
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term:skip-covered

check: setup-dev  ## format, lint, types, the house's import rules, stripped notebooks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify $(STRIP) notebooks/*.ipynb

lab: setup  ## JupyterLab on a working copy of the notebooks, with the sample
	$(BIN)/kam lab

bench: setup-dev  ## benchmarks: ratios against a named alternative in the same run
	$(BIN)/python -m benchmarks

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(PACKAGE)
	@touch $@

# plotly-print says that it needs Python 3.12, and runs on 3.11: tests compare what it draws on both.
$(VENV)/.ready-dev: requirements-dev.lock requirements-static.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --require-hashes --no-deps --ignore-requires-python -r requirements-static.lock
	$(PACKAGE)
	@touch $(VENV)/.ready $@

outputs: setup-dev  ## run the notebooks on the sample and keep the tables that the tests compare
	$(BIN)/python .ci/keep_outputs.py notebooks/*.ipynb
	$(BIN)/nbstripout $(STRIP) notebooks/*.ipynb

pictures: setup-dev report  ## the README's pictures, from the reports on the sample (needs Chromium)
	PYTHONPATH=. $(BIN)/python .ci/pictures.py reports docs/pictures README.md

tables: setup-dev  ## what is made from code: in docs licences, corpus, public names; in tests what each chart draws
	KAM_WRITE_TABLES=1 $(BIN)/python -m pytest -q tests/test_licences.py tests/hostile/test_corpus.py tests/test_from_python.py -k docs_list
	KAM_WRITE_TABLES=1 $(BIN)/python -m pytest -q tests/pages -k charts_draw

strip: setup-dev  ## take outputs out of the notebooks before a commit
	$(BIN)/nbstripout $(STRIP) notebooks/*.ipynb

lock:  ## new locks from pyproject's ranges (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --quiet pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --quiet pyproject.toml --extra postgres --extra spark --extra dask --extra static --group dev -c requirements.lock -o requirements-dev.lock

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

clean:
	rm -rf $(VENV) reports dist .coverage .mypy_cache .ruff_cache .hypothesis .import_linter_cache
