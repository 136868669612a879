"""The logic of a CHECK constraint, as far as PostgreSQL's proofs can use it."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import Test
from confiture_linter.statements.names import constant, strings

_OTHER = Test("other")
_COMMUTED = {"=": "=", "<": ">", ">": "<", "<=": ">=", ">=": "<=", "<>": "<>"}


def logic(node: Any) -> Test:
    """AND, OR, null tests and comparisons of a column with constants; `other` for the rest."""
    boolean = node.get("BoolExpr")
    if boolean is not None:
        if boolean.get("boolop") == "NOT_EXPR":
            return negated(logic(boolean["args"][0]))
        kind = "and" if boolean.get("boolop") == "AND_EXPR" else "or"
        return Test(kind, parts=tuple(map(logic, boolean["args"])))
    null = node.get("NullTest")
    if null is not None:
        column = _column(null.get("arg", {}))
        kind = "is null" if null.get("nulltesttype") == "IS_NULL" else "is not null"
        return Test(kind, column) if column else _OTHER
    comparison = node.get("A_Expr")
    return _comparison(comparison) if comparison is not None else _OTHER


_NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def negated(test: Test) -> Test:
    """NOT, pushed down to the comparisons."""
    if test.kind in ("and", "or"):
        return Test("or" if test.kind == "and" else "and", parts=tuple(map(negated, test.parts)))
    if test.kind == "is null":
        return test._replace(kind="is not null")
    if test.kind == "is not null":
        return test._replace(kind="is null")
    if test.kind == "compare":
        return test._replace(operator=_NEGATED[test.operator])
    return _OTHER


def _comparison(node: Node) -> Test:
    names = strings(node.get("name"))
    operator = names[-1] if len(names) == 1 else ""
    left: Any = node.get("lexpr", {})
    right: Any = node.get("rexpr", {})
    kind = node.get("kind")
    if kind == "AEXPR_BETWEEN":
        column = _column(left)
        bounds = _constants(right)
        if not column or len(bounds) != 2:
            return _OTHER
        return Test(
            "and",
            parts=(
                Test("compare", column, ">=", bounds[:1]),
                Test("compare", column, "<=", bounds[1:]),
            ),
        )
    if operator not in _COMMUTED:
        return _OTHER
    if kind in ("AEXPR_IN", "AEXPR_OP_ANY"):
        column, values = _column(left), _constants(right)
        return Test("compare", column, "=", values) if column and values and operator == "=" else _OTHER
    if kind != "AEXPR_OP" or type(left) is not dict or type(right) is not dict:
        return _OTHER
    column = _column(left)
    value = constant(right)
    if not column:
        column, value, operator = _column(right), constant(left), _COMMUTED[operator]
    return Test("compare", column, operator, (value,)) if column and value is not None else _OTHER


def _column(node: Any) -> str:
    """The name of a column, casts that change nothing taken off; empty for anything else."""
    while type(node) is dict and "TypeCast" in node:
        node = node["TypeCast"].get("arg", {})
    if type(node) is not dict:
        return ""
    fields = strings(node.get("ColumnRef", {}).get("fields"))
    return fields[-1] if fields else ""


def _constants(node: Any) -> tuple[str, ...]:
    """The constants of IN (…), ARRAY[…] and BETWEEN; empty if one is none."""
    while type(node) is dict and "TypeCast" in node:
        node = node["TypeCast"].get("arg", {})
    if type(node) is dict and "List" in node:
        node = node["List"].get("items", ())
    elif type(node) is dict and "A_ArrayExpr" in node:
        node = node["A_ArrayExpr"].get("elements", ())
    if type(node) is not list:
        return ()
    values = [constant(item) for item in node]
    return tuple(value for value in values if value is not None) if None not in values else ()
