"""What a foreign key may reference: the unique keys of a table."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Table


class Key(NamedTuple):
    """Columns that are unique together, and whether that is checked late."""

    columns: frozenset[str]
    deferrable: bool


def keys(table: Table) -> Iterator[Key]:
    """The primary key, unique constraints and whole unique indexes of a table and of what it is a partition of."""
    owner: Table | None = table
    while owner is not None:
        for constraint in owner.constraints:
            if constraint.kind in ("primary key", "unique"):
                yield Key(frozenset(constraint.columns), constraint.fact.deferrable)
        for index in owner.indexes:
            if index.unique and index.predicate is None and "" not in index.columns:
                yield Key(frozenset(index.columns), False)
        owner = owner.partition_of


def keys_are_known(table: Table) -> bool:
    """Whether nothing that is not in the tree can have given the table a key."""
    return not table.unknown_columns and all(
        constraint.columns for constraint in table.constraints if constraint.kind in ("primary key", "unique")
    )
