from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Function, Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import Query, Source
from confiture_rules.cqrs.layer_dependency import CONFIG
from confiture_rules.cqrs.read_models import ReadModel, read_models


@rule(
    name="read-model-source-undeclared",
    subject=Catalog,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    options={"through_views": False},
    config=CONFIG.replace("writes: [read]", "writes: [read], read_models: {r_order: [w_order]}"),
    bad={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);\nCREATE TABLE w_line (order_id int, price int);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY, total bigint);\n"
        "CREATE FUNCTION fn_refresh() RETURNS void LANGUAGE sql AS $$\n"
        "    INSERT INTO r_order SELECT o.id, sum(l.price) FROM w_order o JOIN w_line l ON l.order_id = o.id GROUP BY 1\n$$;",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY);\n"
        "CREATE FUNCTION fn_refresh() RETURNS void LANGUAGE sql AS $$\n"
        "    INSERT INTO r_order SELECT id FROM w_order\n$$;",
    },
    at="w_line l",
)
def read_model_source_undeclared(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A read model is filled from a table that is not among its declared sources.

    A write to that table makes the read model stale, and no rule demands a refresh. Only tables of the layers
    that the declared sources belong to count, so that reference data may be joined.

    *When not:* labels that may be old. Tables behind views are not looked at unless `through_views` is set.

    *Instead:* add the table to the sources under `read_models`.
    """
    if not ctx.layers:
        return
    for model in read_models(ctx):
        declared = {id(source) for _, source in model.sources if source is not None}
        if not declared or model.relation is None:
            continue
        layers = {layer.name for _, s in model.sources if s is not None and (layer := ctx.layers.of(s))}
        for function, source, table in _filled_from(model, ctx):
            layer = ctx.layers.of(table)
            if id(table) in declared or table is model.relation or layer is None or layer.name not in layers:
                continue
            declared.add(id(table))
            yield function.finding(
                f"{model.name} is filled from {table.name}, which is not among its declared sources",
                at=source.at,
                help=f"add {table.name} to {model.name} under read_models of layer {model.layer.name}",
            )


def _filled_from(model: ReadModel, ctx: Context) -> Iterator[tuple[Function, Source, Table]]:
    if model.relation is None:
        return
    for edge in ctx.dependencies.on(model.relation):
        function = edge.source
        if edge.ref.use not in ("insert", "update") or not isinstance(function, Function):
            continue
        for query in function.fact.body.queries if function.fact.body else ():
            levels = list(_levels(query))
            if any(level.target is not None and level.target.at == edge.ref.at for level in levels):
                for level in levels:
                    for source in level.sources:
                        for table in _tables(source.schema, source.name, source.kind, ctx):
                            yield function, source, table


def _levels(query: Query) -> Iterator[Query]:
    yield query
    for child in query.children:
        yield from _levels(child)


def _tables(schema: str, name: str, kind: str, ctx: Context) -> Iterator[Table]:
    if kind != "relation":
        return
    found = ctx.catalog.relation(schema, name, ctx.catalog.default_path)
    if isinstance(found, Table):
        while found.partition_of is not None:
            found = found.partition_of
        yield found
    elif isinstance(found, View) and ctx.options["through_views"]:
        for edge in ctx.dependencies.of(found):
            if edge.ref.use == "read" and edge.target is not found:
                yield from _tables(edge.ref.schema, edge.ref.name, "relation", ctx)
