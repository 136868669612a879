"""Whole histories as a stranger gives them: a folder, no configuration, every rule of the default preset."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from confiture_linter.config import default_config
from confiture_linter.engine.check import answer, check
from confiture_linter.engine.registry import load_rules
from confiture_linter.engine.selection import select_rules
from confiture_linter.engine.workspace import open_workspace

RULES = load_rules(entry_points=False)


def judged(folder: Path, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """`file:line rule message` of every finding, and what was not read."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    config = default_config(str(folder))
    active = select_rules(RULES, config)
    workspace = open_workspace(config, [str(folder)], rules=active)
    found = check(workspace, active, RULES)
    texts = {source.path: source.text for source in workspace.sources}
    said = [
        f"{f.path}:{texts[f.path][: f.span.start].count(10) + 1} {f.rule} {f.message}" for f in found.findings
    ]
    return said, [f"{u.path} {u.reason}" for u in answer(workspace, found).unanalysed]


def about(folder: Path, files: Mapping[str, str], rule: str) -> list[str]:
    """What one rule says."""
    return [item for item in judged(folder, files)[0] if item.split(" ")[1] == rule]


BASE = {
    "0001_base.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY, a int, b int, note text);\n"
    "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
}


# What a statement, or a file, repeats is said once.


@pytest.mark.parametrize(
    ("sql", "rule", "expected"),
    [
        (
            "ALTER TABLE w_order DROP COLUMN a, DROP COLUMN b;",
            "drop-column",
            "columns a, b of public.w_order and their values are gone for good",
        ),
        (
            "ALTER TABLE w_order ADD x int NOT NULL, ADD y int NOT NULL;",
            "add-column-not-null-without-default",
            "x, y are NOT NULL and have no default: refused if public.w_order has rows, and old writers fail",
        ),
        (
            "ALTER TABLE w_order ALTER a SET NOT NULL, ALTER b SET NOT NULL;",
            "set-not-null",
            "public.w_order is read to the end to see that a, b are never NULL, while nobody can read or write it",
        ),
        (
            "ALTER TABLE w_order ALTER a TYPE bigint, ALTER b TYPE bigint;",
            "change-column-type-rewrite",
            (
                "public.w_order is written anew to change a from integer to bigint, b from integer to bigint: nobody can read "
                "or write it meanwhile"
            ),
        ),
        (
            (
                "CREATE TABLE x (id bigint PRIMARY KEY, o bigint REFERENCES w_order);\n"
                "CREATE TABLE y (id bigint PRIMARY KEY, c bigint REFERENCES w_customer);"
            ),
            "add-foreign-key-locks-referenced",
            "the foreign keys of public.x, public.y lock public.w_order, public.w_customer against writing",
        ),
    ],
)
def test_once(tmp_path: Path, sql: str, rule: str, expected: str) -> None:
    (said,) = about(tmp_path, {**BASE, "0002_a.sql": sql}, rule)
    assert said.endswith(expected)


def test_the_place_of_a_subcommand_is_its_column(tmp_path: Path) -> None:
    sql = "ALTER TABLE w_order\n  ADD c int,\n  DROP COLUMN note;"
    (said,) = about(tmp_path, {**BASE, "0002_a.sql": sql}, "drop-column")
    assert said.startswith("0002_a.sql:3 ")


# Two statements that could be one.


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ("ALTER b SET NOT NULL", 1),
        ("ADD CHECK (b > 0)", 1),
        ("ADD FOREIGN KEY (b) REFERENCES w_customer", 0),
        ("ADD UNIQUE (b)", 0),
    ],
)
def test_only_what_one_pass_would_do_is_to_be_merged(tmp_path: Path, second: str, found: int) -> None:
    sql = f"ALTER TABLE w_order ALTER a SET NOT NULL;\nALTER TABLE w_order {second};"
    assert len(about(tmp_path, {**BASE, "0002_a.sql": sql}, "multiple-alter-table-same-table")) == found


