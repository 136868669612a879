from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import added_columns, column_finding


@rule(
    name="add-column-identity",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (code text PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;",
    good="ALTER TABLE w_order ADD COLUMN number bigint;",
    at="number bigint",
)
def add_column_identity(change: Change, ctx: Context) -> Iterator[Finding]:
    """An identity column is added to a table with rows.

    Every row gets a number of its own, so the table and all its indexes are written anew under ACCESS EXCLUSIVE.

    *When not:* the table is made by the same change.

    *Instead:* add a plain column, fill it in batches, make it NOT NULL, then ADD GENERATED AS IDENTITY, which takes a
    short lock.
    """
    for table, column, effects in added_columns(change):
        if column.identity and effects.rewrites:
            name = quote_identifier(column.name)
            yield column_finding(
                change,
                column,
                f"{table} is written anew to number its rows: nobody can read or write it meanwhile",
                f"`ALTER TABLE {table} ADD COLUMN {name} bigint`, number the old rows in batches, make it NOT NULL, "
                f"then ALTER TABLE {table} ALTER COLUMN {name} ADD GENERATED ALWAYS AS IDENTITY",
            )
