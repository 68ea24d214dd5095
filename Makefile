# evalcomm: what one can do here. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo serve test lint types contracts unit bench system system-test translations clean

help:  ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

demo: system $(VENV)/runtime  ## build the demonstration in instance/ and serve it (DEMO_SERVE=0: only build)
	EVALCOMM_DEMO=1 $(BIN)/evalcomm demo build
ifneq ($(DEMO_SERVE),0)
	EVALCOMM_DEMO=1 $(BIN)/evalcomm serve
endif

serve: system $(VENV)/runtime  ## serve the instance as it is
	$(BIN)/evalcomm db upgrade
	$(BIN)/evalcomm serve

test: system-test $(VENV)/dev lint types contracts  ## everything that CI runs: lint, types, contracts, tests on both databases, browser journeys
	$(BIN)/pytest -n 2 --dist loadgroup
	tools/with-postgres $(BIN)/pytest -n 2 --dist loadgroup --ignore=tests/engine --ignore=tests/tables --ignore=tests/documents --ignore=tests/package

unit: $(VENV)/dev  ## the tests on SQLite, without the browser
	$(BIN)/pytest -n 2 --dist loadgroup --ignore=tests/journeys

lint: $(VENV)/dev  ## style and mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev  ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/dev  ## rooms import only rooms below them
	$(BIN)/lint-imports

bench: system $(VENV)/bench  ## ratios against peers and floors in the same run
	@missed=""; for program in $$(grep -l __main__ benchmarks/*.py); do echo "== $$program"; $(BIN)/python $$program || missed="$$missed $$program"; done; \
	if [ -n "$$missed" ]; then echo "a target was missed, or a program failed:$$missed"; exit 1; fi

translations: $(VENV)/dev  ## collect the sentences into the English catalogue and compile it
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k lazy_pgettext:1c,2 --add-location=file --sort-by-file -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date --width 120 -i $(VENV)/messages.pot -d evalcomm/translations -l en
	$(BIN)/pybabel -q compile -d evalcomm/translations -l en

system:  ## Debian packages that printing PDF needs
	@tools/system-packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

system-test: system  ## and those that the tests need
	@tools/system-packages postgresql chromium fonts-nanum

$(VENV)/runtime: requirements/runtime.txt requirements/build.txt pyproject.toml
	@tools/environment runtime

$(VENV)/dev: requirements/dev.txt pyproject.toml
	@tools/environment dev

$(VENV)/bench: requirements/bench.txt pyproject.toml
	@tools/environment bench

clean:  ## remove the environment and what was built; the instance stays
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
