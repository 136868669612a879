"""Nodes, edges, columns, cycles and unresolved names of the graph, and the document's JSON Schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from confiture_linter.config import load_config
from confiture_linter.engine.memory import open_texts
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.graph.document import build_graph
from confiture_linter.graph.render_json import render, schema_text
from confiture_linter.graph.values import EdgeKind, Graph, GraphEdge

PRINTOPTIM = Path(__file__).parents[2] / "examples" / "printoptim" / "confiture.yaml"


def graph_of(files: Any, config: str = "") -> Graph:
    texts = {"schema.sql": files} if isinstance(files, str) else files
    opened = open_texts(texts, config)
    context = opened.context
    return build_graph(context.catalog, [source.path for source in opened.sources], context.text)


def edge(graph: Graph, source: str, target: str) -> GraphEdge:
    found = [e for e in graph.edges if (e.source, e.target) == (source, target)]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture(scope="module")
def printoptim() -> Graph:
    opened = open_workspace(load_config(str(PRINTOPTIM)), [])
    return build_graph(opened.context.catalog, [s.path for s in opened.sources], opened.context.text)


def test_ids_kinds_and_owners() -> None:
    graph = graph_of(
        """CREATE SCHEMA app;
CREATE TYPE app.status AS ENUM ('a');
CREATE TABLE app.t (id bigserial PRIMARY KEY, s app.status, CONSTRAINT ck CHECK (id > 0));
CREATE INDEX ix ON app.t (s);
CREATE FUNCTION app.f(a int, b varchar[]) RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();
CREATE POLICY p ON app.t USING (id > 1);
CREATE VIEW app.v AS SELECT id FROM app.t;
CREATE RULE r AS ON INSERT TO app.v DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW app.mv AS SELECT 1 AS one;
"""
    )
    assert {(n.id, n.kind, n.owner, n.line) for n in graph.nodes} == {
        ("schema:app", "schema", "", 1),
        ("type:app.status", "type", "", 2),
        ("table:app.t", "table", "", 3),
        ("sequence:app.t_id_seq", "sequence", "", 3),
        ("constraint:app.t.t_pkey", "constraint", "table:app.t", 3),
        ("constraint:app.t.ck", "constraint", "table:app.t", 3),
        ("index:app.ix", "index", "table:app.t", 4),
        ("function:app.f(integer,character varying[])", "function", "", 5),
        ("trigger:app.t.tr", "trigger", "table:app.t", 6),
        ("policy:app.t.p", "policy", "table:app.t", 7),
        ("view:app.v", "view", "", 8),
        ("rule:app.v.r", "rule", "view:app.v", 9),
        ("materialized_view:app.mv", "materialized_view", "", 10),
    }


def test_foreign_key_names_the_columns_of_its_target_and_its_constraint() -> None:
    graph = graph_of("CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a_id int REFERENCES a);")
    found = edge(graph, "table:public.b", "table:public.a")
    assert found.kind is EdgeKind.REFERENCES
    assert found.columns == ("id",)
    assert found.through == ("constraint:public.b.b_a_id_fkey",)
    assert (found.file, found.line, found.tracked, found.late) == ("schema.sql", 2, True, False)


@pytest.mark.parametrize(
    ("query", "columns", "exact"),
    [
        ("SELECT x.a FROM t x WHERE x.b > 1", ("a", "b"), True),
        ("SELECT a FROM t", ("a",), True),
        ("SELECT * FROM t", ("a", "b", "c"), True),
        ("SELECT t FROM t", ("a", "b", "c"), True),
        ("SELECT u.d, t.c FROM t JOIN u USING (a)", ("a", "c"), True),
        ("WITH q AS (SELECT b FROM t) SELECT b FROM q", ("b",), True),
        ("SELECT d FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.a = u.d AND c = d)", ("a", "c"), True),
        ("SELECT q.z FROM (SELECT a AS z FROM t) q", ("a",), True),
        ("SELECT count(*) FROM t", (), True),
        ("SELECT a FROM t UNION SELECT c FROM t", ("a", "c"), True),
        ("SELECT t.a FROM t NATURAL JOIN u", ("a",), False),
    ],
)
def test_columns_of_a_view(query: str, columns: tuple[str, ...], exact: bool) -> None:
    tables = "CREATE TABLE t (a int, b int, c int); CREATE TABLE u (a int, d int);"
    found = edge(graph_of(f"{tables} CREATE VIEW v AS {query};"), "view:public.v", "table:public.t")
    assert (found.columns, found.exact) == (columns, exact)


def test_writes_of_a_function_name_their_columns_and_are_late_and_untracked() -> None:
    graph = graph_of(
        """CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t (a) VALUES (1); END $$;
CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ UPDATE t SET b = 1 $$;
CREATE FUNCTION h() RETURNS bigint LANGUAGE sql RETURN (SELECT count(b) FROM t);
"""
    )
    f, g, h = (edge(graph, f"function:public.{name}()", "table:public.t") for name in "fgh")
    assert [(e.kind.value, e.columns, e.late, e.tracked) for e in (f, g, h)] == [
        ("writes", ("a",), True, False),
        ("writes", ("b",), False, False),
        ("reads", ("b",), False, True),
    ]


def test_parts_name_the_columns_of_their_relation() -> None:
    graph = graph_of(
        """CREATE TABLE t (a int PRIMARY KEY, b text, c text, d timestamptz);
