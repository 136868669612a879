"""Where columns come from: steps, places, reasons, tables that are filled, documents, and what a lint run does not pay."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.program import environment, lint, write
from tests.graph.lineage_cases import SCHEMA, VIEWS

from confiture_linter.catalog import Table, View
from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.lineage import Tracer
from confiture_linter.graph.lineage_query import view_column
from confiture_linter.graph.lineage_values import Derivation, Step, leaves
from confiture_linter.graph.places import Places
from confiture_linter.graph.render_lineage import render_json, render_text, schema_text

ROOT = Path(__file__).parents[2]
TREE = SCHEMA + "".join(f"CREATE VIEW {name} AS {query};\n" for name, query in VIEWS.items())


def tracer_of(text: str, *, through_tables: bool = False) -> Tracer:
    context = open_texts({"schema.sql": text}).context
    places = Places(context.text, str)
    return Tracer(context.catalog, context.shapes, places, context.text, through_tables=through_tables)


def trace(text: str, column: str, *, through_tables: bool = False) -> Step:
    tracer = tracer_of(text, through_tables=through_tables)
    relation = tracer.relation("", column.partition(".")[0])
    assert relation is not None
    return tracer.trace(relation, column.partition(".")[2])


def ends(step: Step) -> set[str]:
    return {f"{leaf.relation.rpartition('.')[2]}.{leaf.column}" for leaf in leaves(step)}


def bare(step: Step) -> Any:
    """A step without its places, which differ by a blank or two between the two readers."""
    return (step.relation, step.column, step.how.value, tuple(bare(source) for source in step.sources))


@pytest.fixture(scope="module")
def tree() -> Tracer:
    return tracer_of(TREE)


def test_facts_and_parser_say_the_same(tree: Tracer) -> None:
    """Wherever the facts decide, sqlglot's tree leads to the same steps."""
    compared = 0
    for view in tree.catalog.views:
        for column in tree.columns(view) or ():
            by_facts = tree._facts.view(view, column)
            if by_facts is not None and by_facts.how is not Derivation.UNKNOWN:
                by_parser = view_column(tree, view, column)
                assert bare(by_parser._replace(relation="")) == bare(by_facts._replace(relation="")), column
                compared += 1
    assert compared > 40


HOW = {
    "v_star.total": ("identity", {"o.total"}),
    "v_using.id": ("identity", {"c.id"}),
    "v_right.id": ("identity", {"o.id"}),
    "v_full.id": ("expression", {"c.id", "o.id"}),
    "v_natural.tenant_id": ("identity", {"c.tenant_id"}),
    "v_cte.v": ("identity", {"o.total"}),
    "v_recursive.id": ("identity", {"x.id"}),
    "v_recursive.path": ("identity", {"x.id"}),
    "v_lateral.last": ("identity", {"o.total"}),
    "v_elements.x": ("expression", {"o.data"}),
    "v_unnest.tag": ("identity", {"c.tags"}),
    "v_union.name": ("expression", {"c.name", "o.note"}),
    "v_union.id": ("identity", {"c.id", "o.id", "x.val"}),
    "v_except.id": ("identity", {"c.id"}),
    "v_window.n": ("aggregate", {"o.tenant_id", "o.total"}),
    "v_filter.big": ("aggregate", {"o.total"}),
    "v_filter.n": ("aggregate", {"v_filter.n"}),
    "v_case.label": ("expression", {"o.total", "c.name", "o.note"}),
    "v_case.idt": ("expression", {"o.id"}),
    "v_case.paren": ("identity", {"o.total"}),
    "v_scalar.best": ("aggregate", {"o.total"}),
    "v_scalar.busy": ("expression", {"o.tenant_id", "c.tenant_id"}),
    "v_grouping.c_id": ("identity", {"o.c_id"}),
    "v_aliased.b": ("expression", {"o.total"}),
    "v_aliased.a": ("identity", {"o.id"}),
    "v_whole.j": ("expression", {"o.id", "o.c_id", "o.total", "o.note", "o.tenant_id", "o.data"}),
    "v_fraise.data": ("expression", {"o.id", "o.total", "c.name", "c.Weird Col"}),
    "v_agg_json.items": ("aggregate", {"o.total", "o.id"}),
    "v_constant.one": ("constant", {"v_constant.one"}),
    "v_constant.x": ("constant", {"v_constant.x"}),
    "v_4.sum": ("aggregate", {"o.total"}),
    "v_4.name": ("identity", {"c.name"}),
    "v_cte_shadow.total": ("identity", {"c.id"}),
}


