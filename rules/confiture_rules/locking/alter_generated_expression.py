from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.whole_table import rewriting_commands, table_finding


@rule(
    name="alter-generated-expression",
    subject=Change,
    config="postgres: 17",
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, net int, total int GENERATED ALWAYS AS (net) STORED);",
    bad="ALTER TABLE w_order ALTER COLUMN total SET EXPRESSION AS (net * 2);",
    good="ALTER TABLE w_order ALTER COLUMN total DROP EXPRESSION;",
    at="ALTER TABLE",
)
def alter_generated_expression(change: Change, ctx: Context) -> Iterator[Finding]:
    """A stored generated column is computed anew for every row.

    Every row is computed again under ACCESS EXCLUSIVE (PostgreSQL 17 and later).

    *When not:* the table is made by the same change, or nothing changes.

    *Instead:* add a column with the new expression in another way, fill it in batches, and swap the names
    """
    for table, _ in rewriting_commands(change, "SetExpression"):
        yield table_finding(
            change,
            f"{table} is written anew to compute its column again: nobody can read or write it meanwhile",
            "add a column with the new expression in another way, fill it in batches, and swap the names",
        )
