from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="set-default-change",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, state text DEFAULT 'new', note text);",
    bad="ALTER TABLE w_order ALTER COLUMN state SET DEFAULT 'draft';",
    good="ALTER TABLE w_order ALTER COLUMN note SET DEFAULT '';",
    at="ALTER TABLE",
)
def set_default_change(change: Change, ctx: Context) -> Iterator[Finding]:
    """The default of a column changes under the application that still runs.

    It goes on to write rows without a value, and gets another one than it was made for.

    *When not:* the column had no default.

    *Instead:* let the application write the value itself before the default changes.
    """
    fact = change.fact
    for command in change.commands("ColumnDefault"):
        table = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if column is None or column.default is None or command.expression is None or change.effects.error:
            continue
        same = column.default.constant is not None and column.default.constant == command.expression.constant
        if not same and column.path != change.path:
            yield change.finding(
                f"rows without {command.name} get another value from now on",
                object=column.identity,
                help="let the application write the value itself first",
            )
