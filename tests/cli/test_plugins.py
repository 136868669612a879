"""Rules of a plugin module, of an entry point, and ones that cannot be loaded."""

from pathlib import Path

import pytest
from tests.cli.program import Run, environment, lint, write

RULE = '''\
from confiture_linter.catalog import Table
from confiture_linter.model import {imports}


@rule(
    name="{name}", subject=Table, severity=Severity.ERROR,
    bad="CREATE TABLE bad_one (x int);", good="CREATE TABLE good_one (x int);", at="CREATE",
)
def check(table, ctx):
    """A table is called bad.

    *Instead:* call it good.
    """
    {body}
'''


def module(name: str = "no-bad-tables", body: str = "", imports: str = "Severity, rule") -> str:
    body = body or 'if table.name.startswith("bad"):\n        yield table.finding("bad table")'
    return RULE.format(name=name, body=body, imports=imports)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        {
            "confiture.yaml": "lint: {plugins: [house_rules]}\nschema: {roots: [db]}\n",
            "db/a.sql": "CREATE TABLE bad_one (x int PRIMARY KEY);",
        },
    )


def run(tree: Path, *arguments: str) -> Run:
    env = environment(CONFITURE_CACHE_DIR=str(tree / "cache"), PYTHONDONTWRITEBYTECODE="1")
    env["PYTHONPATH"] += f":{tree}"
    return lint(*(arguments or ("check", "--format", "concise")), cwd=tree, env=env)


def test_a_module(tree: Path) -> None:
    write(tree, {"house_rules.py": module()})
    assert "db/a.sql:1:1: error no-bad-tables bad table" in run(tree).out
    assert "no-bad-tables" in run(tree, "rules").out
    assert run(tree, "explain", "no-bad-tables").out.startswith("# no-bad-tables")
    assert run(tree, "check", "--ignore", "no-bad-tables").code == 0


def test_a_module_that_changes(tree: Path) -> None:
    write(tree, {"house_rules.py": module()})
    assert run(tree).code == 1
    write(tree, {"house_rules.py": module().replace("bad table", "a very bad table")})
    assert "a very bad table" in run(tree).out


def test_a_package(tree: Path) -> None:
    write(
        tree,
        {
            "house_rules/__init__.py": "",
            "house_rules/tables/__init__.py": "",
            "house_rules/tables/bad.py": module(),
        },
    )
    assert "error no-bad-tables bad table" in run(tree).out
    rows = run(tree, "rules", "tables", "--format", "json").json["rules"]
    assert [row["name"] for row in rows] == ["no-bad-tables"]


BROKEN = {
    "missing": (None, "cannot load rules from house_rules: ModuleNotFoundError"),
    "raises": ("1 / 0", "cannot load rules from house_rules: ZeroDivisionError: division by zero"),
    "syntax": ("def", "cannot load rules from house_rules: SyntaxError"),
    "exits": ("raise SystemExit(0)", "cannot load rules from house_rules: SystemExit"),
    "name": (module(name="No Bad Tables"), "house_rules: rule name 'No Bad Tables' is not kebab-case"),
    "docstring": (module().replace('"""A table', '"""' + "x" * 99), "the docstring's first line"),
    "twice": (module(name="missing-object"), "house_rules: rule missing-object is defined twice"),
    "subject": (
        module().replace("subject=Table", "subject=dict"),
        "rule no-bad-tables: no rule can be about dict",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_that_cannot_be_loaded(tree: Path, name: str) -> None:
    text, message = BROKEN[name]
    if text is not None:
        write(tree, {"house_rules.py": text})
    result = run(tree)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert len(result.err.splitlines()) == 1


def test_one_that_crashes_names_rule_object_and_file(tree: Path) -> None:
    write(tree, {"house_rules.py": module(body="yield 1 / 0")})
    env = environment(CONFITURE_CACHE_DIR=str(tree / "cache"))
    env["PYTHONPATH"] += f":{tree}"
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "confiture_linter"],
        cwd=tree,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for word in ("no-bad-tables", "public.bad_one", "db/a.sql", "ZeroDivisionError"):
        assert word in done.stderr


def install(tree: Path, value: str) -> None:
    write(
        tree,
        {
            "house-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: house\nVersion: 1.2\n",
            "house-1.2.dist-info/entry_points.txt": f"[confiture.rules]\nhouse = {value}\n",
            "confiture.yaml": "schema: {roots: [db]}\n",
        },
    )


def test_an_entry_point(tree: Path) -> None:
    install(tree, "house_rules")
    write(tree, {"house_rules.py": module()})
    assert "error no-bad-tables bad table" in run(tree).out


def test_an_entry_point_that_is_a_list(tree: Path) -> None:
    install(tree, "house_rules:RULES")
    write(tree, {"house_rules.py": module() + "\n\nRULES = [check]\n"})
    assert "error no-bad-tables bad table" in run(tree).out


@pytest.mark.parametrize(
    "value", ["nowhere", "house_rules:NOTHING", "house_rules:WRONG", "house_rules:NUMBER"]
)
def test_an_entry_point_that_cannot_be_loaded(tree: Path, value: str) -> None:
    install(tree, value)
    write(tree, {"house_rules.py": "WRONG = [1]\nNUMBER = 1\n"})
    result = run(tree)
    assert result.code == 2
    assert "house 1.2" in result.err
    assert len(result.err.splitlines()) == 1


def test_an_entry_point_installed_after_a_clean_run_is_seen(tree: Path) -> None:
    write(tree, {"confiture.yaml": "schema: {roots: [db]}\n", "house_rules.py": module()})
    assert run(tree).code == 0
    install(tree, "house_rules")
    assert run(tree).code == 1, "the cache must know which rules there are"
