"""The printed script is run on PostgreSQL: drop, change, create again; the schema must be what it was, and as expected."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.graph.test_dependents_server import (
    SCHEMA,
    SUBJECTS,
    column_of,
    object_of,
    refused,
    table_of,
)

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Entity
from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.dependents import Action, How, dependents
from confiture_linter.graph.script import Script, script
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
EXTRAS = """
COMMENT ON VIEW v_total IS 'é; all -- of it';
COMMENT ON COLUMN v_total.amount IS 'what it costs';
COMMENT ON COLUMN t.tax IS 'twenty percent';
COMMENT ON POLICY p_own ON t IS 'mine';
GRANT SELECT ON v_total, mv TO PUBLIC;
GRANT SELECT (amount) ON v_total TO pg_monitor WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION fn_atomic() FROM PUBLIC;
ALTER VIEW v_deep OWNER TO pg_monitor;
ALTER VIEW v_total SET (security_barrier = true);
ALTER VIEW v_total ALTER COLUMN amount SET DEFAULT 7;
CREATE FUNCTION fn_instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr_instead INSTEAD OF UPDATE ON v_total FOR EACH ROW EXECUTE FUNCTION fn_instead();
CREATE RULE r_view AS ON DELETE TO v_deep DO INSTEAD NOTHING;
CREATE UNIQUE INDEX ix_mv_s ON mv (s);
CREATE INDEX ix_tax ON t (tax);
ALTER POLICY p_own ON t USING (kind = current_user AND total > 0);
ALTER VIEW v_join RENAME TO v_joined;
CREATE VIEW v_after AS SELECT code FROM v_joined;
SET search_path TO other, public;
CREATE VIEW v_hidden AS SELECT * FROM v_far;
RESET search_path;
"""
DEFINITIONS = """
SELECT c.relname, c.relkind::text, c.relowner::regrole::text, c.reloptions::text, array_to_string(ARRAY(SELECT x::text FROM unnest(c.relacl) x ORDER BY 1), ','),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid) END, obj_description(c.oid, 'pg_class')
FROM pg_class c WHERE relnamespace IN ('public'::regnamespace, 'other'::regnamespace) AND relkind <> 'c'
UNION ALL SELECT attrelid::regclass::text, attname, attgenerated::text, format_type(atttypid, atttypmod), attacl::text, (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum), col_description(attrelid, attnum)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE NOT attisdropped AND attnum > 0 AND relkind IN ('r', 'p', 'v', 'm') AND relnamespace IN ('public'::regnamespace, 'other'::regnamespace)
UNION ALL SELECT conrelid::regclass::text, conname, '', pg_get_constraintdef(oid), '', '', obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname, '', pg_get_triggerdef(oid), '', '', obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT polrelid::regclass::text, polname, '', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), '', obj_description(oid, 'pg_policy') FROM pg_policy
UNION ALL SELECT p.pubname, r.prrelid::regclass::text, '', r.prattrs::text, pg_get_expr(r.prqual, r.prrelid), '', '' FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
UNION ALL SELECT ev_class::regclass::text, rulename, '', pg_get_ruledef(oid), '', '', '' FROM pg_rewrite WHERE oid > 16384
UNION ALL SELECT oid::regprocedure::text, '', proowner::regrole::text, pg_get_functiondef(oid), array_to_string(ARRAY(SELECT x::text FROM unnest(proacl) x ORDER BY 1), ','), '', obj_description(oid, 'pg_proc') FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
EARLY = "id, c_id, total, tax, note, new_name, size, kind"
Connection = psycopg.Connection[tuple[object, ...]]
TEXT = SCHEMA + EXTRAS


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return open_texts({"schema.sql": TEXT}).context.catalog


@pytest.fixture(scope="module")
def server(shadow: Shadow) -> Iterator[Connection]:
    database = shadow.create_database("script")
    with shadow.connect(database, autocommit=False) as connection:
        connection.execute(TEXT)
        connection.commit()
        yield connection
    shadow.drop_database(database)


def written(catalog: Catalog, entity: Entity, column: str | None, action: Action) -> Script:
    found = dependents(catalog, entity, column, action)
    return script(
        catalog, lambda _: TEXT.encode(), lambda path, at: f"{path}@{at}", entity, column, action, found
    )


def snapshot(connection: Connection) -> set[str]:
    return {repr(row) for row in connection.execute(DEFINITIONS)}


