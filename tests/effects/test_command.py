"""`effects` on the command line, and what stands in its documents."""

import json
from pathlib import Path

import jsonschema
import pytest

from confiture_linter.cli.main import guarded
from confiture_linter.effects.render_json import schema_text

SCHEMA = """
CREATE TABLE customer (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE "order" (id int PRIMARY KEY, customer_id int REFERENCES customer, note text);
CREATE VIEW customer_names AS SELECT name FROM customer;
"""
MIGRATION = """
-- widen, then add
ALTER TABLE "order" ALTER note TYPE varchar(9);
ALTER TABLE customer ALTER COLUMN name TYPE text;
CREATE INDEX CONCURRENTLY ON "order" (customer_id);
ALTER TABLE nowhere ADD COLUMN x int DEFAULT random();
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "change.sql").write_text(MIGRATION)
    return tmp_path


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert guarded(["effects", *arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json.loads(schema_text()))
    statements: list[dict[str, object]] = found["statements"]
    return statements


def test_the_document(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "change.sql", "--schema", "schema.sql")
    assert [(item["line"], item["in_transaction"]) for item in found] == [
        (3, True),
        (4, True),
        (5, False),
        (6, True),
    ]
    assert found[0]["locks"] == {"public.order": "ACCESS EXCLUSIVE"}
    assert found[0]["rewrites"] == ["public.order"]
    assert found[0]["index_rebuilds"] == ["public.order_pkey"]
    assert found[1]["error"] == "cannot alter type of a column used by a view or rule"
    assert found[3]["error"] == 'relation "nowhere" does not exist'


def test_without_a_schema_what_is_certain_is_told(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = document(capsys, "change.sql")[-1]
    assert last["locks"] == {"public.nowhere": "ACCESS EXCLUSIVE"}
    assert last["rewrites"] == ["public.nowhere"]
    assert last["error"] is None
    assert last["unknown"] == ["public.nowhere is not in the schema that was read"]


def test_migrations_follow_one_another(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "2.sql").write_text("ALTER TABLE customer ALTER COLUMN name DROP NOT NULL")
    (tree / "3.sql").write_text("ALTER TABLE customer ALTER COLUMN name SET NOT NULL")
    alone = document(capsys, "3.sql", "--schema", "schema.sql")
    assert alone[0]["scans"] == []
    after = document(capsys, "2.sql", "3.sql", "--schema", "schema.sql")
    assert after[1]["scans"] == ["public.customer"]


def test_the_target_version_decides(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "v.sql").write_text("ALTER TABLE customer ADD CONSTRAINT n NOT NULL name")
    old = document(capsys, "v.sql", "--schema", "schema.sql", "--postgres", "17")
    new = document(capsys, "v.sql", "--schema", "schema.sql", "--postgres", "18")
    assert "new in PostgreSQL 18" in str(old[0]["error"])
    assert "cannot create not-null constraint" in str(new[0]["error"])


def test_text_puts_the_strongest_lock_first(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "fk.sql").write_text('ALTER TABLE "order" ADD COLUMN by int REFERENCES customer;')
    assert guarded(["effects", "fk.sql", "--schema", "schema.sql", "--color", "never"]) == 0
    assert capsys.readouterr().out == (
        'fk.sql:1  ALTER TABLE "order" ADD COLUMN by int REFERENCES customer\n'
        "  ACCESS EXCLUSIVE        public.order\n"
        "                          blocks reads and writes\n"
        "  SHARE ROW EXCLUSIVE     public.customer\n"
        "                          blocks writes; reads go on\n"
        "\n"
        "1 statement: 1 blocks reads\n"
    )


def test_a_configured_tree_is_the_schema(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "confiture.yaml").write_text("version: 1\nschema:\n  roots: [schema.sql]\n")
    assert document(capsys, "change.sql")[0]["rewrites"] == ["public.order"]


def test_what_cannot_be_read_exits_with_2(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["effects", "nope.sql"]) == 2
    assert "nope.sql" in capsys.readouterr().err
    assert guarded(["effects"]) == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_password_is_shown(tree: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    (tree / "change.sql").write_text("CREATE ROLE clerk LOGIN PASSWORD 'geheim';\n")
    assert guarded(["effects", "change.sql", "--schema", "schema.sql", "--format", form]) == 0
    assert "CREATE ROLE clerk LOGIN PASSWORD '******'" in capsys.readouterr().out
