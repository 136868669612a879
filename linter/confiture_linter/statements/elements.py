"""Columns, constraints and the other parts that CREATE TABLE, ALTER TABLE and CREATE TYPE share."""

from collections.abc import Iterable
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.applied import applied
from confiture_linter.statements.facts import (
    MAXVALUE,
    MINVALUE,
    NULL,
    Bound,
    ColumnFact,
    ConstraintFact,
    Expression,
    IndexColumn,
    TypeName,
)
from confiture_linter.statements.logic import logic
from confiture_linter.statements.names import constant, options, qualified, relation, strings, type_name
from confiture_linter.statements.output_names import figure_name
from confiture_linter.statements.walk import Walk

_SERIALS = {
    "serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8", "smallserial": "int2",
    "serial2": "int2",
}  # fmt: skip

CONSTRAINT_KINDS = {
    "CONSTR_PRIMARY": "primary key",
    "CONSTR_UNIQUE": "unique",
    "CONSTR_FOREIGN": "foreign key",
    "CONSTR_CHECK": "check",
    "CONSTR_EXCLUSION": "exclude",
    "CONSTR_NOTNULL": "not null",
}


def column(node: Node, walk: Walk) -> tuple[ColumnFact, list[ConstraintFact]]:
    """A ColumnDef as a column and the constraints written in it."""
    name = node.get("colname", "")
    written = type_name(node["typeName"], walk.base) if "typeName" in node else _NO_TYPE
    serial = not written.schema and written.name in _SERIALS and not written.array
    if serial:
        written = written._replace(name=_SERIALS[written.name], schema="pg_catalog")
    walk.note_type(written)
    if "collClause" in node:
        walk.collate(node["collClause"])
    not_null = serial or bool(node.get("is_not_null"))
    default: Expression | None = None
    generated = identity = ""
    constraints: list[ConstraintFact] = []
    last: ConstraintFact | None = None
    for item in node.get("constraints", ()):
        body = item["Constraint"]
        kind = body.get("contype", "")
        at = body.get("location", -1) + walk.base
        if kind == "CONSTR_DEFAULT":
            default = walk.expression(body.get("raw_expr"))
        elif kind == "CONSTR_NOTNULL":
            not_null = True
            if "conname" in body or body.get("is_no_inherit"):
                constraints.append(constraint(body, walk, name))
        elif kind == "CONSTR_GENERATED":
            generated = body.get("generated_kind") or "s"
            default = _immutable(body.get("raw_expr"), walk, at)
        elif kind == "CONSTR_IDENTITY":
            identity = body.get("generated_when") or "a"
            not_null = True
        elif kind in CONSTRAINT_KINDS:
            last = constraint(body, walk, name)
            constraints.append(last)
            not_null = not_null or kind == "CONSTR_PRIMARY"
        elif last is not None and kind.startswith("CONSTR_ATTR_"):
            last = _attribute(last, kind)
            constraints[-1] = last
    fact = ColumnFact(
        name,
        written,
        not_null,
        default,
        generated,
        identity,
        serial,
        qualified(node.get("collClause", {}).get("collname"))[1],
        node.get("location", -1) + walk.base,
        node.get("storage_name", ""),
        node.get("compression", ""),
    )
    return fact, constraints


def partition_bound(node: Node) -> Bound:
    """FOR VALUES of a partition."""
    if node.get("is_default"):
        return Bound("default")
    lower, upper = _datums(node.get("lowerdatums", ())), _datums(node.get("upperdatums", ()))
    values = _datums(node.get("listdatums", ()))
    return Bound(
        {"r": "range", "l": "list", "h": "hash"}.get(node.get("strategy", ""), ""),
        tuple(value or "" for value in lower),
        tuple(value or "" for value in upper),
        tuple(value or "" for value in values),
        node.get("modulus", 0),
        node.get("remainder", 0),
        None not in (*lower, *upper, *values),
    )


def _datums(items: Iterable[Node]) -> list[str | None]:
    found: list[str | None] = []
    for item in items:
        words = strings(item.get("ColumnRef", {}).get("fields"))
        if words in (["minvalue"], ["maxvalue"]):
            found.append(MINVALUE if words == ["minvalue"] else MAXVALUE)
        elif item.get("A_Const", {}).get("isnull"):
            found.append(NULL)
        else:
            found.append(constant(item))
    return found


_NO_TYPE = TypeName("", "", (), False, False, False, -1)


def _attribute(fact: ConstraintFact, kind: str) -> ConstraintFact:
    """DEFERRABLE and its kin stand behind the column constraint they belong to."""
    if kind == "CONSTR_ATTR_DEFERRABLE":
        return fact._replace(deferrable=True)
    if kind == "CONSTR_ATTR_DEFERRED":
        return fact._replace(deferrable=True, initially_deferred=True)
    if kind == "CONSTR_ATTR_NOT_ENFORCED":
        return fact._replace(not_enforced=True)
    return fact