def after(connection: Connection, made: Script, change: str) -> tuple[set[str], set[str]]:
    """The schema before, and after the whole script."""
    try:
        before = snapshot(connection)
        text = made.text()
        (placeholder,) = made.change
        # What the notes ask to change by hand:
        text = text.replace(
            "CREATE VIEW v_before AS SELECT old_name FROM",
            "CREATE VIEW v_before(old_name) AS SELECT new_name FROM",
        )
        text = text.replace(
            "CREATE VIEW v_star AS SELECT * FROM", f"CREATE VIEW v_star AS SELECT {EARLY} FROM"
        )
        connection.execute(text.replace(placeholder, change))
        return before, snapshot(connection)
    finally:
        connection.rollback()


def type_of(connection: Connection, relation: str, name: str) -> str:
    row = connection.execute(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
        (relation, name.strip('"')),
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_retype_and_back_again(subject: str, catalog: Catalog, server: Connection) -> None:
    made = written(catalog, *column_of(catalog, subject), Action.RETYPE)
    relation, name = table_of(subject)
    change = f"ALTER TABLE {relation} ALTER COLUMN {name} TYPE {type_of(server, relation, name)};"
    server.rollback()
    before, now = after(server, made, change)
    assert now == before


@pytest.mark.parametrize(
    ("subject", "type"), [("t.total", "numeric(12,2)"), ("t.kind", "varchar(40)"), ("t.note", "varchar")]
)
def test_a_new_type_arrives_and_nothing_is_lost(
    subject: str, type: str, catalog: Catalog, server: Connection
) -> None:
    made = written(catalog, *column_of(catalog, subject), Action.RETYPE)
    relation, name = table_of(subject)
    change = f"ALTER TABLE {relation} ALTER COLUMN {name} TYPE {type};"
    assert made.drop == () or refused(server, change) is not None
    before, now = after(server, made, change)
    assert len(now) == len(before)
    assert now != before


@pytest.mark.parametrize("subject", SUBJECTS)
def test_nothing_refuses_the_drop_any_more(subject: str, catalog: Catalog, server: Connection) -> None:
    made = written(catalog, *column_of(catalog, subject), Action.DROP)
    try:
        server.execute("\n".join(made.drop))
        server.execute(made.change[0].removeprefix("-- change: "))
    finally:
        server.rollback()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_rename_needs_no_script(subject: str, catalog: Catalog) -> None:
    made = written(catalog, *column_of(catalog, subject), Action.RENAME)
    assert made.drop == made.recreate == ()


OBJECTS = {
    "FUNCTION fn_tax(numeric)": "CREATE FUNCTION fn_tax(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN $1 * 0.2;",
    "FUNCTION fn_touch()": "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$;",
    "VIEW other.v_far": 'CREATE VIEW other.v_far AS SELECT "Odd Col" AS odd FROM other.far;',
    "SEQUENCE counter": "CREATE SEQUENCE counter;",
    "VIEW v_joined": "CREATE VIEW v_joined AS SELECT t.id, c.code FROM t JOIN c ON c.id = t.c_id;",
}


@pytest.mark.parametrize("subject", OBJECTS)
def test_an_object_is_replaced_under_its_dependents(
    subject: str, catalog: Catalog, server: Connection
) -> None:
    made = written(catalog, object_of(catalog, subject), None, Action.DROP)
    assert made.drop
    before, now = after(server, made, f"DROP {subject};\n{OBJECTS[subject]}")
    assert now == before


def test_what_breaks_at_run_time_is_said(catalog: Catalog) -> None:
    entity, column = column_of(catalog, "t.total")
    notes = written(catalog, entity, column, Action.RETYPE).notes
    assert any(note.startswith("function fn_string() may fail when it runs") for note in notes)
    assert not any("fn_string" in s for s in written(catalog, entity, column, Action.RETYPE).drop)


def test_dependents_are_dropped_first(catalog: Catalog) -> None:
    made = written(catalog, *column_of(catalog, "t.total"), Action.RETYPE)
    assert made.drop.index("DROP MATERIALIZED VIEW public.mv;") < made.drop.index("DROP VIEW public.v_deep;")
    assert made.drop.index("DROP VIEW public.v_deep;") < made.drop.index("DROP VIEW public.v_total;")
    made_again = "\n".join(made.recreate)
    assert made_again.index("CREATE VIEW v_total") < made_again.index("CREATE VIEW v_deep")
    assert "CREATE VIEW v_total AS SELECT id, total AS amount FROM t WHERE note IS NOT NULL;" in made.recreate
    assert How.BLOCKS == "blocks"
