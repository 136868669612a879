from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import SetVariable
from confiture_rules.transactions.timeouts import milliseconds, spelt


@rule(
    name="timeout-too-long",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.WARNING,
    options={"most_seconds": 30},
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="SET lock_timeout = '5min';\nALTER TABLE w_order ADD COLUMN note text;",
    good="SET lock_timeout = '5s';\nALTER TABLE w_order ADD COLUMN note text;",
    at="SET lock_timeout",
)
def timeout_too_long(change: Change, ctx: Context) -> Iterator[Finding]:
    """lock_timeout is so long that it protects nobody.

    For as long as the statement waits, all queries on the table wait behind it.

    *When not:* at most `most_seconds`.

    *Instead:* a few seconds, and several attempts.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable) or fact.name.lower() != "lock_timeout" or not fact.values:
        return
    if milliseconds(fact.values[0]) > ctx.options["most_seconds"] * 1000:
        yield change.finding(
            f"everyone waits up to {spelt(fact.values[0])} behind a statement that waits for its lock",
            help="`SET lock_timeout = '2s'`, and try again when it runs out",
        )
