# Works with GNU make 3.81 (macOS) and later. `make` alone lists the targets.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
READY := .venv/.ready
unexport PYTHONDONTWRITEBYTECODE  # the tests start the program hundreds of times

.PHONY: help setup run test worlds coverage mutants lint check format translations schemas fonts fuzz bench bench-ui bench-import bench-batch lock audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## Create .venv with everything in it (PYTHON=python3.12 picks another Python)

$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh
	@touch $@

run: $(READY) ## Open the calculator in a browser on this machine (ARGS="--server.port=8600")
	$(VENV_PYTHON) -m streamlit run serve.py $(ARGS)

test: $(READY) ## Run all tests (ARGS="-k grant -x" to choose)
	$(VENV_PYTHON) -m pytest -q -n auto --dist worksteal $(ARGS)

worlds: $(READY) ## Ask the engine and both oracles about ten thousand generated worlds (WORLDS=2000 for fewer; some 10 minutes on two cores)
	WORLDS=$(or $(WORLDS),10000) $(VENV_PYTHON) -m pytest -q -n auto -rP tests/test_engine_agrees.py

# The tests that call the packages within their own process, without those that repeat them on more worlds.
coverage: $(READY) ## Measure which lines and branches of pricing, offers and calculator the tests run; fails below 98 %
	WORLDS=10 $(VENV_PYTHON) -m pytest -q -n auto --dist worksteal --cov --ignore=tests/browser --ignore=tests/ui --ignore=tests/test_cli.py \
	  --ignore=tests/test_report.py --ignore=tests/test_reference.py --ignore=tests/test_daily.py $(ARGS)

mutants: $(READY) ## Change the calculation in some 4,200 ways and list those that no test notices (docs/mutants.md)
	rm -rf mutants
	HYPOTHESIS_PROFILE=mutants WORLDS=40 .venv/bin/mutmut run
	.venv/bin/mutmut results

lint: $(READY) ## Check style, format, types, and which package imports which
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	PYTHONPATH=. .venv/bin/lint-imports --no-logo --no-cache

check: $(READY) ## Check the price and offer files
	.venv/bin/banjia check --strict

format: $(READY) ## Put the Python files into the format that lint demands
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

translations: $(READY) ## Bring the Chinese catalogue up to date with the sentences in the code
	$(VENV_PYTHON) scripts/translations.py

schemas: $(READY) ## Write the JSON Schemas of the data files to docs/schemas
	@for name in offers event provider profile exchange-rates tokenizers effort usage-format usage-aliases; do \
	  .venv/bin/banjia schema $$name > docs/schemas/$$name.json || exit 1; \
	done

fonts: $(READY) ## Build the font of the page and of PDF files, after new Chinese characters
	.venv/bin/uv run --no-project --python $(VENV_PYTHON) --with fonttools==4.68.0 --with brotli==1.2.1 \
	  --with pylopdf-fonts-zh-cn==0.1.1 scripts/fonts.py

bench: $(READY) ## Time whole commands beside the public tools that price tokens (ROWS=100000 for fewer records; ten minutes)
	$(VENV_PYTHON) scripts/bench.py $(ROWS)

fuzz: $(READY) ## Look for input that a reader should refuse and does not (READER=yaml|profile|link|import SECONDS=60)
	.venv/bin/uv run --no-project --python $(VENV_PYTHON) --with "atheris==2.3.0; python_version < '3.12'" \
	  --with "atheris==3.1.0; python_version >= '3.12'" scripts/fuzz.py $(or $(READER),yaml) $(or $(SECONDS),60)

bench-ui: $(READY) ## Time the page beside an empty Streamlit app, in a browser and with 50 sessions
	$(VENV_PYTHON) scripts/bench_ui.py

bench-batch: $(READY) ## Time compare_many with a million profiles (ROWS=100000 for fewer)
	$(VENV_PYTHON) scripts/bench_batch.py $(ROWS)

lock: $(READY) ## Pin the newest fitting version of every package in requirements.lock
	.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock

audit: $(READY) ## See that somebody looked at every locked package, and ask for known weaknesses where that is possible
	$(VENV_PYTHON) scripts/audit.py

bench-import: $(READY) ## Import 20 million rows and compare with the bare query (takes minutes, 4 GB of disk)
	$(VENV_PYTHON) scripts/bench_import.py

clean: ## Delete everything that make has created, .venv as well
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .bench .fuzz mutants build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
