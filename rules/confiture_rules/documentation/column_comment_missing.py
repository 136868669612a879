from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_rules.documentation.coverage import OPTIONS, expected


@rule(
    name="column-comment-missing",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order (state smallint NOT NULL);",
    good="CREATE TABLE w_order (state smallint NOT NULL);\nCOMMENT ON COLUMN w_order.state IS '0 open, 1 paid.';",
    at="state smallint",
    config="lint: {rules: {column-comment-missing: {options: {coverage: 0}}}}",
    options=OPTIONS,
)
def column_comment_missing(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has no comment.

    Units, codes and who fills the column are nowhere else.

    Reported where the team comments its columns: at least ten, and at least the share `coverage` of them have
    one. With `coverage: 0` it is always reported.

    *When not:* partitions, and columns that LIKE copied.

    *Instead:* `COMMENT ON COLUMN … IS '…'`.
    """
    if column.comment or not _own(column):
        return
    if expected(ctx, "column", lambda: (c.comment for c in ctx.catalog.columns if _own(c))):
        name = f"{column.table.qualified}.{quote_identifier(column.name)}"
        yield column.finding(
            f"column {column.table.name}.{column.name} has no comment",
            help=f"COMMENT ON COLUMN {name} IS 'what it holds';",
        )


def _own(column: Column) -> bool:
    table = column.table
    return table.partition_of is None and not any(like.at == column.fact.at for like in table.fact.like)
