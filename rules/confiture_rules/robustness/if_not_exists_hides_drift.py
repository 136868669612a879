from collections.abc import Iterator

from confiture_linter.catalog import Index, Table
from confiture_linter.catalog.types import format_type
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, CreateTable, TypeName


@rule(
    name="if-not-exists-hides-drift",
    subject=Change,
    facts=(CreateTable, CreateIndex, AlterTable),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="CREATE TABLE IF NOT EXISTS w_order (id bigint PRIMARY KEY, total numeric, note text);",
    good="CREATE TABLE IF NOT EXISTS w_order (id bigint PRIMARY KEY, total numeric);",
    at="CREATE TABLE",
)
def if_not_exists_hides_drift(change: Change, ctx: Context) -> Iterator[Finding]:
    """IF NOT EXISTS finds something else under the name and keeps it as it is.

    The statement succeeds and does nothing: what is written here is not what is there.

    *When not:* the one that is there has the same columns.

    *Instead:* ALTER TABLE for what is to change.
    """
    fact = change.fact
    if isinstance(fact, CreateTable) and fact.if_not_exists and fact.columns:
        table = change.relation(fact.schema, fact.name)
        if isinstance(table, Table) and not table.unknown_columns and not fact.like and not fact.inherits:
            different = _different(change, fact, table)
            if different:
                yield change.finding(
                    f"{table.identity} is there already and stays as it is: {different}",
                    object=table.identity,
                    help="use ALTER TABLE for what is to change",
                    related=(Related(table.path, table.span, "the table that is there"),),
                )
    elif isinstance(fact, CreateIndex) and fact.if_not_exists and fact.name:
        owner = change.relation(fact.table_schema, fact.table)
        found = change.catalog.relations.get((owner.schema, fact.name)) if owner is not None else None
        if isinstance(found, Index) and tuple(column.name for column in fact.columns) != found.columns:
            yield change.finding(
                f"{found.identity} is there already, on other columns, and stays as it is",
                object=found.identity,
                help="give the new index another name, or drop the old one first",
                related=(Related(found.path, found.span, "the index that is there"),),
            )
    elif isinstance(fact, AlterTable):
        yield from _columns(change, fact)


def _columns(change: Change, fact: AlterTable) -> Iterator[Finding]:
    table = change.relation(fact.schema, fact.name)
    for command in fact.commands:
        column = command.column
        if (
            command.kind != "AddColumn"
            or not command.missing_ok
            or column is None
            or not isinstance(table, Table)
        ):
            continue
        there = table.columns.get(column.name)
        if (
            there is not None
            and there.type.name
            and _spelt(change, there.type) != _spelt(change, column.type)
        ):
            yield change.finding(
                f"{there.identity} is there already and stays {_spelt(change, there.type)}",
                at=column.at,
                object=there.identity,
                help="use ALTER COLUMN … TYPE for what is to change",
                related=(Related(there.path, there.span, "the column that is there"),),
            )


def _different(change: Change, fact: CreateTable, table: Table) -> str:
    for column in fact.columns:
        there = table.columns.get(column.name)
        if there is None:
            return f"it has no column {column.name}"
        if _spelt(change, there.type) != _spelt(change, column.type):
            return f"its column {column.name} has another type"
    names = {column.name for column in fact.columns}
    more = [name for name in table.columns if name not in names]
    return f"it also has {more[0]}" if more else ""


def _spelt(change: Change, written: TypeName) -> str:
    return format_type(change.catalog.type_schema(written), written)
