from collections.abc import Iterator

from confiture_linter.catalog import Table, Type
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, Execute, TypeName


@rule(
    name="enum-value-removal",
    subject=Change,
    facts=(AlterTable, Execute),
    severity=Severity.WARNING,
    given=(
        "CREATE TYPE status AS ENUM ('new', 'paid', 'lost');\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY, state status);"
    ),
    bad=(
        "CREATE TYPE status2 AS ENUM ('new', 'paid');\n"
        "ALTER TABLE w_order ALTER COLUMN state TYPE status2 USING state::text::status2;"
    ),
    good=(
        "CREATE TYPE status2 AS ENUM ('new', 'paid');\n"
        "UPDATE w_order SET state = 'paid' WHERE state = 'lost';\n"
        "ALTER TABLE w_order ALTER COLUMN state TYPE status2 USING state::text::status2;"
    ),
    at="status2 USING",
)
def enum_value_removal(change: Change, ctx: Context) -> Iterator[Finding]:
    """A value of an enum goes while rows may still have it.

    PostgreSQL has no DROP VALUE. A column that moves to an enum without the value fails at the first row that has it;
    deleting from pg_enum leaves rows and index entries that no query can read ("invalid internal value for enum").

    *When not:* USING is more than a cast, the same change has updated or deleted rows of the table before, or the table
    is made by it.

    *Instead:* stop writing the value, update the rows that have it, then move the column; or leave the value unused.
    """
    fact = change.fact
    if isinstance(fact, Execute):
        yield from _written_catalog(change)
        return
    for command in change.commands("AlterColumnType"):
        table = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if column is None or command.type is None or change.effects.error or not isinstance(table, Table):
            continue
        old, new = _enum(change, column.type), _enum(change, command.type)
        if old is None or new is None or old is new:
            continue
        if command.using is None or command.using.column != command.name:
            continue  # an expression that may give rows another value
        gone = [label for label in old.labels if label not in new.labels]
        if gone and not _mended(change, table):
            yield change.finding(
                f"{new.identity} has no {', '.join(map(repr, gone[:5]))}: it fails if a row of {table.identity} has one",
                at=command.type.at,
                object=column.identity,
                help=f"update the rows of {table.identity} that have {'it' if len(gone) == 1 else 'them'} first",
            )


def _written_catalog(change: Change) -> Iterator[Finding]:
    """DELETE or UPDATE of pg_enum itself."""
    for query in change.statement.queries[:1]:
        target = query.target
        if query.command not in ("delete", "update") or target is None:
            continue
        if target.name == "pg_enum" and target.schema in ("", "pg_catalog"):
            yield change.finding(
                "rows and index entries that have the value cannot be read any more",
                at=target.at,
                object="pg_catalog.pg_enum",
                help="leave the value unused, or move the columns to a new type without it",
            )


def _enum(change: Change, written: TypeName) -> Type | None:
    found = change.catalog.type(written.schema, written.name)
    return found if found is not None and found.form == "enum" else None


def _mended(change: Change, table: Table) -> bool:
    """Whether an earlier statement of the change wrote or deleted rows of the table."""
    for step in change.earlier:
        statement = step.where.statement
        for query in statement.queries[:1] if isinstance(statement.fact, Execute) else ():
            target = query.target
            if target is None or query.command not in ("update", "delete"):
                continue
            if change.identity_of(target.schema, target.name) == table.identity:
                return True
    return False
