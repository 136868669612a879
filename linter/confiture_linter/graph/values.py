"""The graph as everybody outside this room sees it: plain frozen values, no graph library."""

from enum import StrEnum
from typing import NamedTuple


class EdgeKind(StrEnum):
    """How one object depends on another; a closed set."""

    READS = "reads"
    """A query takes rows from it."""
    WRITES = "writes"
    """INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY, REFRESH."""
    CALLS = "calls"
    """An expression, a query or an aggregate calls the function."""
    REFERENCES = "references"
    """A foreign key."""
    TYPE = "type"
    """A column, parameter, variable, cast or attribute is of this type, or of this relation's row type."""
    INHERITS = "inherits"
    """INHERITS."""
    PARTITION = "partition"
    """The partition of a partitioned table."""
    COPIES = "copies"
    """LIKE: the definition is copied, nothing stays connected."""
    TRIGGER = "trigger"
    """A trigger runs the function."""
    OWNED_BY = "owned-by"
    """A sequence goes when the column goes."""
    PART_OF = "part-of"
    """A constraint, index, trigger, policy or rule and the relation it belongs to."""
    SCHEMA = "schema"
    """The schema the object lives in, where the tree creates it."""
    USES = "uses"
    """Anything else: a default's sequence, 'name'::regclass, a publication, statistics."""


class Node(NamedTuple):
    """One object."""

    id: str
    kind: str
    schema: str
    name: str
    owner: str
    """Id of the relation a constraint, index, trigger, policy or rule belongs to; else empty."""
    file: str
    line: int
    layer: str
    """The configured layer; empty where none claims it."""


class GraphEdge(NamedTuple):
    """`source` depends on `target`; the place is the first mention."""

    source: str
    target: str
    kind: EdgeKind
    file: str
    line: int
    columns: tuple[str, ...]
    """Columns of the target that are used, as far as they are known."""
    exact: bool
    """Whether `columns` is all that is used; False where something could not be told."""
    through: tuple[str, ...]
    """Parts of the source that need the target: ids of constraints, indexes, triggers, policies, rules, columns."""
    tracked: bool
    """Whether PostgreSQL records it in pg_depend, so that it refuses to drop the target."""
    late: bool
    """Whether the target is needed only when a function runs, not when the source is created."""


class UnresolvedName(NamedTuple):
    """A name that nothing in the tree defines."""

    name: str
    kind: str
    file: str
    line: int
    source: str
    """Id of the object that names it; empty for a statement that defines nothing."""
    reason: str
    """`missing`, `external`, `arguments` or `unsure`."""
    hint: str


class Mention(NamedTuple):
    """A statement that defines nothing but needs an object: DML, GRANT, COMMENT, DO, …"""

    statement: str
    """What it is, such as `insert` or `grant`."""
    target: str
    file: str
    line: int
    columns: tuple[str, ...]
    exact: bool


class DynamicText(NamedTuple):
    """SQL that a function puts together at run time, as far as it is constant."""

    source: str
    text: str
    file: str
    line: int


class Graph(NamedTuple):
    """Objects and their dependencies; every tuple has one order, whatever the order of the input."""

    nodes: tuple[Node, ...]
    edges: tuple[GraphEdge, ...]
    order: tuple[str, ...]
    """Files in build order."""
    cycles: tuple[tuple[str, ...], ...]
    """Objects that need one another to be built, each group sorted."""
    unresolved: tuple[UnresolvedName, ...]
    mentions: tuple[Mention, ...] = ()
    dynamic: tuple[DynamicText, ...] = ()
