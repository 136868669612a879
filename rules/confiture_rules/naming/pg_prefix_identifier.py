from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.naming.names import all_names, name_finding

_KINDS = frozenset({"table", "view", "materialized_view", "sequence", "type", "function", "procedure"})


@rule(
    name="pg-prefix-identifier",
    subject=Catalog,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE pg_order (id bigint PRIMARY KEY);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    at="pg_order",
)
def pg_prefix_identifier(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An object looks like one of PostgreSQL's own.

    pg_catalog is searched first: as soon as a new version has an object of that name, every unqualified use
    means the other one.

    *When not:* stand-ins for system views on another database.

    *Instead:* a name without the prefix.
    """
    for kind, named in all_names(ctx):
        if kind in _KINDS and named.name.startswith("pg_"):
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} {named.name} begins with pg_, as PostgreSQL's own objects do",
                f"call it {named.name.removeprefix('pg_')}",
            )
