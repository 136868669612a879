from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Other


@rule(
    name="drop-database",
    subject=Change,
    facts=(Other,),
    severity=Severity.ERROR,
    bad="DROP DATABASE app;",
    good="SELECT 1;",
    at="DROP DATABASE",
)
def drop_database(change: Change, ctx: Context) -> Iterator[Finding]:
    """A database or a tablespace is dropped.

    *When not:* never in a migration.

    *Instead:* do it by hand, after a backup.
    """
    fact = change.fact
    if isinstance(fact, Other) and fact.kind in ("DropdbStmt", "DropTableSpaceStmt"):
        what = "a database" if fact.kind == "DropdbStmt" else "a tablespace"
        yield change.finding(f"{what} is dropped by a migration", help="do it by hand, after a backup")
