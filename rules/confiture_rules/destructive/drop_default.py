from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="drop-default",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'new', note text DEFAULT '');",
    bad="ALTER TABLE w_order ALTER COLUMN state DROP DEFAULT;",
    good="ALTER TABLE w_order ALTER COLUMN note DROP DEFAULT;",
    at="ALTER TABLE",
)
def drop_default(change: Change, ctx: Context) -> Iterator[Finding]:
    """The default of a NOT NULL column is dropped: INSERTs that leave it out fail.

    The version of the application that still runs may count on it.

    *When not:* the column is nullable, has no default, or gets another one in the same file; or the table is made by the
    same change. A column that the same file adds, with a default only for the old rows, is no exception: the version that
    still runs leaves it out.

    *Instead:* let all writers give a value, release that, then drop the default.
    """
    fact = change.fact
    for command in change.commands("ColumnDefault"):
        table = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if not isinstance(fact, AlterTable) or command.expression is not None or change.effects.error:
            continue
        if column is None or not column.not_null or (column.default is None and not column.serial):
            continue
        if _set_again(change, fact, command.name):
            continue
        new = change.is_new_column(column.table.identity, column.name)
        later = (
            "give it a db_default"
            if change.migration.tool == "django"
            else "drop the default a release later"
        )
        yield change.finding(
            f"INSERTs without {command.name} fail: it is NOT NULL and loses its default",
            object=column.identity,
            help=f"the version that still runs does not know it: {later}"
            if new
            else "let all writers give a value, release that, then drop the default",
        )


def _set_again(change: Change, fact: AlterTable, column: str) -> bool:
    return any(
        isinstance(statement.fact, AlterTable)
        and statement.fact.name == fact.name
        and any(
            (
                command.kind in ("ColumnDefault", "AddIdentity")
                and command.name == column
                and (command.expression or command.kind == "AddIdentity")
            )
            or (command.kind in ("DropNotNull", "DropColumn") and command.name == column)
            for command in statement.fact.commands
        )
        for statement in (change.statement, *change.ahead)
    )
