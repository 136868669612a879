"""`graph --format json`: version 1 of the document; its JSON Schema is `schema/graph-1.json`."""

import json
from typing import Any

from confiture_linter.graph.values import Graph

VERSION = 1


def render(graph: Graph) -> str:
    """Return the document, one node or edge a line, so that two runs can be compared."""
    encode = json.JSONEncoder(ensure_ascii=False).encode

    def array(values: list[Any]) -> str:
        return "[" + ",".join("\n  " + encode(value) for value in values) + ("\n ]" if values else "]")

    return (
        f'{{"version": {VERSION},\n'
        f' "nodes": {array([_node(node._asdict()) for node in graph.nodes])},\n'
        f' "edges": {array([edge._asdict() for edge in graph.edges])},\n'
        f' "order": {array(list(graph.order))},\n'
        f' "cycles": {array([list(cycle) for cycle in graph.cycles])},\n'
        f' "unresolved": {array([item._asdict() for item in graph.unresolved])}}}\n'
    )


def _node(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "owner": node["owner"] or None, "layer": node["layer"] or None}


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of the document."""
    from importlib.resources import files

    return files(__package__).joinpath("schema", "graph-1.json").read_text("utf-8")
