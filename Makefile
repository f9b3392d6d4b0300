# Each target does its own set-up: a virtual environment in .venv, pinned packages, bubblewrap.
PYTHON := .venv/bin/python
READY := .venv/ready
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup demo test long doors browser container container-test gpu runtimes-test attacks audit fuzz lint format bench schema clean

help:
	@echo "make demo            grade a small made-up class and write report/index.html"
	@echo "make test            run the tests"
	@echo "make long            run those that take longest: audits, installations, a whole class twice"
	@echo "make doors           run the tests of the ways in and out: students, nbgrader, pull requests"
	@echo "make browser         run the tests that look at pages in a headless Chromium"
	@echo "make container       build the grader's image"
	@echo "make container-test  build it, and grade in it"
	@echo "make gpu             grade on a GPU; it needs one"
	@echo "make runtimes-test   install every runtime, and try workers in each"
	@echo "make lint            check style and types"
	@echo "make audit           prove every exercise, in each runtime that is installed: right answers pass, mistakes do not"
	@echo "make attacks         run every attack three times, in shuffled orders"
	@echo "make fuzz            run the tests on random input a hundred times as long"
	@echo "make bench           measure speed beside plain pytest and nbgrader"
	@echo "make schema          write docs/result-schema.json anew"
	@echo "make setup           only install what the others need"
	@echo "make clean           remove what make has made"

setup: $(READY)

$(READY): scripts/setup pyproject.toml constraints.txt
	@scripts/setup

demo: $(READY)
	@$(PYTHON) grade.py batch --all examples/class --rules examples/class/course.toml \
		--report report --json report/results.json
	@$(PYTHON) grade.py export csv --rules examples/class/course.toml --to report/grades.csv

test: $(READY)
	@$(PYTHON) -m pytest

long: $(READY)
	@$(PYTHON) -m pytest -m long

doors: $(READY)
	@scripts/need git jq pg_ctlcluster=postgresql
	@$(PYTHON) -m pytest -m "door and not browser"

browser: $(READY)
	@scripts/need chromium chromedriver=chromium-driver
	@$(PYTHON) -m pytest -m browser

container:
	@scripts/container-build

container-test: $(READY) container
	@$(PYTHON) -m pytest -m container
	@AUTOGRADER_IMAGE=autograder $(PYTHON) -m pytest tests/test_corpus.py

gpu:
	@scripts/gpu

runtimes-test: export AUTOGRADER_RUNTIMES ?= $(CURDIR)/.autograder/runtimes
runtimes-test: $(READY)
	@scripts/need cc=gcc
	@$(PYTHON) grade.py runtimes install --all
	@$(PYTHON) -m pytest -m runtime

audit: SEEDS ?= 20
audit: export AUTOGRADER_RUNTIMES ?= $(CURDIR)/.autograder/runtimes
audit: $(READY)
	@$(PYTHON) grade.py audit --all --seeds $(SEEDS)

attacks: $(READY)
	@CORPUS_RUNS=3 $(PYTHON) -m pytest -m attack

fuzz: $(READY)
	@FUZZ=100 $(PYTHON) -m pytest tests/test_fuzz.py tests/worker/test_wire.py tests/test_submission.py

lint: $(READY)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/vermin --quiet --no-tips --violations -t=3.6- autograder/worker autograder/sandbox/hostile.py

format: $(READY)
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

schema: $(READY)
	@$(PYTHON) -c 'import json; from autograder.result import json_schema; print(json.dumps(json_schema(), indent=1))' \
		> docs/result-schema.json

bench: $(READY)
	@$(PYTHON) benchmarks/throughput.py
	@$(PYTHON) benchmarks/nbgrader.py
	@$(PYTHON) benchmarks/runtimes.py

clean:
	rm -rf .venv .autograder report .pytest_cache .mypy_cache .ruff_cache .hypothesis