def constraint(node: Node, walk: Walk, inline_column: str = "") -> ConstraintFact:
    """A Constraint node; `inline_column` is the column it is written in, if any."""
    kind = CONSTRAINT_KINDS.get(node.get("contype", ""), "check")
    at = node.get("location", -1) + walk.base
    inline = bool(inline_column)
    if kind == "foreign key":
        return _foreign_key(node, walk, inline_column, at)
    expression = walk.expression(node.get("raw_expr")) if "raw_expr" in node else None
    columns = tuple(strings(node.get("keys")))
    if kind == "exclude":
        columns = tuple(
            item["List"]["items"][0].get("IndexElem", {}).get("name", "")
            for item in node.get("exclusions", ())
        )
    elif kind == "check" and expression is not None:
        expression = expression._replace(test=logic(node["raw_expr"]))
        columns = tuple(dict.fromkeys(use.name for use in expression.columns))
    if inline and (kind != "check" or not columns):
        columns = (inline_column,)
    return ConstraintFact(
        kind,
        node.get("conname", ""),
        columns,
        at,
        inline=inline,
        deferrable=bool(node.get("deferrable")),
        initially_deferred=bool(node.get("initdeferred")),
        not_valid=bool(node.get("skip_validation")),
        not_enforced=kind == "check" and not node.get("is_enforced", False),
        no_inherit=bool(node.get("is_no_inherit")),
        using_index=node.get("indexname", ""),
        include=tuple(strings(node.get("including"))),
        nulls_not_distinct=bool(node.get("nulls_not_distinct")),
        expression=expression,
        method=node.get("access_method", ""),
        predicate=walk.expression(node.get("where_clause")) if "where_clause" in node else None,
        without_overlaps=bool(node.get("without_overlaps")),
    )


def _foreign_key(node: Node, walk: Walk, inline_column: str, at: int) -> ConstraintFact:
    schema, name, target_at = relation(node.get("pktable", {}))
    walk.reference(schema, name, target_at + walk.base)
    columns = (inline_column,) if inline_column else tuple(strings(node.get("fk_attrs")))
    return ConstraintFact(
        "foreign key",
        node.get("conname", ""),
        columns,
        at,
        inline=bool(inline_column),
        target_schema=schema,
        target=name,
        target_columns=tuple(strings(node.get("pk_attrs"))),
        target_at=target_at + walk.base,
        on_delete=node.get("fk_del_action", "a"),
        on_update=node.get("fk_upd_action", "a"),
        match_full=node.get("fk_matchtype") == "f",
        delete_columns=tuple(strings(node.get("fk_del_set_cols"))),
        deferrable=bool(node.get("deferrable")),
        initially_deferred=bool(node.get("initdeferred")),
        not_valid=bool(node.get("skip_validation")),
        not_enforced=not node.get("is_enforced", False),
    )


def index_columns(items: Iterable[Node], walk: Walk) -> tuple[IndexColumn, ...]:
    """The columns of an index."""
    columns = []
    for item in items:
        element = item.get("IndexElem", {})
        if "collation" in element:
            walk.collate({"collname": element["collation"], "location": -1})
        name, expression = element.get("name", ""), element.get("expr")
        plain = _plain_column(expression)
        if plain:  # (name COLLATE "C") is no expression (indexcmds.c, ComputeIndexAttrs)
            walk.visit(expression)
            name, expression = plain, None
        columns.append(
            IndexColumn(
                name,
                _immutable(expression, walk),
                qualified(element.get("opclass"))[1],
                element.get("ordering", "").removeprefix("SORTBY_").lower().replace("default", ""),
                _index_detail(element),
                figure_name(expression) if expression else "",
            )
        )
    return tuple(columns)


def _plain_column(node: Node | None) -> str:
    """The column that an expression is, but for a COLLATE; else empty."""
    while node and "CollateClause" in node:
        node = node["CollateClause"].get("arg")
    names = strings((node or {}).get("ColumnRef", {}).get("fields"))
    return names[0] if len(names) == 1 else ""


def _immutable(node: Node | None, walk: Walk, at: int = -1) -> Expression | None:
    """An expression that PostgreSQL wants immutable, with what it applies to columns."""
    expression = walk.expression(node, at)
    return expression and expression._replace(applied=tuple(applied(node, walk.base)))


def _index_detail(element: Node) -> str:
    """What distinguishes an index column from another of the same name; ASC and its NULLS LAST go unsaid."""
    descending = element.get("ordering") == "SORTBY_DESC"
    nulls = element.get("nulls_ordering", "").removeprefix("SORTBY_NULLS_")
    parts = [spelling({key: element[key] for key in _INDEX_DETAILS if key in element})]
    if descending:
        parts.append("desc")
    if nulls == ("LAST" if descending else "FIRST"):
        parts.append(f"nulls {nulls.lower()}")
    return " ".join(part for part in parts if part)


_INDEX_DETAILS = ("expr", "collation", "opclass", "opclassopts")


def spelling(node: Any) -> str:
    """One text for a syntax tree, the same wherever and however it is written; empty for an empty one."""
    if isinstance(node, dict):
        return ",".join(f"{k}({spelling(v)})" for k, v in sorted(node.items()) if "location" not in k)
    if isinstance(node, list):
        return ";".join(map(spelling, node))
    return repr(node)


def storage_options(node: Node) -> tuple[tuple[str, str], ...]:
    """`WITH (…)` options, names in lower case."""
    return tuple((name.lower(), text.lower()) for name, text in options(node.get("options")))
