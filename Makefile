# Every target carries its own help line; `make` alone lists them.
PYTHON ?= python3
PUFA_VENV ?= .venv
PY := $(PUFA_VENV)/bin/python
UV := $(PUFA_VENV)/bin/uv
TESTS ?= tests
WORKERS ?= 2
export PUFA_VENV

.DEFAULT_GOAL := help
.PHONY: help run dev worker test test-services test-bundle lint messages lock law faults fuzz bundle sbom audit \
	screenshots handbook clean ready ready-dev python

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ready ## Set everything up and serve the site on PORT (8000); Ctrl-C stops
	@exec $(PY) -m scripts.serve

dev: ready ## Serve with Django's debug pages and automatic reload; no worker
	@PUFA_DEBUG=1 $(PY) manage.py migrate --no-input
	@PUFA_DEBUG=1 exec $(PY) manage.py runserver $${PUFA_BIND:-127.0.0.1}:$${PORT:-8000}

worker: ready ## Run one more worker beside `make run` or `make dev`
	@exec $(PY) manage.py work

test: ready-dev ## Run the tests (TESTS=path for a part of them)
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

test-services: ready-dev ## Run the tests on PostgreSQL and Redis, browser tests apart
	@scripts/services.sh $(PY) -m pytest -n $(WORKERS) -m "not e2e" $(TESTS)

test-bundle: bundle ## Install, upgrade and roll back from the archive of `make bundle`, with no network
	@PUFA_TEST_BUNDLE="$$(ls -t "$${PUFA_DATA_DIR:-var}"/bundle/*-"$$(uname -m)".tar | head -n 1)" \
	  $(PY) -m pytest tests/deploy/test_deploy_bundle.py

lint: ready-dev ## Check style, types, layers, templates, migrations, translations and the house rules
	@$(PY) -m scripts.lint

messages: ready-dev ## Collect strings to translate into every app's locale folder, then compile
	@$(PY) -m scripts.make_messages
	@$(PY) -m scripts.compile_messages

lock: ready ## Compile the requirements files from pyproject.toml, and package-lock.json from package.json
	@scripts/lock.sh $(UV)

law: ready ## Import the laws that the site cites from the data package
	@$(PY) manage.py migrate --no-input
	@$(PY) manage.py import_law corpus --all-listed

faults: ready-dev ## Kill, lock, fill, slow down and misdate parts of an installation; print what was lost (ONLY="kills disk": some)
	@$(PY) -m scripts.faults $(if $(ONLY),--only $(ONLY))

bundle: ready-dev ## Make an archive that installs without a network (ARCH=aarch64 for other processors)
	@$(PY) -m scripts.bundle $(if $(ARCH),--machine $(ARCH))

sbom: ready-dev ## Write the bill of materials (CycloneDX) and the list of licences into var/sbom
	@$(PY) -m scripts.sbom

fuzz: ready-dev ## Spoilt files into every import, hostile values into every parameter, new examples (twenty minutes)
	@PUFA_FUZZ_SECONDS=$${PUFA_FUZZ_SECONDS:-600} PUFA_FUZZ_SEED=$${PUFA_FUZZ_SEED:-$$(date +%F)} $(PY) -m pytest \
	  tests/fuzz
	@$(PY) -m pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=searching $(TESTS)

audit: ready-dev ## Ask a database of known holes about every locked package, where one can be reached
	@$(PY) -m scripts.audit

screenshots: ready-dev ## Take pictures of the main pages of the starter site into var/screenshots
	@$(PY) -m scripts.screenshots

handbook: ready-dev ## Take the handbooks' pictures anew into docs/handbook/images
	@$(PY) -m scripts.handbook

clean: ## Remove what set-up installed; data in var stay
	rm -rf $(PUFA_VENV) node_modules

ready: python
	@$(PYTHON) -m scripts.setup run

ready-dev: python
	@$(PYTHON) -m scripts.setup test

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install it (Debian: apt-get install python3 python3-venv) and run the command again."; exit 1; }
