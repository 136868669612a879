from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_rules.dependencies.partial import unknown_base


@rule(
    name="forward-reference",
    subject=Catalog,
    severity=Severity.ERROR,
    bad={
        "db/10_v_order.sql": "CREATE VIEW v_order AS SELECT id FROM w_order;",
        "db/20_w_order.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY);",
    },
    good={
        "db/10_w_order.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY);",
        "db/20_v_order.sql": "CREATE VIEW v_order AS SELECT id FROM w_order;",
    },
    at="w_order;",
)
def forward_reference(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A statement needs something that is created later in the build order.

    The build stops there. PL/pgSQL bodies may look ahead, views, keys, defaults and SQL functions may not.

    *When not:* between files only where the order is declared (`schema.order`) or the files are numbered;
    otherwise `confiture-lint order` computes one. In a history whose base is elsewhere (unknown-base) tables may have
    been there before.

    *Instead:* move the file, number it higher, or add the key later with ALTER TABLE.
    """
    seen: set[tuple[str, int, int]] = set()
    for edge in catalog.edges:
        here = edge.where.path == edge.target.path
        if not edge.forward or edge.late or not (ctx.ordered or here):
            continue
        if ctx.history and edge.ref.kind == "relation" and unknown_base(ctx):
            continue  # the base may have had one of that name before
        key = (edge.where.path, edge.where.statement.start, id(edge.target))
        if key in seen:
            continue
        seen.add(key)
        target = edge.target
        name = getattr(target, "name", "")
        place = "later in this file" if here else f"only in {target.path}"
        at = edge.ref.at
        yield Finding(
            edge.where.path,
            Span(at, -2) if at >= 0 else Span(edge.where.statement.start, edge.where.statement.end),
            f"{target.kind.replace('_', ' ')} {name} is created {place}",
            getattr(edge.source, "identity", "") or getattr(target, "identity", ""),
            "move the definition before its use" if here else f"build {target.path} before this file",
            related=(Related(target.path, target.span, "created here"),),
        )
