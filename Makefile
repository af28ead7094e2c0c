# Two commands: `make run` opens the app, `make test` runs every test. Both make the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# `make test CONSTRAINTS=constraints.txt` installs exactly the releases that the tests ran with.
CONSTRAINTS ?=
INSTALL := $(BIN)/python -m pip install --quiet $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

# What is compiled is kept: tests start hundreds of processes, and pytest rewrites every assert.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve test check units coverage ranges newest constraints lint js locales pretrained bench clean

run: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py

# For a classroom: many people on this machine. Settings are in docs/classroom.md.
serve: $(VENV)/.installed
	$(BIN)/python serve.py

# Every test; `pytest` alone leaves the long ones out.
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m ""

# While you work: linters and types beside the unit tests of Python and JavaScript; no browser, nothing heavy.
check: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint units

# Without pytest's capture of logs, which takes some hundred handlers on and off around each test.
units: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --ignore=tests/browser -p no:logging -m "not heavy and not long and not browser" -n 2 --hypothesis-profile=few

# Which lines of core the tests reach, the browser's left out; status 1 below 95 %. What runs in other processes is
# counted too. Not what runs in a sandbox, which can write no file, nor in a process that is killed.
coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not browser" --timeout=1200 --cov=core --cov-report=term:skip-covered --cov-fail-under=95

# Every test with the newest releases that the package index has, in an environment of its own.
newest: $(VENV)/.installed
	$(BIN)/python -m tools.ranges newest

# Write down the releases in this environment: those that the tests ran with. torch names its nvidia packages itself.
constraints: $(VENV)/.installed-dev
	(echo "# What the tests ran with; \`make constraints\` writes it."; \
	  $(BIN)/python -m pip freeze | grep --invert-match "^nvidia-") > constraints.txt

# Every test with the oldest and the newest releases that requirements.txt allows, and with a torch in between.
ranges: $(VENV)/.installed
	$(BIN)/python -m tools.ranges

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.locales --check
	$(BIN)/python -m tools.js_types --check
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory js; else echo "no npm: JavaScript is not checked"; fi

# The JavaScript: formatter, linter and types. Node is needed only for this and for its tests.
js: node_modules/.installed
	npm run --silent lint

node_modules/.installed: package.json
	npm install --silent
	touch $@

locales: $(VENV)/.installed-dev
	$(BIN)/python -m tools.locales

# Speed, as a person waits for it: one table, status 1 when a target is not met.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

pretrained: $(VENV)/.installed
	$(BIN)/python -m tools.make_pretrained

$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements-dev.txt
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .tsbuildinfo
