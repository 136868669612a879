from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import added_columns, column_finding


@rule(
    name="add-column-serial",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (code text PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN number bigserial;",
    good="ALTER TABLE w_order ADD COLUMN number bigint;",
    at="number bigserial",
)
def add_column_serial(change: Change, ctx: Context) -> Iterator[Finding]:
    """A serial column is added to a table with rows.

    Every row gets a number of its own, so the table and all its indexes are written anew under ACCESS EXCLUSIVE.

    *When not:* the table is made by the same change.

    *Instead:* add a plain bigint, give it a sequence as default, fill the old rows in batches.
    """
    for table, column, effects in added_columns(change):
        if column.serial and effects.rewrites:
            name = quote_identifier(column.name)
            yield column_finding(
                change,
                column,
                f"{table} is written anew to number its rows: nobody can read or write it meanwhile",
                f"`ALTER TABLE {table} ADD COLUMN {name} bigint`, then a sequence as its default, "
                "then number the old rows in batches",
            )
