# `make run` and `make test` need only Python 3.11 or later and make: everything else is set up here.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
# A file's tests share what it takes to set them up, so each file is run by one of two processes, in the order that
# tests/conftest.py says.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
FIGURES := booking search growth plan reminders upload locations mirror match region forecast pages
# Compiled modules are kept: else each of the processes that tests start would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast acceptance lint bench pictures lock openapi translations clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0])'
	@echo "Setting up $(VENV): about a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-build-isolation --no-deps --editable .
	@touch $@

setup: $(STAMP) ## the environment in .venv, from locked dependencies

run: $(STAMP) ## database, demonstration region, API and worker in this terminal; Ctrl-C stops them
	@$(BIN)/manzil run

test: lint ## everything that must hold
	$(PYTEST)

acceptance: lint ## the full size of what `make test` runs scaled down, then the figures; an hour or more
	MANZIL_TEST_FULL_SIZE=1 $(PYTEST)
	$(BIN)/manzil bench --json $(FIGURES)
	$(BIN)/manzil simulate --json --full

test-fast: $(STAMP) ## what needs no processes of its own: for daily work
	$(PYTEST) -m "not slow"

lint: $(STAMP) ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP) ## figures, each beside a ceiling of the same run
	$(BIN)/manzil bench $(FIGURES)

pictures: $(STAMP) ## pictures of every page into docs/pictures/pages, to be looked at (needs chromium)
	$(BIN)/python -m benchmarks.pictures

translations: $(STAMP) ## brings app/locales up to date with the texts in the code
	$(BIN)/python -m app.translations

openapi: $(STAMP) ## writes openapi/manzil.json from the code
	$(BIN)/manzil openapi > openapi/manzil.json

lock: ## renews both lock files (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.lock
	uv pip compile pyproject.toml -c requirements-dev.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## removes the environment; the data in .data stays
	rm -rf $(VENV)
