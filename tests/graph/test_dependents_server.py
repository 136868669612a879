"""What stands in the way of DROP, RENAME and ALTER TYPE: PostgreSQL does it, and must say what we say."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Entity
from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.dependents import Action, Dependent, How, dependents
from confiture_linter.graph.describe import described
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE counter;
CREATE FUNCTION fn_tax(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN $1 * 0.2;
CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$;
CREATE FUNCTION fn_plain() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE c (id int PRIMARY KEY, code text UNIQUE, feeling mood);
CREATE TABLE t (
    id serial PRIMARY KEY,
    c_id int REFERENCES c (id),
    total numeric NOT NULL DEFAULT 0 CONSTRAINT total_positive CHECK (total >= 0),
    tax numeric GENERATED ALWAYS AS (fn_tax(total)) STORED,
    note text DEFAULT 'n' || nextval('counter'),
    old_name int,
    size positive,
    kind text,
    CONSTRAINT two CHECK (old_name > id),
    CONSTRAINT pair UNIQUE (kind, note)
);
CREATE VIEW v_before AS SELECT old_name FROM t;
ALTER TABLE t RENAME COLUMN old_name TO new_name;
CREATE INDEX ix_total ON t (total);
CREATE INDEX ix_many ON t (kind, total) INCLUDE (c_id);
CREATE INDEX ix_expr ON t (lower(note)) WHERE total > 10;
CREATE STATISTICS st (dependencies) ON kind, note FROM t;
CREATE TABLE child (id int PRIMARY KEY, t_id int CONSTRAINT child_t REFERENCES t, row_of t);
CREATE VIEW v_star AS SELECT * FROM t;
ALTER TABLE t ADD COLUMN late int;
CREATE VIEW v_total AS SELECT id, total AS amount FROM t WHERE note IS NOT NULL;
CREATE VIEW v_deep AS SELECT sum(amount) AS s FROM v_total;
CREATE MATERIALIZED VIEW mv AS SELECT kind, s FROM t, v_deep;
CREATE INDEX ix_mv ON mv (kind);
CREATE VIEW v_whole AS SELECT to_jsonb(t) AS j FROM t;
CREATE VIEW v_join AS SELECT t.id, c.code FROM t JOIN c ON c.id = t.c_id;
CREATE FUNCTION fn_atomic() RETURNS numeric LANGUAGE sql BEGIN ATOMIC SELECT sum(total) FROM t; END;
CREATE FUNCTION fn_string() RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(total) FROM t); END $$;
CREATE FUNCTION fn_rows() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE FUNCTION fn_views() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM v_total); END $$;
CREATE TRIGGER tr_total AFTER UPDATE OF total ON t FOR EACH ROW EXECUTE FUNCTION fn_touch();
CREATE TRIGGER tr_when AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION fn_touch();
CREATE POLICY p_own ON t USING (kind = current_user);
CREATE POLICY p_other ON child USING (EXISTS (SELECT 1 FROM t WHERE t.id = child.t_id AND t.note = 'x'));
CREATE RULE r_log AS ON DELETE TO c DO ALSO UPDATE t SET note = 'gone' WHERE c_id = OLD.id;
CREATE TABLE part (id int, at date, val int) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW v_part AS SELECT val FROM part_1;
CREATE TABLE parent (a int, b int);
CREATE TABLE heir (c int) INHERITS (parent);
CREATE VIEW v_heir AS SELECT b FROM heir;
CREATE TABLE tree (id serial PRIMARY KEY, parent_id int CONSTRAINT up REFERENCES tree (id), n int CHECK (n > parent_id));
CREATE TABLE pub (id int PRIMARY KEY, listed int, filtered int, free int);
CREATE PUBLICATION p_listed FOR TABLE pub (id, listed), child;
CREATE PUBLICATION p_filtered FOR TABLE pub WHERE (filtered > 1) WITH (publish = 'insert');
CREATE PUBLICATION p_whole FOR TABLE pub;
CREATE SCHEMA other;
CREATE TABLE other.far (id int, "Odd Col" int);
CREATE VIEW other.v_far AS SELECT "Odd Col" AS odd FROM other.far;
"""
SUBJECTS = [
    *(f"t.{column}" for column in ("id", "c_id", "total", "tax", "note", "new_name", "size", "kind", "late")),
    "c.id", "c.code", "c.feeling", "child.t_id", "child.row_of", "part.val", "parent.b", "parent.a",
    'other.far."Odd Col"', "tree.id", "tree.parent_id",
    "pub.listed", "pub.filtered", "pub.free",
]  # fmt: skip
OBJECTS = ["TABLE t", "TABLE c", "TABLE part", "TABLE parent", "VIEW v_total", "MATERIALIZED VIEW mv",
           "FUNCTION fn_tax(numeric)", "FUNCTION fn_touch()", "TYPE mood", "DOMAIN positive", "SEQUENCE counter",
           "FUNCTION fn_plain()", "TABLE other.far", "VIEW v_star", "TABLE child", "TABLE tree", "TABLE pub"]  # fmt: skip
