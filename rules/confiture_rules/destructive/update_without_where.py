from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import DoBlock, Execute
from confiture_rules.destructive.without_where import whole_table


@rule(
    name="update-without-where",
    subject=Change,
    facts=(Execute, DoBlock),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="UPDATE w_order SET total = 0;",
    good="UPDATE w_order SET total = 0 WHERE total IS NULL;",
    at="w_order",
)
def update_without_where(change: Change, ctx: Context) -> Iterator[Finding]:
    """All rows of a table in use are updated in one statement.

    Every row is written anew: the table doubles in size, its indexes grow, replicas lag, and whoever updates a row
    waits until the end.

    *When not:* the table is made by the same change, is temporary, or a join says which rows.

    *Instead:* fill it in batches, each in a transaction of its own, and leave out rows that are right already.
    """
    for query, table in whole_table(change, ctx, "update"):
        yield change.finding(
            f"every row of {table} is written anew in one statement",
            at=query.target.at if query.target is not None else query.at,
            object=table,
            help="fill it in batches, each in a transaction of its own, and leave out rows that are right already",
        )
