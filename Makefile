# Everything runs in a virtual environment of its own that the first call makes. On a fresh machine:
#
#     make demo      the main job on samples/: generated code, values and adjoints, SymPy's verdict
#     make test      everything that has to hold: ruff, mypy, the tests, the blocks of the documentation
#
# Another Python:  make test PYTHON=python3.13 VENV=.venv313

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: help demo test lint types tests bench golden clean

help:
	@sed -n 's/^#     \(make .*\)/\1/p' Makefile

demo: $(VENV)/.demo
	@echo; echo "--- the gradient code of J in samples/course.py, run at a=5, b=3, c=2 ---"; echo
	@$(PY) -m gradgen show samples/course.py::J --at a=5,b=3,c=2
	@echo; echo "--- its computation graph ---"; echo
	@$(PY) -m gradgen graph samples/course.py::J
	@echo; echo "--- what SymPy and numerical differences say of it ---"; echo
	@$(PY) -m gradgen verify samples/course.py::J --at a=5,b=3,c=2
	@echo; echo "--- every sample: value, gradient, and SymPy's verdict on the code that computed them ---"; echo
	@$(PY) samples/demo.py
	@echo; echo "--- the generated files beside the samples ---"; echo
	@$(PY) -m gradgen check samples

test: lint types tests

lint: $(VENV)/.test
	$(PY) -m ruff check gradgen tests samples

types: $(VENV)/.test
	$(PY) -m mypy

tests: $(VENV)/.test
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

bench: $(VENV)/.test
	$(PY) -m tests.benchmarks

golden: $(VENV)/.test
	$(PY) -m pytest --update-golden

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gradgen needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian, Ubuntu: python3-venv)" >&2; exit 1; }

$(VENV)/.demo: setup.cfg pyproject.toml | $(PY)
	@echo "installing gradgen into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml | $(PY)
	@echo "installing gradgen and what its tests need into $(VENV) ..."
	@$(PIP) install --editable '.[test]'
	@touch $@ $(VENV)/.demo
