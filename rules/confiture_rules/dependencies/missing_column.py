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
    """A column, a field or a variable is named that does not exist.

    Indexes, keys, comments, policies, triggers and views fail when the schema is built; the body of a function
    fails when it is called. Looked at are columns by alias and without one, INSERT lists, SET, ON CONFLICT and
    `excluded`, fields of records (of the query that fills them), of rows and composites, `NEW` and `OLD` by the
    tables that the trigger function is attached to, `%TYPE`, variables, and SQL in `EXECUTE` as far as it is
    constant.

    *When not:* tables whose columns are not fully known (they copy or inherit from something outside the
    tree) are left alone; so are bodies that set `search_path`, handle `undefined_column`, or, for `NEW` and
    `OLD`, ask for `TG_TABLE_NAME` or their arguments.

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
