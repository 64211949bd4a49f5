# What one can do here: `make help`. Needs Python 3.11 or newer, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo attack test chaos check bench load lock clean web web-api python \
	venv venv-dev venv-bench venv-node

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*##/ { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: venv web ## install what is missing, start everything, stop it with Ctrl-C
	@$(BIN)/countersign up

demo: venv ## play the whole story against the running stack
	@$(BIN)/countersign demo

attack: venv ## try every known way round the gate on the running stack
	@$(BIN)/countersign attack $(ARGS)

test: venv-dev web ## run all tests; make test ARGS="tests/unit -k money" runs some
	@$(BIN)/python -m pytest $(if $(ARGS),$(ARGS),-n 2 --dist loadfile --no-loadscope-reorder)

chaos: venv-dev ## kill and freeze everything under 300 orders; make chaos SEED=11 repeats a schedule
	@PYTHONPATH=.:services $(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(ARGS)

web: venv-node ## build the web pages, when their sources have changed
	@$(PYTHON) tools/web.py build

web-api: venv-dev venv-node ## write the pages' clients anew from the portals' documents
	@$(PYTHON) tools/web.py api

check: venv-dev venv-node ## lint, format, types, import rules, of the pages too
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@PYTHONPATH=.:services $(BIN)/lint-imports
	@$(PYTHON) tools/web.py check
	@$(PYTHON) tools/web.py test

bench: venv venv-bench ## measure against other software; make bench ARGS="--quick releases" measures some, roughly
	@PYTHONPATH=.:services $(BIN)/python -m bench $(ARGS)

load: venv-dev ## 200 customers for ten minutes below the ceiling, then above it; make load ARGS="--minutes 1"
	@PYTHONPATH=.:services $(BIN)/python -m bench.load $(ARGS)

lock: venv-dev ## write the lock files anew, install them, see that everything imports
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for names in "requirements-dev" "requirements -c requirements-dev.txt" "requirements-bench" "requirements-web"; do \
		set -- $$names; name=$$1; shift; \
		$(BIN)/python -m uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
			--universal --python-version 3.11 "$$@" $$name.in -o $$name.txt || exit 1; \
	done
	@$(MAKE) --no-print-directory venv-dev
	@$(BIN)/python -c "import cli.main, cp_backend.app, gateway.app, plant.app, pp_backend.app, sandbox.app"

clean: ## remove what was installed or cached; your data in .countersign stays
	rm -rf .venv .venv-bench .venv-node web/node_modules web/dist .ruff_cache .hypothesis .import_linter_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: python
	@$(PYTHON) tools/venv.py run

venv-dev: python
	@$(PYTHON) tools/venv.py dev

venv-node: python
	@$(PYTHON) tools/venv.py node

venv-bench: python
	@$(PYTHON) tools/venv.py bench

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..., or install it" >&2; exit 1; }
