"""When two indexes, or an index and a constraint, hold the same thing."""

from typing import NamedTuple

from confiture_linter.catalog import Constraint, Index


class IndexKey(NamedTuple):
    """All that decides what an index can answer; equal keys are interchangeable indexes."""

    columns: tuple[tuple[str, str], ...]
    """Name (empty for an expression) and everything else about each column."""
    method: str
    condition: str
    include: frozenset[str]


def index_key(index: Index) -> IndexKey:
    """What an index holds; whether it is unique is not part of it."""
    fact = index.fact
    details = (column.detail for column in fact.columns)
    return IndexKey(
        tuple(zip(index.columns, details, strict=True)), fact.method, fact.condition, frozenset(index.include)
    )


def is_inherited(index: Index) -> bool:
    """Whether the index may be a partition's part of its parent's index."""
    return getattr(index.table, "partition_of", None) is not None


def plain_columns(index: Index) -> bool:
    """Whether it is a whole B-tree over columns in default order, as the index of a constraint is."""
    return (
        index.fact.method == "btree" and not index.predicate and not any(c.detail for c in index.fact.columns)
    )


def unique_constraints(index: Index) -> list[Constraint]:
    """Constraints of the index's table that have an index of their own."""
    constraints: list[Constraint] = getattr(index.table, "constraints", [])
    return [c for c in constraints if c.kind in ("primary key", "unique")]


def repeated_constraint(index: Index) -> Constraint | None:
    """A primary key or UNIQUE constraint that makes the index superfluous."""
    if index.include or not plain_columns(index):
        return None
    for constraint in unique_constraints(index):
        fact = constraint.fact
        stricter = fact.deferrable or fact.nulls_not_distinct != index.fact.nulls_not_distinct
        if constraint.columns == index.columns and not (index.unique and stricter):
            return constraint
    return None
