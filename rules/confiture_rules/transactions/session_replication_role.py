from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import SetVariable


@rule(
    name="session-replication-role",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="SET session_replication_role = replica;\nDELETE FROM w_order WHERE id < 0;",
    good="DELETE FROM w_order WHERE id < 0;",
    at="SET session_replication_role",
)
def session_replication_role(change: Change, ctx: Context) -> Iterator[Finding]:
    """Triggers and foreign keys are switched off for the session.

    Rows that break a foreign key are taken, and audit and projections miss what is written.

    *When not:* it is set back to origin.

    *Instead:* leave it as it is; where it must be, SET LOCAL, and check the foreign keys afterwards.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable) or fact.name.lower() != "session_replication_role":
        return
    if fact.values[:1] == ("replica",):
        yield change.finding(
            "foreign keys and triggers are off for what follows",
            help="leave it as it is, or SET LOCAL and check the foreign keys afterwards",
        )
