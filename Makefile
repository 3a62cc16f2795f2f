# The main commands are `make run`, `make test` and, before a release, `make test-all`. `make` lists all.
PYTHON ?= python3
UV := uv==0.13.9
VENV := .venv
PY := $(VENV)/bin/python

# The name of a stamp depends on the interpreter, the folder and the pinned versions: a second start installs
# nothing, and another Python, a moved folder or a changed version starts a new installation.
key = $(shell { $(PYTHON) -V; pwd; cat $(1); } 2>&1 | cksum | cut -d' ' -f1)
APP_STAMP := $(VENV)/.app-$(call key,requirements.txt)
DEV_STAMP := $(VENV)/.dev-$(call key,requirements-dev.txt)

# One worker per core; a worker without tests takes some from another.
PYTEST = $(PY) -m pytest -n auto --dist worksteal

INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check
FAILED = { echo 'Installation failed: see the messages of pip above. Run make again when the network is available.' >&2; exit 1; }

.PHONY: help run serve lint fix test test-all browser bench audit screenshots offline-guide install install-dev assets assets-dev lock clean
.DEFAULT_GOAL := help
.NOTPARALLEL:

help: ## list the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: install ## install what is missing, then start the app at http://localhost:8501
	@$(VENV)/bin/streamlit run app.py

serve: install ## start the app for production, under uvicorn; settings: docs/serving.md
	@$(PY) -m server

lint: install-dev ## run ruff, mypy --strict, and biome for scripts and styles
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --num-workers 2
	$(PY) tools/lint_assets.py check

fix: install-dev ## fix and format with ruff and biome
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) tools/lint_assets.py check --write

test: lint browser ## lint, then run all tests except the slow ones, with a real browser: 5 to 6 minutes
	$(PYTEST) -m 'not slow'

test-all: test ## make test, then slow tests, property tests with more examples, coverage of logic/: 17 to 20 minutes
	@$(PY) tools/system_packages.py nginx
	$(PYTEST) -m 'slow or hypothesis' --hypothesis-profile=thorough tests/pages tests/browser tests/server tests/texts tests/tools
	$(PYTEST) --hypothesis-profile=thorough --cov --cov-report=term-missing:skip-covered tests/logic

browser: install-dev
	@$(PY) tools/chromium.py
	@$(PY) tools/system_packages.py pdftotext

bench: install-dev ## run the benchmarks (about 60 minutes) and write bench/RESULTS.md; ONLY=batch runs one
	@$(PY) tools/chromium.py
	@$(PY) -m bench $(ONLY)

audit: install-dev ## list licences and known vulnerabilities of the packages; needs the advisory database
	@$(PY) -m piplicenses --summary
	@$(PY) -m pip_audit --strict --no-deps --disable-pip -r requirements-batch.txt

screenshots: install-dev ## take the screenshots of the README
	@$(PY) tools/chromium.py
	@$(PY) tools/screenshots.py

offline-guide: install ## write the offline guide for rescuers, one HTML file: guide/khodroyar-guide.html
	@$(PY) tools/offline_guide.py

install: $(APP_STAMP) assets ## create the environment, install the app's packages and front-end files

install-dev: $(DEV_STAMP) assets-dev ## make install, and install the tools of `make test`

assets: $(APP_STAMP)
	@$(PY) tools/fetch_assets.py

assets-dev: $(APP_STAMP)
	@$(PY) tools/fetch_assets.py --dev

$(APP_STAMP): requirements.txt
	@$(PYTHON) -c '' 2>/dev/null || { echo 'Python 3.11 or newer is needed, but "$(PYTHON)" does not start. Choose another: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) -V 2>&1). Choose another: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'This Python cannot create environments: install its venv package (Debian, Ubuntu: apt-get install python3-venv).' >&2; exit 1; }
	@# An environment of another folder or another Python is created again: paths in its scripts are wrong.
	@grep -qsF '$(CURDIR)/$(PY)' $(VENV)/bin/pip && [ "$$($(PY) -V 2>&1)" = "$$($(PYTHON) -V 2>&1)" ] || $(PYTHON) -m venv --clear $(VENV)
	@echo 'Installing the packages of the app; the first time this takes a minute or two.'
	@rm -f $(VENV)/.app-* $(VENV)/.dev-*
	@$(INSTALL) -r requirements.txt || $(FAILED)
	@touch $@

$(DEV_STAMP): $(APP_STAMP) requirements-dev.txt
	@echo 'Installing the tools of make test.'
	@rm -f $(VENV)/.dev-*
	@$(INSTALL) -r requirements-dev.txt || $(FAILED)
	@touch $@

LOCK = UV_CUSTOM_COMPILE_COMMAND='make lock' $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --no-strip-extras --generate-hashes $(UPGRADE) --output-file

lock: $(APP_STAMP) ## compile requirements*.txt again; UPGRADE=--upgrade takes the newest releases
	@$(INSTALL) $(UV) || $(FAILED)
	@$(LOCK) requirements.txt pyproject.toml
	@$(LOCK) requirements-batch.txt pyproject.toml --extra batch --constraint requirements.txt
	@$(LOCK) requirements-dev.txt pyproject.toml --extra dev --constraint requirements-batch.txt
	@$(LOCK) deploy/requirements-node.txt deploy/requirements-node.in

clean: ## remove everything that make has created
	rm -rf $(VENV) khodroyar.egg-info bench/.openfisca node_modules ui/static shots guide .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
