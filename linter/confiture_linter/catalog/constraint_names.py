"""Names that PostgreSQL gives to constraints and sequences nobody named."""

from collections.abc import Container

from confiture_linter.model import MAX_IDENTIFIER_BYTES
from confiture_linter.statements.facts import ConstraintFact

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


def constraint_name(table: str, fact: ConstraintFact, taken: Container[str]) -> str:
    """The constraint's own name, or the one PostgreSQL chooses given the names already taken."""
    if fact.name:
        return fact.name
    label = _LABELS[fact.kind]
    if fact.kind == "primary key":
        columns = ""
    elif fact.kind == "check":
        columns = fact.columns[0] if len(fact.columns) == 1 else ""
    else:
        # Of a key, the columns of its index: those that INCLUDE names, too.
        columns = "_".join(column or "expr" for column in (*fact.columns, *fact.include))
    name = object_name(table, columns, label)
    suffix = 0
    while name in taken:
        suffix += 1
        name = object_name(table, columns, f"{label}{suffix}")
    return name


def named_checks(domain: str, facts: tuple[ConstraintFact, ...]) -> tuple[ConstraintFact, ...]:
    """The checks of a domain with the names that PostgreSQL gives to those nobody named."""
    taken = {fact.name for fact in facts}
    named = []
    for fact in facts:
        if not fact.name:
            fact = fact._replace(name=constraint_name(domain, fact._replace(columns=()), taken))
            taken.add(fact.name)
        named.append(fact)
    return tuple(named)


def multirange_name(name: str) -> str:
    """What PostgreSQL calls the multirange type of a range type (typecmds.c, makeMultirangeTypeName)."""
    head, found, tail = name.partition("range")
    return f"{head}multirange{tail}" if found else f"{name}_multirange"
