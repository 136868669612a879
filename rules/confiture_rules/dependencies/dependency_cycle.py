from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.graph.order import file_edges, order_of
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_rules.dependencies.partial import unknown_base


@rule(
    name="dependency-cycle",
    subject=Catalog,
    severity=Severity.ERROR,
    bad={
        "a.sql": "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint REFERENCES b);",
        "b.sql": "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);",
    },
    good={
        "a.sql": "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);",
        "b.sql": "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);",
        "c.sql": "ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;",
    },
    at="b)",
)
def dependency_cycle(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Files need one another, so that no build order works.

    Reported once for each edge that has to be broken; a foreign key is preferred, since it can be added
    afterwards.

    *When not:* references from PL/pgSQL bodies are resolved when the function runs and close no cycle.

    *Instead:* move the foreign key into an ALTER TABLE of its own that runs after both files, or split the
    file.
    """
    if all(not edge.forward or edge.late for edge in catalog.edges) or (ctx.history and unknown_base(ctx)):
        return
    files = [file.path for file in ctx.files] or list(dict.fromkeys(s.path for s in catalog.statements))
    order = order_of(files, file_edges(catalog))
    for broken in order.broken:
        edge = broken.edge
        target = edge.target
        others = [
            path
            for cycle in order.cycles
            if broken.source in cycle
            for path in cycle
            if path != broken.source
        ]
        movable = edge.ref.use == "reference"
        yield Finding(
            broken.source,
            Span(edge.ref.at, -2),
            f"this file and {', '.join(dict.fromkeys(others)) or broken.target} need one another",
            getattr(edge.source, "identity", "") or getattr(target, "identity", ""),
            f"add the foreign key to {getattr(target, 'name', '')} later, with ALTER TABLE in a file of its own"
            if movable
            else f"split the file, so that {getattr(target, 'name', '')} is not needed here",
            related=(Related(target.path, target.span, "needed from here"),),
        )
