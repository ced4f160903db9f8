# Everything a person or a machine does with this checkout. The work is in scripts/.
# Settings (ports, folders, versions): scripts/env.sh.

.DEFAULT_GOAL := help
.PHONY: help setup demo up down status test test-unit test-addons test-e2e test-core lint format bench chaos clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Odoo, Python environment, PostgreSQL, database template
	@scripts/setup.sh

demo: ## everything, then a simulated plant (LOG=path: plays your production log); leaves Odoo running
	@LOG="$(LOG)" scripts/demo.sh

up: ## start the demo server in the background; writes .run/demo.json
	@scripts/up.sh

down: ## stop the demo server and the private PostgreSQL
	@scripts/python.sh scripts/stack.py down

status: ## what runs
	@scripts/python.sh scripts/stack.py status

test: ## lint and all tests, own set-up included
	@scripts/test.sh all

test-unit: ## the plain-Python engine
	@scripts/test.sh unit

test-addons: ## the addons, under pytest-odoo
	@scripts/test.sh addons

test-e2e: ## against a real server, job runner, PostgreSQL and browser
	@scripts/test.sh e2e

test-core: ## Odoo's own stock, mrp and valuation tests with our addons installed
	@scripts/test.sh core

lint: ## check style (format: mend it)
	@scripts/lint.sh

format: ## mend style
	@scripts/lint.sh --fix

bench: ## the benchmarks
	@scripts/bench.sh

chaos: ## the fault campaign, about ten minutes (MFG_CHAOS_SEED, MFG_CHAOS_MINUTES)
	@scripts/chaos.sh

clean: ## stop everything and remove what was made: databases, environment, Odoo
	@scripts/clean.sh
