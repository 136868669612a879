from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.type_changes import retyped_columns, type_change_finding


@rule(
    name="change-column-type-indexed",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, code varchar(20), note varchar(20));\n"
        "CREATE INDEX w_order_code ON w_order (code);"
    ),
    bad='ALTER TABLE w_order ALTER COLUMN code TYPE varchar(20) COLLATE "C";',
    good="ALTER TABLE w_order ALTER COLUMN note TYPE varchar(40);",
    at="varchar(20)",
)
def change_column_type_indexed(change: Change, ctx: Context) -> Iterator[Finding]:
    """A change of type leaves the table as it is and rebuilds its indexes.

    Each index on the column is built anew under ACCESS EXCLUSIVE: nobody can read or write until that is done.

    *When not:* the index keeps its order and operator class, as with a longer varchar; a change that writes the whole
    table anew is change-column-type-rewrite.

    *Instead:* a new column of the new type with an index built CONCURRENTLY, then swap; or drop the index, change the
    type, and build it CONCURRENTLY.
    """
    for retyped in retyped_columns(change):
        if retyped.effects.index_rebuilds and not retyped.effects.rewrites:
            names = ", ".join(name.rpartition(".")[2] for name in retyped.effects.index_rebuilds)
            yield type_change_finding(
                change,
                retyped,
                f"changing {retyped.command.name} {retyped.change} builds {names} anew while nobody can read or write "
                f"{retyped.table}",
                f"drop {names} first and build it CONCURRENTLY afterwards",
            )
