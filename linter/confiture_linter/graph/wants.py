"""What a statement must find to run, beyond the mentions that the catalog resolves: its own target, schemas, roles."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from confiture_linter.graph.makers import FAMILIES
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement


class Want(NamedTuple):
    """A name that a statement needs."""

    family: str
    schema: str
    name: str
    at: int
    kind: str = ""
    """Of a relation, where only one of that kind will do."""


def wants(statement: Statement) -> Iterator[Want]:
    """The objects a statement changes, and schemas and roles it names; nothing where IF EXISTS is said."""
    fact: Any = statement.fact
    for ref in statement.refs:
        if ref.schema or ref.kind == "schema":
            yield Want("schema", "", ref.schema or ref.name, ref.at)
    schema = getattr(fact, "schema", "")
    if schema and not getattr(fact, "if_exists", False):
        yield Want("schema", "", schema, getattr(fact, "at", -1))
    read = _WANTS.get(type(fact))
    if read is not None:
        yield from read(fact)


def _path(target: f.ObjectPath) -> Iterator[Want]:
    parts = target.parts
    if not parts:
        return
    if target.kind in ("trigger", "policy", "rule", "table constraint") and len(parts) > 1:
        schema = parts[-3] if len(parts) > 2 else ""
        yield Want("relation", schema, parts[-2], target.at)
        yield Want(f"{target.kind.removeprefix('table ')} of {parts[-2]}", "", parts[-1], target.at)
    elif target.kind == "column" and len(parts) > 1:
        yield Want("relation", parts[-3] if len(parts) > 2 else "", parts[-2], target.at)
    elif family := FAMILIES.get(target.kind):
        schema = parts[-2] if len(parts) > 1 else ""
        if schema:
            yield Want("schema", "", schema, target.at)
        yield Want(family, schema, parts[-1], target.at, target.kind)


def _paths(fact: f.Drop) -> Iterator[Want]:
    if not fact.if_exists:
        for target in fact.targets:
            yield from _path(target)


def _grant(fact: f.Grant) -> Iterator[Want]:
    if fact.kind == "role":
        for name in fact.privileges:
            yield Want("role", "", name, fact.grantee_at)
    for name in fact.grantees:
        yield Want("role", "", name, fact.grantee_at)
    for target in fact.targets:
        if fact.all_in_schema or fact.default:
            yield Want("schema", "", target.parts[-1] if target.parts else "", target.at)
        else:
            yield from _path(target)


def _rename(fact: f.Rename) -> Iterator[Want]:
    if fact.if_exists:
        return
    target = fact.target
    if fact.kind in ("column", "table constraint", "trigger", "policy", "rule"):
        yield from _path(target._replace(kind="relation"))
        if fact.kind != "column" and target.parts:
            yield Want(f"{fact.kind.removeprefix('table ')} of {target.parts[-1]}", "", fact.part, target.at)
    else:
        yield from _path(target)


def _alter_table(fact: f.AlterTable) -> Iterator[Want]:
    if fact.if_exists:
        return
    yield Want("type" if fact.kind == "type" else "relation", fact.schema, fact.name, fact.at, fact.kind)
    for command in fact.commands:
        if command.kind == "ChangeOwner":
            yield Want("role", "", command.text, command.at)
        elif command.kind in ("DropConstraint", "ValidateConstraint") and not command.missing_ok:
            yield Want(f"constraint of {fact.name}", "", command.name, command.at)
        elif command.kind in ("EnableTrig", "DisableTrig", "EnableAlwaysTrig", "EnableReplicaTrig"):
            yield Want(f"trigger of {fact.name}", "", command.name, command.at)
        for constraint in command.constraints:
            if constraint.using_index:
                yield Want("relation", "", constraint.using_index, constraint.at)


def _owner(fact: f.AlterOwner) -> Iterator[Want]:
    yield from _path(fact.target)
    yield Want("role", "", fact.owner, fact.target.at)


def _policy(fact: f.CreatePolicy) -> Iterator[Want]:
    yield Want("relation", fact.table_schema, fact.table, fact.at)
    if fact.alter:
        yield Want(f"policy of {fact.table}", "", fact.name, fact.at)
    for name in fact.roles:
        yield Want("role", "", name, fact.at)


def _search_path(fact: f.SetVariable) -> Iterator[Want]:
    """Nothing can be created in a schema that is not there; the other schemas of the path may be missing."""
    if fact.name == "search_path" and fact.values:
        yield Want("schema", "", fact.values[0], -1)
    elif fact.name in ("role", "session_authorization") and fact.values:
        yield Want("role", "", fact.values[0], -1)


def _extension(fact: f.CreateExtension) -> Iterator[Want]:
    if fact.schema:
        yield Want("schema", "", fact.schema, fact.at)


_WANTS: dict[type, Any] = {
    f.Comment: lambda fact: _path(fact.target),
    f.Drop: _paths,
    f.Grant: _grant,
    f.Rename: _rename,
    f.SetSchema: lambda fact: (*_path(fact.target), Want("schema", "", fact.schema, fact.target.at)),
    f.AlterOwner: _owner,
    f.AlterFunction: lambda fact: _path(fact.target),
    f.AlterEnum: lambda fact: (Want("type", fact.schema, fact.name, fact.at),),
    f.AlterDomain: lambda fact: (Want("type", fact.schema, fact.name, fact.at),),
    f.AlterTable: _alter_table,
    f.CreateIndex: lambda fact: (Want("relation", fact.table_schema, fact.table, fact.at),),
    f.CreateTrigger: lambda fact: (Want("relation", fact.table_schema, fact.table, fact.at),),
    f.CreatePolicy: _policy,
    f.CreateRole: lambda fact: (Want("role", "", fact.name, fact.at),) if fact.alter else (),
    f.CreateSequence: lambda fact: (Want("relation", fact.schema, fact.name, fact.at),) if fact.alter else (),
    f.CreateExtension: _extension,
    f.CreateSchema: lambda fact: (Want("role", "", fact.owner, fact.at),) if fact.owner else (),
    f.SetVariable: _search_path,
}

__all__ = ["Want", "wants"]
