from collections.abc import Iterator

from confiture_linter.effects import ChangeSet
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import Statement, Transaction


@rule(
    name="uncommitted-transaction",
    subject=ChangeSet,
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;",
    good="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    at="BEGIN",
)
def uncommitted_transaction(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """A script opens a transaction and does not end it.

    When the session ends everything in it is rolled back, and nothing says so.

    *When not:* the tool itself wraps the file: then the BEGIN is transaction-nesting.

    *Instead:* COMMIT at the end.
    """
    for migration in changes.migrations:
        opened: Statement | None = None
        for statement in migration.statements:
            fact = statement.fact
            if isinstance(fact, Transaction):
                if fact.kind in ("begin", "start"):
                    opened = opened or statement
                elif fact.kind in ("commit", "rollback", "prepare"):
                    opened = None
        if opened is not None and migration.wrapped is False:
            yield Finding(
                migration.path,
                Span(opened.start, opened.end),
                "nothing ends this transaction: all of it is rolled back with the session",
                help="COMMIT at the end",
            )
