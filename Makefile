# `make run` shows the whole way on the bundled sample; `make test` runs every check. Both set up .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
GOLD ?= gold
SCORER ?= score.py
WORKERS ?= 2

.PHONY: run test check wheel fmt bench train score clean

run: $(READY)
	$(BIN)/yuanliu demo

test: check wheel

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

wheel: $(READY)
	PYTHON=$(PYTHON) BIN=$(BIN) tests/try_wheel.sh

fmt: $(READY)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,bench]"
	$(BIN)/python -m tests.bench

train: $(READY)
	$(BIN)/python -m nlp.training
	$(BIN)/python -m nlp.training.statements

score: $(READY)
	@test -f "$(GOLD)/docs.jsonl" || { echo "make score GOLD=DIR SCORER=FILE: there is no $(GOLD)/docs.jsonl" >&2; exit 2; }
	$(BIN)/yuanliu annotate "$(GOLD)/docs.jsonl" -o $(VENV)/predictions.jsonl
	$(BIN)/python "$(SCORER)" "$(GOLD)" $(VENV)/predictions.jsonl

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "yuanliu needs Python 3.11 or later; name one with make PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip==26.3
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
