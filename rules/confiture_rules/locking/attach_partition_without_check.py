from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="attach-partition-without-check",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_log (day int NOT NULL) PARTITION BY RANGE (day);\nCREATE TABLE w_log_1 (day int NOT NULL);\n"
        "CREATE TABLE w_log_2 (day int NOT NULL, CONSTRAINT in_range CHECK (day >= 10 AND day < 20));"
    ),
    bad="ALTER TABLE w_log ATTACH PARTITION w_log_1 FOR VALUES FROM (0) TO (10);",
    good="ALTER TABLE w_log ATTACH PARTITION w_log_2 FOR VALUES FROM (10) TO (20);",
    at="ALTER TABLE w_log",
)
def attach_partition_without_check(change: Change, ctx: Context) -> Iterator[Finding]:
    """A partition is attached and read to the end to see that its rows belong there.

    The table is read under ACCESS EXCLUSIVE on it; no CHECK of it proves that the scan is needless.

    *When not:* a validated CHECK of the table implies the bounds (and the key is NOT NULL), or the table is made by
    the same change.

    *Instead:* add a CHECK with the bounds NOT VALID, validate it, attach, drop the CHECK.
    """
    fact = change.fact
    for command in change.commands("AttachPartition"):
        if not isinstance(fact, AlterTable) or command.target is None:
            continue
        partition = change.identity_of(*command.target[:2])
        effects = change.effects_of_command(command)
        if partition in effects.scans and not change.is_new(partition) and not effects.error:
            yield change.finding(
                f"{partition} is read to the end while nobody can read or write it",
                object=partition,
                help="before, add a CHECK with the bounds (and IS NOT NULL of the key) to it with NOT VALID, "
                "and validate it",
            )
