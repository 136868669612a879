"""Names and parts of sqlglot's trees, as PostgreSQL understands them."""

from collections.abc import Iterator
from typing import Any

from sqlglot import exp


def name_of(node: Any) -> str:
    """An identifier as PostgreSQL folds it; empty for none."""
    if node is None:
        return ""
    if isinstance(node, exp.Identifier):
        return str(node.this if node.quoted else node.this.lower())
    if isinstance(node, exp.ColumnDef | exp.TableAlias | exp.Column):
        return name_of(node.this)
    return str(node.name).lower()


def function_name(node: Any) -> tuple[str, str]:
    """Schema and name of a called function."""
    parent = node.parent
    schema = ""
    if isinstance(parent, exp.Dot) and parent.expression is node:
        schema = name_of(parent.this)
    elif isinstance(parent, exp.Table) and parent.this is node:
        schema = name_of(parent.args.get("db"))
    if isinstance(node, exp.Anonymous):
        name = node.this if isinstance(node.this, str) else name_of(node.this)
        return schema, str(name).lower()
    return schema, node.sql_name().lower()


def output_name(item: Any) -> str:
    """What PostgreSQL calls an output column (parse_target.c, FigureColname), as far as it matters here."""
    if isinstance(item, exp.Alias):
        return name_of(item.args["alias"])
    if isinstance(item, exp.Column):
        return name_of(item.this)
    if isinstance(item, exp.Dot):
        return (
            output_name(item.expression)
            if isinstance(item.expression, exp.Func)
            else name_of(item.expression)
        )
    if isinstance(item, exp.Cast):
        inner = output_name(item.this)
        return inner if inner != "?column?" else item.to.sql("postgres").lower()
    if isinstance(item, exp.Paren | exp.Window | exp.Filter | exp.WithinGroup | exp.Bracket):
        return output_name(item.this)
    if isinstance(item, exp.Case):
        return "case"
    if isinstance(item, exp.Func):
        return function_name(item)[1]
    return "?column?"


def named_window(node: Any) -> Any:
    """The WINDOW clause that OVER names."""
    select, name = node.find_ancestor(exp.Select), name_of(node.args["alias"])
    windows = (select.args.get("windows") or ()) if select is not None else ()
    found = next((window for window in windows if name_of(window.this) == name), None)
    if found is None:
        return exp.Null()
    return exp.Tuple(
        expressions=[child.copy() for child in found.iter_expressions() if child is not found.this]
    )


def own_parts(node: Any) -> Iterator[Any]:
    """An expression without the queries in it."""
    yield node
    for child in node.iter_expressions():
        if not isinstance(child, exp.Query):
            yield from own_parts(child)


def clauses(node: Any) -> Iterator[Any]:
    """The expressions of a level outside its outputs and FROM items."""
    for key in ("where", "group", "having", "qualify", "order", "distinct", "windows", "limit", "offset"):
        value = node.args.get(key)
        yield from value if isinstance(value, list) else (value,) if value is not None else ()
