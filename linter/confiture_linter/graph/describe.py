"""What PostgreSQL's messages call an object (objectaddress.c, getObjectDescription)."""

from collections.abc import Collection
from typing import Any

from confiture_linter.catalog import Column, Constraint, Function, Policy, Sequence, Table, Trigger
from confiture_linter.catalog.entities import Generic, Named
from confiture_linter.graph.nodes import RuleEntry
from confiture_linter.model import ObjectName, quote_identifier


def described(entity: Any, path: Collection[str]) -> str:
    """`view v`, `constraint c on table t`; a schema is named only where search_path does not lead to it."""
    if isinstance(entity, Column):
        what = f"column {entity.name} of {described(entity.table, path)}"
        # A default is an object of its own; a generated column is nothing without its expression.
        plain = entity.default is not None and not entity.generated
        return f"default value for {what}" if plain else what
    if isinstance(entity, Constraint):
        return f"constraint {entity.name} on {described(entity.table, path)}"
    if isinstance(entity, Trigger | Policy | RuleEntry):
        return f"{entity.kind} {entity.name} on {described(entity.table, path)}"
    if isinstance(entity, Function):
        return f"{'procedure' if entity.fact.procedure else 'function'} {_name(entity, path)}({entity.signature})"
    if isinstance(entity, Generic):
        return f"{_GENERIC.get(entity.what, entity.what)} {_name(entity, path)}"
    if isinstance(entity, Table) and entity.fact.foreign:
        return f"foreign table {_name(entity, path)}"
    if isinstance(entity, Sequence):
        return f"sequence {_name(entity, path)}"
    return f"{entity.kind.replace('_', ' ')} {_name(entity, path)}"


_GENERIC = {"statistics": "statistics object", "aggregate": "function"}


def _name(entity: Named, path: Collection[str]) -> str:
    if not entity.schema or entity.schema in path:
        return quote_identifier(entity.name)
    return str(ObjectName(entity.schema, entity.name))