@pytest.mark.parametrize("column", HOW)
def test_how_and_from_what(column: str, tree: Tracer) -> None:
    name, _, wanted = column.partition(".")
    view = tree.relation("", name)
    assert isinstance(view, View)
    step = tree.trace(view, wanted)
    assert (step.how.value, ends(step)) == HOW[column]


def test_user_functions_are_named(tree: Tracer) -> None:
    view = tree.relation("", "v_function")
    assert isinstance(view, View)
    for column in ("f", "g"):
        step = tree.trace(view, column)
        assert step.opaque == ("function:public.fn_total(integer)",)
        assert len(ends(step)) == 1


PLACES = """CREATE TABLE t (
    id int,
    é int
);
CREATE VIEW v AS
SELECT
    id,
    é
        + 1 AS next
FROM t;
"""


def test_places() -> None:
    assert trace(PLACES, "v.id").line == 7
    step = trace(PLACES, "v.next")
    assert (step.line, step.sources[0].line) == (8, 3)


REASONS = {
    "SELECT x FROM nowhere": "the tree has no relation nowhere",
    "SELECT (home).* FROM c": "expands a composite value",
    "SELECT t.x + 1 AS x FROM nowhere.t": "the tree has no relation nowhere.t",
    "SELECT a + b AS x FROM c JOIN nowhere n ON true": "the tree has no relation nowhere",
    "SELECT ctid AS x FROM c": "ctid is a system column",
}


@pytest.mark.parametrize("query", REASONS)
def test_unknown_says_why(query: str) -> None:
    step = trace(f"{SCHEMA} CREATE VIEW v (x) AS {query};", "v.x")
    reasons = [leaf.reason for leaf in leaves(step) if leaf.how is Derivation.UNKNOWN]
    assert reasons
    assert all(REASONS[query] in reason for reason in reasons)


UNSURE = """CREATE TABLE t (id int, n int);
CREATE TABLE u (id int);
DO $$ BEGIN EXECUTE current_setting('app.ddl'); END $$;
CREATE VIEW v AS SELECT n + 1 AS a, t.id AS b, x AS c, to_jsonb(t) AS d FROM t;
CREATE VIEW w AS SELECT * FROM t;
"""


def test_what_a_table_is_known_to_have_is_found_though_there_may_be_more() -> None:
    assert ends(trace(UNSURE, "v.a")) == {"t.n"}
    assert ends(trace(UNSURE, "v.b")) == {"t.id"}
    for column in ("v.c", "v.d"):
        (leaf,) = leaves(trace(UNSURE, column))
        assert leaf.reason == "the columns of public.t are not known"
    assert trace(UNSURE, "w.id").how is Derivation.UNKNOWN


def test_syntax_that_is_not_read_is_unknown() -> None:
    text = "CREATE TABLE t (a xml); CREATE VIEW v AS SELECT x.b + 1 AS b FROM t, XMLTABLE('/r' PASSING t.a COLUMNS b int, n FOR ORDINALITY) x;"
    step = trace(text, "v.b")
    assert step.how is Derivation.UNKNOWN or ends(step) <= {"t.a"}
    assert step.how is not Derivation.UNKNOWN or step.reason


FILLED = """CREATE TABLE w (id int, total numeric, at date);
CREATE TABLE r (id int, total numeric, seen date);
CREATE FUNCTION fn_fill(p date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_n int;
BEGIN
    IF p IS NULL THEN
        INSERT INTO r (id, total, seen) SELECT id, total * 2, p FROM w;
    END IF;
    WITH q AS (SELECT id, max(total) AS m FROM w GROUP BY id)
    INSERT INTO r (total, id) SELECT m, id FROM q ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION fn_old() RETURNS void LANGUAGE sql AS 'INSERT INTO r SELECT id, total FROM w';
DROP FUNCTION fn_old();
CREATE TABLE snap AS SELECT id, sum(total) AS s FROM w GROUP BY id;
CREATE VIEW v AS SELECT total FROM r;
INSERT INTO r (id) VALUES (1);
"""


