from collections.abc import Iterator

from confiture_linter.effects import Change, LockMode
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="wide-lock-window",
    subject=Change,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    options={"most": 2},
    given="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\nCREATE TABLE c (id int PRIMARY KEY);",
    bad="BEGIN;\nALTER TABLE a ADD x int;\nALTER TABLE b ADD x int;\nALTER TABLE c ADD x int;\nCOMMIT;",
    good="BEGIN;\nALTER TABLE a ADD x int;\nALTER TABLE b ADD x int;\nCOMMIT;",
    at="ALTER TABLE c",
)
def wide_lock_window(change: Change, ctx: Context) -> Iterator[Finding]:
    """One transaction keeps more tables from everyone than it should.

    It needs all of them at once: the first ones stay locked while it waits for the last, and whoever locks them in
    another order is in a deadlock with it.

    *When not:* at most `most` tables that were there before are locked in ACCESS EXCLUSIVE mode.

    *Instead:* a transaction for each table.
    """
    if not change.in_block:
        return
    held = {name for name, mode in change.held.items() if mode is LockMode.ACCESS_EXCLUSIVE}
    new = [name for name, mode in change.blocking if mode is LockMode.ACCESS_EXCLUSIVE and name not in held]
    most = ctx.options["most"]
    if new and len(held) <= most < len(held) + len(new):
        yield change.finding(
            f"the transaction keeps {len(held) + len(new)} tables from everyone at once: {', '.join(sorted({*held, *new}))}",
            object=new[0],
            help="give each table a transaction of its own",
        )
