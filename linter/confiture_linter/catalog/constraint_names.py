"""Names that PostgreSQL gives to constraints and sequences nobody named."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from confiture_linter.model import MAX_IDENTIFIER_BYTES
from confiture_linter.statements.facts import ConstraintFact

if TYPE_CHECKING:
    from confiture_linter.catalog.catalog import Catalog
    from confiture_linter.catalog.entities import Constraint

_LABELS = {"primary key": "pkey", "unique": "key", "foreign key": "fkey", "check": "check", "exclude": "excl",
           "not null": "not_null"}  # fmt: skip


def object_name(first: str, second: str, label: str) -> str:
    """Join the parts with underscores and shorten the longer of the first two until 63 bytes suffice.

    As makeObjectName in indexcmds.c; `second` may be empty.
    """
    overhead = len(label.encode()) + 1 + (1 if second else 0)
    available = MAX_IDENTIFIER_BYTES - overhead
    one, two = first.encode(), second.encode()
    while len(one) + len(two) > available:
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    parts = [one.decode("utf-8", "ignore")]
    if second:
        parts.append(two.decode("utf-8", "ignore"))
    return "_".join([*parts, label])


def constraint_name(table: str, fact: ConstraintFact, taken: Callable[[str], bool]) -> str:
    """The constraint's own name, or the one PostgreSQL chooses given the names that are taken."""
    if fact.name:
        return fact.name
    label = _LABELS[fact.kind]
    if fact.kind == "primary key":
        columns = ""
    elif fact.kind == "check":
        used = {use.name for use in fact.expression.columns} if fact.expression is not None else fact.columns
        columns = next(iter(used)) if len(used) == 1 else ""
    else:
        # Of a key, the columns of its index: those that INCLUDE names, too.
        columns = "_".join(column or "expr" for column in (*fact.columns, *fact.include))
    name = object_name(table, columns, label)
    suffix = 0
    while taken(name):
        suffix += 1
        name = object_name(table, columns, f"{label}{suffix}")
    return name


class Names:
    """Names that constraints hold: in their schema, and with an index of that name among the relations.

    Nothing is forgotten when a constraint goes: whether the one that was noted still holds its name is looked up.
    """

    def __init__(self, catalog: "Catalog") -> None:
        self.catalog = catalog
        self._constraints: dict[tuple[str, str], list[Constraint]] = {}

    def note(self, constraint: "Constraint") -> None:
        """A constraint was made, renamed or moved to another schema."""
        self._constraints.setdefault((constraint.table.schema, constraint.name), []).append(constraint)

    def constraint(self, schema: str, name: str, *, indexed: bool) -> "Constraint | None":
        """The living constraint of that name; `indexed`: only one that has an index."""
        for constraint in self._constraints.get((schema, name), ()):
            table = constraint.table
            if (
                constraint.name == name
                and table.schema == schema
                and (not indexed or constraint.kind in INDEXED)
                and constraint in table.constraints
                and self.catalog.relations.get((table.schema, table.name)) is table
            ):
                return constraint
        return None

    def constraint_taken(self, schema: str, name: str) -> bool:
        """Whether a constraint in the schema is called `name` (ConstraintNameExists)."""
        return self.constraint(schema, name, indexed=False) is not None

    def index_named(self, schema: str, name: str, path: tuple[str, ...]) -> bool:
        """Whether the index of a constraint is called `name`, in that schema or along the path."""
        homes = (schema,) if schema else path
        return any(self.constraint(home, name, indexed=True) is not None for home in homes)

    def relation_taken(self, schema: str, name: str) -> bool:
        """Whether a relation, be it the index of a constraint, is called `name`."""
        return (schema, name) in self.catalog.relations or (
            self.constraint(schema, name, indexed=True) is not None
        )


INDEXED = ("primary key", "unique", "exclude")
"""Kinds of constraint that have an index of the same name."""


def named_checks(domain: str, facts: tuple[ConstraintFact, ...]) -> tuple[ConstraintFact, ...]:
    """The checks of a domain with the names that PostgreSQL gives to those nobody named."""
    taken = {fact.name for fact in facts}
    named = []
    for fact in facts:
        if not fact.name:
            fact = fact._replace(
                name=constraint_name(domain, fact._replace(columns=(), expression=None), taken.__contains__)
            )
            taken.add(fact.name)
        named.append(fact)
    return tuple(named)


def multirange_name(name: str) -> str:
    """What PostgreSQL calls the multirange type of a range type (typecmds.c, makeMultirangeTypeName)."""
    head, found, tail = name.partition("range")
    return f"{head}multirange{tail}" if found else f"{name}_multirange"