def test_what_fills_a_table() -> None:
    step = trace(FILLED, "r.total")
    assert step.how is Derivation.COLUMN
    assert [(s.relation, s.how.value, s.line) for s in step.sources] == [
        ("function:public.fn_fill(date)", "expression", 7),
        ("function:public.fn_fill(date)", "identity", 10),
    ]
    assert ends(step) == {"w.total"}
    assert [s.reason for s in leaves(trace(FILLED, "r.seen"))] == ["p is a variable of the function"]


def test_create_table_as() -> None:
    assert trace(FILLED, "snap.s").sources[0].how is Derivation.AGGREGATE
    assert ends(trace(FILLED, "snap.s")) == {"w.total"}


def test_views_end_at_tables_unless_told_otherwise() -> None:
    assert ends(trace(FILLED, "v.total")) == {"r.total"}
    assert ends(trace(FILLED, "v.total", through_tables=True)) == {"w.total"}


def test_a_table_that_feeds_itself_ends() -> None:
    text = "CREATE TABLE a (x int); CREATE TABLE b (x int); INSERT INTO a SELECT x FROM b; INSERT INTO b SELECT x FROM a;"
    assert ends(trace(text, "a.x", through_tables=True)) == {"a.x"}


def test_documents() -> None:
    tracer = tracer_of(TREE)
    for relation in list(tracer.catalog.relations.values()):
        if isinstance(relation, Table | View):
            steps = [tracer.trace(relation, column) for column in tracer.columns(relation) or ()]
            document = json.loads(render_json(relation.id, steps))
            jsonschema.Draft202012Validator(json.loads(schema_text())).validate(document)
            assert all("schema.sql:" in line for line in render_text(steps).splitlines())


def test_the_command(tmp_path: Path) -> None:
    tree = write(tmp_path, {"schema.sql": TREE})
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / ".cache"))
    run = lint("lineage", "v_4.sum", cwd=tree, env=env)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[0].startswith("public.v_4.sum  aggregate  SUM(doubled)  schema.sql:")
    asked = lint("lineage", 'other."Weird Col"', cwd=tree, env=env)
    assert asked.code == 2
    close = lint("lineage", "v_4.som", cwd=tree, env=env)
    assert (close.code, "did you mean public.v_4.sum?" in close.err) == (2, True)
    found = json.loads(lint("lineage", 'c."Weird Col"', "--format", "json", cwd=tree, env=env).out)
    assert [step["column"] for step in found["columns"]] == ["Weird Col"]


PROGRAM = """
import sys
from confiture_linter.cli.main import guarded
guarded(["check", "--no-cache", "-q", "--exit-zero"])
assert "confiture_linter.engine.context" in sys.modules
sys.stderr.write("sqlglot" if "sqlglot" in sys.modules else "free")
"""


@pytest.mark.parametrize("example", ["printoptim", "printoptim-broken"])
def test_a_lint_run_imports_no_sqlglot(example: str, tmp_path: Path) -> None:
    """No tenant column of these trees is an expression; where one is, 100 ms are well spent."""
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / "cache"), CONFITURE_SINGLE_PROCESS="1")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT / "examples" / example,
        env={**env, "PYTHONPATH": f"{ROOT / 'linter'}:{ROOT / 'rules'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.endswith("free"), done.stderr


@pytest.mark.slow
def test_a_lint_run_of_the_benchmark_tree_imports_no_sqlglot(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "benchmarks/make_tree.py", "300", str(tmp_path / "tree")], cwd=ROOT, check=True
    )
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / "cache"), CONFITURE_SINGLE_PROCESS="1")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path / "tree",
        env={**env, "PYTHONPATH": f"{ROOT / 'linter'}:{ROOT / 'rules'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.endswith("free"), done.stderr
