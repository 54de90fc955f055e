# Two commands on a fresh machine with Python 3.11 or newer: make run, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format bench proof lock clean

# The whole daemon with built-in defaults, the sample vault, and this terminal as a front end.
run: $(VENV)/.run
	@$(BIN)/python -m octopus console

# Every test.
test: $(VENV)/.dev
	@$(BIN)/python -m pytest

# Format, lint, types, import contracts.
check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

# Speed and size, each against a yardstick in the same run. Tables here, JSON in benchmarks/results.
# "make bench FULL=1" takes an hour and prints the figures that are promised.
bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(if $(FULL),--full)

# Kills the daemon at random moments and at every named point, and counts what is lost or doubled.
proof: $(VENV)/.dev
	@$(BIN)/python -m tests.proof

# The exact versions, with hashes and without addresses.
lock: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file .requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK) --output-file .requirements-dev.lock

LOCK := --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

$(VENV)/.run: .requirements.lock pyproject.toml
	@echo "Installing into $(VENV) (once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run .requirements-dev.lock
	@echo "Installing what the tests need (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .requirements-dev.lock
	@touch $@

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
