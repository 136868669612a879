from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.destructive.dropped import added_again, listed, table_dropped_later


@rule(
    name="drop-column",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, note text);",
    bad="ALTER TABLE w_order DROP COLUMN note;",
    good="CREATE TABLE w_import (id bigint PRIMARY KEY, note text);\nALTER TABLE w_import DROP COLUMN note;",
    at="ALTER TABLE",
)
def drop_column(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is dropped, with all its values.

    Nothing brings them back but a backup, and the version of the application that still runs fails at the next query
    that names it. Indexes and constraints that contain the column go, too, without a word.

    *When not:* the table or the column is made by the same change.

    *Instead:* stop reading and writing the column, release that, then drop it.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or change.effects.error or table_dropped_later(change, fact.name):
        return
    identity = change.identity_of(fact.schema, fact.name)
    names = [
        command.name
        for command in change.commands("DropColumn")
        if not change.is_new_column(identity, command.name) and not _absent(change, fact, command.name)
    ]
    if not names:
        return
    again = [name for name in names if added_again(change, "AddColumn", name)]
    many = len(names) > 1
    them = "them" if many else "it"
    yield change.finding(
        f"column{'s' if many else ''} {listed(names)} of {change.quoted(fact.schema, fact.name)} and "
        f"{'their' if many else 'its'} values are gone for good",
        span=ctx.place_of(names[0], change.path, change.span) if len(fact.commands) > 1 else None,
        object=identity if many else f"{identity}.{names[0]}",
        help=f"stop using {them}, release that, then drop {them}"
        + (
            f"; {listed(again) if many else 'it'} {'are' if len(again) > 1 else 'is'} added again here, empty"
            if again
            else ""
        ),
    )


def _absent(change: Change, fact: AlterTable, column: str) -> bool:
    """Whether IF EXISTS finds no such column."""
    found = change.relation(fact.schema, fact.name)
    command = next((c for c in fact.commands if c.name == column), None)
    columns = getattr(found, "columns", None)
    unknown = getattr(found, "unknown_columns", True)
    return (
        command is not None
        and command.missing_ok
        and columns is not None
        and not unknown
        and column not in columns
    )
