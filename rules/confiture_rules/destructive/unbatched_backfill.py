from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Execute, Query


@rule(
    name="unbatched-backfill",
    subject=Change,
    facts=(Execute,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD COLUMN tax numeric;\nUPDATE w_order SET tax = total * 0.2 WHERE tax IS NULL;",
    good=(
        "ALTER TABLE w_order ADD COLUMN tax numeric;\n"
        "UPDATE w_order SET tax = total * 0.2 WHERE tax IS NULL AND id BETWEEN 1 AND 10000;"
    ),
    at="w_order SET tax",
)
def unbatched_backfill(change: Change, ctx: Context) -> Iterator[Finding]:
    """A new column is filled in all rows of a table by one statement.

    The column was added by the same change, so that IS NULL is true for every row: the table is written anew, its
    indexes grow, replicas lag, and whoever updates a row waits until the end.

    *When not:* the condition names other columns, too, such as a range of the key; the column has a default, or an earlier
    statement has filled it in some rows; the table is made by the same change. UPDATE without any condition is update-without-where.

    *Instead:* fill it in batches, by ranges of the key, each in a transaction of its own.
    """
    for query in change.statement.queries[:1]:
        table = _filled(change, query, ctx)
        if table is not None and query.target is not None:
            yield change.finding(
                f"{', '.join(dict.fromkeys(c.name for c in query.conditions))} is new, so this writes every row of "
                f"{table.identity} anew in one statement",
                at=query.target.at,
                object=table.identity,
                help="fill it in batches, by ranges of the key, each in a transaction of its own",
            )


def _filled(change: Change, query: Query, ctx: Context) -> Table | None:
    """The table in use of which an UPDATE writes every row, because it asks only whether new columns are NULL."""
    if query.command != "update" or query.target is None or not query.conditions or query.children:
        return None
    table = change.relation(query.target.schema, query.target.name)
    if not isinstance(table, Table) or change.is_new(table.identity) or change.effects.error:
        return None
    if query.comparisons or query.equalities or len(query.sources) > 1:
        return None
    for use in query.conditions:
        column = table.columns.get(use.name)
        if column is None or not change.is_new_column(table.identity, use.name):
            return None
        if column.default is not None or column.generated or column.identity_kind or column.serial:
            return None
    if _partly_filled(change, query, table):
        return None
    words = ctx.words(change.path, change.span)
    asked = words.find("where")
    return table if asked and words.find("is", "null", after=asked[0].start) else None


def _partly_filled(change: Change, query: Query, table: Table) -> bool:
    """Whether an earlier statement of the change has given some rows a value already."""
    asked = {use.name for use in query.conditions}
    for step in change.earlier:
        for before in step.where.statement.queries[:1]:
            target = before.target
            if before.command != "update" or target is None or target.name != table.name:
                continue
            if asked & {column.name for column in before.target_columns}:
                return True
    return False
