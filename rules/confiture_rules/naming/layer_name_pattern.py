from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Column, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.naming.names import all_names, name_finding, shown

CONFIG = """\
layers:
  - name: write
    paths: ["db/write/**"]
    names: {table: "^w_", function: "^fn_"}
"""


@rule(
    name="layer-name-pattern",
    subject=Catalog,
    severity=Severity.ERROR,
    bad={"db/write/order.sql": "CREATE TABLE orders (id bigint PRIMARY KEY);"},
    good={"db/write/order.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY);"},
    at="orders",
    config=CONFIG,
)
def layer_name_pattern(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A name does not follow the pattern of its layer.

    The prefix says to which side an object belongs; other rules, grants and people go by it.

    *When not:* partitions and inheriting tables are passed over; exempt what a framework names.

    *Instead:* the pattern that `layers: names:` declares for the kind, or another layer's folder.
    """
    if not ctx.layers or not any(layer.names for layer in ctx.layers.layers):
        return
    for kind, named in all_names(ctx):
        if isinstance(named, Table) and (named.partition_of or named.parents):
            continue
        layer = ctx.layers.of(named.table if isinstance(named, Column) else named)
        if layer is None or kind not in layer.names:
            continue
        if ctx.layers.pattern(layer, kind).search(named.name) is None:
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} {shown(named)} of layer {layer.name} does not match {layer.names[kind]}",
                f"give it a name that matches {layer.names[kind]}, or move it to the layer it belongs to",
            )
