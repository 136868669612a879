"""What the rules about dropped objects share."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.model import ObjectName
from confiture_linter.statements.facts import (
    AlterTable,
    CopyRows,
    CreateFunction,
    CreateIndex,
    CreatePolicy,
    CreateSequence,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    DoBlock,
    Drop,
    Fact,
    ObjectPath,
    Rename,
)

_CREATES: dict[type, frozenset[str]] = {
    CreateTable: frozenset({"table", "foreign table"}),
    CreateView: frozenset({"view", "materialized view", "table"}),
    CreateFunction: frozenset({"function", "procedure", "routine"}),
    CreateType: frozenset({"type", "domain"}),
    CreateSequence: frozenset({"sequence"}),
    CreateTrigger: frozenset({"trigger"}),
    CreatePolicy: frozenset({"policy"}),
}


class Dropped(NamedTuple):
    """Something that a DROP takes away and that nothing of the change set had made or makes again."""

    target: ObjectPath
    written: str
    """As SQL writes it."""
    identity: str
    """`schema.name`, where the kind has a schema."""


def dropped(change: Change, *kinds: str) -> Iterator[Dropped]:
    """Objects of some kinds that a DROP takes away for good."""
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error:
        return
    for target in fact.targets:
        if target.kind not in kinds or not target.parts:
            continue
        schema, name = (target.parts[-2] if len(target.parts) > 1 else ""), target.parts[-1]
        identity = change.identity_of(schema, name) if target.kind in _RELATIONS else ".".join(target.parts)
        if change.is_new(identity) or _set_aside(change, name):
            continue
        if made_again(change, target.kind, name):
            continue
        if fact.if_exists and target.kind in _RELATIONS and _surely_absent(change, schema, name):
            continue
        written = change.quoted(schema, name) if target.kind in _RELATIONS else str(ObjectName(schema, name))
        yield Dropped(target, written, identity)


def emptied(change: Change) -> Iterator[Dropped]:
    """Tables in use that a DROP takes away and that the file makes again, without a row."""
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error:
        return
    for target in fact.targets:
        if target.kind != "table" or not target.parts:
            continue
        schema, name = (target.parts[-2] if len(target.parts) > 1 else ""), target.parts[-1]
        table = change.relation(schema, name)
        if not isinstance(table, Table) or change.is_new(table.identity) or _set_aside(change, name):
            continue
        made = [s.fact for s in change.ahead if isinstance(s.fact, CreateTable) and s.fact.name == name]
        if made and not made[0].from_query and not _filled(change, name):
            yield Dropped(target, change.quoted(schema, name), table.identity)


def _filled(change: Change, name: str) -> bool:
    """Whether a later statement of the file puts rows into the table, or renames one with rows to it."""
    return any(
        any(query.target is not None and query.target.name == name for query in statement.queries)
        or (isinstance(statement.fact, CopyRows | Rename | DoBlock))
        for statement in change.ahead
    )


def _set_aside(change: Change, name: str) -> bool:
    """Whether the file renamed it to that name before, to make something new under its own."""
    for step in change.earlier:
        fact = step.where.statement.fact
        if isinstance(fact, Rename) and not fact.part and fact.new == name and step.where.path == change.path:
            old = fact.target.parts[-1]
            if any(
                key[1] == old for store in (change.catalog.types, change.catalog.relations) for key in store
            ):
                return True
    return False


SHOWN = 5
"""Names that a finding about one statement lists before it counts."""


def listed(names: Sequence[str]) -> str:
    """Names that one statement changes in the same way: one thing to say."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def table_dropped_later(change: Change, table: str) -> bool:
    """Whether a later statement of the file drops the table as a whole."""
    return any(
        isinstance(statement.fact, Drop)
        and any(t.kind == "table" and t.parts[-1:] == (table,) for t in statement.fact.targets)
        for statement in change.ahead
    )


_RELATIONS = frozenset({"table", "view", "materialized view", "sequence", "index", "foreign table"})


def _surely_absent(change: Change, schema: str, name: str) -> bool:
    """Whether IF EXISTS finds nothing: the catalog is known from the beginning and has no such relation."""
    return bool(change.catalog.relations) and change.relation(schema, name) is None and change.complete


def made_again(change: Change, kind: str, name: str) -> bool:
    """Whether a later statement of the file makes an object of that kind and name, or renames one to it."""
    for statement in change.ahead:
        fact = statement.fact
        if getattr(fact, "name", None) == name and kind in _CREATES.get(type(fact), ()):
            return True
        if isinstance(fact, Rename) and not fact.part and fact.new == name:
            return True
    return False


def added_again(change: Change, kind: str, name: str) -> bool:
    """Whether a later subcommand of the same table (also of this statement) has this kind and name, or any name."""
    own = change.fact
    if not isinstance(own, AlterTable):
        return False
    statements = [change.statement, *change.ahead]
    for statement in statements:
        fact = statement.fact
        if isinstance(fact, AlterTable) and fact.name == own.name:
            for command in fact.commands:
                names = {command.name, *(constraint.name for constraint in command.constraints)}
                if command.kind == kind and (not name or name in names):
                    return True
    return False


def makes_unique(fact: Fact, table: str) -> bool:
    """Whether a later statement makes a unique index or key of the table: what replaces this one."""
    if isinstance(fact, CreateIndex):
        return fact.unique and fact.table == table
    return (
        isinstance(fact, AlterTable)
        and fact.name == table
        and any(
            constraint.kind in ("unique", "primary key")
            for command in fact.commands
            for constraint in command.constraints
        )
    )
