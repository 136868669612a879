from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.transactions.timeouts import milliseconds


@rule(
    name="require-lock-timeout",
    subject=Change,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN note text;",
    good="SET lock_timeout = '2s';\nALTER TABLE w_order ADD COLUMN note text;",
    at="ALTER TABLE",
)
def require_lock_timeout(change: Change, ctx: Context) -> Iterator[Finding]:
    """A lock that blocks others is waited for without a limit.

    While the statement waits behind a long query, all queries that come after it wait behind the statement.

    *When not:* the script sets lock_timeout before it, the table is made by the same change, or the environments in
    confiture.yaml have a lock_timeout, which `confiture-migrate` sets.

    *Instead:* SET lock_timeout before it, and try again when it runs out.
    """
    if any(environment.lock_timeout for environment in ctx.config.environments.values()):
        return
    if milliseconds(change.settings.get("lock_timeout", "0")) or change.effects.error:
        return
    for step in change.earlier:
        if step.migration is change.migration and any(mode.blocks_writes for _, mode in step.existing):
            return  # said once a file
    for name, mode in change.blocking:
        if mode.blocks_writes:
            yield change.finding(
                f"waits without a limit for {mode.value} on {name}, and everyone else behind it",
                object=name,
                help="`SET lock_timeout = '2s'` before it",
                fix=change.insertion("set lock_timeout", "SET lock_timeout = '2s';\n", safe=False),
            )
            return
