from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import CreateTable, Execute, Other, SetVariable

_STATEMENTS = {"PrepareStmt": "PREPARE", "ListenStmt": "LISTEN", "LoadStmt": "LOAD"}
_LOCKS = frozenset(
    {"pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared"}
)
_OF_THE_TRANSACTION = frozenset({"transaction", "session characteristics"})


@rule(
    name="pooler-unsafe-session-state",
    subject=Change,
    facts=(SetVariable, Other, Execute, CreateTable),
    severity=Severity.WARNING,
    preset=Preset.ALL,
    aliases=("pgbouncer-unsafe",),
    bad="SELECT pg_advisory_lock(42);",
    good="SELECT pg_advisory_xact_lock(42);",
    at="SELECT",
)
def pooler_unsafe_session_state(change: Change, ctx: Context) -> Iterator[Finding]:
    """A script leaves something in its session that a pooler hands to somebody else.

    PgBouncer in transaction mode gives each transaction another server session: a SET, an advisory lock, a prepared
    statement or a temporary table is gone for the script, and is there for whoever gets the session next.

    *When not:* migrations connect to the server itself; this is a policy for those that do not.

    *Instead:* SET LOCAL, pg_advisory_xact_lock, ON COMMIT DROP inside one transaction; or a direct connection.
    """
    what, instead = _left(change)
    if what:
        yield change.finding(f"{what} stays in a session that a pooler gives to others", help=instead)


def _left(change: Change) -> tuple[str, str]:
    """What stays in the session, and what to write; empty where nothing does."""
    fact = change.fact
    if (
        isinstance(fact, SetVariable)
        and not fact.local
        and not fact.reset
        and fact.name not in _OF_THE_TRANSACTION
    ):
        return fact.name, "use SET LOCAL in the transaction that needs it"
    if isinstance(fact, Other) and fact.kind in _STATEMENTS:
        return f"what {_STATEMENTS[fact.kind]} makes", "use a direct connection"
    if isinstance(fact, Execute):
        for ref in change.statement.refs:
            if ref.kind == "function" and ref.name in _LOCKS:
                return (
                    "the advisory lock",
                    f"use {ref.name.replace('advisory', 'advisory_xact')} in a transaction",
                )
    if isinstance(fact, CreateTable) and fact.persistence == "t" and not change.in_block:
        return f"temporary table {fact.name}", "make it ON COMMIT DROP in the transaction that needs it"
    return "", ""
