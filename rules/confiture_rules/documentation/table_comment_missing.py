from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.documentation.coverage import OPTIONS, expected


@rule(
    name="table-comment-missing",
    subject=Table,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCOMMENT ON TABLE w_order IS 'What a customer bought.';",
    at="CREATE TABLE w_order",
    config="lint: {rules: {table-comment-missing: {options: {coverage: 0}}}}",
    options=OPTIONS,
)
def table_comment_missing(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table has no comment.

    psql, generated documentation and GraphQL schemas show the comment to people who did not write the table.

    Reported where the team comments its tables: at least ten, and at least the share `coverage` of them have
    one. With `coverage: 0` it is always reported.

    *When not:* partitions, which are described by their parent.

    *Instead:* `COMMENT ON TABLE … IS '…'`.
    """
    if table.comment or table.partition_of is not None:
        return
    if expected(ctx, "table", lambda: (t.comment for t in ctx.catalog.tables if t.partition_of is None)):
        yield table.finding(
            f"table {table.name} has no comment",
            help=f"COMMENT ON TABLE {table.qualified} IS 'what one row is';",
        )
