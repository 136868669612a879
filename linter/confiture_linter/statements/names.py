"""Reads names, types and option lists off syntax trees."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import NULL, TypeName

COMMON_TYPES = frozenset(
    {"text", "uuid", "jsonb", "json", "timestamptz", "date", "int4", "int8", "int2", "bool", "varchar", "numeric",
     "bytea", "float8", "float4", "timestamp", "interval", "time", "timetz", "bpchar", "name", "oid", "inet", "record",
     "void", "trigger"}
)  # fmt: skip
"""Built-in types so common that noting each mention would cost more than everything else about them."""


def is_common_type(names: list[Node]) -> bool:
    """Whether a written type name is a common built-in one."""
    if len(names) == 1:
        return names[0]["String"].get("sval") in COMMON_TYPES
    return len(names) == 2 and names[0]["String"].get("sval") == "pg_catalog"


_SPELLINGS = {"integer": "int4", "int": "int4", "bigint": "int8", "boolean": "bool", "smallint": "int2"}


def canonical_word(written: str) -> str:
    """The pg_type name of a one-word SQL spelling: `integer` is `int4`."""
    return _SPELLINGS.get(written, written)


def strings(items: list[Node] | None) -> list[str]:
    """The values of a list of String nodes."""
    return [item["String"].get("sval", "") for item in items or () if "String" in item]


def qualified(items: list[Node] | None) -> tuple[str, str]:
    """Schema and name of a dotted name; a catalog in front is dropped."""
    if not items:
        return "", ""
    if len(items) == 1:
        only = items[0].get("String")
        return "", only.get("sval", "") if only is not None else ""
    parts = strings(items)
    return (parts[-2] if len(parts) > 1 else ""), parts[-1] if parts else ""


def relation(node: Node) -> tuple[str, str, int]:
    """Schema, name and place of a RangeVar."""
    return node.get("schemaname", ""), node.get("relname", ""), node.get("location", -1)


def constant(node: Node | None) -> str | None:
    """The text of a constant; None for anything else."""
    if not node:
        return None
    body = node.get("A_Const")
    if body is None:
        cast = node.get("TypeCast")
        return constant(cast.get("arg")) if cast is not None else None
    if body.get("isnull"):
        return NULL
    if "sval" in body:
        return str(body["sval"].get("sval", ""))
    if "ival" in body:
        return str(body["ival"].get("ival", 0))
    if "fval" in body:
        return str(body["fval"].get("fval", ""))
    if "boolval" in body:
        return "true" if body["boolval"].get("boolval") else "false"
    return str(body.get("bsval", {}).get("bsval", ""))


def type_name(node: Node, base: int = 0) -> TypeName:
    """A TypeName node as a value; `base` is added to its location."""
    items = node.get("names")
    location = node.get("location", -1)
    at = location + base if location >= 0 else -1
    schema, name = qualified(items)
    if node.get("pct_type"):
        names = strings(items)
        if len(names) > 1:
            return TypeName(".".join(names[:-1]), names[-1], (), False, bool(node.get("setof")), True, at)
    typmods = node.get("typmods")
    modifiers = tuple(constant(item) or "?" for item in typmods) if typmods else ()
    return TypeName(schema, name, modifiers, "arrayBounds" in node, bool(node.get("setof")), False, at)


def option_text(value: Any) -> str:
    """The value of a DefElem as text; lists are joined with a comma, a missing value is `true`."""
    if value is None:
        return "true"
    if isinstance(value, list):
        return ",".join(option_text(item) for item in value)
    for kind, body in value.items():
        if kind == "String":
            return str(body.get("sval", ""))
        if kind == "Integer":
            return str(body.get("ival", 0))
        if kind == "Float":
            return str(body.get("fval", ""))
        if kind == "Boolean":
            return "true" if body.get("boolval") else "false"
        if kind == "List":
            return ",".join(option_text(item) for item in body.get("items", ()))
        if kind == "TypeName":
            return ".".join(strings(body.get("names")))
        if kind == "A_Const":
            return constant(value) or ""
    return ""


def options(items: list[Node] | None) -> tuple[tuple[str, str], ...]:
    """A list of DefElem nodes as (name, text) pairs, in order."""
    return tuple(
        (item["DefElem"].get("defname", ""), option_text(item["DefElem"].get("arg"))) for item in items or ()
    )


def role_names(items: list[Node] | None) -> tuple[str, ...]:
    """Names of a list of roles; PUBLIC is `public`, CURRENT_USER `current_user`."""
    names = []
    for item in items or ():
        role = item.get("RoleSpec", {})
        kind = role.get("roletype", "")
        names.append(role.get("rolename") or kind.removeprefix("ROLESPEC_").lower())
    return tuple(names)
