# Everything a person does here, on a machine with nothing prepared but make.
#
#   make run          open the window (without a display: train and draw off-screen)
#   make test         the whole test suite, the real window under a virtual display included
#   make lint         ruff, mypy, and vulture, which finds dead code
#   make screenshots  renew assets/screenshots
#   make campaign     the long trials: killed sessions, hostile files, random events, endurance
#   make clean        remove the environment and every cache
#
# PYTHON names the interpreter that the environment is made with: make run PYTHON=python3.12

.POSIX:
.NOTPARALLEL:
.PHONY: run test lint screenshots campaign clean system-run system-test

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

run: system-run $(VENV)/run.stamp
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "There is no display here, so this trains and draws off-screen."; \
	  $(BIN)/playground demo; \
	else \
	  $(BIN)/playground; \
	fi

test: system-test $(VENV)/test.stamp
	$(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/vulture

screenshots: system-test $(VENV)/test.stamp
	$(BIN)/python -m tests.desktop.screenshots

campaign: system-test $(VENV)/test.stamp
	$(BIN)/python -m tests.campaigns.killed --times 50 --seed 0
	$(BIN)/python -m tests.hostile --files 10000
	$(BIN)/python -m tests.campaigns.buildable --examples 5000
	$(BIN)/python -m tests.campaigns.monkey --events 10000 --seeds 10
	$(BIN)/python -m tests.campaigns.endurance --cycles 1000 --minutes 30

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find playground tests -name __pycache__ -type d -prune -exec rm -rf {} +

system-run:
	@PYTHON="$(PYTHON)" .ci/system-packages run

system-test:
	@PYTHON="$(PYTHON)" .ci/system-packages test

# The stamps say which set was installed last: pip runs again only when one of their sources changed.
$(VENV)/run.stamp: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing Playground into $(VENV); the first time this takes some minutes."
	$(PIP) --editable .
	@touch $@

$(VENV)/test.stamp: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing Playground and its test tools into $(VENV); the first time this takes some minutes."
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/run.stamp

$(BIN)/python:
	@PYTHON="$(PYTHON)" .ci/system-packages python
	$(PYTHON) -m venv $(VENV)
