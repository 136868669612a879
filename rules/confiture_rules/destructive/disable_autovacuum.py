from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable

_OFF = ("autovacuum_enabled=false", "autovacuum_enabled=off", "autovacuum_enabled=0")


@rule(
    name="disable-autovacuum",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order SET (autovacuum_enabled = false);",
    good="ALTER TABLE w_order SET (autovacuum_vacuum_scale_factor = 0.01);",
    at="ALTER TABLE",
)
def disable_autovacuum(change: Change, ctx: Context) -> Iterator[Finding]:
    """Autovacuum is switched off for a table.

    Dead rows stay, statistics grow old, and in the end an emergency vacuum against wraparound comes at its own time.

    *When not:* it is switched on again in the same file.

    *Instead:* tune its thresholds.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable):
        return
    for command in fact.commands:
        if command.kind == "SetRelOptions" and any(word in _OFF for word in command.text.lower().split(",")):
            back = any(
                isinstance(s.fact, AlterTable)
                and s.fact.name == fact.name
                and any(c.kind in ("SetRelOptions", "ResetRelOptions") for c in s.fact.commands)
                for s in change.ahead
            )
            if not back:
                yield change.finding(
                    f"autovacuum leaves {change.quoted(fact.schema, fact.name)} alone from now on",
                    object=change.identity_of(fact.schema, fact.name),
                    help="tune autovacuum_vacuum_scale_factor instead",
                )
