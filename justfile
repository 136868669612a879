# The contributor's manual: `just` lists everything. What `just check` does is what CI does (.ci/run).
# `just` itself is in the dev extra (rust-just), so that nothing has to be installed beside Python.

# Tools come from the active environment, else from .venv.
export PATH := env("VIRTUAL_ENV", justfile_directory() / ".venv") / "bin:" + env("PATH")

[private]
default:
    @just --list --unsorted

# Make .venv with everything in it
[group("setup")]
setup:
    python3 -m venv .venv
    .venv/bin/pip install -e '.[dev]'

# Run our own hooks before each commit
[group("setup")]
hooks:
    pre-commit install

# Everything CI runs
[group("check")]
check: test lint types layers pages site

# Style and format
[group("check")]
lint:
    ruff check
    ruff format --check

# mypy, strict
[group("check")]
types:
    mypy

# The walls between rooms (import-linter)
[group("check")]
layers:
    lint-imports

# Whether generated pages are fresh
[group("check")]
pages:
    python -m tests.generate.pages --check

# All tests; `just test -k tenancy` some
[group("test")]
test *ARGUMENTS:
    python -m pytest -n auto {{ARGUMENTS}}

# The tests that take no more than a few seconds each
[group("test")]
quick *ARGUMENTS:
    python -m pytest -n auto -m "not slow" {{ARGUMENTS}}

# Bring generated pages and the output in examples up to date
[group("docs")]
docs:
    python -m tests.generate.pages
    python -m tests.docs.refresh

# Build the site into build/site; a broken link fails
[group("docs")]
site:
    mkdocs build --strict --quiet

# The site, live
[group("docs")]
serve:
    mkdocs serve

# Measure against squawk on generated trees
[group("bench")]
bench *ARGUMENTS:
    python benchmarks/compare.py {{ARGUMENTS}}

# Write a rule to be filled in: `just new-rule tenancy my-rule-name`
[group("new")]
new-rule FAMILY NAME:
    python -m tests.generate.new_rule {{FAMILY}} {{NAME}}

# Check everything, then build sdist and wheel into dist/
[group("release")]
release: check
    hatchling build
    @echo "then: version.py and CHANGELOG.md say the same, git tag v$(python -c 'from confiture_linter import __version__ as v; print(v)')"
