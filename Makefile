# make run: set up and run a day of blocks under three market structures.  make test: lint, types, tests.
# make docs: the site, to be read from out/site/html/index.html
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/day
PLACES ?= chain market

.PHONY: run test test-all docs pictures notebooks devnet edge wheel-test lint bench mutants contract-mutants clean

run: $(VENV)/.run
	$(BIN)/et-testbed run --out $(OUT) --force
	$(BIN)/et-testbed report $(OUT)

test: lint
	$(BIN)/pytest -n auto --dist worksteal -rs

test-all: lint $(VENV)/.all
	$(BIN)/pytest -n auto --dist worksteal -rs -m ''

# Who sells what to whom, docs/figures/structure_*.svg, from a run of some seconds
pictures: $(VENV)/.run
	$(BIN)/et-testbed run experiments/configs/structures.toml --out out/structures_drawn --signatures off --force --quiet
	$(BIN)/et-testbed report out/structures_drawn --pictures docs/figures

docs: $(VENV)/.all
	$(BIN)/python docs/site
	ET_TESTBED_SITE=out/site/html $(BIN)/pytest tests/docs -n auto -m ''
	@echo "the site: out/site/html/index.html"

# The outputs of docs/notebooks, by executing them; their figures are drawn by chromium
notebooks: $(VENV)/.all
	$(BIN)/python -m tests.docs.played_notebooks

# The contracts on hardhat, through ethers: a day of slots (SLOTS=300: so many; ROUND=5: in rounds of so many), and their interfaces through solc
devnet: $(VENV)/.test
	@if npm --prefix tests/clients/devnet ci --no-audit --no-fund --silent; then \
		PYTHON="$(abspath $(BIN))/python" npm --prefix tests/clients/devnet test; \
	else \
		echo "npm or its packages are not there: the tests on a devnet are SKIPPED" >&2; \
	fi

# A served run from hardhat's helpers and from cast: some 300 MB of packages
edge: $(VENV)/.test
	@if npm --prefix tests/clients/edge ci --no-audit --no-fund --silent; then \
		PYTHON="$(abspath $(BIN))/python" npm --prefix tests/clients/edge test; \
	else \
		echo "npm or its packages are not there: hardhat's helpers and cast are SKIPPED" >&2; \
	fi

# The wheel away from the checkout, on Python 3.11, 3.12 and 3.13 as far as they are here: some minutes, a few GB for a while
wheel-test: $(VENV)/.test
	$(BIN)/pytest -rs tests/wheel/tried_away.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.all
	$(BIN)/python -m experiments.lab.bench $(if $(COMPARE),--compare $(COMPARE))

mutants: $(VENV)/.mutants
	$(BIN)/python -m experiments.lab.conformance.rule_mutants $(PLACES)

contract-mutants: $(VENV)/.test
	$(BIN)/python -m experiments.lab.conformance.mutants

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.run

$(VENV)/.mutants: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --editable '.[mutants]'
	touch $@

# With what learns, what computes elsewhere, notebooks and the site: tests that are skipped without
$(VENV)/.all: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --editable '.[dask,docs,notebook,rl]'
	touch $@

clean:
	rm -rf $(VENV) out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
