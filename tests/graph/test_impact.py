"""Who breaks when something goes, by column where it is known, and in which order to drop."""

import json
from pathlib import Path

import pytest
from tests.cli.program import environment, lint, write
from tests.graph.test_document import graph_of

from confiture_linter.graph.find import Subject, Unknown, find
from confiture_linter.graph.impact import Impact, impact
from confiture_linter.graph.render_impact import render_json, render_text

SCHEMA = """CREATE TYPE status AS ENUM ('a');
CREATE TABLE t (id int PRIMARY KEY, a int, b int, s status);
CREATE TABLE child (t_id int CONSTRAINT fk REFERENCES t);
CREATE VIEW va AS SELECT id, a FROM t;
CREATE VIEW vb AS SELECT b FROM t;
CREATE VIEW vva AS SELECT a FROM va;
CREATE VIEW vs AS SELECT s FROM t;
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(a) FROM t); END $$;
CREATE FUNCTION g() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN f(); END $$;
CREATE FUNCTION d() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM t WHERE id = ' || 1; END $$;
CREATE INDEX ix ON t (a);
INSERT INTO t (id, a) VALUES (1, 1);
"""
COLUMNS = {"table:public.t": ("id", "a", "b", "s")}


def ask(name: str) -> Impact:
    graph = graph_of(SCHEMA)
    return impact(graph, find(graph, name, COLUMNS))


def names(found: Impact) -> set[str]:
    return {d.id.split(":", 1)[1].removeprefix("public.") for d in found.dependents}


def test_everything_that_needs_a_table() -> None:
    found = ask("t")
    assert names(found) == {"child.fk", "va", "vb", "vva", "vs", "f()", "g()"}
    assert {d.id for d in found.dependents if not d.tracked} == {"function:public.f()", "function:public.g()"}
    assert found.dynamic == ("function:public.d()",)
    assert [m.statement for m in found.statements] == ["insert"]
    vva = next(d for d in found.dependents if d.id == "view:public.vva")
    assert vva.path == ("table:public.t", "view:public.va", "view:public.vva")


def test_dependents_are_dropped_first() -> None:
    drop = ask("t").drop
    assert drop[-1] == "DROP TABLE public.t;"
    assert drop.index("DROP VIEW public.vva;") < drop.index("DROP VIEW public.va;")
    assert "ALTER TABLE public.child DROP CONSTRAINT fk;" in drop
    assert not any("FUNCTION" in statement for statement in drop)


def test_a_column_concerns_only_what_uses_it() -> None:
    assert names(ask("t.a")) == {"va", "vva", "f()", "g()", "ix"}
    assert names(ask("public.t.b")) == {"vb"}
    assert names(ask("t.id")) == {"va", "vva", "child.fk", "t.t_pkey"}


def test_a_type_reaches_the_columns_of_that_type_and_what_uses_them() -> None:
    found = ask("status")
    assert [d.id for d in found.dependents] == ["column:public.t.s", "view:public.vs"]
    assert found.drop == (
        "DROP VIEW public.vs;",
        "ALTER TABLE public.t DROP COLUMN s;",
        "DROP TYPE public.status;",
    )


def test_a_key_is_needed_by_the_foreign_keys_that_reference_it() -> None:
    assert names(ask("t_pkey")) == {"child.fk"}


def test_columns_that_cannot_be_told_are_said() -> None:
    graph = graph_of(
        "CREATE TABLE t (a int, b int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT u.a FROM t NATURAL JOIN u;"
    )
    found = impact(graph, find(graph, "t.b", {"table:public.t": ("a", "b")}))
    assert [(d.id, d.certain) for d in found.dependents] == [("view:public.v", False)]
    assert "may use it" in render_text(found)
    assert found.drop == ("ALTER TABLE public.t DROP COLUMN b;",)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("tt", "did you mean"), ("t.aa", "did you mean public.t.a?"), ("qqqqqq", "lists all")],
)
def test_unknown_names_get_a_hint(name: str, hint: str) -> None:
    with pytest.raises(Unknown) as raised:
        ask(name)
    assert hint in raised.value.hint


def test_an_object_is_found_by_every_spelling() -> None:
    graph = graph_of(SCHEMA)
    for text in ("va", "public.va", "view:public.va", "VA", '"va"'):
        assert find(graph, text, COLUMNS).node.id == "view:public.va"
    for text in ("f", "f()", "public.f()", "function:public.f()"):
        assert find(graph, text, COLUMNS).node.id == "function:public.f()"
    assert find(graph, "column:public.t.a", COLUMNS) == Subject(
        next(n for n in graph.nodes if n.id == "table:public.t"), "a"
    )


def test_ambiguous_names_list_the_candidates() -> None:
    graph = graph_of("CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (); CREATE TABLE b.t ();")
    with pytest.raises(Unknown, match="ambiguous") as raised:
        find(graph, "t", {})
    assert raised.value.hint == "one of table:a.t, table:b.t"


def test_renderings_name_places() -> None:
    found = ask("t.a")
    assert "schema.sql:4" in render_text(found)
    assert json.loads(render_json(found))["object"] == "column:public.t.a"


def test_the_action_and_the_script_are_in_the_document(tmp_path: Path) -> None:
    tree = write(tmp_path, {"schema.sql": SCHEMA})
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / ".cache"))
    found = lint("impact", "t.a", "--action", "retype", "--format", "json", cwd=tree, env=env).json
    assert (found["action"], found["object"]) == ("retype", "column:public.t.a")
    effects = {item["object"]: (item["how"], item["line"]) for item in found["effects"]}
    assert effects == {
        "view va": ("blocks", 4),
        "view vva": ("blocks", 6),
        "index ix": ("follows", 11),
        "function f()": ("breaks-at-run-time", 8),
    }
    assert found["script"]["drop"] == ["DROP VIEW public.vva;", "DROP VIEW public.va;"]
    assert found["script"]["change"] == ["-- change: ALTER TABLE public.t ALTER COLUMN a TYPE …;"]
    printed = lint("impact", "t.a", "--action", "retype", "--script", cwd=tree, env=env).out
    assert "CREATE VIEW va AS SELECT id, a FROM t;\nCREATE VIEW vva AS SELECT a FROM va;\n" in printed
    assert lint("impact", "t", "--action", "retype", cwd=tree, env=env).code == 2
