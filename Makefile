VENV ?= .venv
BIN  := $(VENV)/bin
PYTHON ?= python3

.PHONY: help demo test lint system trust coverage docs bench clean
.DEFAULT_GOAL := help

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "auditor needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "python3 -m venv failed; on Debian and Ubuntu install the package python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.ready ## audit the sample export; writes ./auditor-demo
	$(BIN)/auditor demo

test: $(VENV)/.ready ## every test that needs Python and make only
	$(BIN)/python -m pytest -m "not system and not trust" -n 2 --dist worksteal

lint: $(VENV)/.ready ## formatting, style, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

system: $(VENV)/.ready ## tests that need a browser (Debian: chromium) or a database server (a wheel)
	$(BIN)/python -m pytest -m system tests/system

trust: $(VENV)/.ready ## the long suites at full counts, properties on new examples
	$(BIN)/python -m pytest -m trust -n 2
	HYPOTHESIS_PROFILE=wide $(BIN)/python -m pytest -n 2 tests/properties
	$(BIN)/python -m mutmut run
	! $(BIN)/python -m mutmut results | grep .

coverage: $(VENV)/.ready ## every branch of what decides, taken by a test
	$(BIN)/coverage run -m pytest -q -m "not system and not trust" auditor tests/unit tests/cli tests/known_answers tests/properties
	$(BIN)/coverage report --fail-under 100 --show-missing --skip-covered --include \
	  'auditor/inference/*,auditor/cube/*,auditor/metrics/*,auditor/rules/*,auditor/gate.py'

docs: $(VENV)/.ready ## regenerate the pages that come from code
	$(BIN)/python -m tests.house.generate

bench: $(VENV)/.ready ## speed and memory beside fairlearn and a bare GROUP BY
	$(BIN)/python benchmarks/run.py

clean: ## remove what the other targets made
	rm -rf $(VENV) auditor-demo build mutants .mypy_cache .ruff_cache .import_linter_cache .hypothesis