EVERYTHING = """
SELECT pg_describe_object('pg_class'::regclass, oid, 0) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'other'::regnamespace)
    AND relkind IN ('r', 'p', 'v', 'm', 'S', 'i') AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)
UNION ALL SELECT pg_describe_object('pg_constraint'::regclass, oid, 0) FROM pg_constraint WHERE contype <> 'n' AND conrelid <> 0
    AND connamespace IN ('public'::regnamespace, 'other'::regnamespace)
UNION ALL SELECT pg_describe_object('pg_trigger'::regclass, oid, 0) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT pg_describe_object('pg_publication_rel'::regclass, oid, 0) FROM pg_publication_rel
UNION ALL SELECT pg_describe_object('pg_policy'::regclass, oid, 0) FROM pg_policy
UNION ALL SELECT pg_describe_object('pg_rewrite'::regclass, oid, 0) FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid > 16384
UNION ALL SELECT pg_describe_object('pg_proc'::regclass, oid, 0) FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'other'::regnamespace)
UNION ALL SELECT pg_describe_object('pg_statistic_ext'::regclass, oid, 0) FROM pg_statistic_ext
UNION ALL SELECT CASE WHEN attgenerated <> '' OR NOT atthasdef THEN '' ELSE 'default value for ' END || pg_describe_object('pg_class'::regclass, attrelid, attnum)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relkind IN ('r', 'p') AND NOT attisdropped AND attnum > 0 AND (atthasdef OR attgenerated <> '' OR atttypid >= 16384)
    AND relnamespace IN ('public'::regnamespace, 'other'::regnamespace)
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return open_texts({"schema.sql": SCHEMA}).context.catalog


@pytest.fixture(scope="module")
def server(shadow: Shadow) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    database = shadow.create_database("dependents")
    with shadow.connect(database, autocommit=False) as connection:
        connection.execute(SCHEMA)
        connection.commit()
        yield connection
    shadow.drop_database(database)


def column_of(catalog: Catalog, text: str) -> tuple[Entity, str]:
    relation, _, column = text.rpartition(".")
    schema, _, name = relation.rpartition(".")
    found = catalog.relation(schema, name)
    assert found is not None
    return found, column.strip('"')


def object_of(catalog: Catalog, text: str) -> Entity:
    kind, _, name = text.rpartition(" ")
    name = name.partition("(")[0]
    schema, _, name = name.rpartition(".")
    found: Entity | None
    if kind == "FUNCTION":
        found = catalog.overloads(schema, name)[0]
    elif kind in ("TYPE", "DOMAIN"):
        found = catalog.type(schema, name)
    else:
        found = catalog.relation(schema, name)
    assert found is not None
    return found


def refused(connection: "psycopg.Connection[tuple[object, ...]]", statement: str) -> psycopg.Error | None:
    try:
        connection.execute(statement)
    except psycopg.Error as error:
        return error
    finally:
        connection.rollback()
    return None


def gone(connection: "psycopg.Connection[tuple[object, ...]]", statement: str) -> set[str]:
    try:
        before = {str(row[0]) for row in connection.execute(EVERYTHING)}
        connection.execute(statement)
        after = {str(row[0]) for row in connection.execute(EVERYTHING)}
    finally:
        connection.rollback()
    lost = before - after
    return {name for name in lost if name.partition(" of ")[2] not in lost}  # not the columns of a lost table


def details(error: psycopg.Error | None) -> set[str]:
    return set((error.diag.message_detail or "").splitlines()) if error is not None else set()


def lines(found: tuple[Dependent, ...]) -> set[str]:
    return {f"{item.identity} depends on {item.on}" for item in found if item.how is How.BLOCKS}


def table_of(subject: str) -> tuple[str, str]:
    relation, _, column = subject.rpartition(".")
    return relation, column


def check_drop(
    connection: "psycopg.Connection[tuple[object, ...]]",
    statement: str,
    found: tuple[Dependent, ...],
    subject: str,
) -> None:
    error = refused(connection, statement)
    assert all(item.certain for item in found)
    assert lines(found) == details(error)
    ours = {item.identity for item in found if item.how in (How.BLOCKS, How.GOES_TOO)}
    assert ours == gone(connection, f"{statement} CASCADE") - {subject, f"default value for {subject}"}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_drop_column(
    subject: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    entity, column = column_of(catalog, subject)
    found = dependents(catalog, entity, column)
    relation, name = table_of(subject)
    own = f"column {column} of {described(entity, ('public',))}"
    check_drop(server, f"ALTER TABLE {relation} DROP COLUMN {name}", found, own)


@pytest.mark.parametrize("subject", OBJECTS)
def test_drop_object(
    subject: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    entity = object_of(catalog, subject)
    check_drop(server, f"DROP {subject}", dependents(catalog, entity), described(entity, ("public",)))


@pytest.mark.parametrize("name", ["c_pkey", "c_code_key", "t_pkey", "total_positive"])
def test_drop_constraint(
    name: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    table, part = next((t, c) for t in catalog.tables for c in t.constraints if c.name == name)
    found = dependents(catalog, part)
    check_drop(
        server, f"ALTER TABLE {table.name} DROP CONSTRAINT {name}", found, described(part, ("public",))
    )


def test_a_partition_key_cannot_go(
    catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    (found,) = dependents(catalog, *column_of(catalog, "part.at"))
    assert (found.kind, found.how, found.identity) == (
        "partition key",
        How.BLOCKS,
        "partition key of table part",
    )
    error = refused(server, "ALTER TABLE part DROP COLUMN at CASCADE")
    assert "part of the partition key" in str(error)


@pytest.mark.parametrize("subject", [*SUBJECTS, "part.at"])
def test_retype_column(
    subject: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    entity, column = column_of(catalog, subject)
    found = dependents(catalog, entity, column, Action.RETYPE)
    relation, name = table_of(subject)
    same = server.execute(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
        (relation, name.strip('"')),
    ).fetchone()
    assert same is not None
    error = refused(server, f"ALTER TABLE {relation} ALTER COLUMN {name} TYPE {same[0]}")
    blocking = [item for item in found if item.how is How.BLOCKS]
    assert bool(blocking) == (error is not None), (error, blocking)
    if error is not None and error.diag.message_detail:
        first = re.sub(r"^rule _RETURN on ", "", error.diag.message_detail.partition(" depends on ")[0])
        generated = re.search(r'generated column "(.*)"', first)
        first = f"column {generated[1]} of table {relation}" if generated else first
        assert first in {item.identity for item in blocking}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_rename_column(
    subject: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    entity, column = column_of(catalog, subject)
    found = dependents(catalog, entity, column, Action.RENAME)
    relation, name = table_of(subject)
    assert refused(server, f"ALTER TABLE {relation} RENAME COLUMN {name} TO renamed") is None
    assert {item.how for item in found} <= {How.FOLLOWS, How.BREAKS}


@pytest.mark.parametrize("subject", ["part_1.val", "heir.b"])
def test_an_inherited_column_is_changed_in_the_parent(
    subject: str, catalog: Catalog, server: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    relation, name = table_of(subject)
    statements = {
        Action.DROP: f"ALTER TABLE {relation} DROP COLUMN {name} CASCADE",
        Action.RENAME: f"ALTER TABLE {relation} RENAME COLUMN {name} TO renamed",
        Action.RETYPE: f"ALTER TABLE {relation} ALTER COLUMN {name} TYPE int",
    }
    for action, statement in statements.items():
        (found,) = dependents(catalog, *column_of(catalog, subject), action)
        assert (found.kind, found.how, found.never) == ("inherited column", How.BLOCKS, True)
        assert "inherited column" in str(refused(server, statement))


BREAKS = {
    "t.total": {"function fn_string()"},
    "t.note": {"function fn_touch()"},
    "t.kind": set(),
}


@pytest.mark.parametrize("subject", BREAKS)
@pytest.mark.parametrize("action", Action)
def test_string_bodies_break(subject: str, action: Action, catalog: Catalog) -> None:
    found = dependents(catalog, *column_of(catalog, subject), action)
    broken = {item.identity for item in found if item.how is How.BREAKS and item.certain}
    assert broken - {"function fn_rows()", "function fn_views()"} == BREAKS[subject]
