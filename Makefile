# One door to everything: `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
PORT ?= 8080
ONLY ?=
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: help setup server browser fix check test test-all demo bench bench-quality screenshots audit ci

help: ## Say what there is
	@echo "Winnow. Start with 'make demo'; each command makes the environment first if need be."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Make .venv and install what is pinned in constraints.txt; quick when it is done already

# The stamp is written last: an installation that was interrupted is taken up again.
$(INSTALLED): pyproject.toml constraints.txt
	@command -v $(PYTHON) > /dev/null || { echo "There is no '$(PYTHON)' here; install Python 3.11 or newer, or name yours: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Winnow needs Python 3.11 or newer, and $(PYTHON) is %d.%d; name a newer one: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e '.[train,multimodal,valkey,feast,grpc,otel,ui,dev]'
	@touch $@

# Tests of shared state start a server of their own, and only need the program; the service that comes with it is not
# left running. Without it they are skipped, but for CI, where they fail.
server:
	@command -v valkey-server redis-server > /dev/null || ! command -v apt-get > /dev/null || [ "$$(id -u)" != 0 ] || { \
	  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; apt-get update -q; \
	  apt-get install -qy --no-install-recommends valkey-server || apt-get install -qy --no-install-recommends redis-server \
	  || echo "No Valkey server can be installed here; install one by hand to test shared state." >&2; \
	  for each in valkey-server redis-server; do service $$each stop > /dev/null 2>&1 || true; done; }

# Tests of the pages drive a real browser, likewise.
browser:
	@command -v chromium chromium-browser google-chrome > /dev/null || ! command -v apt-get > /dev/null || [ "$$(id -u)" != 0 ] || { \
	  export DEBIAN_FRONTEND=noninteractive; apt-get update -q; apt-get install -qy --no-install-recommends chromium \
	  || echo "No Chromium can be installed here; install one by hand to test the pages." >&2; }

fix: setup ## Format the code and mend what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: setup ## Lint, formatting, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright
	$(BIN)/lint-imports

# Three at once, for two cores: some wait for what they have started. The tests of a file stay together, since they share
# what they have trained, and files keep their order, in which the longest come early. They start some hundred processes,
# each of which would compile all of it where no bytecode may be kept.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

test: setup server browser ## All tests but the slow ones
	$(PYTEST)

test-all: setup server browser ## All tests, with more of the cases that are drawn
	$(PYTEST) -m '' --hypothesis-profile=many

demo: setup ## A small shop from nothing to its pages on http://localhost:8081 and answers on 8080; PORT=9000 changes both
	$(BIN)/winnow demo --port $(PORT)

bench: setup server browser ## Measure speed; one table, and benchmarks/results.json; ONLY=serve runs one group
	$(BIN)/python -m benchmarks.run $(if $(ONLY),--only $(ONLY))

BUNDLE ?= demo/bundle
MEDIA ?= demo/shop/pictures
screenshots: setup browser ## Take the pictures of the pages in docs/, of the demo in demo/; BUNDLE= and MEDIA= name another
	$(BIN)/python -m benchmarks.screenshots $(BUNDLE) --pictures $(MEDIA)

bench-quality: setup ## Measure training, which takes long; ONLY= as above
	$(BIN)/python -m benchmarks.run --quality $(if $(ONLY),--only $(ONLY))

audit: setup ## Look the installed packages up in the public list of vulnerabilities; needs the internet
	$(BIN)/pip install --disable-pip-version-check --quiet -c constraints.txt pip-audit
	$(BIN)/pip-audit --skip-editable

ci: check test ## Exactly what CI runs
