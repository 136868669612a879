from collections.abc import Iterator

from confiture_linter.engine.context import Context
from confiture_linter.engine.drift import Drift
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="schema-drift",
    subject=Drift,
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric NOT NULL);",
    bad=(
        "ALTER TABLE w_order ADD COLUMN total numeric NOT NULL DEFAULT 0;\n"
        "ALTER TABLE w_order ADD COLUMN note text;"
    ),
    good="ALTER TABLE w_order ADD COLUMN total numeric NOT NULL DEFAULT 0;",
    at="note text",
)
def schema_drift(drift: Drift, ctx: Context) -> Iterator[Finding]:
    """The schema tree and the migrations do not lead to the same schema.

    A database built from the tree is then another one than a database that was migrated: what is tested is not
    what runs.

    *When not:* the tree shows nothing of any migration: then it is what the migrations start from.

    *Instead:* make the change in both, in one commit.
    """
    yield drift.finding(drift.message, help="make the change in the tree and in a migration")
