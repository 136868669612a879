from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.effects.narrowing import loses
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.type_changes import retyped_columns, type_change_finding


@rule(
    name="change-column-type-narrowing",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, note text, code varchar(10));",
    bad="ALTER TABLE w_order ALTER COLUMN note TYPE varchar(10);",
    good="ALTER TABLE w_order ALTER COLUMN code TYPE text;",
    at="varchar(10)",
)
def change_column_type_narrowing(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column gets a type that does not hold everything the old one holds.

    The statement fails at the first value that does not fit; digits after the point, time zones and text behind an
    explicit cast are cut off without an error.

    *When not:* the new type holds every value of the old one.

    *Instead:* look for values that do not fit first; add a column of the new type, fill it in batches, swap.
    """
    for retyped in retyped_columns(change):
        old = retyped.entity.columns.get(retyped.command.name) if retyped.entity is not None else None
        new = retyped.command.type
        if old is None or new is None or not retyped.old or not retyped.new:
            continue
        how = loses(old.type, new)
        if how:
            name = quote_identifier(retyped.command.name)
            yield type_change_finding(
                change,
                retyped,
                f"{retyped.command.name} goes {retyped.change}: {how}",
                f"look for values of {name} that do not fit first, and decide what becomes of them",
            )
