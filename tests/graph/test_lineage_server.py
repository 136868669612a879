"""Lineage against PostgreSQL: the columns that each view depends on, by pg_depend."""

from collections.abc import Iterator

import pytest
from tests.graph.lineage_cases import SCHEMA, VIEWS

from confiture_linter.catalog import View
from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.lineage import Tracer
from confiture_linter.graph.lineage_query import used_columns
from confiture_linter.graph.lineage_values import Derivation, Step
from confiture_linter.graph.places import Places
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
TREE = SCHEMA + "".join(f"CREATE VIEW {name} AS {query};\n" for name, query in VIEWS.items())
NAMES = [name.partition("(")[0] for name in VIEWS]
COLUMNS = """
SELECT v.relname, CASE t.relkind WHEN 'v' THEN 'view:' ELSE 'table:' END || n.nspname || '.' || t.relname, a.attname
FROM pg_rewrite w JOIN pg_class v ON v.oid = w.ev_class
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid AND d.refobjsubid > 0
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE n.nspname IN ('public', 's2') AND t.relkind <> 'c'
"""
FUNCTION_ROWS = {"v_fn_columns": {("table:s2.x", "val")}}
"""A function that returns rows of a table: to PostgreSQL a use of the row type, to lineage a call."""
Pairs = dict[str, set[tuple[str, str]]]
WHOLE_ROWS = {"v_whole"}
"""A whole row is a dependency on the relation alone (dependency.c, find_expr_references_walker)."""


@pytest.fixture(scope="module")
def server(shadow: Shadow) -> Iterator[tuple[Pairs, dict[str, tuple[str, ...]]]]:
    database = shadow.create_database("lineage")
    with shadow.connect(database) as connection:
        connection.execute(TREE)
        pairs: Pairs = {name: set() for name in NAMES}
        for view, relation, column in connection.execute(COLUMNS):
            pairs[str(view)].add((str(relation), str(column)))
        names = connection.execute(
            "SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind = 'v' AND attnum > 0 GROUP BY relname"
        )
        shapes = {str(view): tuple(columns) for view, columns in names}
        yield pairs, shapes
    shadow.drop_database(database)


@pytest.fixture(scope="module")
def tracer() -> Tracer:
    context = open_texts({"schema.sql": TREE}).context
    return Tracer(context.catalog, context.shapes, Places(context.text, str), context.text)


def view_of(tracer: Tracer, name: str) -> View:
    found = tracer.relation("", name)
    assert isinstance(found, View)
    return found


def nearest(step: Step) -> Iterator[tuple[str, str]]:
    """The first columns of relations below a column of a view."""
    for source in step.sources:
        if source.relation.startswith(("table:", "view:")):
            yield source.relation, source.column
        else:
            yield from nearest(source)


def unknowns(step: Step) -> Iterator[str]:
    if step.how is Derivation.UNKNOWN:
        yield step.reason
    for source in step.sources:
        yield from unknowns(source)


@pytest.mark.parametrize("name", NAMES)
def test_columns(name: str, tracer: Tracer, server: tuple[Pairs, dict[str, tuple[str, ...]]]) -> None:
    assert tracer.columns(view_of(tracer, name)) == server[1][name]


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_a_dependency(
    name: str, tracer: Tracer, server: tuple[Pairs, dict[str, tuple[str, ...]]]
) -> None:
    view = view_of(tracer, name)
    steps = [tracer.trace(view, column) for column in server[1][name]]
    assert [reason for step in steps for reason in unknowns(step)] == []
    found = {pair for step in steps for pair in nearest(step)}
    if name not in WHOLE_ROWS:
        assert found - server[0][name] == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_dependency_is_accounted_for(
    name: str, tracer: Tracer, server: tuple[Pairs, dict[str, tuple[str, ...]]]
) -> None:
    view = view_of(tracer, name)
    found = {pair for column in server[1][name] for pair in nearest(tracer.trace(view, column))}
    used = used_columns(tracer, view)
    assert not isinstance(used, str)
    assert server[0][name] - found - used == FUNCTION_ROWS.get(name, set())
    if name not in WHOLE_ROWS:
        assert used - server[0][name] == set(), "named by us, no dependency of PostgreSQL"
