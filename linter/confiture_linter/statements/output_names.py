"""Names that PostgreSQL gives to what nobody named: output columns and index expressions."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.names import strings, type_name


def figure_name(expression: Node) -> str:
    """The name of an index expression in a generated index name; `expr` where there is none."""
    cast: Any = None
    while "TypeCast" in expression:
        cast = cast or type_name(expression["TypeCast"]["typeName"])
        expression = expression["TypeCast"]["arg"]
    name = output_name(expression, cast)
    return "expr" if name == "?column?" else name


def output_name(value: Node, cast: Any) -> str:
    """The name PostgreSQL gives to an unnamed output column (parse_target.c, FigureColname).

    `cast` is the type of an outermost cast, which has been taken off `value`.
    """
    for kind, node in value.items():
        if kind == "FuncCall":
            return (strings(node.get("funcname")) or [""])[-1]
        if kind == "A_Indirection":
            fields = strings(node.get("indirection"))
            return fields[-1] if fields else output_name(node.get("arg", {}), cast)
        if kind == "CoalesceExpr":
            return "coalesce"
        if kind == "MinMaxExpr":
            return "greatest" if node.get("op") == "IS_GREATEST" else "least"
        if kind == "SubLink":
            if node.get("subLinkType") == "EXISTS_SUBLINK":
                return "exists"
            if node.get("subLinkType") == "ARRAY_SUBLINK":
                return "array"
            targets = node.get("subselect", {}).get("SelectStmt", {}).get("targetList")
            if targets and node.get("subLinkType") == "EXPR_SUBLINK":
                target = targets[0].get("ResTarget", {})
                inner = target.get("val", {})
                fields = strings(inner.get("ColumnRef", {}).get("fields"))
                return target.get("name") or (fields[-1] if fields else output_name(inner, None))
        if kind == "CaseExpr":
            inner = node.get("defresult")
            name = output_name(inner, None) if inner else ""
            fields = strings((inner or {}).get("ColumnRef", {}).get("fields"))
            return fields[-1] if fields else (name if name and name != "?column?" else "case")
        if kind == "A_ArrayExpr":
            return "array"
        if kind == "RowExpr":
            return "row"
        if kind == "SQLValueFunction":
            return VALUE_FUNCTIONS.get(node.get("op", ""), "?column?")
    if cast is not None:
        return str(cast.name)
    return "?column?"


VALUE_FUNCTIONS = {
    "SVFOP_CURRENT_DATE": "current_date",
    "SVFOP_CURRENT_TIME": "current_time",
    "SVFOP_CURRENT_TIME_N": "current_time",
    "SVFOP_CURRENT_TIMESTAMP": "current_timestamp",
    "SVFOP_CURRENT_TIMESTAMP_N": "current_timestamp",
    "SVFOP_LOCALTIME": "localtime",
    "SVFOP_LOCALTIME_N": "localtime",
    "SVFOP_LOCALTIMESTAMP": "localtimestamp",
    "SVFOP_LOCALTIMESTAMP_N": "localtimestamp",
    "SVFOP_CURRENT_ROLE": "current_role",
    "SVFOP_CURRENT_USER": "current_user",
    "SVFOP_USER": "user",
    "SVFOP_SESSION_USER": "session_user",
    "SVFOP_CURRENT_CATALOG": "current_catalog",
    "SVFOP_CURRENT_SCHEMA": "current_schema",
}
"""Functions that the grammar knows by keyword, and the names of their output columns."""
