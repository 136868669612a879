from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="detach-partition-non-concurrent",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given=(
        "CREATE TABLE w_log (day int NOT NULL) PARTITION BY RANGE (day);\n"
        "CREATE TABLE w_log_1 PARTITION OF w_log FOR VALUES FROM (0) TO (10);"
    ),
    bad="ALTER TABLE w_log DETACH PARTITION w_log_1;",
    good="ALTER TABLE w_log DETACH PARTITION w_log_1 CONCURRENTLY;",
    at="ALTER TABLE w_log",
)
def detach_partition_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """A partition is detached under a lock on the whole partitioned table.

    Parent, partition and default partition are locked in ACCESS EXCLUSIVE mode.

    *When not:* there is a default partition, or PostgreSQL is 13: CONCURRENTLY is refused then, and only a lock_timeout
    helps.

    *Instead:* DETACH PARTITION … CONCURRENTLY (14 and later), outside of a transaction.
    """
    fact = change.fact
    for command in change.commands("DetachPartition"):
        if not isinstance(fact, AlterTable) or command.target is None or command.behaviour == "concurrently":
            continue
        parent = change.relation(fact.schema, fact.name)
        if change.postgres < 14 or change.effects.error:
            continue
        if isinstance(parent, Table) and any(p.fact.default_partition for p in parent.partitions):
            continue
        table, partition = change.quoted(fact.schema, fact.name), change.quoted(*command.target[:2])
        end = ctx.words(change.path, change.span).end
        edit = Edit(change.path, Span(end, end), " CONCURRENTLY")
        yield change.finding(
            f"nobody can read or write any of {table} until {partition} is detached",
            object=change.identity_of(fact.schema, fact.name),
            help=f"`ALTER TABLE {table} DETACH PARTITION {partition} CONCURRENTLY`"
            + (", outside of the transaction" if change.in_block else ""),
            fix=None if change.in_block else Fix("detach it concurrently", (edit,), safe=False),
        )
