from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateIndex, Maintain
from confiture_rules.transactions.timeouts import milliseconds, spelt


@rule(
    name="statement-timeout-kills-concurrent-build",
    subject=Change,
    facts=(CreateIndex, Maintain),
    severity=Severity.WARNING,
    options={"least_seconds": 600},
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="SET statement_timeout = '5s';\nCREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    good="SET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    at="CREATE INDEX",
)
def statement_timeout_kills_concurrent_build(change: Change, ctx: Context) -> Iterator[Finding]:
    """An index is built CONCURRENTLY under a short statement_timeout.

    The build takes as long as it takes; ended by the timeout it leaves an INVALID index behind.

    *When not:* the timeout is off, or at least `least_seconds`.

    *Instead:* switch statement_timeout off for this statement.
    """
    fact = change.fact
    if not isinstance(fact, CreateIndex | Maintain) or not fact.concurrently:
        return
    if isinstance(fact, Maintain) and fact.command != "reindex":
        return
    limit = milliseconds(change.settings.get("statement_timeout", "0"))
    if 0 < limit < ctx.options["least_seconds"] * 1000:
        yield change.finding(
            f"statement_timeout ends the build after {spelt(change.settings['statement_timeout'])} and leaves an INVALID index",
            help="`SET statement_timeout = 0` before it",
            fix=change.insertion("switch statement_timeout off", "SET statement_timeout = 0;\n", safe=False),
        )
