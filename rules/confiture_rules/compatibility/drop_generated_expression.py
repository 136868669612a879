from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="drop-generated-expression",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, net int, gross int GENERATED ALWAYS AS (net * 2) STORED);",
    bad="ALTER TABLE w_order ALTER COLUMN gross DROP EXPRESSION;",
    good="ALTER TABLE w_order ALTER COLUMN net SET DEFAULT 0;",
    at="ALTER TABLE",
)
def drop_generated_expression(change: Change, ctx: Context) -> Iterator[Finding]:
    """A generated column is no longer computed.

    It keeps its values and is NULL in new rows, for nobody writes it.

    *When not:* the table is made by the same change.

    *Instead:* let the writers give its value, or make a trigger that does, in the same transaction.
    """
    fact = change.fact
    for command in change.commands("DropExpression"):
        if not isinstance(fact, AlterTable) or change.effects.error:
            continue
        table = change.relation(fact.schema, fact.name)
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if column is None or column.generated:
            yield change.finding(
                f"{command.name} is NULL in new rows from now on",
                object=f"{change.identity_of(fact.schema, fact.name)}.{command.name}",
                help="make a trigger that writes it, in the same transaction",
            )
