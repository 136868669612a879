"""A schema as one flat value, so that the server's and ours can be laid side by side."""

from collections.abc import Mapping
from typing import NamedTuple

UNKNOWN = "(not known)"
"""A property that the linter does not claim to know: it counts against recall and never against precision."""

Value = str | bool | tuple[str, ...]
Properties = Mapping[str, Value]


class Edge(NamedTuple):
    """`source` depends on `target`; both are ids as the graph writes them: `kind:schema.name`."""

    source: str
    target: str

    @property
    def external(self) -> bool:
        """Whether it leads into an extension: which one is there depends on the server."""
        return self.target.startswith("extension:")


class Snapshot(NamedTuple):
    """Everything that is compared."""

    objects: Mapping[str, Mapping[str, Properties]]
    """Kind → name → properties."""
    edges: Mapping[Edge, str]
    """Edge → where it comes from, for the report."""


KINDS = ("schema", "relation", "column", "view column", "constraint", "index", "function", "type", "trigger",
         "policy", "sequence", "other")  # fmt: skip
"""In the order of the report. Indexes that belong to constraints are constraints here."""


def plain(text: str) -> str:
    """Without the quotes that format_type puts around names; `"char"` keeps them, for they make the type."""
    return text if text in ('"char"', '"char"[]') else text.replace('"', "")
