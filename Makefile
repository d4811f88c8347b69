# make record   set everything up and produce the example record
# make test     set up what the tests need and run them all
# make lint     ruff, mypy, import-linter
# make lock     renew the locked dependencies
# make clean    remove the virtual environment and all caches (never a record)
.POSIX:
.PHONY: record test lint lock clean setup setup-test

PYTHON = .venv/bin/python
TONMEISTER = .venv/bin/tonmeister
EXAMPLE = lamplight
PYTEST_ARGS = -n auto

setup:
	@scripts/setup.sh record

setup-test:
	@scripts/setup.sh test

record: setup
	@$(PYTHON) examples/make_record.py $(EXAMPLE)

test: setup-test
	$(PYTHON) -m pytest $(PYTEST_ARGS)

lint: setup-test
	$(PYTHON) -m ruff check src tests benchmarks examples
	$(PYTHON) -m ruff format --check src tests benchmarks examples
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

lock: setup-test
	$(PYTHON) -m pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml requirements.in --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
	.venv/bin/uv pip compile pyproject.toml requirements.in -c requirements-dev.lock --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