# What the file says elsewhere.


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("DROP INDEX i;\nDROP TABLE w_sub;", "drop-index-non-concurrent"),
        ("DROP TABLE w_sub;\nDROP TABLE w_top;", "drop-table-locks-referenced"),
        (
            (
                "ALTER TABLE w_sub ADD CONSTRAINT new FOREIGN KEY (top) REFERENCES w_top ON DELETE CASCADE NOT VALID;\n"
                "ALTER TABLE w_sub DROP CONSTRAINT w_sub_top_fkey;"
            ),
            "drop-constraint",
        ),
        (
            "ALTER TABLE w_sub DROP CONSTRAINT w_sub_top_fkey;\nALTER TABLE w_sub DROP COLUMN top;",
            "drop-constraint",
        ),
        (
            "ALTER TABLE w_sub ADD c int;\nUPDATE w_sub SET c = 1 WHERE id = 7;",
            "statement-after-access-exclusive",
        ),
        ("UPDATE w_one SET at = now();", "update-without-where"),
    ],
)
def test_what_needs_no_word(tmp_path: Path, sql: str, rule: str) -> None:
    base = (
        "CREATE TABLE w_top (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_sub (id bigint PRIMARY KEY, top bigint REFERENCES w_top);\nCREATE INDEX i ON w_sub (top);\n"
        "CREATE TABLE w_one (k char(1) PRIMARY KEY CHECK (k = 'x'), at timestamptz);"
    )
    files = {"0001_base.sql": base, "0002_a.sql": sql}
    assert about(tmp_path, files, rule) == []


# The base is elsewhere.


def test_a_history_without_its_base_says_so_once(tmp_path: Path) -> None:
    files = {
        f"{number:04}_a.sql": f"ALTER TABLE t{number % 4} ADD c{number} int;\nCREATE VIEW v{number} AS SELECT * FROM t{number % 4};"
        for number in range(1, 13)
    }
    files["0099_b.sql"] = (
        "CREATE TABLE w_invoice (id bigint PRIMARY KEY);\nCREATE VIEW v AS SELECT id FROM w_invoce;\nDROP TABLE gone;"
    )
    said = judged(tmp_path, files)[0]
    assert [s for s in said if " unknown-base " in s] == [
        "0001_a.sql:1 unknown-base 5 tables or views that are used here are made by none of the files: t1, t2, t3, t0, gone"
    ]
    assert [s for s in said if "missing-object" in s or "refused" in s] == [
        "0099_b.sql:2 missing-object table or view w_invoce does not exist"
    ]


def test_a_name_that_is_missing_once_is_a_mistake(tmp_path: Path) -> None:
    files = {
        **BASE,
        "0002_a.sql": "CREATE VIEW v AS SELECT id FROM w_ordr;",
        "0003_b.sql": "CREATE VIEW u AS SELECT id FROM w_ordr;",
    }
    (said,) = about(tmp_path, files, "missing-object")
    assert (
        said == "0002_a.sql:1 missing-object table or view w_ordr does not exist; it is used in 1 more place"
    )


# A folder that is a version.


def test_the_files_of_a_version_are_one_deployment(tmp_path: Path) -> None:
    files = {
        "migrations/1/01_a.up.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
        "migrations/2/01_b.up.sql": "CREATE TABLE w_item (id bigint PRIMARY KEY, code text);",
        "migrations/2/02_c.up.sql": "CREATE INDEX ON w_item (code);",
        "migrations/10/01_d.up.sql": "CREATE INDEX ON w_order (code);",
    }
    said = about(tmp_path, files, "create-index-non-concurrent")
    assert [item.partition(" ")[0] for item in said] == ["migrations/10/01_d.up.sql:1"]


