"""Expressions as terms: what decides about their types, and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import Term
from confiture_linter.statements.names import qualified, strings, type_name

_INT4, _INT8 = 2**31, 2**63
_OTHER = Term("other")
_Numbers = Mapping[int, int]
"""Identity of a sub-query's node to its number among the children of its query."""


def term(node: Node | None, numbers: _Numbers) -> Term:
    """The term of an expression."""
    for kind, body in (node or {}).items():
        read = _READ.get(kind)
        if read is not None:
            return read(body, numbers)
        if kind in _FIXED:
            inner = body.get("args") or ([body["arg"]] if "arg" in body else [])
            return Term("typed", "", _FIXED[kind], also=_terms(inner, numbers))
    return _OTHER


def listed(rows: list[Node], numbers: _Numbers) -> tuple[Term, ...]:
    """The columns of VALUES, each as what all its rows become."""
    columns: dict[int, dict[Term, None]] = {}
    for row in rows:
        for place, node in enumerate(row["List"].get("items", ())):
            columns.setdefault(place, {})[term(node, numbers)] = None
    return tuple(Term("either", "", "", tuple(parts)) for _, parts in sorted(columns.items()))


def _terms(nodes: Any, numbers: _Numbers) -> tuple[Term, ...]:
    return tuple(term(node, numbers) for node in nodes or ())


def _column(node: Node, numbers: _Numbers) -> Term:
    names = strings(node.get("fields"))
    if not names or len(names) != len(node.get("fields", ())):
        return _OTHER
    return Term("column", names[-2] if len(names) > 1 else "", names[-1])


def _constant(node: Node, numbers: _Numbers) -> Term:
    name = "unknown"
    if "ival" in node:
        name = "int4"
    elif "fval" in node:
        text = str(node["fval"].get("fval", ""))
        number = int(text) if text.isdigit() else _INT8
        name = "int4" if number < _INT4 else "int8" if number < _INT8 else "numeric"
    elif "boolval" in node:
        name = "bool"
    elif "bsval" in node:
        name = "bit"
    return Term("constant", "", name)


def _cast(node: Node, numbers: _Numbers) -> Term:
    return Term("cast", "", "", (term(node.get("arg"), numbers),), type_name(node["typeName"]))


def _call(node: Node, numbers: _Numbers) -> Term:
    arguments = [*node.get("args", ())]
    if any("NamedArgExpr" in argument for argument in arguments):
        return Term("named call", *qualified(node.get("funcname")))
    if node.get("agg_within_group"):  # what is ordered is an argument, too
        arguments += (item.get("SortBy", {}).get("node", {}) for item in node.get("agg_order", ()))
    schema, name = qualified(node.get("funcname"))
    kind = "variadic call" if node.get("func_variadic") else "call"
    return Term(kind, schema, name, _terms(arguments, numbers))


def _operator(node: Node, numbers: _Numbers) -> Term:
    kind = node.get("kind", "")
    sides = [node[side] for side in ("lexpr", "rexpr") if side in node]
    if kind == "AEXPR_OP":
        names = strings(node.get("name"))
        if any(type(side) is not dict or "List" in side for side in sides) or len(names) != 1:
            return _OTHER
        if any("RowExpr" in side for side in sides):
            return Term("typed", "", "bool")
        return Term("operator", "", names[-1], _terms(sides, numbers))
    if kind == "AEXPR_NULLIF":
        return Term("nullif", "", "=", _terms(sides, numbers))
    return Term("typed", "", "bool", also=_terms((side for side in sides if type(side) is dict), numbers))


def _case(node: Node, numbers: _Numbers) -> Term:
    whens = [item.get("CaseWhen", {}) for item in node.get("args", ())]
    results = [when.get("result") for when in whens]
    tests = [*([node["arg"]] if "arg" in node else ()), *(when.get("expr") for when in whens)]
    # Without ELSE it is NULL, which is of no type; with it, that comes first (transformCaseExpr).
    parts = [*([node["defresult"]] if "defresult" in node else ()), *results]
    return Term("either", "", "", _terms(parts, numbers), also=_terms(tests, numbers))


def _sub_link(node: Node, numbers: _Numbers) -> Term:
    kind = {"EXPR_SUBLINK": "query", "ARRAY_SUBLINK": "array query"}.get(node.get("subLinkType", ""))
    if kind is None:
        return Term("typed", "", "bool")
    number = next((numbers.get(id(body), -1) for body in node.get("subselect", {}).values()), -1)
    return Term(kind, query=number) if number >= 0 else _OTHER


