from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateTable


@rule(
    name="create-partition-of-lock",
    subject=Change,
    facts=(CreateTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_log (day int NOT NULL) PARTITION BY RANGE (day);",
    bad="CREATE TABLE w_log_1 PARTITION OF w_log FOR VALUES FROM (0) TO (10);",
    good=(
        "CREATE TABLE w_log_1 (LIKE w_log INCLUDING ALL);\n"
        "ALTER TABLE w_log ATTACH PARTITION w_log_1 FOR VALUES FROM (0) TO (10);"
    ),
    at="CREATE TABLE",
)
def create_partition_of_lock(change: Change, ctx: Context) -> Iterator[Finding]:
    """A partition is made in place, which locks the whole partitioned table.

    CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent: it waits for all running queries on it, and new
    ones wait behind it.

    *When not:* the parent is made by the same change.

    *Instead:* CREATE TABLE … (LIKE parent INCLUDING ALL), then ATTACH PARTITION, which lets others read and write.
    """
    fact = change.fact
    if not isinstance(fact, CreateTable) or fact.partition_of is None or change.effects.error:
        return
    parent = change.identity_of(*fact.partition_of[:2])
    if not change.is_new(parent) and change.relation(fact.schema, fact.name) is None:
        yield change.finding(
            f"nobody can read or write any of {parent} while {fact.name} is made: it waits for running queries",
            object=parent,
            help=f"CREATE TABLE … (LIKE {change.quoted(*fact.partition_of[:2])} INCLUDING ALL), then ATTACH PARTITION",
        )
