from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterTable

_TEXTS = frozenset({"text", "varchar", "bpchar", "name", "citext"})


@rule(
    name="change-column-collation",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    given='CREATE TABLE w_order (id bigint PRIMARY KEY, code text COLLATE "C", note text);',
    bad="ALTER TABLE w_order ALTER COLUMN code TYPE varchar(40);",
    good='ALTER TABLE w_order ALTER COLUMN code TYPE varchar(40) COLLATE "C";',
    at="varchar(40)",
)
def change_column_collation(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column gets another collation: its texts sort, and may be equal, otherwise.

    ALTER COLUMN … TYPE without COLLATE sets the collation back to that of the type. Queries return rows in another
    order, ranges and unique keys hold other rows, and every index on the column is built anew
    (change-column-type-indexed) under a lock that nobody passes.

    *When not:* the collation stays the same, or the table is made by the same change.

    *Instead:* repeat the COLLATE clause; to change it on purpose, a new column, filled in batches, then swapped.
    """
    fact = change.fact
    for command in change.commands("AlterColumnType"):
        table = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
        column = table.columns.get(command.name) if isinstance(table, Table) else None
        if column is None or command.type is None or change.effects.error:
            continue
        if command.type.name not in _TEXTS or column.type.name not in _TEXTS:
            continue
        old, new = _name(column.collation), _name(command.text)
        if old != new:
            keep = f'; to keep it, write COLLATE "{old}"' if column.collation and not command.text else ""
            yield change.finding(
                f"{column.identity} gets collation {new} in place of {old}",
                at=command.type.at,
                object=column.identity,
                help=f"look for unique keys, ranges and sort orders that rest on it{keep}",
            )


def _name(collation: str) -> str:
    return collation.rpartition(".")[2] or "default"
