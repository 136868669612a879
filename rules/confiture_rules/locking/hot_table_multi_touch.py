from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, LockMode, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule


@rule(
    name="hot-table-multi-touch",
    subject=ChangeSet,
    severity=Severity.WARNING,
    options={"most": 3},
    given="CREATE TABLE a (id int PRIMARY KEY);",
    bad="BEGIN; ALTER TABLE a ADD x int; COMMIT;\nBEGIN; ALTER TABLE a ADD y int; COMMIT;\nBEGIN; ALTER TABLE a ADD z int; COMMIT;\nBEGIN; ALTER TABLE a ADD w int; COMMIT;",
    good="ALTER TABLE a ADD x int, ADD y int, ADD z int;",
    at="ALTER TABLE a ADD w",
)
def hot_table_multi_touch(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """One deployment locks the same table in more transactions than it should.

    Each of them waits for all running queries, while all new ones wait behind it: the waiting adds up.

    *When not:* at most `most` transactions lock it in ACCESS EXCLUSIVE mode.

    *Instead:* one ALTER TABLE with several subcommands.
    """
    touched: dict[str, dict[int, Step]] = {}
    for step in changes.steps:
        for name, mode in step.existing:
            if mode is LockMode.ACCESS_EXCLUSIVE:
                touched.setdefault(name, {}).setdefault(step.transaction, step)
    for name, steps in touched.items():
        if len(steps) <= ctx.options["most"]:
            continue
        first, *_, last = steps.values()
        where = last.where
        yield Finding(
            where.path,
            Span(where.statement.start, where.statement.end),
            f"{name} is kept from everyone in {len(steps)} transactions of this change",
            name,
            "change it in one ALTER TABLE",
            related=(
                Related(
                    first.where.path,
                    Span(first.where.statement.start, first.where.statement.end),
                    "the first of them",
                ),
            ),
        )
