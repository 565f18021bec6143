# Everything that is done again and again. On a fresh machine `make demo` is enough:
# it needs Python 3.11 or newer with pip and venv, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
# Written last, so that an installation that was broken off is done again.
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help install demo test check format lock bench soak clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(READY) ## everything that is needed, into .venv

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Rapport needs Python 3.11 or newer: make PYTHON=python3.12 install"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@echo "Setting up .venv, once; this takes a minute or two."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@# As pip does for all others: an image that lets Python write no bytecode starts as fast.
	@$(BIN)/python -m compileall -q bot handlers jobs storage
	@touch $(READY)

demo: $(READY) ## try it: both chats in one page, no account needed
	$(BIN)/python -m bot demo

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n 3 -q

check: $(READY) ## style, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(READY) ## put the code into its usual form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(READY) ## choose the versions anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --extra postgres -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --extra postgres --group dev -o requirements-dev.lock

bench: $(READY) ## what each hot path costs beside the bare library
	$(BIN)/python -m benchmarks

soak: $(READY) ## more examples for the laws; every clock change; a hundred kills while ten thousand messages arrive
	HYPOTHESIS_PROFILE=searching $(BIN)/python -m pytest -n 2 -q tests/rules
	$(BIN)/python -m tests.rules.hours_oracle
	$(BIN)/python -m tests.rules.every_fire
	$(BIN)/python -m tests.rules.campaign_steps --people 10000 --steps 10000
	$(BIN)/python -m tests.kill --kills 100 --updates 10000 --recipients 2000

clean: ## remove what was made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
