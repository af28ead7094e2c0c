# Two commands: `make run` opens the app, `make test` runs every test. Both make the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run serve test ranges lint look locales pretrained bench clean

run: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py

# For a classroom: many people on this machine. Settings are in docs/classroom.md.
serve: $(VENV)/.installed
	$(BIN)/python serve.py

# Every test; `pytest` alone leaves the long ones out.
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m ""

# Every test with the oldest and the newest releases that requirements.txt allows, and with a torch in between.
ranges: $(VENV)/.installed
	$(BIN)/python -m tools.ranges

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.locales --check

locales: $(VENV)/.installed-dev
	$(BIN)/python -m tools.locales

# Speed, as a person waits for it: one table, status 1 when something wanted is not met.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

pretrained: $(VENV)/.installed
	$(BIN)/python -m tools.make_pretrained

$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
