from collections.abc import Iterator
from itertools import islice

from confiture_linter.catalog import Catalog, Column, Edge, Table
from confiture_linter.catalog.entities import TOKEN
from confiture_linter.engine.context import Context
from confiture_linter.graph.lineage_values import Derivation
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateFunction, DoBlock, Query
from confiture_rules.cqrs.column_types import Resolved, assignable, output_type, resolved
from confiture_rules.cqrs.layer_dependency import CONFIG
from confiture_rules.cqrs.read_models import projections

Mistake = tuple[int, str]
"""Place and message."""


@rule(
    name="projection-shape-drift",
    subject=Catalog,
    severity=Severity.ERROR,
    config=CONFIG.replace("writes: [read]", "writes: [read], read_models: {r_order: [w_order]}"),
    bad={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY, total numeric);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY, total numeric, customer text);\n"
        "CREATE FUNCTION fn_refresh() RETURNS void LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    INSERT INTO r_order (id, total, customer) SELECT id, total FROM w_order;\nEND;\n$$;",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY, total numeric);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY, total numeric, customer text);\n"
        "CREATE FUNCTION fn_refresh() RETURNS void LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    INSERT INTO r_order (id, total) SELECT id, total FROM w_order;\nEND;\n$$;",
    },
    at="r_order (id, total, customer) SELECT",
)
def projection_shape_drift(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """What is inserted into a projection does not fit its columns.

    A column was added to the table or to the query, and not to the other: too many or too few values, a type
    that PostgreSQL does not convert by itself, or a NOT NULL column that gets no value. In PL/pgSQL it fails at
    the first refresh.

    *When not:* never; a BEFORE INSERT trigger may give values, so tables with one are not asked about NOT NULL.

    *Instead:* bring the column list, the query and the table in line.
    """
    if not ctx.layers:
        return
    for relation in projections(ctx).values():
        if not isinstance(relation, Table) or relation.unknown_columns:
            continue
        for edge in ctx.dependencies.on(relation):
            query = _insert(edge) if edge.ref.use == "insert" else None
            if query is None:
                continue
            for at, message in islice(_mistakes(query, relation, ctx), 1):
                yield Finding(
                    edge.where.path,
                    Span(at, TOKEN),
                    message,
                    edge.source.identity if edge.source is not None else relation.identity,
                    f"bring the INSERT in line with the columns of {relation.identity}",
                )


def _insert(edge: Edge) -> Query | None:
    """The INSERT that a mention stands in."""
    statement = edge.where.statement
    queries = statement.queries
    if isinstance(statement.fact, CreateFunction | DoBlock):
        queries = statement.fact.body.queries if statement.fact.body is not None else ()
    waiting = list(queries)
    while waiting:
        query = waiting.pop()
        if query.command == "insert" and query.target is not None and query.target.at == edge.ref.at:
            return query
        waiting += query.children
    return None


def _mistakes(query: Query, table: Table, ctx: Context) -> Iterator[Mistake]:
    listed = [table.columns.get(use.name) for use in query.target_columns]
    columns = listed or list(table.columns.values())
    if None in columns or query.target is None:
        return
    known = [column for column in columns if column is not None]
    at = query.target.at
    widths = _widths(query, ctx)
    wrong = [w for w in widths if w > len(known) or (listed and w < len(known))]
    if wrong:
        yield at, f"{len(known)} columns of {table.name} get {wrong[0]} value{'' if wrong[0] == 1 else 's'}"
        return
    if 0 <= query.insert_query < len(query.children):
        yield from _types(query.children[query.insert_query], known, table, ctx, bool(query.bound))
    if listed and not any("insert" in t.fact.events and t.fact.timing == "before" for t in table.triggers):
        given = {column.name for column in known}
        for column in table.columns.values():
            if column.name not in given and _demanded(column, table, ctx):
                yield at, f"{table.name}.{column.name} is NOT NULL without a default and gets no value"


def _widths(query: Query, ctx: Context) -> tuple[int, ...]:
    """How many values a row has; several numbers for uneven VALUES."""
    if not 0 <= query.insert_query < len(query.children):
        return query.rows
    bound = ctx.shapes.bound(query, {})
    shape = ctx.shapes.query(query.children[query.insert_query], bound)
    return () if shape is None else (len(shape),)


def _types(
    query: Query, columns: list[Column], table: Table, ctx: Context, within: bool
) -> Iterator[Mistake]:
    if query.command != "select" or any(output.name == "*" for output in query.outputs):
        return
    for position, (output, column) in enumerate(zip(query.outputs, columns, strict=False)):
        source = output_type(query, output, ctx.catalog)
        if source is None and output.column is not None and not within:
            source = _traced(query, position, table, ctx)
        target = resolved(column.type, ctx.catalog)
        if source is not None and target is not None and not assignable(source, target, ctx.catalog):
            filled = f"{table.name}.{column.name} of type {_shown(target.name)}"
            yield output.at, f"{output.name} of type {_shown(source.name)} cannot fill {filled}"


def _traced(query: Query, position: int, table: Table, ctx: Context) -> Resolved | None:
    """The type of the column that an output passes on, through joins and views."""
    step = ctx.lineage(facts_only=True).passed(query, position, table.path)
    while step is not None and step.how is Derivation.IDENTITY and step.sources:
        step = step.sources[0]
    if step is None or step.how is not Derivation.COLUMN:
        return None
    schema, _, name = step.relation.partition(":")[2].rpartition(".")
    source = ctx.catalog.relation(schema, name)
    column = source.columns.get(step.column) if isinstance(source, Table) else None
    return resolved(column.type, ctx.catalog) if column is not None else None


def _shown(name: str) -> str:
    return f"{name[1:]}[]" if name.startswith("_") else name


def _demanded(column: Column, table: Table, ctx: Context) -> bool:
    """Whether a row must give the column a value."""
    if not column.not_null and column.name not in table.identity_columns:
        return False
    if column.default is not None or column.generated or column.identity_kind or column.fact.serial:
        return False
    domain = ctx.catalog.type(column.type.schema, column.type.name, ctx.catalog.default_path)
    return domain is None or domain.default is None
