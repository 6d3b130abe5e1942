# Two commands: `make run` does the main job on the embedded teacher, `make test` checks everything.
# Both set up what they need in .venv, from nothing but Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# of the tests, which wait for other processes much of the time
WORKERS ?= 3

# what `make train-example` trains on
RUN ?= outputs/quickstart
TRAIN := .venv-train

# what `make docs` writes, and of what: all that is meant to be called by others
DOCS := build/docs
DOCUMENTED := synth.api synth.engine.llm synth.engine.steps synth.engine.judge synth.engine.scenario_step filters
# what `make test-oldest` sets up
OLDEST := .venv-oldest
# of `make fuzz`, for each target
FUZZ_SECONDS ?= 20
# what `make test-ray` sets up
RAY := .venv-ray

.PHONY: run test check docs test-oldest test-ray fuzz train-example help clean
.DEFAULT_GOAL := help

help:
	@echo "make run    judge the quickstart pairs with the embedded teacher (first time: sets up .venv, 94 MB of weights)"
	@echo "make test   everything CI runs: style, types, import rules, tests, the wheel"
	@echo "make check  style, types and import rules only"
	@echo "make docs   the Python API as HTML, of its docstrings, in $(DOCS)/"
	@echo "make test-oldest  the tests that start no command, with the oldest libraries that pyproject.toml allows"
	@echo "make test-ray     runs over two nodes of a real Ray cluster on this machine (sets up $(RAY); some ten minutes)"
	@echo "make fuzz   searches for what breaks a law: property tests with random examples, then a guided fuzzer"
	@echo "make train-example RUN=$(RUN)  a tiny model trains on that run's exports (sets up $(TRAIN) with PyTorch)"

run: $(VENV)/.run
	@echo "==> judgemill run examples/quickstart.yaml"
	@$(BIN)/judgemill run examples/quickstart.yaml

test: check
	@echo "==> tests"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	@echo "==> all green. Results of a run: make run, then outputs/quickstart/"

check: $(VENV)/.dev
	@echo "==> style, types, import rules"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# ruff warns of what has no docstring; that all names of `synth` have one is tested. The ignored warning is of pydantic, about a library of ours.
docs: $(VENV)/.docs
	@$(BIN)/ruff check --quiet --exit-zero --output-format concise --select D101,D103 \
		$(addsuffix .py,$(subst .,/,$(filter synth.%,$(DOCUMENTED)))) filters/base.py filters/stages.py filters/choose.py
	@$(BIN)/python -W "ignore:The 'default' attribute" -m pdoc --output-directory $(DOCS) $(DOCUMENTED) '!filters\.'
	@echo "==> $(DOCS)/index.html"

# Of direct dependencies the oldest, of theirs the newest: those are bounded by ours or not at all.
test-oldest: $(OLDEST)/.ready
	@echo "==> tests with the oldest allowed dependencies ($(OLDEST)/oldest.txt)"
	@$(OLDEST)/bin/python -m pytest -m "not e2e and not local_model"

# Both parts run, whatever the first finds.
fuzz: $(VENV)/.fuzz
	@echo "==> property tests, with 2,000 random examples each (about half an hour)"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "hypothesis and not e2e" --hypothesis-profile=search \
		--timeout 3600 || touch $(VENV)/.found
	@echo "==> guided by coverage, $(FUZZ_SECONDS) seconds a target (make fuzz FUZZ_SECONDS=600 looks longer)"
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) || touch $(VENV)/.found
	@! rm $(VENV)/.found 2>/dev/null

test-ray: $(RAY)/.ready
	@echo "==> tests on a Ray cluster of two nodes"
	@$(RAY)/bin/python -m pytest tests/ray

train-example: $(TRAIN)/.ready
	@test -f $(RUN)/manifest.json || { echo "$(RUN): holds no finished run; make run, or make train-example RUN=..."; exit 1; }
	@echo "==> judgemill export $(RUN) --format chat --format preference"
	@$(TRAIN)/bin/judgemill export $(RUN) --format chat --format preference
	@echo "==> examples/training/train.py $(RUN)"
	@$(TRAIN)/bin/python examples/training/train.py $(RUN)

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

$(VENV)/.docs: $(VENV)/.dev
	@echo "==> installing pdoc into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@

$(VENV)/.fuzz: $(VENV)/.dev
	@echo "==> installing atheris into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@touch $@

$(OLDEST)/.ready: pyproject.toml
	@echo "==> installing the oldest allowed dependencies into $(OLDEST) (a minute the first time)"
	@$(PYTHON) -m venv $(OLDEST)
	@$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(OLDEST)/bin/uv pip compile --quiet --resolution lowest-direct --extra dev \
		--python $(OLDEST)/bin/python --output-file $(OLDEST)/oldest.txt pyproject.toml
	@$(OLDEST)/bin/uv pip install --quiet --python $(OLDEST)/bin/python --requirement $(OLDEST)/oldest.txt
	@touch $@

$(RAY)/.ready: pyproject.toml
	@echo "==> installing judgemill, its test tools and Ray into $(RAY) (a minute or two the first time)"
	@$(PYTHON) -m venv $(RAY)
	@$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev,ray]'
	@touch $@

# A venv of its own: PyTorch is large, and nothing else needs it.
$(TRAIN)/.ready: pyproject.toml
	@echo "==> installing judgemill, PyTorch and TRL into $(TRAIN) (a few minutes the first time)"
	@$(PYTHON) -m venv $(TRAIN)
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[training]'
	@touch $@

clean:
	rm -rf $(VENV) $(TRAIN) $(OLDEST) $(RAY) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