CREATE INDEX ix ON t (lower(b)) WHERE c IS NOT NULL;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.d := now(); RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE OF c ON t FOR EACH ROW EXECUTE FUNCTION f();
"""
    )
    assert edge(graph, "index:public.ix", "table:public.t").columns == ("b", "c")
    assert edge(graph, "constraint:public.t.t_pkey", "table:public.t").columns == ("a",)
    assert edge(graph, "trigger:public.t.tr", "table:public.t").columns == ("c", "d")
    assert edge(graph, "table:public.t", "function:public.f()").through == ("trigger:public.t.tr",)


def test_what_was_taken_away_leaves_no_edge() -> None:
    graph = graph_of(
        """CREATE TYPE e AS ENUM ('x'); CREATE TABLE a (id int PRIMARY KEY);
CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE TABLE b (a_id int CONSTRAINT fk REFERENCES a, e e, n int DEFAULT f());
CREATE VIEW v AS SELECT id FROM a;
ALTER TABLE b DROP CONSTRAINT fk; ALTER TABLE b DROP COLUMN e; ALTER TABLE b ALTER n DROP DEFAULT;
CREATE OR REPLACE VIEW v AS SELECT n AS id FROM b;
"""
    )
    assert [(e.source, e.target) for e in graph.edges if e.kind is not EdgeKind.PART_OF] == [
        ("view:public.v", "table:public.b")
    ]


def test_schema_sequence_partition_inheritance_like_and_extension() -> None:
    graph = graph_of(
        """CREATE EXTENSION citext; CREATE SCHEMA s;
CREATE TABLE s.p (id bigserial, at date, n citext) PARTITION BY RANGE (at);
CREATE TABLE s.p1 PARTITION OF s.p DEFAULT;
CREATE TABLE k () INHERITS (s.p2); CREATE TABLE s.p2 (x int);
CREATE TABLE l (LIKE s.p2);
"""
    )
    kinds = {(e.source, e.target): e.kind.value for e in graph.edges}
    assert kinds["table:s.p", "schema:s"] == "schema"
    assert kinds["sequence:s.p_id_seq", "table:s.p"] == "owned-by"
    assert kinds["table:s.p", "sequence:s.p_id_seq"] == "uses"
    assert kinds["table:s.p1", "table:s.p"] == "partition"
    assert kinds["table:public.k", "table:s.p2"] == "inherits"
    assert kinds["table:public.l", "table:s.p2"] == "copies"
    assert kinds["table:s.p", "extension:citext"] == "type"
    assert graph.unresolved == ()
    assert graph.cycles == ()


def test_cycles_are_of_what_the_build_needs() -> None:
    graph = graph_of(
        """CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE c SET n = 1; RETURN NEW; END $$;
CREATE TABLE c (n serial);
CREATE TRIGGER t AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();
"""
    )
    assert graph.cycles == (("table:public.a", "table:public.b"),)


def test_unresolved_names_say_where_and_why() -> None:
    graph = graph_of("CREATE VIEW v AS\nSELECT 1 AS x FROM gone, other.thing;")
    assert [(u.name, u.kind, u.line, u.source, u.reason) for u in graph.unresolved] == [
        ("gone", "relation", 2, "view:public.v", "missing"),
        ("other.thing", "relation", 2, "view:public.v", "external"),
    ]


def test_statements_that_define_nothing_are_mentions() -> None:
    graph = graph_of(
        "CREATE TABLE t (a int, b int);\nINSERT INTO t (a) VALUES (1);\nGRANT SELECT ON t TO public;"
    )
    assert [(m.statement, m.line, m.columns) for m in graph.mentions] == [
        ("grant", 3, ()),
        ("insert", 2, ("a",)),
    ]


def test_document_is_valid_and_the_same_every_time(printoptim: Graph) -> None:
    text = render(printoptim)
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    opened = open_workspace(load_config(str(PRINTOPTIM)), [])
    again = build_graph(opened.context.catalog, [s.path for s in opened.sources], opened.context.text)
    assert render(again) == text


def test_schema_lists_every_kind_of_edge() -> None:
    kinds = json.loads(schema_text())["properties"]["edges"]["items"]["properties"]["kind"]["enum"]
    assert sorted(kinds) == sorted(kind.value for kind in EdgeKind)


def test_every_edge_of_the_example_has_known_ends(printoptim: Graph) -> None:
    known = {node.id for node in printoptim.nodes}
    assert all(e.source in known and e.target in known for e in printoptim.edges)
    assert all(not node.owner or node.owner in known for node in printoptim.nodes)
    assert len({(e.source, e.target, e.kind) for e in printoptim.edges}) == len(printoptim.edges)
    assert printoptim.cycles == ()
    view = [e for e in printoptim.edges if e.source == "view:public.v_order" and e.kind is EdgeKind.READS]
    assert "table:public.w_order" in {e.target for e in view}
    assert all(e.exact for e in view)


def test_a_foreign_key_follows_its_renamed_target() -> None:
    graph = graph_of(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int REFERENCES a (id)); ALTER TABLE a RENAME TO z;"
    )
    assert edge(graph, "table:public.b", "table:public.z").columns == ("id",)
