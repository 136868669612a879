"""The walls between the rooms stand, and each refuses what it should ([tool.importlinter] in pyproject.toml)."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "confiture_linter": ROOT / "linter/confiture_linter",
    "confiture_rules": ROOT / "rules/confiture_rules",
    "confiture_migrator": ROOT / "migrator/confiture_migrator",
}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)


def lint_imports(root: Path) -> tuple[int, str]:
    """Check the contracts for the packages below `root`."""
    folders = os.pathsep.join(str(root / path.parent.relative_to(ROOT)) for path in PACKAGES.values())
    done = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache", "--config", str(root / "pyproject.toml")],
        cwd=root,
        env={**os.environ, "PYTHONPATH": folders, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_are_kept() -> None:
    code, output = lint_imports(ROOT)
    assert code == 0, output


VIOLATIONS = {
    "rooms": ("linter/confiture_linter/model/planted.py", "import confiture_linter.catalog"),
    "report-knows-model": ("linter/confiture_linter/report/planted.py", "import confiture_linter.config"),
    "report-formats": ("linter/confiture_linter/report/text.py", "import confiture_linter.report.json"),
    "linter-knows-no-rule": ("linter/confiture_linter/engine/planted.py", "import confiture_rules.keys"),
    "rules-and-migrator": ("rules/confiture_rules/planted.py", "import confiture_migrator"),
    "rules-ask-the-context": ("rules/confiture_rules/planted.py", "import confiture_linter.sources"),
    "migrator-rooms": ("migrator/confiture_migrator/ledger/planted.py", "import confiture_migrator.execute"),
    "pglast": ("linter/confiture_linter/catalog/planted.py", "import pglast"),
    "networkx": ("linter/confiture_linter/engine/planted.py", "import networkx"),
    "sqlglot": ("linter/confiture_linter/engine/planted.py", "import sqlglot"),
    "libcst": ("linter/confiture_linter/engine/planted.py", "import libcst"),
    "yaml": ("linter/confiture_linter/engine/planted.py", "import yaml"),
}
"""A file, and the import in it that a contract must refuse."""


def test_every_contract_is_tried() -> None:
    assert set(VIOLATIONS) == {contract["id"] for contract in CONTRACTS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages, to break things in."""
    root = tmp_path_factory.mktemp("copy")
    for path in PACKAGES.values():
        ignored = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(path, root / path.relative_to(ROOT), ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_contract_refuses_a_planted_import(contract: str, copy: Path) -> None:
    name, planted = VIOLATIONS[contract]
    path = copy / name
    before = path.read_text() if path.exists() else None
    path.write_text((before or '"""Planted."""\n') + f"\n{planted}\n")
    try:
        code, output = lint_imports(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    title = next(each["name"] for each in CONTRACTS if each["id"] == contract)
    assert code == 1, output
    assert f"{title} BROKEN" in output, output


def test_a_new_room_must_be_entered(copy: Path) -> None:
    room = copy / "linter/confiture_linter/attic"
    room.mkdir()
    (room / "__init__.py").write_text('"""Planted."""\n')
    try:
        code, output = lint_imports(copy)
    finally:
        shutil.rmtree(room)
    assert code == 1
    assert "attic" in output


def test_no_other_room_may_import_pglast() -> None:
    rooms = {path.stem for path in PACKAGES["confiture_linter"].iterdir() if path.stem[:2] != "__"} - {"py"}
    contract = next(each for each in CONTRACTS if each["id"] == "pglast")
    prefix = "confiture_linter."
    named = {name.removeprefix(prefix) for name in contract["source_modules"] if name.startswith(prefix)}
    assert named == rooms - {"parse"}


def test_pglast_is_named_in_parse_only() -> None:
    """`parse` loads it by name, which no import graph shows; so nobody else may write the name in code."""
    found = set()
    for package in PACKAGES.values():
        for path in package.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and node.value in ("pglast", "pglast.parser"):
                    found.add(path.parent.name)
    assert found == {"parse"}


HEAVY = {"click", "dataclasses", "networkx", "orjson", "pglast.ast", "psycopg", "rich", "sqlglot", "yaml"}
"""What `check` without configuration has no use for (docs/adr/0004-dependencies.md)."""


def test_check_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "schema.sql").write_text("CREATE TABLE a (id bigint PRIMARY KEY, x int[]);\n")
    program = (
        "import sys; from confiture_linter.cli.main import guarded; guarded(['check', '--no-cache', '-q']);"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(path.parent) for path in PACKAGES.values()),
            "CONFITURE_CACHE_DIR": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert "confiture_linter.cli.check" in loaded
    assert loaded & HEAVY == set()


def test_no_group_of_a_regular_expression_is_possessive() -> None:
    """Before Python 3.11.5 such a group loses its place: https://github.com/python/cpython/issues/106052."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in PACKAGES.values()
        for path in sorted(package.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ")*+" in line.split("  # ")[0] or ")++" in line or ")?+" in line
        if not line.startswith("#")
    ]
    assert found == []
