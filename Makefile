# Everything is done with one virtual environment, .venv, which holds exactly what the hash lock says.
#   make sandbox    try it: a Slack workspace and the bot, on this machine
#   make test       what must pass before a change is merged

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
WORKERS ?= 3
ARGS ?=

# Where it is set, each of the hundreds of processes that tests start would compile all of the sources again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup sandbox manifest browser check format test faults lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv: everything from the hash lock (again only when the lock changed)

$(STAMP): requirements-dev.txt pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh
	@touch $@

sandbox: setup ## Start a Slack workspace with the bot in it and say where (ARGS="--fresh --port 9000")
	@WATCHBILL_CONFIG="$${WATCHBILL_CONFIG:-scripts/sandbox.toml}" exec $(BIN)/python -m sandbox $(ARGS)

manifest: setup ## Print the Slack app manifest
	@$(BIN)/watchbill manifest

browser: setup ## Look for the browser that some tests drive; install it where that is possible
	@sh scripts/ensure_browser.sh

check: setup ## Lint, format, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: check browser ## check, then all tests (ARGS="-k handoff"; WORKERS=4)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

faults: setup ## The long forms of tests/faults, about four hours: docs/reliability.md has what came of them
	WATCHBILL_EVERY_FAULT=1 $(BIN)/pytest -n $(WORKERS) --dist worksteal tests/faults
	for seed in 1 2 3; do $(BIN)/python -m tests.faults.deadman_simulation --handoffs 3000 --seed $$seed || exit 1; done
	$(BIN)/python -m tests.faults.clock_steps
	$(BIN)/python -m tests.faults.slack_unwell --minutes 20
	$(BIN)/python -m tests.faults.burst
	$(BIN)/python -m tests.faults.power_cut --cuts 10000
	$(BIN)/python -m tests.faults.deliveries --deliveries 1000
	$(BIN)/python -m tests.faults.losing --losses 100
	$(BIN)/python -m tests.faults.status_pushes --outages 250
	for seed in 1 2 3 4 5; do $(BIN)/python -m tests.faults.random_kills --kills 500 --seed $$seed || exit 1; done

LOCK := uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11

lock: ## Make the locks again from the .in files (needs uv; UPGRADE=--upgrade takes newer versions)
	$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(UPGRADE) requirements.in -c requirements-dev.txt -o requirements.txt
	$(LOCK) requirements-backup.in -c requirements-dev.txt -o requirements-backup.txt
	$(LOCK) requirements-build.in -c requirements-dev.txt -o requirements-build.txt

clean: ## Remove the virtual environment, the sandbox's state and all caches
	rm -rf $(VENV) .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
