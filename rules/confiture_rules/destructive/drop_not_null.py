from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="drop-not-null",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric NOT NULL, note text);",
    bad="ALTER TABLE w_order ALTER COLUMN total DROP NOT NULL;",
    good="ALTER TABLE w_order ALTER COLUMN note DROP NOT NULL;",
    at="ALTER TABLE",
)
def drop_not_null(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column may be NULL from now on, and whoever reads it does not know.

    *When not:* it could be NULL before, or the table is made by the same change.

    *Instead:* teach the readers first.
    """
    fact = change.fact
    for command in change.commands("DropNotNull"):
        table = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if isinstance(fact, AlterTable) and (column is None or column.not_null) and not change.effects.error:
            yield change.finding(
                f"{command.name} of {change.quoted(fact.schema, fact.name)} may be NULL from now on",
                at=change.place_of(command),
                object=f"{change.identity_of(fact.schema, fact.name)}.{command.name}",
                help="teach its readers first",
            )
