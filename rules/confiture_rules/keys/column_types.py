"""Whether PostgreSQL can compare the two sides of a foreign key, and at what price."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Column, Constraint
from confiture_linter.statements.facts import TypeName

TEXTS = frozenset({"text", "varchar", "bpchar", "name", "char"})
"""Types that share their comparison: no conversion, no loss."""
INTEGERS = {"int2": 2, "int4": 4, "int8": 8}


class Pair(NamedTuple):
    """A referencing column, the column it references, and their types when both are known."""

    column: Column
    target: Column
    type: str
    """As pg_type.typname, or schema.name of an enum; domains are followed to their base."""
    target_type: str
    comparable: bool


def unequal_pairs(catalog: Catalog, constraint: Constraint) -> Iterator[Pair]:
    """The column pairs of a foreign key whose types are known and differ."""
    target = constraint.target
    if target is None or len(constraint.columns) != len(constraint.target_columns):
        return
    for name, target_name in zip(constraint.columns, constraint.target_columns, strict=True):
        column, other = constraint.table.columns.get(name), target.columns.get(target_name)
        if column is None or other is None or column.type[:4] == other.type[:4]:
            continue
        mine, theirs = base_type(catalog, column.type), base_type(catalog, other.type)
        if mine and theirs and mine != theirs and not (mine in TEXTS and theirs in TEXTS):
            comparable = is_comparable(catalog, mine, theirs)
            if comparable is not None:
                yield Pair(column, other, mine, theirs, comparable)


def base_type(catalog: Catalog, written: TypeName) -> str:
    """The type below all domains; empty where it is not known."""
    for _ in range(8):
        if written.array or written.percent_type:
            return ""
        if written.schema in ("", "pg_catalog") and catalog.builtin.type(written.name) is not None:
            return written.name
        found = catalog.type(written.schema, written.name, catalog.default_path)
        if found is None:
            return ""
        if found.form == "enum":
            return found.identity
        if found.form != "domain" or found.base is None:
            return ""
        written = found.base
    return ""


def is_comparable(catalog: Catalog, mine: str, theirs: str) -> bool | None:
    """Whether a foreign key of type `mine` may reference `theirs`; None where the tree may teach the server."""
    if "." in mine or "." in theirs:
        taught = any(other.what in ("cast", "operator") for other in catalog.others)
        return None if taught else False
    theirs = "inet" if theirs == "cidr" else theirs  # cidr is indexed, and compared, as inet
    if any(o.left == theirs and o.right == mine and o.can_merge for o in catalog.builtin.operators("=")):
        return True
    cast = catalog.builtin.cast(mine, theirs)
    return cast is not None and cast.context == "i"


def spelled(catalog: Catalog, name: str) -> str:
    """A type as SQL spells it."""
    return catalog.builtin.format_type(name) or name
