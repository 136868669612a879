from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import DoBlock, Execute
from confiture_rules.destructive.without_where import whole_table


@rule(
    name="delete-without-where",
    subject=Change,
    facts=(Execute, DoBlock),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="DELETE FROM w_order;",
    good="DELETE FROM w_order WHERE total = 0;",
    at="w_order",
)
def delete_without_where(change: Change, ctx: Context) -> Iterator[Finding]:
    """All rows of a table in use are deleted.

    Every row is gone, and its space is not given back.

    *When not:* the table is made by the same change, is temporary, or a join says which rows.

    *Instead:* say with WHERE which rows, and delete them in batches.
    """
    for query, table in whole_table(change, ctx, "delete"):
        yield change.finding(
            f"every row of {table} is deleted",
            at=query.target.at if query.target is not None else query.at,
            object=table,
            help="say with WHERE which rows, and delete them in batches",
        )
