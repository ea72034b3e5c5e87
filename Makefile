# Everything needed to run, test and check from a fresh clone; `make help` lists it.
# The Python environment is private (.venv) and exact (requirements.lock, by hash).

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $(p))))
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup demo test faults check bench lock page clean

help: ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: $(VENV)/.provisioned page ## Install everything that the other targets need

demo: setup ## Run the whole centre here, on a story (DATA=dir: recorded data; DISTRICT=thieu_hoa: a report's district)
	$(VENV)/bin/ioc demo $(if $(DATA),--data "$(DATA)") $(if $(DISTRICT),--district "$(DISTRICT)")

test: setup ## Run the tests (ARGS="-k name" to choose)
	$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

faults: setup ## Kill, freeze and cut off workers and brokers for some minutes (IOC_FAULT_RUNS=5: longer)
	$(PY) -m pytest -m fault tests/streams/faults -s $(ARGS)

check: setup ## Lint, types, import rules, and generated files up to date
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/ioc generate --check

bench: setup ## Measure; not part of the tests
	$(VENV)/bin/ioc bench $(ARGS)

lock: $(UV) ## Resolve the locks anew, after a change of dependencies
	$(COMPILE) pyproject.toml --group dev -o requirements.lock
	$(COMPILE) --group pyproject.toml:java -o streams/embedded/java.lock
	$(COMPILE) --group pyproject.toml:node -o dashboards/node.lock
	$(COMPILE) --group pyproject.toml:peers -o streams/bench/peers.lock

page: $(VENV)/.ready ## Build the wall's page, if its sources changed
	@$(PY) -m dashboards.page

clean: ## Remove what was built here (caches in your home stay)
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf dashboards/wall/static dashboards/wall/web/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check uv==0.13.9

# The editable install is built by the locked hatchling: nothing is fetched that the lock does not name.
$(VENV)/.ready: $(UV) pyproject.toml requirements.lock
	$(UV) pip sync -q --require-hashes requirements.lock
	$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.provisioned: $(VENV)/.ready $(wildcard streams/embedded/*.lock) streams/embedded/provision.py
	$(PY) -m streams.embedded.provision
	@touch $@