def test_what_a_release_makes_again_later_is_not_dropped(tmp_path: Path) -> None:
    files = {
        "delta/1/base.sql": "CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE VIEW v AS SELECT id FROM t;",
        "delta/2/01.sql": "DROP VIEW v;",
        "delta/2/02.sql": "CREATE VIEW v AS SELECT id, 1 AS one FROM t;",
        "delta/3/01.sql": "DROP VIEW v;",
    }
    assert [s.partition(" ")[0] for s in about(tmp_path, files, "drop-object")] == ["delta/3/01.sql:1"]


# Who closes the transaction.


def test_a_commit_without_a_begin_ends_the_transaction_around_the_file(tmp_path: Path) -> None:
    sql = "COMMIT;--> statement-breakpoint\nSET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON w_order (a);\nSET lock_timeout = '5s';"
    said = judged(tmp_path, {**BASE, "0002_a.sql": sql})[0]
    assert [s for s in said if s.startswith("0002") and "foreign" not in s] == []


# What PostgreSQL does in its own order.


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE w_order ADD CONSTRAINT c CHECK (x > 0) NOT VALID, ADD COLUMN x int;",
        (
            "CREATE TYPE s AS ENUM ('a');\nALTER TABLE w_order ALTER note SET DEFAULT 'a'::s;\n"
            "ALTER TABLE w_order ALTER note TYPE s USING note::s;"
        ),
        (
            "CREATE TABLE u (id uuid PRIMARY KEY);\n"
            "ALTER TABLE w_order ALTER note TYPE uuid USING note::uuid, ADD FOREIGN KEY (note) REFERENCES u;"
        ),
        (
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'old') THEN\n"
            "ALTER TABLE old RENAME TO new; ALTER TABLE new RENAME COLUMN x TO y; END IF; END $$;"
        ),
    ],
)
def test_what_is_accepted(tmp_path: Path, sql: str) -> None:
    said = judged(tmp_path, {**BASE, "0002_a.sql": sql})[0]
    assert [
        s for s in said if s.split()[1] in ("missing-column", "missing-object", "statement-refused")
    ] == []


def test_a_constraint_that_a_block_adds_if_it_is_missing_is_there_once(tmp_path: Path) -> None:
    add = "ALTER TABLE w_order ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES w_customer"
    block = f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k') THEN {add}; END IF; END $$;"
    files = {
        **BASE,
        "0002_a.sql": f"{add};\n",
        "0003_b.sql": block,
        "0004_c.sql": f"ALTER TABLE w_order DROP CONSTRAINT k, {add[20:]};",
    }
    said = judged(tmp_path, files)[0]
    assert [s for s in said if s.split()[1] in ("duplicate-object", "duplicate-foreign-key")] == []


# What is not read.


def test_change_scripts_in_other_languages_are_said(tmp_path: Path) -> None:
    files = {
        **{f"{number:04}_x.js": "" for number in range(3)},
        "20240101000000-y.ts": "",
        "0001_base.sql": BASE["0001_base.sql"],
        "helper.js": "",
        "0007_z.test.ts": "",
        "changelog/db.xml": "<databaseChangeLog/>",
    }
    assert judged(tmp_path, files)[1] == [
        "0000_x.js 3 migrations in JavaScript in this folder are not read: what they change is not known here",
        "20240101000000-y.ts a migration in TypeScript is not read: what it changes is not known here",
        "changelog/db.xml a Liquibase changelog in XML is not read: what it changes is not known here",
    ]


def test_a_changeset_for_another_database_is_none(tmp_path: Path) -> None:
    sql = (
        "--liquibase formatted sql\n--changeset me:1 dbms:mysql\nCREATE TABLE `x` (id int auto_increment);\n"
        "--changeset me:2 dbms:postgresql,h2\nCREATE TABLE x (id bigint PRIMARY KEY);\n"
        '--changeset me:3 dbms:"!postgresql"\nSELECT `y`;\n--changeset me:4 dbms:!oracle\nALTER TABLE x ADD z int;'
    )
    assert judged(tmp_path, {"0001_a.sql": sql}) == ([], [])
