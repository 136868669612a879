"""In a history of scripts the functions that are left in the end are held against the schema of the end."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = {
    "0001_tables.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text, mail text);\n"
    "CREATE VIEW mails AS SELECT mail FROM customer;",
    "0002_functions.sql": "CREATE FUNCTION mail_of(p int) RETURNS text LANGUAGE plpgsql AS $$\n"
    "BEGIN\n  RETURN (SELECT c.mail FROM customer c WHERE c.id = p);\nEND $$;\n"
    "CREATE FUNCTION name_of(p int) RETURNS text LANGUAGE plpgsql AS $$\n"
    "BEGIN\n  RETURN (SELECT c.name FROM customer c WHERE c.id = p);\nEND $$;",
    "0003_rename.sql": "ALTER TABLE customer RENAME mail TO email;",
    "0004_drop.sql": "ALTER TABLE customer RENAME name TO full_name;\n"
    "CREATE OR REPLACE FUNCTION name_of(p int) RETURNS text LANGUAGE plpgsql AS $$\n"
    "BEGIN\n  RETURN (SELECT c.full_name FROM customer c WHERE c.id = p);\nEND $$;",
}


def _checked(root: Path, scripts: dict[str, str]) -> list[str]:
    folder = root / "migrations"
    folder.mkdir()
    for name, text in scripts.items():
        (folder / name).write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "confiture_linter", "check", "migrations", "--select", "missing-column",
         "--format", "concise", "--no-cache"],
        cwd=root, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert run.returncode in (0, 1), run.stderr
    return [line for line in run.stdout.splitlines() if "missing-column" in line]


def test_function_that_names_a_column_of_the_past(tmp_path: Path) -> None:
    (found,) = _checked(tmp_path, SCRIPTS)
    assert "0002_functions.sql:3:" in found
    assert "mail" in found


def test_two_definitions_of_a_table_are_not_relied_on(tmp_path: Path) -> None:
    again = "CREATE TABLE IF NOT EXISTS customer (id int PRIMARY KEY, mail text, town text);"
    assert _checked(tmp_path, {**SCRIPTS, "0005_again.sql": again}) == []
