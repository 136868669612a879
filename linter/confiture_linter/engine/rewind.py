"""Takes a schema tree back to what it was before change scripts whose result it shows already.

Teams keep the tree up to date in the commit that adds the migration: then the tree of today is what the scripts lead
to, not what they find. Whether it shows a script's result is told by what the script makes; what a script takes away
or retypes cannot be brought back, and is unknown afterwards.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from confiture_linter.catalog import Catalog, Column, Index, Table
from confiture_linter.catalog.drop import Drops
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import TypeName

UNKNOWN_TYPE = TypeName("", "", (), array=False, set_of=False, percent_type=False, at=-1)
"""The type of a column before a change that the tree has made already."""


class Absent(NamedTuple):
    """Something that a script makes and the tree does not have."""

    path: str
    at: int
    object: str
    what: str


class Rewound(NamedTuple):
    """What the tree showed of the scripts."""

    shows: bool = False
    """Whether it shows the result of any."""
    absent: tuple[Absent, ...] = ()
    """What it lacks, of all scripts; drift if it shows the result of others."""


def rewind(catalog: Catalog, scripts: Sequence[FileFacts]) -> Rewound:
    """Take back in `catalog` what it shows of `scripts`, the last first."""
    marked = [[(mark, *_shown(catalog, mark)) for mark in _marks(script)] for script in scripts]
    follows = any(there and mark.what in _MADE for marks in marked for mark, there, _ in marks)
    if not follows:
        return Rewound()
    absent: list[Absent] = []
    shown: list[FileFacts] = []
    for script, marks in zip(scripts, marked, strict=True):
        made = [there for mark, there, _ in marks if mark.what in _MADE]
        if any(made) or (not made and any(there for _, there, _ in marks)):
            shown.append(script)
        absent += [Absent(script.path, mark.at, name, mark.what) for mark, there, name in marks if not there]
    for script in reversed(shown):
        for statement in reversed(script.statements):
            _undo(catalog, statement.fact)
    return Rewound(shows=True, absent=tuple(absent))


_MADE = frozenset({"table", "column", "index", "constraint"})
"""Marks that decide: what is made is there or not. That a column has a type, or is NOT NULL, it may have been before."""


class _Mark(NamedTuple):
    """One thing that the tree must have when a script has run."""

    what: str
    schema: str
    relation: str
    at: int
    name: str = ""
    type: TypeName | None = None
    collation: str = ""


def _marks(script: FileFacts) -> Iterator[_Mark]:
    gone: set[str] = set()
    for statement in reversed(script.statements):
        fact = statement.fact
        if isinstance(fact, f.Drop):
            gone.update(target.parts[-1] for target in fact.targets)
        elif isinstance(fact, f.Rename):
            gone.add(fact.part or fact.target.parts[-1])
        elif isinstance(fact, f.CreateTable):
            if fact.persistence != "t" and not fact.if_not_exists and fact.name not in gone:
                yield _Mark("table", fact.schema, fact.name, fact.at)
        elif isinstance(fact, f.CreateIndex):
            if fact.name and not fact.if_not_exists and not gone.intersection((fact.name, fact.table)):
                yield _Mark("index", fact.table_schema, fact.table, fact.at, fact.name)
        elif isinstance(fact, f.AlterTable) and fact.kind == "table" and fact.name not in gone:
            for command in fact.commands:
                yield from _marks_of(fact, command, gone)


def _marks_of(fact: f.AlterTable, command: f.AlterCommand, gone: set[str]) -> Iterator[_Mark]:
    place = fact.schema, fact.name, command.at
    if command.kind == "AddColumn" and command.column is not None:
        if command.column.name not in gone and not command.missing_ok:
            yield _Mark("column", *place, command.column.name)
    elif command.kind == "AddConstraint":
        for constraint in command.constraints:
            if constraint.name and constraint.name not in gone and constraint.kind != "not null":
                yield _Mark("constraint", *place, constraint.name)
    elif command.kind == "AlterColumnType" and command.type is not None:
        if command.name not in gone:
            yield _Mark("type", *place, command.name, command.type, command.text)
    elif command.kind == "SetNotNull" and command.name not in gone:
        yield _Mark("not null", *place, command.name)
    elif command.kind in ("DropColumn", "DropConstraint"):
        gone.add(command.name)


def _shown(catalog: Catalog, mark: _Mark) -> tuple[bool, str]:
    """Whether the tree has it, and what it is called."""
    relation = catalog.relation(mark.schema, mark.relation)
    table = relation if isinstance(relation, Table) else None
    owner = table.identity if table else f"{catalog.creation_schema(mark.schema)}.{mark.relation}"
    if mark.what == "table":
        return relation is not None, owner
    if mark.what == "index":
        found = catalog.relation(table.schema if table else "", mark.name)
        return isinstance(found, Index), f"{owner.rpartition('.')[0]}.{mark.name}"
    name = f"{owner}.{mark.name}"
    if table is None:
        return False, name
    column = table.columns.get(mark.name)
    if mark.what == "column":
        return column is not None, name
    if mark.what == "constraint":
        return any(c.name == mark.name for c in table.constraints), name
    if column is None:
        return table.unknown_columns, name
    if mark.what == "type":
        same = mark.type is not None and _same(column.type, mark.type)
        return same and (not mark.collation or mark.collation == column.collation), name
    return column.not_null, name


def _same(one: TypeName, other: TypeName) -> bool:
    return (one.name, one.modifiers, one.array) == (other.name, other.modifiers, other.array)


def _undo(catalog: Catalog, fact: Any) -> None:
    if isinstance(fact, f.CreateTable):
        found = catalog.relation(fact.schema, fact.name)
        if isinstance(found, Table) and not fact.if_not_exists:
            Drops(catalog).remove(found)
    elif isinstance(fact, f.CreateIndex):
        table = catalog.table(fact.table_schema, fact.table)
        found = catalog.relation(table.schema, fact.name) if table else None
        if isinstance(found, Index) and not fact.if_not_exists:
            Drops(catalog).remove(found)
    elif isinstance(fact, f.Rename):
        _undo_rename(catalog, fact)
    elif isinstance(fact, f.AlterTable):
        altered = catalog.table(fact.schema, fact.name)
        if altered is not None:
            for command in reversed(fact.commands):
                _undo_command(altered, command)


def _undo_rename(catalog: Catalog, fact: f.Rename) -> None:
    schema = fact.target.parts[-2] if len(fact.target.parts) > 1 else ""
    if fact.kind == "table":
        table = catalog.table(schema, fact.new)
        if table is not None and catalog.relation(table.schema, fact.target.parts[-1]) is None:
            del catalog.relations[table.schema, table.name]
            table.name = fact.target.parts[-1]
            catalog.relations[table.schema, table.name] = table
    elif fact.kind == "column":
        table = catalog.table(schema, fact.target.parts[-1])
        column = table.columns.get(fact.new) if table is not None else None
        if table is not None and column is not None and fact.part not in table.columns:
            column.name = fact.part
            table.columns = {(fact.part if n == fact.new else n): c for n, c in table.columns.items()}


def _undo_command(table: Table, command: f.AlterCommand) -> None:
    column: Column | None = table.columns.get(command.name)
    if command.kind == "AddColumn" and command.column is not None and not command.missing_ok:
        table.columns.pop(command.column.name, None)
        table.constraints = [c for c in table.constraints if command.column.name not in c.columns]
    elif command.kind == "AddConstraint":
        names = {constraint.name for constraint in command.constraints if constraint.name}
        table.constraints = [c for c in table.constraints if c.name not in names]
    elif command.kind == "AlterColumnType" and column is not None:
        column.type = UNKNOWN_TYPE
    elif command.kind == "SetNotNull" and column is not None:
        column.not_null = False
    elif command.kind == "DropNotNull" and column is not None:
        column.not_null = True


__all__ = ["UNKNOWN_TYPE", "Absent", "Rewound", "rewind"]
