from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints, lists_a_key
from confiture_rules.locking.not_valid import not_valid_fix, not_valid_help


@rule(
    name="add-check-without-not-valid",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD CONSTRAINT w_order_total CHECK (total >= 0);",
    good="ALTER TABLE w_order ADD CONSTRAINT w_order_total CHECK (total >= 0) NOT VALID;",
    at="CONSTRAINT w_order_total",
)
def add_check_without_not_valid(change: Change, ctx: Context) -> Iterator[Finding]:
    """A CHECK is added and tested on every old row at once.

    The whole table is read under ACCESS EXCLUSIVE: nobody can read or write it until that is done.

    *When not:* the table is made by the same change, or the CHECK lists the values of a key, so that there are few rows.

    *Instead:* add it NOT VALID, then VALIDATE CONSTRAINT in another transaction, which lets others read and write.
    """
    for added in added_constraints(change, "check"):
        tested = not added.fact.not_valid and not added.fact.not_enforced and added.effects.scans
        if tested and not lists_a_key(added.fact.expression, added.entity):
            yield change.finding(
                f"{added.called} is tested on every row of {added.table} while nobody can read or write it",
                at=added.fact.at,
                object=added.identity,
                help=not_valid_help(added),
                fix=not_valid_fix(change, ctx),
            )
