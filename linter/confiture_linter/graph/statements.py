"""The statement that takes one object away."""

from collections.abc import Mapping

from confiture_linter.graph.values import Node
from confiture_linter.model import ObjectName, quote_identifier

_PARTS = {"trigger": "TRIGGER", "policy": "POLICY", "rule": "RULE"}


def drop_statement(identifier: str, nodes: Mapping[str, Node], *, default: bool = False) -> str:
    """DROP, or the ALTER TABLE that drops a part."""
    if identifier.startswith("column:"):
        table, _, column = identifier.removeprefix("column:").rpartition(".")
        if default:
            return f"ALTER TABLE {_dotted(table)} ALTER COLUMN {quote_identifier(column)} DROP DEFAULT;"
        return f"ALTER TABLE {_dotted(table)} DROP COLUMN {quote_identifier(column)};"
    node = nodes[identifier]
    if node.kind == "constraint":
        return f"ALTER TABLE {_owner(node, nodes)} DROP CONSTRAINT {quote_identifier(node.name)};"
    if node.kind in _PARTS:
        return f"DROP {_PARTS[node.kind]} {quote_identifier(node.name)} ON {_owner(node, nodes)};"
    name = str(ObjectName(node.schema, node.name))
    if "(" in node.id:
        name += node.id[node.id.index("(") :]
    return f"DROP {node.kind.replace('_', ' ').upper()} {name};"


def _owner(node: Node, nodes: Mapping[str, Node]) -> str:
    owner = nodes[node.owner]
    return str(ObjectName(owner.schema, owner.name))


def _dotted(name: str) -> str:
    schema, _, last = name.rpartition(".")
    return str(ObjectName(schema, last))
