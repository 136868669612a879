from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import added_columns, column_finding, listed


@rule(
    name="add-column-stored-generated",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, net numeric, tax numeric);",
    bad="ALTER TABLE w_order ADD COLUMN total numeric GENERATED ALWAYS AS (net + tax) STORED;",
    good="ALTER TABLE w_order ADD COLUMN total numeric;",
    at="total numeric",
)
def add_column_stored_generated(change: Change, ctx: Context) -> Iterator[Finding]:
    """A stored generated column is added to a table with rows.

    It is computed for every row at once: the table and all its indexes are written anew under ACCESS EXCLUSIVE.

    *When not:* the table is made by the same change; VIRTUAL columns (PostgreSQL 18) store nothing.

    *Instead:* compute it in a view; or a VIRTUAL column; or a plain column that a trigger keeps, filled in batches.
    """
    found = [(table, c) for table, c, e in added_columns(change) if c.generated == "s" and e.rewrites]
    if found:
        table, column = found[0]
        other = "make it VIRTUAL, " if change.postgres >= 18 else ""
        yield column_finding(
            change,
            column,
            f"{table} is written anew to compute {listed([c for _, c in found])}: nobody can read or write it meanwhile",
            f"{other}compute it in a view, or keep it in a plain column by a trigger and fill the old rows in batches",
        )
