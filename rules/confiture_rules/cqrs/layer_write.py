from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import TOKEN
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateFunction, CreateOther
from confiture_rules.cqrs.effects import WRITES
from confiture_rules.cqrs.layer_dependency import CONFIG


@rule(
    name="layer-write",
    subject=Catalog,
    severity=Severity.ERROR,
    config=CONFIG,
    bad={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY, seen boolean);",
        "db/read/20.sql": "CREATE FUNCTION fn_order(p_id int) RETURNS void LANGUAGE sql AS\n"
        "    'UPDATE w_order SET seen = true WHERE id = p_id';",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY, seen boolean);",
        "db/read/20.sql": "CREATE FUNCTION fn_order(p_id int) RETURNS SETOF w_order LANGUAGE sql AS\n"
        "    'SELECT * FROM w_order WHERE id = p_id';",
    },
    at="w_order SET",
)
def layer_write(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A function or rule writes to a layer that its own layer may not write.

    A query that changes the write side bypasses the commands: their checks, their events, their projections.

    *When not:* add the layer to `writes`. Layers without `writes` may write all.

    *Instead:* call a command of the layer that owns the table, or move the function there.
    """
    if not ctx.layers:
        return
    for edge in catalog.edges:
        if edge.source is None or edge.ref.use not in WRITES:
            continue
        fact = edge.where.statement.fact
        if not isinstance(fact, CreateFunction | CreateOther):
            continue
        layer = ctx.layers.of_path(edge.where.path) or ctx.layers.of(edge.source)
        if layer is None or layer.writes is None:
            continue
        other = ctx.layers.of(edge.target)
        if other is None or other.name in layer.writes:
            continue
        allowed = ", ".join(layer.writes) or "nothing"
        name = getattr(edge.source, "name", "")
        if isinstance(fact, CreateOther):
            name = f"rule {dict(fact.options).get('name', '')} on {name}"
        yield Finding(
            edge.where.path,
            Span(edge.ref.at, TOKEN),
            f"{name} of layer {layer.name} writes {edge.target.identity} of layer {other.name}",
            edge.source.identity,
            f"layer {layer.name} may write {allowed}: move the write into a function of a layer that may",
        )