def _part(node: Node, numbers: _Numbers) -> Term:
    found = term(node.get("arg"), numbers)
    for step in node.get("indirection", ()):
        if "String" in step:
            found = Term("field", "", step["String"].get("sval", ""), (found,))
        elif "A_Indices" in step:
            if not step["A_Indices"].get("is_slice"):
                found = Term("element", "", "", (found,))
        else:
            return _OTHER
    return found


def _value_function(node: Node, numbers: _Numbers) -> Term:
    name = _VALUE_FUNCTIONS.get(node.get("op", "").removeprefix("SVFOP_").removesuffix("_N"), "name")
    return Term("typed", "", name)


def _xml(node: Node, numbers: _Numbers) -> Term:
    return Term("typed", "", "bool" if node.get("op") == "IS_DOCUMENT" else "xml")


def _json(default: str) -> Callable[[Node, _Numbers], Term]:
    def read(node: Node, numbers: _Numbers) -> Term:
        constructor = node.get("constructor", node)
        returning = constructor.get("output", {})
        returning = returning.get("JsonOutput", returning).get("typeName")
        if returning:
            return Term("cast", "", "", (), type_name(returning.get("TypeName", returning)))
        return Term("typed", "", default)

    return read


COMMON_FUNCTIONS = frozenset(
    {"abs", "age", "array_agg", "array_append", "array_length", "array_to_string", "avg", "bool_and", "bool_or", "cardinality", "ceil",
     "concat", "concat_ws", "count", "current_setting", "currval", "date_part", "date_trunc", "dense_rank", "encode", "extract",
     "first_value", "floor", "format", "generate_series", "json_agg", "json_build_object", "jsonb_agg", "jsonb_array_elements",
     "jsonb_array_elements_text", "jsonb_array_length", "jsonb_build_array", "jsonb_build_object", "jsonb_each", "jsonb_object_agg",
     "jsonb_set", "jsonb_typeof", "lag", "last_value", "lead", "left", "length", "lower", "ltrim", "make_interval", "max", "md5", "min", "mod",
     "nextval", "pg_notify", "position", "quote_ident", "quote_literal", "random", "rank", "regexp_match", "regexp_matches",
     "regexp_replace", "replace", "right", "round", "row_number", "row_to_json", "rtrim", "set_config", "setval", "split_part",
     "string_agg", "string_to_array", "strpos", "substr", "substring", "sum", "to_char", "to_date", "to_json", "to_jsonb", "to_number",
     "to_timestamp", "to_tsquery", "to_tsvector", "trim", "btrim", "unnest", "upper"}
)  # fmt: skip
"""Functions of PostgreSQL that are called often: that a tree has others of these names is not looked for."""

_FIXED = {"BoolExpr": "bool", "NullTest": "bool", "BooleanTest": "bool", "CurrentOfExpr": "bool", "JsonIsPredicate": "bool",
          "GroupingFunc": "int4", "RowExpr": "record", "MergeSupportFunc": "text"}  # fmt: skip
_VALUE_FUNCTIONS = {"CURRENT_DATE": "date", "CURRENT_TIME": "timetz", "CURRENT_TIMESTAMP": "timestamptz", "LOCALTIME": "time",
                    "LOCALTIMESTAMP": "timestamp"}  # fmt: skip
"""The others give names."""

_READ: dict[str, Callable[[Node, _Numbers], Term]] = {
    "ColumnRef": _column,
    "A_Const": _constant,
    "TypeCast": _cast,
    "FuncCall": _call,
    "A_Expr": _operator,
    "CaseExpr": _case,
    "CoalesceExpr": lambda node, numbers: Term("either", "", "", _terms(node.get("args"), numbers)),
    "MinMaxExpr": lambda node, numbers: Term("either", "", "", _terms(node.get("args"), numbers)),
    "SubLink": _sub_link,
    "A_ArrayExpr": lambda node, numbers: Term("array", "", "", _terms(node.get("elements"), numbers)),
    "A_Indirection": _part,
    "CollateClause": lambda node, numbers: term(node.get("arg"), numbers),
    "SQLValueFunction": _value_function,
    "XmlExpr": _xml,
    "XmlSerialize": lambda node, numbers: Term("cast", "", "", (), type_name(node["typeName"])),
    "JsonObjectConstructor": _json("json"),
    "JsonArrayConstructor": _json("json"),
    "JsonArrayQueryConstructor": _json("json"),
    "JsonObjectAgg": _json("json"),
    "JsonArrayAgg": _json("json"),
    "JsonParseExpr": _json("json"),
    "JsonScalarExpr": _json("json"),
    "JsonSerializeExpr": _json("text"),
}

__all__ = ["COMMON_FUNCTIONS", "listed", "term"]
