from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.risk.duration import duration_of
from confiture_rules.locking.sizes import Sizes


@rule(
    name="cumulative-lock-budget",
    subject=ChangeSet,
    severity=Severity.WARNING,
    options={"gigabytes": {}, "seconds": 30},
    config="lint: {rules: {cumulative-lock-budget: {options: {gigabytes: {'*w_order': 10}, seconds: 60}}}}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, a int, b int, c int);",
    bad="CREATE INDEX by_a ON w_order (a);\nCREATE INDEX by_b ON w_order (b);",
    good="CREATE INDEX by_a ON w_order (a);",
    at="CREATE INDEX by_b",
)
def cumulative_lock_budget(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """The statements of one deployment lock a table for longer than it can be spared.

    Each may be short enough; writers, or everyone, wait for the sum of them.

    *When not:* one statement does it alone, which other rules speak of; the sum stays below `seconds`; the size of the
    table is not known: it comes from the snapshot (`migrations.snapshot`), or from `gigabytes` (object glob to number).

    *Instead:* build indexes CONCURRENTLY, validate apart from adding, or spread the change over several deployments.
    """
    sizes = Sizes(ctx)
    if not sizes:
        return
    spent: dict[str, list[tuple[Step, float]]] = {}
    for step in changes.steps:
        names = tuple(name for name, mode in step.existing if mode.blocks_writes)
        known = sizes.of((*names, *step.effects.scans, *step.effects.rewrites)) if names else {}
        for name in names:
            if name in known:
                spent.setdefault(name, []).append((step, duration_of(step, known)[0]))
    for name, steps in spent.items():
        long = [(step, seconds) for step, seconds in steps if seconds >= 1]
        total = sum(seconds for _, seconds in long)
        if len(long) < 2 or total <= ctx.options["seconds"]:
            continue
        first, last = long[0][0].where, long[-1][0].where
        yield Finding(
            last.path,
            Span(last.statement.start, last.statement.end),
            f"{name} is locked for about {total:.0f} s in all by {len(long)} statements of this change",
            name,
            "build indexes CONCURRENTLY, validate apart from adding, or spread the change over several deployments",
            related=(
                Related(first.path, Span(first.statement.start, first.statement.end), "the first of them"),
            ),
        )
