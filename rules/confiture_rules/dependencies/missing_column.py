from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_rules.dependencies.columns import column_mistakes


@rule(
    name="missing-column",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, state text NOT NULL);\nCREATE INDEX ON w_order (status);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, state text NOT NULL);\nCREATE INDEX ON w_order (state);",
    at="CREATE INDEX",
)
def missing_column(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A column is named that its table or view does not have.

    Indexes, keys, comments, policies and triggers fail when the schema is built; INSERT and UPDATE in a
    function fail when it is called.

    *When not:* tables whose columns are not fully known (they copy or inherit from something outside the
    tree) are left alone, as are names that may be variables of a function.

    *Instead:* correct the name, or add the column before it is used.
    """
    for conflict in catalog.conflicts:
        if conflict.kind == "missing-column":
            related = (Related(*conflict.first, "defined here"),) if conflict.first else ()
            table, _, column = conflict.name.rpartition(".")
            yield Finding(
                conflict.path,
                conflict.span,
                f"column {column} of {table} does not exist ({conflict.detail})",
                conflict.name,
                _close(catalog, table, column),
                related=related,
            )
    for mistake in column_mistakes(ctx):
        yield Finding(mistake.path, mistake.span, mistake.message, mistake.owner, mistake.hint)


def _close(catalog: Catalog, table: str, column: str) -> str:
    from difflib import get_close_matches

    schema, _, name = table.rpartition(".")
    found = catalog.table(schema, name)
    close = get_close_matches(column, list(found.columns), 1, 0.6) if found is not None else []
    return f"did you mean {close[0]}?" if close else "correct the name, or add the column first"
