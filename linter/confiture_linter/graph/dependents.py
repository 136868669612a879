"""Who stands in the way of a change to an object or a column, as PostgreSQL sees it, on a catalog at any moment.

Works in the middle of a replay, without a graph library and without the graph: one pass over the catalog's edges
and over the parts of its relations. What PostgreSQL does is `dependency.c` (DROP), `tablecmds.c`,
`RememberAllDependentForRebuilding` (ALTER COLUMN … TYPE), and nothing at all for RENAME, which everything that was
parsed follows. Each answer is compared with the server's in tests/graph/test_dependents_server.py.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Index,
    Table,
)
from confiture_linter.catalog.entities import Entity, Generic, Sequence
from confiture_linter.graph.describe import described
from confiture_linter.graph.direct import Direct, Found


class Action(StrEnum):
    """What is done to the subject."""

    DROP = "drop"
    RENAME = "rename"
    RETYPE = "retype"
    """ALTER COLUMN … TYPE; of an object as a whole: nothing but its columns can be retyped."""


class How(StrEnum):
    """What the action means for a dependent; a closed set."""

    BLOCKS = "blocks"
    """PostgreSQL refuses the action because of it (for DROP: without CASCADE)."""
    BREAKS = "breaks-at-run-time"
    """PostgreSQL keeps no record of it: a string body fails, or may fail, when it runs."""
    GOES_TOO = "goes-too"
    """It is dropped along, without a word."""
    FOLLOWS = "follows"
    """PostgreSQL adjusts or rebuilds it."""


class Dependent(NamedTuple):
    """One thing that the action concerns."""

    kind: str
    identity: str
    """As PostgreSQL's messages describe it: `view v`, `policy p on table t`."""
    path: str
    at: int
    """Byte offset of its definition in `path`."""
    how: How
    on: str
    """What it depends on, described likewise: `column x of table t`."""
    certain: bool
    """False where it cannot be told whether it uses the column."""
    entity: Entity
    needs: Entity
    """The object that it depends on directly."""
    never: bool = False
    """Whether dropping it is no way out: the partition key, the parent of an inherited column."""


def dependents(
    catalog: Catalog, entity: Entity, column: str | None = None, action: Action = Action.DROP
) -> tuple[Dependent, ...]:
    """Everything that `action` on an object or on its column concerns, direct dependents first.

    What blocks has dependents of its own: those that would go with it follow it in the answer.
    """
    return Search(catalog).run(entity, column, action)


class _Step(NamedTuple):
    entity: Entity
    column: str | None
    certain: bool
    action: Action


class Search(Direct):
    """Follows direct dependents to those that would go with them."""

    def run(self, entity: Entity, column: str | None, action: Action) -> tuple[Dependent, ...]:
        """All dependents, breadth first."""
        found: dict[tuple[int, str], Dependent] = {}
        waiting: list[_Step] = [_Step(entity, column, True, action)]
        if isinstance(entity, Table) and column is not None:
            parents = (entity.partition_of, *entity.parents)
            for parent in parents:
                if parent is not None and column in parent.columns:
                    on = f"column {column} of {described(entity, self.catalog.default_path)}"
                    inherited = Found(parent, on, never="inherited column")
                    return (self._made(inherited, How.BLOCKS, waiting[0]),)
        while waiting:
            step = waiting.pop(0)
            for item in self._reached(step):
                how = _how(item, step.action)
                if step.action is not action and how in (How.BREAKS, How.GOES_TOO):
                    continue  # it comes back with what is made again
                key = (id(item.entity), type(item.entity).__name__)
                if key in found or (item.entity is entity and not item.never):
                    continue
                if isinstance(item.entity, Column) and (item.entity.table, item.entity.name) == (
                    entity,
                    column,
                ):
                    continue  # its own default, by way of its own sequence
                made = self._made(item, how, step)
                found[key] = made
                waiting += _next(made, step)
            if isinstance(step.entity, Table) and step.column is not None:
                children = [kid for kid in self._children(step.entity) if step.column in kid.columns]
                waiting += [step._replace(entity=kid) for kid in children]
        return tuple(found.values())

    def _reached(self, step: "_Step") -> Iterator[Found]:
        yield from self.direct(step.entity, step.column)
        if step.action is Action.RETYPE and step.column is not None and isinstance(step.entity, Table):
            yield from self.typed(step.entity, "")

    def users_of_rows(self, table: Table) -> list[Dependent]:
        """Columns of its row type: with them PostgreSQL rewrites no row of the table."""
        step = _Step(table, None, True, Action.DROP)
        return [self._made(item, How.BLOCKS, step) for item in self.typed(table, "")]

    def _made(self, item: Found, how: How, step: "_Step") -> Dependent:
        name = described(item.entity, self.catalog.default_path)
        if isinstance(item.entity, Generic) and item.entity.what == "publication":
            name = f"publication of {described(step.entity, self.catalog.default_path)} in {name}"
        return Dependent(
            item.never or _kind(item.entity),
            f"{item.never} of {name}" if item.never else name,
            item.path or item.entity.path,
            item.at if item.path else item.entity.span.start,
            how,
            item.on,
            step.certain and item.certain,
            item.entity,
            step.entity,
            bool(item.never),
        )


def _how(item: Found, action: Action) -> How:
    entity = item.entity
    if not item.tracked:
        return How.BREAKS
    if action is Action.RENAME:
        return How.FOLLOWS
    if action is Action.RETYPE:
        rebuilt = isinstance(entity, Constraint | Index | Sequence) or (
            isinstance(entity, Generic) and entity.what == "statistics"
        )
        return How.FOLLOWS if rebuilt else How.BLOCKS
    return How.GOES_TOO if item.owned else How.BLOCKS


def _next(made: Dependent, step: _Step) -> list[_Step]:
    """What to ask next: who depends on what would be dropped."""
    entity = made.entity
    if made.how is How.GOES_TOO and not isinstance(entity, Table | Sequence):
        return []
    if made.how not in (How.BLOCKS, How.GOES_TOO) or made.never or made.kind == "publication":
        return []
    if not isinstance(entity, Column):
        return [_Step(entity, None, made.certain, Action.DROP)]
    goes = entity.generated or entity.default is None
    return [_Step(entity.table, entity.name, made.certain, Action.DROP)] if goes else []


def _kind(entity: Entity) -> str:
    if isinstance(entity, Constraint):
        return "constraint"
    if isinstance(entity, Generic):
        return entity.what
    if isinstance(entity, Column) and not entity.generated:
        return "column"
    return entity.kind.replace("_", " ")
