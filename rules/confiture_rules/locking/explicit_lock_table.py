from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain
from confiture_rules.locking.wording import blocked


@rule(
    name="explicit-lock-table",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="LOCK TABLE w_order;",
    good="BEGIN;\nLOCK TABLE w_order IN ROW EXCLUSIVE MODE;\nCOMMIT;",
    at="LOCK TABLE",
)
def explicit_lock_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table is locked against readers or writers until the transaction ends.

    Without a mode LOCK TABLE takes ACCESS EXCLUSIVE: every SELECT waits.

    *When not:* the mode lets others read and write, or the table is made by the same change.

    *Instead:* let each statement take the lock it needs; where a lock must be taken first, set lock_timeout before it.
    """
    fact = change.fact
    if not isinstance(fact, Maintain) or fact.command != "lock":
        return
    for name, mode in change.blocking:
        if mode.blocks_writes:
            yield change.finding(
                f"{name} is locked in {mode.value} mode: {blocked(mode)} until the transaction ends",
                object=name,
                help="let each statement take the lock it needs, or set lock_timeout first",
            )
            return
