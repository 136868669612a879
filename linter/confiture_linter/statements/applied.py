"""Which functions and casts an expression applies to plain columns: enough to choose an overload by types."""

from collections.abc import Iterator
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import Applied
from confiture_linter.statements.names import qualified, strings, type_name


def applied(node: Any, base: int = 0) -> Iterator[Applied]:
    """Every function call and cast in `node` of which an argument is a plain column."""
    if isinstance(node, list):
        for item in node:
            yield from applied(item, base)
        return
    if not isinstance(node, dict):
        return
    for kind, body in node.items():
        if kind == "FuncCall":
            arguments = tuple(map(_column, body.get("args", ())))
            if any(arguments) and not body.get("func_variadic"):
                yield Applied(
                    *qualified(body.get("funcname")), False, arguments, body.get("location", 0) + base
                )
        elif kind == "TypeCast":
            column = _column(body.get("arg", {}))
            target = type_name(body["typeName"], base)
            if column and not target.array:
                at = body["arg"]["ColumnRef"].get("location", 0) + base
                yield Applied(target.schema, target.name, True, (column,), at)
        yield from applied(body, base)


def _column(node: Node) -> str:
    """The name of a plain column; empty for anything else."""
    fields = strings(node.get("ColumnRef", {}).get("fields"))
    return fields[-1] if fields else ""
