"""The schema, replayed from its DDL: what exists, where each fact came from, and what every name means."""

from confiture_linter.catalog.catalog import Catalog, Conflict, Edge, SourceStatement, Unresolved
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Function,
    Index,
    Policy,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.replay import Replay
from confiture_linter.catalog.shape import Shapes

__all__ = [
    "Catalog",
    "Column",
    "Conflict",
    "Constraint",
    "Edge",
    "Entity",
    "Function",
    "Index",
    "Policy",
    "Replay",
    "Schema",
    "Sequence",
    "Shapes",
    "SourceStatement",
    "Table",
    "Trigger",
    "Type",
    "Unresolved",
    "View",
]
