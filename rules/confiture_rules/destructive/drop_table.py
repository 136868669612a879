from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Drop
from confiture_rules.destructive.dropped import dropped, emptied


@rule(
    name="drop-table",
    subject=Change,
    facts=(Drop,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="DROP TABLE w_order;",
    good="CREATE TABLE w_import (id bigint PRIMARY KEY);\nDROP TABLE w_import;",
    at="w_order",
)
def drop_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table is dropped, with all its rows.

    Nothing brings them back but a backup, and the version of the application that still runs fails at once.

    *When not:* the table is made by the same change, or made again in the same file and filled.

    *Instead:* take the table out of the application first; rename it; drop it a release later.
    """
    for item in dropped(change, "table", "foreign table"):
        yield change.finding(
            f"table {item.written} and its rows are gone for good",
            span=ctx.place_of(item.target.parts[-1], change.path, change.span),
            object=item.identity,
            help="stop using it first, rename it, and drop it a release later",
        )
    for item in emptied(change):
        yield change.finding(
            f"the rows of {item.written} are gone for good: it is made again, empty",
            span=ctx.place_of(item.target.parts[-1], change.path, change.span),
            object=item.identity,
            help="change it with ALTER TABLE, or put its rows aside first",
        )
