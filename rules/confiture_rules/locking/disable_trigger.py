from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="disable-trigger",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order DISABLE TRIGGER ALL;",
    good="ALTER TABLE w_order ENABLE TRIGGER ALL;",
    at="ALTER TABLE",
)
def disable_trigger(change: Change, ctx: Context) -> Iterator[Finding]:
    """Triggers of a table in use are switched off for everyone.

    Audit, projections and, with ALL, foreign keys are no longer kept, for all sessions and until somebody switches
    them on again; rows written meanwhile are never looked at.

    *When not:* the table is made by the same change, or the same transaction switches them on again.

    *Instead:* SET LOCAL session_replication_role = replica in the one session that must pass them by.
    """
    fact = change.fact
    for command in change.commands("DisableTrig", "DisableTrigAll", "DisableTrigUser"):
        if not isinstance(fact, AlterTable) or _enabled_again(change, fact):
            continue
        which = f"trigger {command.name}" if command.name else "triggers"
        table = change.quoted(fact.schema, fact.name)
        yield change.finding(
            f"{which} of {table} {'is' if command.name else 'are'} off for everyone",
            object=change.identity_of(fact.schema, fact.name),
            help="switch it on again in the same transaction, or SET LOCAL session_replication_role = replica",
        )


def _enabled_again(change: Change, fact: AlterTable) -> bool:
    return change.in_block and any(
        isinstance(later.fact, AlterTable)
        and later.fact.name == fact.name
        and any(command.kind.startswith("EnableTrig") for command in later.fact.commands)
        for later in change.ahead
    )
