# The commands of this project. `make demo` and `make test` work in a fresh clone and need only Python 3.11.
SHELL := /bin/bash
BIN := .venv/bin
PORT ?= 8000
PYTEST_ARGS ?=
# one process more than cores, since a browser's test waits half its time; a file each, in their order: the browser's
# come last (tests/fixtures/browser.py)
PROCESSES := $(shell n=$$(getconf _NPROCESSORS_ONLN || echo 1); echo $$((n < 4 ? n + 1 : 4)))
SIDE_BY_SIDE := --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help demo up test check fix lock install install-dev embedding

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 14

demo: install  ## install, start everything with the invented review, print address and sign-ins; Ctrl-C stops it
	@scripts/install-embedding
	@exec $(BIN)/python manage.py up --demo --port $(PORT)

up: install  ## the same without the invented review
	@scripts/install-embedding
	@exec $(BIN)/python manage.py up --port $(PORT)

# what is compiled is kept, whatever the environment says: tests are collected in a third of the time, workers start sooner
test: install-dev  ## install and run every test, the browser's included (PYTEST_ARGS="-k import" for some)
	@scripts/install-embedding
	@scripts/install-browser
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

check: install-dev  ## style, types, layers, templates, migrations; writes nothing
	@scripts/check

fix: install-dev  ## format and mend what a tool can mend
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

lock: install-dev  ## resolve the requirements anew (UPGRADE=--upgrade for newer versions)
	scripts/lock

install:
	@scripts/install requirements/lock.txt

install-dev:
	@scripts/install requirements/lock-dev.txt

embedding: install  ## try again to install semantic features
	@scripts/install-embedding --again
