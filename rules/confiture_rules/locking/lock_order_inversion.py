from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule


@rule(
    name="lock-order-inversion",
    subject=ChangeSet,
    severity=Severity.WARNING,
    given="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);",
    bad=(
        "BEGIN;\nALTER TABLE a ADD x int;\nALTER TABLE b ADD x int;\nCOMMIT;\n"
        "BEGIN;\nALTER TABLE b ADD y int;\nALTER TABLE a ADD y int;\nCOMMIT;"
    ),
    good=(
        "BEGIN;\nALTER TABLE a ADD x int;\nALTER TABLE b ADD x int;\nCOMMIT;\n"
        "BEGIN;\nALTER TABLE a ADD y int;\nALTER TABLE b ADD y int;\nCOMMIT;"
    ),
    at="ALTER TABLE a ADD y",
)
def lock_order_inversion(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """Two transactions of one deployment lock the same two tables in opposite order.

    Run at the same time, on two nodes or by a retry, each waits for the other: PostgreSQL ends one of them as a
    deadlock.

    *When not:* the locks do not exclude one another.

    *Instead:* lock tables in the same order everywhere.
    """
    first: dict[tuple[str, str], Step] = {}
    held: list[tuple[str, Step]] = []
    transaction = -1
    for step in changes.steps:
        if step.transaction != transaction:
            transaction, held = step.transaction, []
        for name, mode in step.existing:
            if not mode.blocks_writes or any(name == other for other, _ in held):
                continue
            for other, _ in held:
                before = first.get((name, other))
                if (
                    before is not None
                    and before.transaction != step.transaction
                    and not _of_one_release(before, step)
                ):
                    yield _finding(step, name, other, before)
                first.setdefault((other, name), step)
            held.append((name, step))


def _of_one_release(before: Step, step: Step) -> bool:
    """Whether both are files of one version, which its tool runs one after the other."""
    release = step.migration.release
    return bool(release) and before.migration is not step.migration and before.migration.release == release


def _finding(step: Step, name: str, other: str, before: Step) -> Finding:
    statement = step.where.statement
    place = before.where
    return Finding(
        step.where.path,
        Span(statement.start, statement.end),
        f"{name} is locked after {other} here, and before it in another transaction: run together they deadlock",
        name,
        "lock tables in the same order everywhere",
        related=(
            Related(place.path, Span(place.statement.start, place.statement.end), f"{other} after {name}"),
        ),
    )
