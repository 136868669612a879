"""Which changes of type do not keep every value."""

from confiture_linter.catalog.types import canonical
from confiture_linter.statements.facts import TypeName

_INTEGERS = ("int2", "int4", "int8")
_DIGITS = {"int2": 5, "int4": 10, "int8": 19}
_TEXT = frozenset({"text", "varchar", "bpchar", "citext"})
_TIMES = frozenset({"timestamp", "timestamptz"})


def loses(old: TypeName, new: TypeName) -> str:
    """What does not fit, as the end of a sentence; empty if every value fits or it cannot be told."""
    one, two = canonical(old.name), canonical(new.name)
    if old.array != new.array:
        return ""
    if one in _INTEGERS and two in _INTEGERS:
        return "larger numbers do not fit" if _INTEGERS.index(two) < _INTEGERS.index(one) else ""
    if one in _TEXT and two in ("varchar", "bpchar"):
        return _length(old, new)
    if one == two == "numeric":
        return _numeric(old, new)
    if one in ("numeric", "float4", "float8") and two in _INTEGERS:
        return "digits after the point are rounded away"
    if one == "float8" and two == "float4":
        return "digits are rounded away"
    if one == "numeric" and two in ("float4", "float8"):
        return "digits are rounded away"
    if one in _TIMES and two == "date":
        return "the time of day is cut off"
    if one in _TIMES and two in ("time", "timetz"):
        return "the day is cut off"
    if one in ("json", "jsonb", "xml", *_TEXT) and two in (
        *_INTEGERS,
        "numeric",
        "uuid",
        "bool",
        "date",
        *_TIMES,
    ):
        return "what is not written as one fails"
    if one == "jsonb" and two == "json":
        return ""
    return ""


def _length(old: TypeName, new: TypeName) -> str:
    if not new.modifiers:
        # "char" without a length is char(1); varchar without one holds everything.
        return "longer values do not fit" if canonical(new.name) == "bpchar" and new.modifiers else ""
    limit = int(new.modifiers[0]) if new.modifiers[0].isdigit() else None
    before = int(old.modifiers[0]) if old.modifiers and old.modifiers[0].isdigit() else None
    if limit is None:
        return ""
    return f"values of more than {limit} characters do not fit" if before is None or before > limit else ""


def _numeric(old: TypeName, new: TypeName) -> str:
    if not new.modifiers:
        return ""
    precision, scale = int(new.modifiers[0]), int(new.modifiers[1]) if len(new.modifiers) > 1 else 0
    if not old.modifiers:
        return f"numbers of more than {precision - scale} digits do not fit, and others are rounded"
    was, had = int(old.modifiers[0]), int(old.modifiers[1]) if len(old.modifiers) > 1 else 0
    if precision - scale < was - had:
        return f"numbers of more than {precision - scale} digits before the point do not fit"
    return "digits after the point are rounded away" if scale < had else ""
