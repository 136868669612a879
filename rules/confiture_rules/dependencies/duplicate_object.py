from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule


@rule(
    name="duplicate-object",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE TABLE w_order (id uuid PRIMARY KEY);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE TABLE w_order_line (id uuid PRIMARY KEY);",
    at="CREATE TABLE w_order (id uuid",
)
def duplicate_object(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An object is created twice.

    PostgreSQL refuses the second CREATE, skips it (IF NOT EXISTS), or lets the last one win (OR REPLACE): in
    a tree of files nobody can tell which definition is in force.

    *When not:* in a migration history CREATE OR REPLACE is how things change and is not reported.

    *Instead:* keep one definition; name the other one differently.
    """
    for conflict in catalog.conflicts:
        if conflict.kind not in ("duplicate-object", "duplicate-column"):
            continue
        what = "column" if conflict.kind == "duplicate-column" else conflict.detail
        related = (Related(*conflict.first, "first defined here"),) if conflict.first else ()
        yield Finding(
            conflict.path,
            conflict.span,
            f"{what.replace('_', ' ')} {conflict.name} is created twice",
            conflict.name.partition("(")[0],
            f"the first definition is in {conflict.first[0]}" if conflict.first else "keep one definition",
            related=related,
        )
