"""What queries read of tenants, and whether they keep tenants apart.

A query is taken apart into levels. At each level, columns that a conjunct equates fall into one class; a
class is bound when it also holds something that is no tenant column: a parameter, a constant, a setting,
the key of the tenant table. Everything that cannot be known counts as bound, so that the rules stay silent.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from confiture_linter.catalog import Table, View
from confiture_linter.catalog.shape import Shape
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import ColumnUse, Query, Source

Node = tuple[object, ...]
_BOUND: Node = ("bound",)
_LINKED: Node = ("linked",)
"""Equated with the tenant column of an outer level: bound if that one is."""


class Tenants(Protocol):
    """What a level must be told about relations."""

    ctx: Context
    column: str

    def relation(self, source: Source) -> Table | View | None:
        """The relation a source names."""

    def column_of(self, relation: Table | View) -> str:
        """The column that carries the tenant; empty if the relation holds no rows of tenants."""


class Reading(NamedTuple):
    """One source of a level that holds rows of tenants."""

    position: int
    source: Source
    relation: Table | View | None
    """None for a CTE or a sub-query."""
    column: str
    """The column that says whose the rows are; empty if the source does not pass it on."""
    bound: bool
    """Whether its rows are limited to one tenant already."""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return self.relation.name if self.relation is not None else self.source.alias or self.source.name


class Level:
    """One query level."""

    def __init__(self, tenants: Tenants, query: Query, outer: "Level | None") -> None:
        self.tenants = tenants
        self.query = query
        self.outer = outer
        self.ctes: dict[str, Shape] = tenants.ctx.shapes.bound(query, outer.ctes if outer else {})
        self.bindings: dict[str, Level] = dict(outer.bindings) if outer else {}
        self._parents: dict[Node, Node] = {}
        self.children: list[Level] = []
        self._limited = False
        self.links: list[ColumnUse] = []
        """Tenant columns of outer levels that this level is linked to."""
        self.sources = _sources(query)
        self.shapes: list[Shape] = [tenants.ctx.shapes.source(s, query, self.ctes) for s in self.sources]
        for index, child in enumerate(query.children):
            level = Level(tenants, child, self)
            self.children.append(level)
            if index < len(query.bound):
                self.bindings[query.bound[index]] = level
        self.readings = [r for i, s in enumerate(self.sources) if (r := self._reading(i, s)) is not None]
        self._columns = {(r.position, r.column) for r in self.readings if r.column}
        self._equate()
        self._push_down()

    # -- what it reads -----------------------------------------------------------------------------

    def _reading(self, index: int, source: Source) -> Reading | None:
        if source.kind == "relation":
            relation = self.tenants.relation(source)
            column = self.tenants.column_of(relation) if relation is not None else ""
            bound = False
            if not column:
                return None
        else:
            child = self.derived(source)
            if child is None or not child.reads_tenants:
                return None
            relation, column = None, child.published
            bound = child.is_bound and not child.links
            if child.links and not column:
                return None
        if column and source.columns:
            column = self._renamed(column, source)
        return None if column == "?" else Reading(index, source, relation, column, bound)

    def _renamed(self, column: str, source: Source) -> str:
        """The name of a column behind the column aliases of its source; `?` if it cannot be told."""
        shape = self.tenants.ctx.shapes.source(source._replace(columns=()), self.query, self.ctes)
        if shape is None or column not in shape:
            return "?"
        return (*source.columns, *shape[len(source.columns) :])[shape.index(column)]

    def derived(self, source: Source) -> "Level | None":
        """The level of a CTE or sub-query in FROM; None for the CTE itself while it is recursive."""
        if source.kind == "query" and 0 <= source.query < len(self.children):
            return self.children[source.query]
        return self.bindings.get(source.name) if source.kind == "cte" else None

    @property
    def branches(self) -> list["Level"]:
        """The branches of a set operation; otherwise the level itself."""
        if self.query.command != "union":
            return [self]
        return [b for child in self.children[len(self.query.bound) :] for b in child.branches]

    @property
    def reads_tenants(self) -> bool:
        """Whether it returns rows of tenants."""
        return any(branch.readings for branch in self.branches)

    @property
    def published(self) -> str:
        """The output that carries the tenant; empty if there is none, `?` if it cannot be told."""
        return self.branches[0]._published() if self.branches else "?"

    def _published(self) -> str:
        wanted = self.tenants.column
        found = ""
        outputs = self.query.returning if self.query.target is not None else self.query.outputs
        for output in outputs:
            if output.column is None:
                if output.name == wanted:
                    return wanted
            elif output.column.name == "*":
                for reading in self.readings:
                    if output.column.qualifier in ("", reading.source.alias) and reading.column:
                        found = reading.column if found != wanted else found
            elif self.is_tenant(self.node(output.column)):
                found = output.name if found != wanted else found
            elif output.name == wanted:
                return "?"
        return found or ("?" if any(o.column is not None and self._opaque(o.column) for o in outputs) else "")

    def _opaque(self, use: ColumnUse) -> bool:
        """Whether a star stands for columns that are not known."""
        if use.name != "*":
            return False
        shown = [i for i, source in enumerate(self.sources) if use.qualifier in ("", source.alias)]
        return not shown or any(self.shapes[index] is None for index in shown)

    # -- classes of equal columns ------------------------------------------------------------------

    def node(self, use: ColumnUse) -> Node:
        """What a column name stands for: (source, column), a name of an outer level, or a variable."""
        if use.qualifier:
            for index, source in enumerate(self.sources):
                if source.alias == use.qualifier:
                    return index, use.name
        else:
            owners = [i for i, shape in enumerate(self.shapes) if shape is not None and use.name in shape]
            if owners:
                return owners[0], use.name
            if None in self.shapes:
                return self.shapes.index(None), use.name
        return "outer", use.qualifier, use.name

    def is_tenant(self, node: Node) -> bool:
        """Whether a node is the tenant column of a reading."""
        return node in self._columns

    def root(self, node: Node) -> Node:
        """The representative of a node's class."""
        while node in self._parents:
            node = self._parents[node]
        return node

    def _join(self, one: Node, other: Node) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            if first in (_BOUND, _LINKED) and second != _BOUND:
                first, second = second, first
            self._parents[first] = second

    def _equate(self) -> None:
        plain: set[int] = set()
        for left, right, _ in self.query.equalities:
            plain |= self._equated(left, right)
        for use in self.query.conditions:
            node = self.node(use)
            if use.at not in plain and self.is_tenant(node):
                self._join(node, _BOUND)
        for reading in self.readings:
            node = (reading.position, reading.column)
            if reading.bound and reading.column:
                self._join(node, _BOUND)
            child = self.derived(reading.source) if reading.relation is None else None
            for link in child.links if child is not None else ():
                if self.is_tenant(self.node(link)):
                    self._join(node, self.node(link))
        self._from_conditions()
        if self.query.natural:
            self._join_all()

    def _equated(self, left: ColumnUse, right: ColumnUse | None) -> set[int]:
        """Join the classes of two equated columns; the places of those that are both tenant columns."""
        one = self.node(left)
        other = self.node(right) if right is not None else _BOUND
        for use, node, opposite in ((left, one, other), (right, other, one)):
            if use is not None and self.is_tenant(opposite) and self._is_outer_tenant(use, node):
                self.links.append(use)
                self._join(opposite, _LINKED)
                return {left.at, right.at} if right is not None else {left.at}
        self._join(one, other)
        if self.is_tenant(one) == self.is_tenant(other):
            return {left.at, right.at} if right is not None and self.is_tenant(one) else set()
        self._join(one, _BOUND)
        return set()

    def _is_outer_tenant(self, use: ColumnUse, node: Node) -> bool:
        """Whether a name stands for the tenant column of a source of an outer level."""
        if node[0] != "outer" or use.name != self.tenants.column:
            return False
        level = self.outer
        while level is not None:
            if level.node(use)[0] != "outer":
                return True
            level = level.outer
        return False

    def _from_conditions(self) -> None:
        """EXISTS and IN in the WHERE clause that name a tenant column of this level bind it."""
        last = max((source.at for source in self.sources), default=0)
        derived = {source.query for source in self.sources} | set(range(len(self.query.bound)))
        for index, child in enumerate(self.children):
            if index in derived or child.query.at < last:
                continue
            for level in child.all():
                if level.readings and not any(level.is_limited(reading) for reading in level.readings):
                    continue
                for use in level.query.conditions:
                    node = self.node(use) if level.node(use)[0] == "outer" else _BOUND
                    if self.is_tenant(node):
                        self._join(node, _BOUND)

    def _join_all(self) -> None:
        for one, other in zip(self.readings, self.readings[1:], strict=False):
            if one.column and other.column:
                self._join((one.position, one.column), (other.position, other.column))

    def _push_down(self) -> None:
        """What is bound here binds the CTE or sub-query it comes from."""
        for reading in self.readings:
            if reading.relation is None and not reading.bound and self.bound(reading):
                child = self.derived(reading.source)
                if child is not None:
                    child.bind_published()

    def bind_published(self) -> None:
        """An outer level limits the rows of this one to a tenant."""
        if self._limited:
            return
        self._limited = True
        for branch in self.branches:
            for reading in branch.readings:
                branch._join((reading.position, reading.column), _BOUND)
            branch._push_down()

    # -- answers -----------------------------------------------------------------------------------

    def bound(self, reading: Reading) -> bool:
        """Whether the rows of a reading are limited to a tenant at this level."""
        if not reading.column:
            return reading.bound
        if self.tenants.column in self.query.using and any(self.is_bound_class(r) for r in self.readings):
            return True
        return self.is_bound_class(reading)

    def is_bound_class(self, reading: Reading) -> bool:
        """Whether something other than tenant columns is equated with the tenant column of a reading."""
        return self.is_limited(reading) or self.root((reading.position, reading.column)) == self.root(_LINKED)

    def is_limited(self, reading: Reading) -> bool:
        """Whether the tenant column of a reading is bound by this level itself."""
        return reading.bound or self.root((reading.position, reading.column)) == self.root(_BOUND)

    @property
    def is_bound(self) -> bool:
        """Whether all it reads of tenants is limited to one."""
        return all(b.bound(reading) for b in self.branches for reading in b.readings)

    @property
    def apart(self) -> list[Reading]:
        """Readings, one of each class beyond the first, whose tenant column nothing equates."""
        if len(self.readings) < 2:
            return []
        classes: dict[Node, Reading] = {}
        for reading in self.readings:
            if reading.column or not reading.bound:
                root = self.root((reading.position, reading.column))
                classes.setdefault(self.root(_BOUND) if root == self.root(_LINKED) else root, reading)
        spare = self.query.using.count(self.tenants.column)
        return list(classes.values())[1 + spare :]

    def correlated(self) -> Reading | None:
        """A reading that is joined to a tenant source of an outer level by other columns only."""
        if not self.readings or any(self.bound(reading) for reading in self.readings):
            return None
        for left, right, _ in self.query.equalities:
            for use in (left, right):
                if use is not None and self.node(use)[0] == "outer" and self._outer_tenant(use):
                    return self.readings[0]
        return None

    def _outer_tenant(self, use: ColumnUse) -> bool:
        level = self.outer
        while level is not None and use.qualifier:
            for reading in level.readings:
                if reading.source.alias == use.qualifier:
                    return bool(reading.column)
            level = level.outer
        return False

    def all(self) -> Iterator["Level"]:
        """This level and every level inside it."""
        yield self
        for child in self.children:
            yield from child.all()


def _sources(query: Query) -> tuple[Source, ...]:
    if query.target is None or query.command == "insert":
        return query.sources
    return (query.target, *query.sources)
