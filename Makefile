# Everything here sets itself up: `make demo` and `make test` work on a fresh clone with Python 3.11 or later.
PYTHON ?= python3
BIN := .venv/bin
DATA ?=
# Pages with tables that are made from the code.
COG := README.md .env.sample $(addprefix docs/,commands.md datasets.md evaluation.md feedback.md formats.md settings.md slack.md)

.PHONY: demo slack test browser setup check bench flywheel soak docs clean

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wrapup needs Python 3.11 or later; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: setup
	$(BIN)/wrapup summarize samples

# A Slack on this machine with the bot in it, until Ctrl-C.
slack: setup
	@$(BIN)/python -m sandbox

# Where there is no local Slack or no Chromium, the tests that need one are skipped and say so.
test: setup
	@$(BIN)/python -m sandbox.install || true
	$(BIN)/pytest -n 2

# The pages as people see them; writes the screenshots in docs/ anew.
browser: setup
	@$(BIN)/python -m sandbox.install
	$(BIN)/pytest -n0 tests/browser --screenshots docs

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/unit/test_architecture.py
	$(BIN)/cog --check -r $(COG)

# DATA=FOLDER adds the quality figures on a folder with calls.jsonl and moderation.jsonl.
bench: setup
	$(BIN)/python -m bench $(DATA)

# Once around the loop on the embedded model, for both tasks; DATA=FOLDER takes other calls and comments than our own.
flywheel: setup
	$(BIN)/python -m bench.flywheel $(DATA)

# A thousand requests while processes are killed and Slack fails: none may be lost or answered twice.
soak: setup
	@$(BIN)/python -m sandbox.install
	$(BIN)/python -m bench.soak

docs: setup
	$(BIN)/cog -r $(COG)

clean:
	rm -rf .venv .slack .mypy_cache .ruff_cache .pytest_cache .hypothesis
