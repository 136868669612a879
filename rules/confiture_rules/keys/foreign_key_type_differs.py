from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.keys.column_types import INTEGERS, spelled, unequal_pairs


@rule(
    name="foreign-key-type-differs",
    subject=Constraint,
    severity=Severity.WARNING,
    bad="CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    good="CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id bigint REFERENCES a);",
    at="REFERENCES a",
)
def foreign_key_type_differs(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key column has another type than the column it references.

    A smaller integer overflows long before the referenced key does; another family of types costs an
    implicit cast in every check and join, which may keep an index from being used; the rest is confusion.

    *When not:* the character types (`text`, `varchar(n)`, `char(n)`) compare alike and are not reported;
    two types that cannot be compared at all are `foreign-key-type-mismatch`.

    *Instead:* declare both columns alike.
    """
    if constraint.kind != "foreign key":
        return
    catalog = ctx.catalog
    for pair in unequal_pairs(catalog, constraint):
        if pair.comparable:
            mine, theirs = spelled(catalog, pair.type), spelled(catalog, pair.target_type)
            effect = _effect(pair.type, pair.target_type)
            yield constraint.finding(
                f"{pair.column.identity} is {mine} but references {pair.target.identity}, which is {theirs}{effect}",
                help=f"declare {pair.column.name} as {theirs}",
            )


def _effect(mine: str, theirs: str) -> str:
    if mine in INTEGERS and theirs in INTEGERS:
        return ": the column overflows first" if INTEGERS[mine] < INTEGERS[theirs] else ""
    return ": every comparison needs an implicit cast"
