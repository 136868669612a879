from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import column_finding


@rule(
    name="add-column-inline-check",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN quantity int CHECK (quantity > 0);",
    good="ALTER TABLE w_order ADD COLUMN quantity int;",
    at="quantity int",
)
def add_column_inline_check(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added together with a CHECK, which is tested on every old row.

    The whole table is read under ACCESS EXCLUSIVE, although every old row has NULL or the default.

    *When not:* the table is made by the same change.

    *Instead:* add the column alone, then the CHECK NOT VALID, then validate it in another transaction.
    """
    fact = change.fact
    for command in change.commands("AddColumn"):
        column = command.column
        checks = [c for c in command.constraints if c.kind == "check" and not (c.not_valid or c.not_enforced)]
        if not isinstance(fact, AlterTable) or column is None or not checks:
            continue
        effects = change.effects_of_command(command)
        if effects.scans and not effects.rewrites and not effects.error:
            table, name = change.quoted(fact.schema, fact.name), quote_identifier(column.name)
            yield column_finding(
                change,
                column,
                f"the CHECK of {column.name} reads all of {table} while nobody can read or write it",
                f"`ALTER TABLE {table} ADD COLUMN {name} …`, then the CHECK with NOT VALID, then VALIDATE CONSTRAINT "
                "in another transaction",
            )
