from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import column_finding


@rule(
    name="add-column-inline-unique",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN reference text UNIQUE;",
    good="ALTER TABLE w_order ADD COLUMN reference text;",
    at="reference text",
)
def add_column_inline_unique(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added with a unique or primary key, whose index is built at once.

    The index is built over the whole table under ACCESS EXCLUSIVE.

    *When not:* the table is made by the same change.

    *Instead:* add the column; CREATE UNIQUE INDEX CONCURRENTLY; then ADD CONSTRAINT … USING INDEX.
    """
    fact = change.fact
    for command in change.commands("AddColumn"):
        column = command.column
        keys = [c for c in command.constraints if c.kind in ("unique", "primary key")]
        if not isinstance(fact, AlterTable) or column is None or not keys:
            continue
        if not change.effects_of_command(command).error:
            table, name = change.quoted(fact.schema, fact.name), quote_identifier(column.name)
            index = quote_identifier(f"{fact.name}_{column.name}_key")
            yield column_finding(
                change,
                column,
                f"the index of {column.name} is built on all of {table} while nobody can read or write it",
                f"add {name} alone, then CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({name}), "
                f"then ALTER TABLE {table} ADD CONSTRAINT {index} UNIQUE USING INDEX {index}",
            )
