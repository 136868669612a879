"""Expand-contract plans: every statement runs on a server, and the way ends where the direct statement ends."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from confiture_linter.config import load_config
from confiture_linter.effects.expand_contract import Plan
from confiture_linter.engine.plans import plans_at, render_text
from confiture_linter.model import SourceError
from confiture_migrator.shadow import Shadow

SCHEMA = """
CREATE TABLE w_order (id bigint PRIMARY KEY, "Total" int, code varchar(20), note text);
CREATE INDEX by_total ON w_order ("Total");
INSERT INTO w_order SELECT g, g, 'c' || g, 'n' || g FROM generate_series(1, 50) g;
CREATE TABLE plain (id int, name text);
INSERT INTO plain SELECT g, 'n' FROM generate_series(1, 50) g;
"""
CASES = {
    "not null": "ALTER TABLE w_order ALTER COLUMN note SET NOT NULL;",
    "type": 'ALTER TABLE w_order ALTER COLUMN "Total" TYPE bigint;',
    "unique": "ALTER TABLE w_order ADD CONSTRAINT one_code UNIQUE (code);",
    "primary key": "ALTER TABLE plain ADD PRIMARY KEY (id);",
    "rename column": "ALTER TABLE w_order RENAME COLUMN note TO remark;",
}
SHAPE = """
SELECT attname, format_type(atttypid, atttypmod), attnotnull
FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname
"""
KEYS = """
SELECT contype, conname, convalidated FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'c')
ORDER BY conname
"""


def planned(folder: Path, statement: str, postgres: int = 18) -> tuple[Plan, ...]:
    (folder / "schema.sql").write_text(SCHEMA)
    (folder / "m").mkdir(exist_ok=True)
    (folder / "m/1.sql").write_text(f"-- é\n{statement}\n")
    config = f"postgres: {postgres}\nschema: {{roots: [schema.sql]}}\nmigrations: {{roots: [m]}}\n"
    (folder / "confiture.yaml").write_text(config)
    return plans_at(load_config(str(folder / "confiture.yaml")), str(folder / "m/1.sql"), 2)


def shape(connection: "psycopg.Connection[Any]", table: str) -> list[Any]:
    return [connection.execute(query, [table]).fetchall() for query in (SHAPE, KEYS)]


@pytest.mark.pg
@pytest.mark.parametrize("postgres", [15, 18])
@pytest.mark.parametrize("name", CASES)
def test_the_way_ends_where_the_statement_ends(
    tmp_path: Path, shadow: Shadow, name: str, postgres: int
) -> None:
    (plan,) = planned(tmp_path, CASES[name], postgres)
    table = CASES[name].split()[2]
    database = f"plan_{name.replace(' ', '_')}_{postgres}"
    with shadow.connect(shadow.create_database(database)) as connection:
        connection.execute(SCHEMA)
        for stage in plan.stages:
            if stage.transaction:
                with connection.transaction():
                    for statement in stage.statements:
                        connection.execute(statement)
            else:
                for statement in stage.statements:
                    connection.execute(statement)
        stepwise = shape(connection, table)
        rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    with shadow.connect(shadow.create_database(database + "_direct")) as connection:
        connection.execute(SCHEMA)
        connection.execute(CASES[name])
        direct = shape(connection, table)
    assert stepwise[0] == direct[0]
    assert {key[0] for key in stepwise[1]} == {key[0] for key in direct[1]}
    assert rows == (50,)


@pytest.mark.pg
def test_a_renamed_table_keeps_its_old_name(tmp_path: Path, shadow: Shadow) -> None:
    (plan,) = planned(tmp_path, "ALTER TABLE w_order RENAME TO w_purchase;")
    with shadow.connect(shadow.create_database("plan_rename_table")) as connection:
        connection.execute(SCHEMA)
        for statement in plan.stages[0].statements:
            connection.execute(statement)
        connection.execute("INSERT INTO w_order (id) VALUES (100)")
        assert connection.execute("SELECT count(*) FROM w_purchase").fetchone() == (51,)
        for statement in plan.stages[1].statements:
            connection.execute(statement)


def test_nothing_to_plan(tmp_path: Path) -> None:
    assert planned(tmp_path, "ALTER TABLE w_order ADD COLUMN more text;") == ()
    assert render_text(()).startswith("Nothing to plan")
    with pytest.raises(SourceError, match=r"1\.sql:7: no statement"):
        plans_at(load_config(str(tmp_path / "confiture.yaml")), str(tmp_path / "m/1.sql"), 7)
