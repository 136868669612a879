from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Function, Type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="unreferenced-object",
    subject=Catalog,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE FUNCTION fn_vat(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT amount * 0.2';",
    good="CREATE FUNCTION fn_vat(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT amount * 0.2';\n"
    "CREATE VIEW v_vat AS SELECT fn_vat(100) AS vat;",
    at="CREATE FUNCTION fn_vat",
)
def unreferenced_object(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Nothing in the tree uses a function or type, and nobody is granted it.

    Dead code is read, reviewed and migrated like live code.

    *When not:* functions that applications call look unused unless they are granted to a role; that is why
    the rule is in no preset but `all`.

    *Instead:* drop it, or GRANT EXECUTE to the role that calls it.
    """
    for function in catalog.routines:
        if not function.grants and not _used(function, ctx):
            yield function.finding(
                f"function {function.name} is used by nothing in the tree",
                help="drop it, or grant it to the role that calls it",
            )
    for kind in catalog.types.values():
        if not kind.grants and not _used(kind, ctx):
            yield kind.finding(f"type {kind.name} is used by nothing in the tree", help="drop it")


def _used(entity: Function | Type, ctx: Context) -> bool:
    return any(edge.source is not entity for edge in ctx.dependencies.on(entity))
