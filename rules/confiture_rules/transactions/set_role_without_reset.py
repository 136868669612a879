from collections.abc import Iterator

from confiture_linter.effects import ChangeSet
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import SetVariable, Statement

_ROLE = frozenset({"role", "session_authorization"})


@rule(
    name="set-role-without-reset",
    subject=ChangeSet,
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="SET ROLE app_owner;\nALTER TABLE w_order ADD COLUMN note text;",
    good="SET ROLE app_owner;\nALTER TABLE w_order ADD COLUMN note text;\nRESET ROLE;",
    at="SET ROLE",
)
def set_role_without_reset(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """A script becomes another role and stays it.

    Tools run migrations one after the other in one session: the next one runs as that role, and so does the record of
    this one.

    *When not:* SET LOCAL ROLE, which ends with the transaction, or a RESET ROLE at the end.

    *Instead:* SET LOCAL ROLE.
    """
    for migration in changes.migrations:
        became: Statement | None = None
        for statement in migration.statements:
            fact = statement.fact
            if isinstance(fact, SetVariable) and fact.name.lower() in _ROLE and not fact.local:
                back = fact.reset or [value.lower() for value in fact.values] in (["none"], ["default"], [])
                became = None if back else statement
        if became is not None:
            yield Finding(
                migration.path,
                Span(became.start, became.end),
                "the next migrations of the session run as this role, too",
                help="SET LOCAL ROLE, or RESET ROLE at the end",
            )
