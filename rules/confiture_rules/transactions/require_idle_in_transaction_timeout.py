from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.transactions.said_once import first_blocking
from confiture_rules.transactions.timeouts import milliseconds

_SETTINGS = ("idle_in_transaction_session_timeout", "transaction_timeout")


@rule(
    name="require-idle-in-transaction-timeout",
    subject=Change,
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("require-transaction-timeout",),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    good="BEGIN;\nSET LOCAL idle_in_transaction_session_timeout = '10s';\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    at="ALTER TABLE",
)
def require_idle_in_transaction_timeout(change: Change, ctx: Context) -> Iterator[Finding]:
    """A lock is kept for as long as the tool leaves its transaction open.

    When the tool, or the line to it, hangs between two statements, the lock stays, and everyone waits behind it.

    *When not:* the script sets idle_in_transaction_session_timeout, or transaction_timeout (PostgreSQL 17), before it;
    this is a policy. It is said once a file.

    *Instead:* SET LOCAL one of them at the head of the transaction.
    """
    if not change.in_block or any(milliseconds(change.settings.get(name, "0")) for name in _SETTINGS):
        return
    name, mode = first_blocking(change)
    if name:
        yield change.finding(
            f"{mode} on {name} is kept for as long as the session is left alone in its transaction",
            object=name,
            help="`SET idle_in_transaction_session_timeout = '10s'` before it",
            fix=change.insertion(
                "set idle_in_transaction_session_timeout",
                "SET LOCAL idle_in_transaction_session_timeout = '10s';\n",
                safe=False,
            ),
        )
