from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterCommand, AlterTable


@rule(
    name="set-not-null",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric, CONSTRAINT known CHECK (id IS NOT NULL));",
    bad="ALTER TABLE w_order ALTER COLUMN total SET NOT NULL;",
    good="ALTER TABLE w_order ALTER COLUMN id SET NOT NULL;",
    at="ALTER TABLE w_order",
)
def set_not_null(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is made NOT NULL by reading the whole table.

    The table is read under ACCESS EXCLUSIVE: nobody can read or write it until that is done. PostgreSQL skips the scan
    when a validated CHECK of this very column proves it; a VALIDATE of something else proves nothing.

    *When not:* the column is NOT NULL already, a validated CHECK says so, or the table is made by the same change.

    *Instead:* CHECK (c IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT; SET NOT NULL; drop the CHECK. From PostgreSQL 18
    on ADD CONSTRAINT … NOT NULL c NOT VALID, then VALIDATE CONSTRAINT.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable):
        return
    found = []
    for command in change.commands("SetNotNull", "AddConstraint"):
        effects = change.effects_of_command(command)
        target = _column(command)
        if target and effects.scans and not effects.error and not _may_be_so(change, target):
            found.append((command, target))
    if not found:
        return
    (first, target), many = found[0], len(found) > 1
    table, identity = change.quoted(fact.schema, fact.name), change.identity_of(fact.schema, fact.name)
    names = [name for _, name in found]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    yield change.finding(
        f"{table} is read to the end to see that {shown} {'are' if many else 'is'} never NULL, while nobody can read or "
        "write it",
        at=change.place_of(first),
        object=identity if many else f"{identity}.{target}",
        help=_of_many(table, fact.name, names)
        if many
        else _of_one(table, fact.name, target, change.postgres),
    )


_SHOWN = 5


def _may_be_so(change: Change, column: str) -> bool:
    """Whether it is Django that says so of a column which is not known: AlterField mostly keeps it."""
    fact = change.fact
    if change.migration.tool != "django" or not isinstance(fact, AlterTable):
        return False
    table = change.relation(fact.schema, fact.name)
    return not isinstance(table, Table) or column not in table.columns


def _of_one(table: str, plain: str, target: str, postgres: int) -> str:
    column, name = quote_identifier(target), quote_identifier(f"{plain}_{target}_not_null")
    proof = f"NOT NULL {column}" if postgres >= 18 else f"CHECK ({column} IS NOT NULL)"
    rest = "" if postgres >= 18 else f", then `ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL`"
    return (
        f"`ALTER TABLE {table} ADD CONSTRAINT {name} {proof} NOT VALID`, then in other transactions "
        f"`ALTER TABLE {table} VALIDATE CONSTRAINT {name}`{rest}"
    )


def _of_many(table: str, plain: str, columns: list[str]) -> str:
    """One CHECK of all columns proves each of them."""
    proof = " AND ".join(f"{quote_identifier(column)} IS NOT NULL" for column in columns)
    name = quote_identifier(f"{plain}_not_null")
    return (
        f"`ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({proof}) NOT VALID`, then in other transactions "
        f"`ALTER TABLE {table} VALIDATE CONSTRAINT {name}`, then this statement, which needs no scan any more"
    )


def _column(command: AlterCommand) -> str:
    """The column that is made NOT NULL, by SET NOT NULL or by a named constraint (PostgreSQL 18)."""
    if command.kind == "SetNotNull":
        return command.name
    found = [
        c.columns[0] for c in command.constraints if c.kind == "not null" and not c.not_valid and c.columns
    ]
    return found[0] if found else ""
