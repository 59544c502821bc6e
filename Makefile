# Everything runs in a virtual environment of its own; nothing but git, make and Python >= 3.11 is needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK ?= -c requirements.lock
PORT ?= 8750
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check fix docs bench soak screenshots clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: pyproject.toml requirements.lock
	@echo "making a virtual environment in $(VENV) and installing graphmap into it (once, a minute or two)"
	@$(PYTHON) -c 'import sys; sys.exit("graphmap needs Python >= 3.11, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . $(LOCK)
	@touch $@

$(VENV)/.test-ready: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]" $(LOCK)
	@touch $@

demo: $(VENV)/.ready  ## the sample company: make, import, score, open the site (PORT=0: any free port)
	$(BIN)/graphmap demo --port $(PORT)

test: $(VENV)/.test-ready  ## all tests in WORKERS processes (2); what is missing here (Neo4j, Chromium) is named and skipped
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

check: $(VENV)/.test-ready  ## style, types, import laws
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright --pythonpath $(BIN)/python

fix: $(VENV)/.test-ready  ## what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.ready  ## the generated pages of docs/
	$(BIN)/python -c 'from pathlib import Path; from graphmap.schema import as_markdown; Path("docs/graph-schema.md").write_text(as_markdown(), encoding="utf-8")'

bench: $(VENV)/.test-ready  ## the benchmarks, as ratios with peak memory (docs/performance.md)
	$(BIN)/python -m benchmarks

soak: $(VENV)/.test-ready  ## the long runs: 20 kills of an import per store, 100 over a mailbox, a calendar and a CRM export, 40 drawn companies per law
	GRAPHMAP_SOAK=20 GRAPHMAP_SOAK_SOURCES=100 GRAPHMAP_SOAK_LAWS=40 $(BIN)/python -m pytest -v tests/pipeline/test_kill.py tests/pipeline/test_kill_sources.py tests/pipeline/test_laws.py

screenshots: $(VENV)/.test-ready  ## pictures of the demo's pages into screenshots/, two of them into docs/pictures/
	$(BIN)/python -m tests.browser.screenshots

clean:  ## removes the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache screenshots
