from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.type_changes import retyped_columns, type_change_finding


@rule(
    name="change-column-type-rechecks-constraints",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code varchar(20) CHECK (code <> ''), note varchar(20));",
    bad="ALTER TABLE w_order ALTER COLUMN code TYPE varchar(40);",
    good="ALTER TABLE w_order ALTER COLUMN note TYPE varchar(40);",
    at="varchar(40)",
)
def change_column_type_rechecks_constraints(change: Change, ctx: Context) -> Iterator[Finding]:
    """A change of type tests the constraints of the column on every row again.

    Every CHECK and foreign key on the column is tested on every row under ACCESS EXCLUSIVE.

    *When not:* no constraint names the column; a change that writes the table anew is change-column-type-rewrite.

    *Instead:* drop the constraint, change the type, add it again NOT VALID and validate it in another transaction.
    """
    for retyped in retyped_columns(change):
        effects = retyped.effects
        if change.migration.tool == "django" and retyped.old == retyped.new:
            continue  # Django leaves out a change of type that is none
        if effects.scans and not effects.rewrites and not effects.index_rebuilds:
            yield type_change_finding(
                change,
                retyped,
                f"changing {retyped.command.name} {retyped.change} tests its constraints on every row of {retyped.table} "
                "while nobody can read or write it",
                "drop the constraint, change the type, add it again with NOT VALID, and validate it afterwards",
            )
