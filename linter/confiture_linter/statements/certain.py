"""What a PL/pgSQL body does in any case, if it comes to its end without an error.

A branch that raises an exception leaves the others: a file in which it comes to that does not run.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.leaving import ELOG_ERROR

_LOOPS = frozenset({"PLpgSQL_stmt_fori", "PLpgSQL_stmt_fors", "PLpgSQL_stmt_forc", "PLpgSQL_stmt_dynfors",
                    "PLpgSQL_stmt_foreach_a", "PLpgSQL_stmt_while", "PLpgSQL_stmt_loop"})  # fmt: skip


def certain_expressions(action: Node) -> frozenset[int]:
    """Identities of the expressions and statements in the tree of PL/pgSQL's parser that are evaluated in any case."""
    found: set[int] = set()
    _sequence([action], found)
    return frozenset(found)


def certain_defaults(datums: Iterable[Node]) -> frozenset[int]:
    """The same of what variables of the outermost block are declared with."""
    return frozenset(_expressions(datum.get("default_val") for datum in datums))


def catches_all(action: Node) -> bool:
    """Whether everything that a body does is undone, and passed over, if any of it fails."""
    block = action.get("PLpgSQL_stmt_block", {})
    if not block.get("exceptions") and len(block.get("body", ())) == 2:
        block = _wrapped(*block["body"])
    return any(
        condition.get("PLpgSQL_condition", {}).get("condname") == "others" and not _fails(handler["action"])
        for handler in _handlers(block)
        for condition in handler.get("conditions", ())
    )


def _wrapped(inner: Node, after: Node) -> Node:
    """The block around which the parser puts another one, to append a RETURN to it: one with handlers."""
    appended = "PLpgSQL_stmt_return" in after and "lineno" not in after["PLpgSQL_stmt_return"]
    block: Node = inner.get("PLpgSQL_stmt_block", {}) if appended else {}
    return block


def _sequence(nodes: Iterable[Node], found: set[int]) -> bool:
    """Note what is evaluated in any case; False if the sequence may be left before its end."""
    return all(_statement(kind, fields, found) for node in nodes for kind, fields in node.items())


def _statement(kind: str, fields: Node, found: set[int]) -> bool:
    if kind == "PLpgSQL_stmt_block":
        if any(True for _ in _handlers(fields)):
            return not _may_leave(fields)
        return _sequence(fields.get("body", ()), found)
    if kind in ("PLpgSQL_stmt_if", "PLpgSQL_stmt_case"):
        found.update(_expressions([fields.get("cond"), fields.get("t_expr")]))
        possible = [branch for branch in _branches(kind, fields) if not _fails(branch)]
        if len(possible) == 1:
            return _sequence(possible[0], found)
        return not _may_leave(possible)
    if kind in _LOOPS:
        found.update(_expressions(value for name, value in fields.items() if name != "body"))
        return not _may_leave(fields.get("body", ()))
    found.update(_expressions([fields]))
    return kind != "PLpgSQL_stmt_return"


def _branches(kind: str, fields: Node) -> list[list[Node]]:
    """Branches of IF and CASE; what is not there does nothing, but CASE without ELSE fails."""
    if kind == "PLpgSQL_stmt_case":
        found = [item["PLpgSQL_case_when"].get("stmts", []) for item in fields.get("case_when_list", ())]
        return [*found, fields.get("else_stmts", [])] if fields.get("have_else") else found
    others = [item["PLpgSQL_if_elsif"].get("stmts", []) for item in fields.get("elsif_list", ())]
    return [fields.get("then_body", []), *others, fields.get("else_body", [])]


def _fails(nodes: Iterable[Node]) -> bool:
    """Whether a sequence cannot come to its end, nor be left, without an error."""
    for node in nodes:
        for kind, fields in node.items():
            if kind == "PLpgSQL_stmt_raise" and fields.get("elog_level", ELOG_ERROR) >= ELOG_ERROR:
                return True
            if kind in ("PLpgSQL_stmt_if", "PLpgSQL_stmt_case") and all(map(_fails, _branches(kind, fields))):
                return True
            if kind == "PLpgSQL_stmt_block" and not [*_handlers(fields)] and _fails(fields.get("body", ())):
                return True
            if _may_leave(node):
                return False
    return False


def _handlers(block: Node) -> Iterator[Node]:
    for item in block.get("exceptions", {}).get("PLpgSQL_exception_block", {}).get("exc_list", ()):
        handler = item.get("PLpgSQL_exception", {})
        yield {**handler, "action": handler.get("action", ())}


def _may_leave(value: Any) -> bool:
    """Whether there is a RETURN in it; the one that the parser appends has no line."""
    if isinstance(value, dict):
        left = value.get("PLpgSQL_stmt_return")
        if left is not None and "lineno" in left:
            return True
        return any(map(_may_leave, value.values()))
    return isinstance(value, list) and any(map(_may_leave, value))


def _expressions(values: Iterable[Any]) -> Iterator[int]:
    for value in values:
        if isinstance(value, list):
            yield from _expressions(value)
        elif isinstance(value, dict):
            for name, child in value.items():
                if name == "PLpgSQL_expr":
                    yield id(child)
                else:
                    yield from _expressions([child])


__all__ = ["catches_all", "certain_defaults", "certain_expressions"]
