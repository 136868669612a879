from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context, compile_object_globs
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Execute
from confiture_rules.locking.wording import blocked


@rule(
    name="ddl-on-large-table",
    subject=Change,
    severity=Severity.WARNING,
    aliases=("ddl-on-hot-or-large-table",),
    options={"tables": (), "rows": 1_000_000},
    config="lint: {rules: {ddl-on-large-table: {options: {tables: ['*w_order']}}}}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD COLUMN note text;",
    good="SET lock_timeout = '2s';\nALTER TABLE w_order ADD COLUMN note text;",
    at="ALTER TABLE",
)
def ddl_on_large_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table that is large, or in use all the time, is locked against others.

    On such a table even a moment of ACCESS EXCLUSIVE is a risk: the statement waits for the longest running query, and
    all queries that come after it wait behind the statement.

    *When not:* the statement is over in a moment and lock_timeout is set. Which tables are meant is said by `tables`
    (object globs), and by the snapshot (`migrations.snapshot`): those with at least `rows` rows. Without either the rule
    is silent.

    *Instead:* set lock_timeout and try again when it runs out; choose hours with little traffic; split what takes long.
    """
    if change.effects.error or isinstance(change.fact, Execute):
        return
    named = compile_object_globs(tuple(ctx.options["tables"]))
    sizes = ctx.snapshot.relations
    effects = change.effects
    quick = not (effects.scans or effects.rewrites or effects.index_rebuilds)
    if quick and any(digit in "123456789" for digit in change.settings.get("lock_timeout", "0")):
        return
    if quick and any(environment.lock_timeout for environment in ctx.config.environments.values()):
        return
    for name, mode in change.blocking:
        rows = sizes[name].rows if name in sizes else -1
        if mode.blocks_writes and (rows >= ctx.options["rows"] or named(name)):
            size = f" with {rows:,} rows" if rows >= 0 else ""
            yield change.finding(
                f"{name}{size} is locked in {mode.value} mode: {blocked(mode)} meanwhile",
                object=name,
                help="`SET lock_timeout = '2s'` before it, and try again when it runs out"
                if quick
                else "split what takes long from what locks, or choose hours with little traffic",
            )
            return
