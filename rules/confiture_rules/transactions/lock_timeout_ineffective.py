from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import (
    AlterTable,
    CreateIndex,
    CreateTrigger,
    Drop,
    Rename,
    SetVariable,
    Statement,
    Transaction,
)
from confiture_rules.transactions.timeouts import milliseconds

_TIMEOUTS = frozenset({"lock_timeout", "statement_timeout"})


@rule(
    name="lock-timeout-ineffective",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.WARNING,
    config="migrations: {roots: [migrations], transaction: none}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="SET LOCAL lock_timeout = '2s';\nALTER TABLE w_order ADD COLUMN note text;",
    good="BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    at="SET LOCAL",
)
def lock_timeout_ineffective(change: Change, ctx: Context) -> Iterator[Finding]:
    """A timeout is set in a way that has no effect.

    SET LOCAL outside of a transaction block does nothing but warn; the value 0 means no timeout at all; RESET before the
    statements that it is for takes it back.

    *When not:* a timeout is switched off after the statements it was for.

    *Instead:* SET without LOCAL, or a transaction around it; a value above 0.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable):
        return
    if fact.reset:
        if fact.name.lower() in ("lock_timeout", "all", "") and _unused(change):
            yield change.finding(
                "lock_timeout is taken back before anything was done under it", help="RESET it at the end"
            )
        return
    if fact.name.lower() not in _TIMEOUTS:
        return
    name, value = fact.name.lower(), fact.values[0] if fact.values else ""
    if fact.local and not change.in_block:
        yield change.finding(
            f"SET LOCAL {name} does nothing outside of a transaction block",
            help=f"`SET {name} = '2s'`" if name == "lock_timeout" else f"SET {name} without LOCAL",
        )
    elif name == "lock_timeout" and value and milliseconds(value):
        if change.in_block and _ends_first(change, local=fact.local):
            yield change.finding(
                "lock_timeout ends with this transaction, before the statements that it could be for",
                help="set it in the transaction that they are in",
            )
        elif _too_late(change):
            yield change.finding(
                "lock_timeout is set after the statements that it could be for", help="set it before them"
            )
    elif name == "lock_timeout" and value and not milliseconds(value) and _needed(change):
        yield change.finding(
            "lock_timeout is switched off, and statements that lock others out follow",
            help="`SET lock_timeout = '2s'`",
        )


_LOCKING = (AlterTable, CreateIndex, CreateTrigger, Drop, Rename)


def _locks(statement: Statement) -> bool:
    """Whether others may have to wait behind a statement that waits for its lock.

    What is done CONCURRENTLY, or only validates, lets everyone read and write; a timeout would only break it off.
    """
    fact = statement.fact
    if isinstance(fact, AlterTable):
        return any(command.kind != "ValidateConstraint" for command in fact.commands)
    return isinstance(fact, _LOCKING) and not getattr(fact, "concurrently", False)


def _unused(change: Change) -> bool:
    """Whether a timeout that was set is taken back before the statements that it could have been for."""
    if not milliseconds(change.settings.get("lock_timeout", "0")):
        return False
    used = any(s.migration is change.migration and _locks(s.where.statement) for s in change.earlier)
    return not used and any(_locks(statement) for statement in change.ahead)


def _needed(change: Change) -> bool:
    """Whether nothing had set it before, and a change of the schema follows before it is set again.

    Switching it off later is good manners.
    """
    if milliseconds(change.settings.get("lock_timeout", "0")):
        return False
    for statement in change.ahead:
        if _locks(statement):
            return True
        if isinstance(statement.fact, SetVariable) and statement.fact.name.lower() == "lock_timeout":
            return False
    return False


def _ends_first(change: Change, *, local: bool) -> bool:
    """Whether the transaction takes the setting back before it is needed: its end SET LOCAL, ROLLBACK any SET."""
    for number, statement in enumerate(change.ahead):
        if _locks(statement):
            return False
        if isinstance(statement.fact, Transaction) and (
            statement.fact.kind == "rollback" or (local and statement.fact.kind == "commit")
        ):
            return any(_locks(later) for later in change.ahead[number:])
    return False


def _too_late(change: Change) -> bool:
    """Whether all that locks is done already, with no timeout; one that was set before is only given back."""
    done = False
    for step in change.earlier:
        if step.migration is not change.migration:
            continue
        fact = step.where.statement.fact
        if isinstance(fact, SetVariable) and fact.name.lower() == "lock_timeout":
            return False
        done = done or (bool(step.existing) and _locks(step.where.statement))
    return done and not any(map(_locks, change.ahead))
