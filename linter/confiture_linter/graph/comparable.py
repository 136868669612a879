"""Which types can be compared with `=`, as far as the order of files hangs on it."""

from confiture_linter.statements.facts import TypeName

_NUMBERS = frozenset(
    {"int2", "int4", "int8", "numeric", "float4", "float8", "smallserial", "serial", "bigserial"}
)
TEXTS = frozenset({"text", "varchar", "bpchar", "name", "citext"})


def comparable(one: TypeName | None, other: TypeName | None) -> bool:
    """Whether values of two types can be compared with `=`; types that are not well known can."""
    if one is None or other is None or one.array or other.array:
        return True
    families = [_family(one.name), _family(other.name)]
    return "" in families or families[0] == families[1]


def _family(name: str) -> str:
    if name in _NUMBERS:
        return "number"
    if name in TEXTS:
        return "text"
    return name if name in ("uuid", "bool", "bytea", "inet", "jsonb") else ""


__all__ = ["TEXTS", "comparable"]
