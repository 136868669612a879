from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Edge, Function
from confiture_linter.catalog.entities import TOKEN, Entity
from confiture_linter.engine.context import Context, Layer
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateTrigger
from confiture_rules.cqrs.effects import WRITES

CONFIG = """
layers:
  - {name: write, paths: ["db/write/**"], reads: [write], writes: [write]}
  - {name: read, paths: ["db/read/**"], reads: [write, read], writes: [read]}
"""

_ADMINISTRATION = frozenset({"grant", "comment", "alter", "publish", "statistics", "own"})
"""Uses that say something about an object; the object does not depend on anything by them."""


@rule(
    name="layer-dependency",
    subject=Catalog,
    severity=Severity.ERROR,
    config=CONFIG,
    bad={
        "db/read/10.sql": "CREATE VIEW v_open AS SELECT 1 AS id;",
        "db/write/20.sql": "CREATE FUNCTION fn_check() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v_open';",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE VIEW v_order AS SELECT id FROM w_order;",
    },
    at="v_open'",
)
def layer_dependency(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An object depends on a layer that its own layer may not read.

    The write side must work while projections are rebuilt; every arrow against the declared direction makes
    the layers one.

    *When not:* declare the direction: add the layer to `reads`. Layers without `reads` may depend on all. A
    trigger may call a function of a layer that may write the table it is on.

    *Instead:* move the object, or read from a layer that is allowed.
    """
    if not ctx.layers:
        return
    seen: set[tuple[int, int]] = set()
    for edge in catalog.edges:
        source, target = edge.source, edge.target
        if source is None or edge.ref.use in WRITES or edge.ref.use in _ADMINISTRATION:
            continue
        layer = ctx.layers.of_path(edge.where.path) or ctx.layers.of(source)
        if layer is None or layer.reads is None:
            continue
        other = ctx.layers.of(target)
        if other is None or other is layer or other.name in layer.reads:
            continue
        if (id(source), id(target)) in seen or _hook(edge, other, ctx):
            continue
        seen.add((id(source), id(target)))
        yield _finding(edge, source, layer, other)


def _hook(edge: Edge, other: Layer, ctx: Context) -> bool:
    """Whether it is a trigger that calls a function of a layer that may write the trigger's table."""
    if not isinstance(edge.where.statement.fact, CreateTrigger) or not isinstance(edge.target, Function):
        return False
    on = ctx.layers.of(edge.source) if edge.source is not None else None
    return other.writes is None or (on is not None and on.name in other.writes)


def _finding(edge: Edge, source: Entity, layer: Layer, other: Layer) -> Finding:
    fact = edge.where.statement.fact
    name, identity = getattr(source, "name", ""), source.identity
    if isinstance(fact, CreateTrigger):
        name, identity = f"trigger {fact.name}", f"{identity}.{fact.name}"
    allowed = ", ".join(layer.reads or ()) or "nothing"
    return Finding(
        edge.where.path,
        Span(edge.ref.at, TOKEN),
        f"{name} of layer {layer.name} depends on {edge.target.identity} of layer {other.name}",
        identity,
        f"layer {layer.name} may read {allowed}: depend on an object of these, or add {other.name} to its reads",
    )
