# Everything here sets itself up: `make demo` and `make test` work on a fresh clone with Python 3.11 or later.
PYTHON ?= python3
BIN := .venv/bin
DATA ?=

.PHONY: demo test setup check bench docs clean

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wrapup needs Python 3.11 or later; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: setup
	$(BIN)/wrapup summarize samples

test: setup
	$(BIN)/pytest -n 2

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/unit/test_architecture.py
	$(BIN)/cog --check -r README.md .env.sample

# DATA=FOLDER adds the quality figures on a folder with calls.jsonl and moderation.jsonl.
bench: setup
	$(BIN)/python -m bench $(DATA)

docs: setup
	$(BIN)/cog -r README.md .env.sample

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
