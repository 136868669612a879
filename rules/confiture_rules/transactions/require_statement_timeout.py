from collections.abc import Iterator

from confiture_linter.effects import Change, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.transactions.timeouts import milliseconds


@rule(
    name="require-statement-timeout",
    subject=Change,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0);",
    good="SET statement_timeout = '1min';\nALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0);",
    at="ALTER TABLE",
)
def require_statement_timeout(change: Change, ctx: Context) -> Iterator[Finding]:
    """Work under a lock that others wait for has no limit in time.

    How long a scan or a rewrite takes is found out on the day of the deployment; without a limit the outage lasts as
    long as the work.

    *When not:* the script sets statement_timeout before it, the statement is over in a moment (require-lock-timeout), the
    table is made by the same change, or the environments in confiture.yaml have a statement_timeout, which
    `confiture-migrate` sets. It is said once a file.

    *Instead:* SET statement_timeout to what can be spared, and do the work in another way when it runs out.
    """
    if any(environment.statement_timeout for environment in ctx.config.environments.values()):
        return
    if milliseconds(change.settings.get("statement_timeout", "0")) or change.effects.error:
        return
    worked = {*change.effects.scans, *change.effects.rewrites}
    if not worked and not change.effects.index_rebuilds:
        return
    if any(_said(step) for step in change.earlier if step.migration is change.migration):
        return
    for name, mode in change.blocking:
        if mode.blocks_writes:
            yield change.finding(
                f"works on {name} under {mode.value} for as long as it takes",
                object=name,
                help="`SET statement_timeout = '1min'` before it, or what can be spared",
                fix=change.insertion(
                    "set statement_timeout", "SET statement_timeout = '1min';\n", safe=False
                ),
            )
            return


def _said(step: Step) -> bool:
    """Whether it was said of an earlier statement: it works, and others wait for it."""
    effects = step.effects
    works = effects.scans or effects.rewrites or effects.index_rebuilds
    return bool(works) and any(mode.blocks_writes for _, mode in step.existing)
