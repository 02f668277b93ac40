# Everything a person or a machine does with the repository. `make run` and `make test` need only
# python3 (3.11 or later, with venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_ALL := $(VENV)/.ready-all
OFFICE ?= office
OPENODA_DATA ?= ../shared/data
export OPENODA_DATA

.PHONY: setup setup-all run test test-all check fix docs lock clean

setup: $(READY)
setup-all: $(READY_ALL)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(READY): $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --no-build-isolation -e .
	@touch $@

$(READY_ALL): $(READY) requirements-all.lock
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-all.lock
	@touch $@

# The office's main job, on the city's real data where it is at hand, else on synthetic data.
run: setup
	@$(BIN)/oda run food-inspections --example --workspace $(OFFICE)

test: setup
	$(BIN)/python -m pytest -n auto --dist loadscope -m "not long"

# Minutes longer: kill -9 at 200 moments, a hundred planted flaws a check, every page in a browser.
test-all: setup-all
	$(BIN)/python -m pytest

# Never changes a file.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/architecture
	$(BIN)/python -m pytest -m "not long" --cov --cov-report=term

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The reference pages are written from the code; a test compares the two.
docs: setup
	$(BIN)/python docs/generate.py

bench-%: setup
	$(BIN)/python benchmarks/$*.py

lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --extra link --extra rds --extra postgresql --extra mysql --extra dev -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --all-extras -o requirements-all.lock

clean:
	rm -rf $(VENV) $(OFFICE)
