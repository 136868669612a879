"""What a walk keeps, how it goes from node to node, and the names that need no context."""

from collections.abc import Callable
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import Query, Ref, TypeName
from confiture_linter.statements.level import Level
from confiture_linter.statements.names import COMMON_TYPES, is_common_type, type_name

HANDLERS: dict[str, "Callable[[Any, Node], None]"] = {}
"""What is done with a node, by its kind; `walk`, which knows them all, fills it. Any other node is walked through."""

_LEAVES = frozenset({"A_Const", "ParamRef", "String", "alias", "join_using_alias"})
"""Nodes that name nothing."""


class Mentions:
    """Collects what a statement names; `base` is added to every location."""

    __slots__ = ("base", "level", "queries", "refs", "typed")

    def __init__(self, base: int = 0, *, typed: bool = True) -> None:
        self.base = base
        self.typed = typed
        """Whether the terms of expressions are noted, from which types are worked out."""
        self.refs: list[Ref] = []
        self.level: Level | None = None
        self.queries: list[Query] = []

    def visit(self, node: Any) -> None:
        """Walk any node, or a list of nodes."""
        if type(node) is list:
            for item in node:
                self.visit(item)
            return
        for kind, body in node.items():
            if type(body) is dict:
                if kind in _LEAVES:
                    continue
                handler = HANDLERS.get(kind)
                if handler is not None:
                    handler(self, body)
                else:
                    self.visit(body)
            elif type(body) is list:
                for item in body:
                    if type(item) is dict:
                        self.visit(item)

    def place(self, node: Any) -> int:
        """Where `node` begins, plus `base`; -1 if nothing in it has a place."""
        at = begin_of(node)
        return at + self.base if at >= 0 else -1

    def _type(self, node: Node) -> None:
        names = node.get("names")
        if not names or is_common_type(names):
            return
        self.note_type(type_name(node, self.base))

    def note_type(self, written: TypeName) -> None:
        """Note a type that has been read already."""
        if written.percent_type:
            schema, _, table = written.schema.rpartition(".")
            self.refs.append(Ref("relation", schema, table, written.at, "type", -1, written.name))
        elif (
            written.name
            and written.schema != "pg_catalog"
            and (written.schema or written.name not in COMMON_TYPES)
        ):
            self.refs.append(Ref("type", written.schema, written.name, written.at, "type"))

    def reference(self, schema: str, name: str, at: int, use: str = "reference") -> None:
        """Note a relation that a definition refers to, such as the target of a foreign key."""
        self.refs.append(Ref("relation", schema, name, at, use))

    def call(self, schema: str, name: str, at: int, arguments: int) -> None:
        """Note a function that a definition names, such as a trigger's."""
        self.refs.append(Ref("function", schema, name, at, "define", arguments))

    def _child(self, node: Node) -> int:
        """Walk a sub-query of the current level; its index among the children."""
        raise NotImplementedError


def begin_of(node: Any) -> int:
    """Where an expression begins: operators carry their own place, which is behind their first operand."""
    if type(node) is list:
        for item in node:
            at = begin_of(item)
            if at >= 0:
                return at
        return -1
    for kind, body in node.items():
        if type(body) is not dict:
            continue
        first = _FIRST_OPERAND.get(kind)
        if first is not None and first in body:
            at = begin_of(body[first])
            if at >= 0:
                return at
        at = body.get("location", -1)
        if at >= 0:
            return int(at)
        for child in body.values():
            if type(child) is dict or type(child) is list:
                at = begin_of(child)
                if at >= 0:
                    return at
    return -1


_FIRST_OPERAND = {
    "A_Expr": "lexpr",
    "TypeCast": "arg",
    "BoolExpr": "args",
    "NullTest": "arg",
    "BooleanTest": "arg",
    "A_Indirection": "arg",
    "CollateClause": "arg",
}
