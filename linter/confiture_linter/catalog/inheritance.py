"""What a child of INHERITS, and a partition, have from their parents."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from confiture_linter.catalog.constraint_names import constraint_name
from confiture_linter.catalog.entities import Constraint, Index, Table, Trigger

_KEYS = ("primary key", "unique", "exclude")


class Inherited(NamedTuple):
    """A part that a table has because an ancestor has it."""

    part: Constraint | Index | Trigger
    """As the ancestor defines it."""
    name: str
    """What it is called here."""


def hand_down(parent: Table, child: Table) -> None:
    """Give a new child the columns of its parent."""
    kept = {
        name
        for constraint in parent.constraints
        if constraint.kind == "not null" and constraint.fact.no_inherit
        for name in constraint.columns
    }
    for name, column in parent.columns.items():
        known = child.columns.get(name)
        if known is None:
            known = child.columns[name] = column.handed_down()
            known.not_null = column.not_null and name not in kept
        else:
            known.not_null |= column.not_null and name not in kept
    child.unknown_columns |= parent.unknown_columns


def children(table: Table) -> list[Table]:
    """Partitions and heirs."""
    return [*table.partitions, *table.children]


def inherited_parts(table: Table) -> list[Inherited]:
    """The constraints, indexes and triggers that the ancestors of a table give it.

    A partition has all but triggers for each statement; a child of INHERITS has the checks that are not NO INHERIT.
    What it has itself under the same name, or with the same columns, is not there twice (ATTACH joins the two).
    """
    found: list[Inherited] = []
    taken = {constraint.name for constraint in table.constraints if constraint.table is table}
    if table.partition_of is not None and table.partition_of is not table:
        for part in _given(table.partition_of):
            name = _name_here(table, part.part, part.name, taken)
            if name:
                taken.add(name)
                found.append(Inherited(part.part, name))
    for parent in table.parents:
        for part in _given(parent) if parent is not table else ():
            check = part.part
            if not isinstance(check, Constraint) or check.kind != "check" or check.fact.no_inherit:
                continue
            if part.name not in taken:
                taken.add(part.name)
                found.append(part)
    return found


def keep_inherited(partition: Table) -> list[Index]:
    """What a partition had from its parent is its own once it is detached. Returns its new indexes."""
    indexes: list[Index] = []
    for part, name in inherited_parts(partition):
        if isinstance(part, Constraint):
            constraint = Constraint(partition, part.fact, part.path)
            constraint.name, constraint.columns, constraint.not_valid = name, part.columns, part.not_valid
            constraint.target, constraint.target_columns = part.target, part.target_columns
            partition.constraints = [c for c in partition.constraints if c is not part] + [constraint]
        elif isinstance(part, Index):
            indexes.append(Index(partition, part.fact._replace(name=name), part.path, part.span))
    partition.indexes += indexes
    return indexes


def _given(table: Table) -> Iterator[Inherited]:
    for constraint in table.constraints:
        if constraint.table is table and constraint.kind != "not null":
            yield Inherited(constraint, constraint.name)
    yield from (Inherited(index, index.name) for index in table.indexes if index.constraint is None)
    yield from (Inherited(trigger, trigger.name) for trigger in table.triggers if trigger.fact.row)
    yield from inherited_parts(table)


def _name_here(table: Table, part: Constraint | Index | Trigger, name: str, taken: set[str]) -> str:
    """What a part of a partitioned table is called in a partition; empty if the partition has its own."""
    if isinstance(part, Trigger):
        return "" if any(own.name == name for own in table.triggers) else name
    if isinstance(part, Index):
        if any(_alike(part, own) for own in table.indexes):
            return ""
        return _free(lambda number: Index.chosen_name(table.name, part.fact._replace(name=""), number), taken)
    own = [constraint for constraint in table.constraints if constraint.table is table]
    if any(
        known.kind == part.kind and known.columns == part.columns and known.target is part.target
        for known in own
    ):
        return ""
    if part.kind in _KEYS:
        return constraint_name(
            table.name, part.fact._replace(name="", columns=part.columns), taken.__contains__
        )
    return "" if name in taken else name


def _alike(one: Index, other: Index) -> bool:
    details = [tuple(column.detail for column in index.fact.columns) for index in (one, other)]
    return (one.columns, one.unique, one.fact.method, details[0]) == (
        other.columns, other.unique, other.fact.method, details[1]
    )  # fmt: skip


def _free(name: Callable[[int], str], taken: set[str]) -> str:
    number = 0
    while name(number) in taken:
        number += 1
    return name(number)


__all__ = ["Inherited", "children", "hand_down", "inherited_parts"]
