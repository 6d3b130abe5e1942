# Two commands: `make run` does the main job on the embedded teacher, `make test` checks everything.
# Both set up what they need in .venv, from nothing but Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# of the tests, which wait for other processes much of the time
WORKERS ?= 3

.PHONY: run test check help clean
.DEFAULT_GOAL := help

help:
	@echo "make run    judge the quickstart pairs with the embedded teacher (first time: sets up .venv, 94 MB of weights)"
	@echo "make test   everything CI runs: style, types, import rules, tests, the wheel"
	@echo "make check  style, types and import rules only"

run: $(VENV)/.run
	@echo "==> judgemill run examples/quickstart.yaml"
	@$(BIN)/judgemill run examples/quickstart.yaml

test: check
	@echo "==> tests"
	@$(BIN)/python -m pytest -n $(WORKERS)
	@echo "==> all green. Results of a run: make run, then outputs/quickstart/"

check: $(VENV)/.dev
	@echo "==> style, types, import rules"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "judgemill needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) --version); make PYTHON=python3.12 ..."; exit 1; }
	@echo "==> making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	@echo "==> installing judgemill into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	@echo "==> installing judgemill and its test tools into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
