"""Whose rows relations and queries hold; computed once a run and shared by the rules."""

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from confiture_linter.catalog import Function, Table, View
from confiture_linter.engine.context import Context
from confiture_linter.graph.lineage_values import Derivation, Step
from confiture_linter.statements.facts import Query, Source
from confiture_rules.tenancy.predicates import Level


class Lineage:
    """Remembers the levels of every query and the tenant column of every view."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.column = ctx.tenancy.column
        self._levels: dict[int, Level] = {}
        self._views: dict[int, str] = {}
        self._names: frozenset[str] | None = None

    def level(self, query: Query) -> Level:
        """The outermost level of a query."""
        found = self._levels.get(id(query))
        if found is None:
            found = self._levels[id(query)] = Level(self, query, None)
        return found

    def levels(self, queries: Iterable[Query]) -> Iterator[Level]:
        """Every level of some queries."""
        for query in queries:
            yield from self.level(query).all()

    def relation(self, source: Source) -> Table | View | None:
        """The relation a source names."""
        catalog = self.ctx.catalog
        if not source.schema and source.name in catalog.temporary:
            return None
        found = catalog.relation(source.schema, source.name, catalog.default_path)
        return found if isinstance(found, Table | View) else None

    def column_of(self, relation: Table | View) -> str:
        """The column that carries the tenant; empty if the relation holds no rows of tenants."""
        if isinstance(relation, Table):
            return self.column if self.ctx.tenancy.is_tenant(relation) else ""
        key = id(relation)
        if key not in self._views:
            self._views[key] = ""
            self._views[key] = self._view_column(relation)
        return self._views[key]

    def _view_column(self, view: View) -> str:
        query = view.query
        shape = self.ctx.shapes.view(view)
        if query is None or shape is None or self.column not in shape:
            return ""
        level = self.level(query)
        return self.column if level.reads_tenants and not level.is_bound else ""

    def misses_tenant(self, view: View, holds_tenants: Callable[[Table, str], bool]) -> bool:
        """Whether the tenant column of a view is made of columns of which none holds tenants.

        Asked only of an expression, which the facts of the query do not take apart. What is not known all the way,
        what calls a function of the tree and what names the tenant inside (`data ->> 'tenant_id'`) is given
        the benefit of the doubt.
        """
        steps = list(_all(self.ctx.lineage().trace(view, self.column)))
        if any(
            step.how is Derivation.UNKNOWN or step.opaque or self.column in step.expression for step in steps
        ):
            return False
        columns = [step for step in steps if step.how is Derivation.COLUMN]
        return bool(columns) and not any(self._may_hold(step, holds_tenants) for step in columns)

    def _may_hold(self, step: Step, holds_tenants: Callable[[Table, str], bool]) -> bool:
        schema, _, name = step.relation.partition(":")[2].rpartition(".")
        table = self.ctx.catalog.relation(schema, name)
        return not isinstance(table, Table) or holds_tenants(table, step.column)

    def concerns(self, function: Function) -> bool:
        """Whether a function names a relation that holds rows of tenants."""
        if self._names is None:
            relations = [r for r in self.ctx.catalog.relations.values() if isinstance(r, Table | View)]
            self._names = frozenset(r.name for r in relations if self.column_of(r))
        body = function.fact.body
        return body is not None and any(ref.name in self._names for ref in body.refs)


def _all(step: Step) -> Iterator[Step]:
    yield step
    for source in step.sources:
        yield from _all(source)


def lineage(ctx: Context) -> Lineage:
    """The lineage of tenant columns, computed once a run."""
    return cast("Lineage", ctx.memo("tenancy.lineage", lambda: Lineage(ctx)))
