"""How COMMENT, DROP, GRANT and ALTER … point at an object."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import ObjectPath, TypeName
from confiture_linter.statements.names import strings, type_name

ROUTINES = frozenset({"function", "procedure", "routine", "aggregate"})


def object_kind(name: str) -> str:
    """`OBJECT_MATVIEW` as `materialized view`, the others by their own words."""
    plain = name.removeprefix("OBJECT_").lower()
    return _KINDS.get(plain, plain)


_KINDS = {
    "matview": "materialized view",
    "foreign_table": "foreign table",
    "tabconstraint": "table constraint",
    "domconstraint": "domain constraint",
    "foreign_server": "foreign server",
    "event_trigger": "event trigger",
    "access_method": "access method",
    "statistic_ext": "statistics",
    "publication_rel": "publication table",
    "tsconfiguration": "text search configuration",
    "tsdictionary": "text search dictionary",
    "tsparser": "text search parser",
    "tstemplate": "text search template",
}


def object_path(kind: str, node: Any, base: int, at: int) -> ObjectPath:
    """Read the object off any of the shapes PostgreSQL's grammar gives it."""
    if not isinstance(node, dict):
        return ObjectPath(kind, (), None, at)
    if "ObjectWithArgs" in node:
        return routine_path(kind, node["ObjectWithArgs"], base, at)
    if "TypeName" in node:
        written = type_name(node["TypeName"], base)
        parts = (written.schema, written.name) if written.schema else (written.name,)
        return ObjectPath(kind, parts, None, written.at if written.at >= 0 else at)
    if "RangeVar" in node:
        return relation_path(kind, node["RangeVar"], base)
    if "String" in node:
        return ObjectPath(kind, (node["String"].get("sval", ""),), None, at)
    if "List" in node:
        items = node["List"].get("items", ())
        if items and "TypeName" in items[0]:
            written = type_name(items[0]["TypeName"], base)
            parts = (written.schema, written.name) if written.schema else (written.name,)
            return ObjectPath(kind, (*parts, *strings(items[1:])), None, at)
        return ObjectPath(kind, tuple(strings(items)), None, at)
    return ObjectPath(kind, (), None, at)


def routine_path(kind: str, node: Node, base: int, at: int) -> ObjectPath:
    """A routine with its argument types."""
    arguments: tuple[TypeName, ...] | None = None
    if not node.get("args_unspecified"):
        parameters = node.get("objfuncargs")
        if parameters:
            arguments = tuple(
                type_name(item["FunctionParameter"]["argType"], base)
                for item in parameters
                if item["FunctionParameter"].get("mode") not in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")
            )
        else:
            arguments = tuple(
                type_name(item["TypeName"], base) for item in node.get("objargs", ()) if "TypeName" in item
            )
    return ObjectPath(kind, tuple(strings(node.get("objname"))), arguments, at)


def relation_path(kind: str, node: Node, base: int) -> ObjectPath:
    """A relation by its RangeVar."""
    schema, name = node.get("schemaname", ""), node.get("relname", "")
    at = node.get("location", -1)
    return ObjectPath(kind, (schema, name) if schema else (name,), None, at + base if at >= 0 else -1)
