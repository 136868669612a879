"""The rows that an INSERT lists, read from its text: facts leave them out, for they may be many and few ask for them."""

from typing import NamedTuple

from confiture_linter.parse.decode import Node
from confiture_linter.parse.parser import ParseFailure, parse_statements
from confiture_linter.statements.from_items import relation_at
from confiture_linter.statements.names import constant, strings


class Lookup(NamedTuple):
    """`(SELECT … FROM table WHERE column = constant AND …)`: NULL where there is no such row."""

    schema: str
    table: str
    wanted: tuple[tuple[str, str], ...]


Cell = str | Lookup | None
"""A constant (`facts.NULL` for the null), something that is looked up, or anything else."""

MANY = 250
"""More rows than these are data, on which no order hangs."""


def listed_rows(text: bytes) -> list[tuple[Cell, ...]] | None:
    """The rows of VALUES of one INSERT; None where they cannot be told, or are too many."""
    try:
        parsed = parse_statements(text.decode(errors="replace"), len(text))
    except (ParseFailure, RecursionError):
        return None
    node = parsed[0].node if parsed and parsed[0].kind == "InsertStmt" else {}
    rows = node.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", ())
    if not rows or len(rows) > MANY:
        return None
    return [tuple(_cell(item) for item in row["List"].get("items", ())) for row in rows]


def _cell(node: Node) -> Cell:
    found = constant(node)
    link = node.get("SubLink")
    if found is not None or link is None:
        return found
    query = link.get("subselect", {}).get("SelectStmt", {})
    sources = query.get("fromClause", ())
    if link.get("subLinkType") != "EXPR_SUBLINK" or len(sources) != 1 or "RangeVar" not in sources[0]:
        return None
    targets = [item.get("ResTarget", {}).get("val", {}) for item in query.get("targetList", ())]
    if len(targets) != 1 or "ColumnRef" not in targets[0] or "groupClause" in query:
        return None
    wanted = _equalities(query.get("whereClause", {}))
    if not wanted:
        return None
    schema, name, _ = relation_at(sources[0]["RangeVar"], 0)
    return Lookup(schema, name, wanted)


def _equalities(node: Node) -> tuple[tuple[str, str], ...]:
    """Columns and the constants they must equal; empty where anything else is asked."""
    junction = node.get("BoolExpr")
    if junction is not None:
        parts = [_equalities(part) for part in junction.get("args", ())]
        if junction.get("boolop") != "AND_EXPR" or not all(parts):
            return ()
        return tuple(pair for part in parts for pair in part)
    comparison = node.get("A_Expr", {})
    if comparison.get("kind") != "AEXPR_OP" or strings(comparison.get("name")) != ["="]:
        return ()
    left, right = comparison.get("lexpr", {}), comparison.get("rexpr", {})
    value = constant(right)
    names = strings(left.get("ColumnRef", {}).get("fields"))
    return ((names[-1], value),) if names and value is not None else ()


__all__ = ["MANY", "Cell", "Lookup", "listed_rows"]
