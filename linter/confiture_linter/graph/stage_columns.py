"""Which columns the queries of a statement name, looked up among the relations that are on the stage."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Shapes
from confiture_linter.catalog.shape import Shape, apart
from confiture_linter.graph.comparable import comparable
from confiture_linter.graph.mentioned import nested
from confiture_linter.graph.stage import Stage, Stop, Thing, label
from confiture_linter.statements.facts import ColumnUse, Query, Source, TypeName


class StageShapes(Shapes):
    """Shapes of the relations that are on the stage now."""

    def __init__(self, catalog: Catalog, stage: Stage) -> None:
        super().__init__(catalog)
        self.stage = stage

    def source(self, source: Source, query: Query, ctes: dict[str, Shape]) -> Shape:
        """The columns of one FROM item; None where they are not known."""
        if source.kind == "function":
            return self._of_function(source)
        if source.kind != "relation":
            return super().source(source, query, ctes)
        shape = self.of(self.stage.find("relation", source.schema, source.name))
        if source.columns and shape is not None:
            return (*source.columns, *shape[len(source.columns) :])
        return shape

    def _of_function(self, source: Source) -> Shape:
        if source.parts or source.columns or self.catalog.overloads(source.schema, source.name):
            return None  # what the tree makes may return other columns at another time
        shape = self._system_function(source)
        return (*shape, "ordinality") if source.ordinality and shape is not None else shape

    def of(self, thing: Thing | None) -> Shape:
        """The columns of a table, in order, or of a view."""
        if thing is None or thing.open:
            return None
        if thing.kind in ("view", "materialized view"):
            return None if thing.shape is None else tuple(thing.shape)
        if thing.kind != "table":
            return None
        parts = [part for part in thing.parts.values() if part.family == "column" and part.alive]
        return tuple(part.name for part in sorted(parts, key=lambda part: part.number))


class Frame(NamedTuple):
    """The FROM items of one query level."""

    shapes: dict[str, Shape]
    """By alias; None where the columns are not known."""
    things: dict[str, Thing]
    """By alias: relations on the stage."""


class Typed(NamedTuple):
    """A type, and the names that would have to change for it to be another."""

    type: TypeName
    names: tuple[str, ...]


class StageColumns:
    """Looks up columns; raises `Stop` for one that is not there and that some file gives the relation, or a view."""

    def __init__(
        self, shapes: StageShapes, known: Mapping[str, Collection[str]], variables: Collection[str] = ()
    ) -> None:
        self.shapes = shapes
        self.stage = shapes.stage
        self.known = known
        """Table to every column it has at some time; under the empty name what columns of views are called."""
        self.variables = variables
        """Names that may be no columns: parameters."""
        self.whole: Query | None = None
        """The statement that is looked at."""

    def named(self, queries: Iterable[Query]) -> Iterator[Thing]:
        """The columns of tables that queries name."""
        for query in queries:
            self.whole = query
            yield from self._level(query, (), {})

    def _level(self, query: Query, outer: tuple[Frame, ...], ctes: dict[str, Shape]) -> Iterator[Thing]:
        ctes = self.shapes.bound(query, ctes)
        frame = self._frame(query, ctes)
        frames = (frame, *outer)
        if query.command != "union":
            outputs = {output.name for output in query.outputs}
            for number, use in enumerate(query.columns):
                if 0 <= query.ordered_from <= number and not use.qualifier and use.name in outputs:
                    continue
                yield from self._use(use, frames, query)
        if query.equalities or query.selected:
            self._equal(query, frames)
        if query.target is not None:
            yield from self._target(query, query.target)
        alone = apart(query)
        for number, child in enumerate(query.children):
            yield from self._level(child, outer if number in alone else frames, ctes)

    def _frame(self, query: Query, ctes: dict[str, Shape]) -> Frame:
        shapes: dict[str, Shape] = {}
        things: dict[str, Thing] = {}
        for source in (*query.sources, *((query.target,) if query.target else ())):
            shape = self.shapes.source(source, query, ctes)
            shapes[source.alias] = None if source.alias in shapes and shapes[source.alias] != shape else shape
            if source.kind == "relation":
                thing = self.stage.find("relation", source.schema, source.name)
                if thing is not None:
                    things[source.alias] = thing
        if query.conflict is not None and query.target is not None:
            shapes["excluded"] = shapes[query.target.alias]
        return Frame(shapes, things)

    def _use(self, use: ColumnUse, frames: tuple[Frame, ...], query: Query) -> Iterator[Thing]:
        if use.qualifier:
            for frame in frames:
                if use.qualifier in frame.shapes:
                    yield from self._of(frame, use.qualifier, use.name, query)
                    return
            return
        if use.name in self.variables or self.shapes.has_column((), use.name):
            return
        if use.name == "*":
            for alias in frames[0].things:
                yield from self._of(frames[0], alias, "*", query)
            return
        for frame in frames:
            having = [
                alias for alias, shape in frame.shapes.items() if shape is not None and use.name in shape
            ]
            if having:
                for alias in having:
                    yield from self._of(frame, alias, use.name, query)
                return
            if use.name in frame.shapes or None in frame.shapes.values():
                return
        self._missing(use.name, query)

    def _of(self, frame: Frame, alias: str, name: str, query: Query) -> Iterator[Thing]:
        shape, thing = frame.shapes[alias], frame.things.get(alias)
        if name != "*" and not self.shapes.has_column(shape, name):
            if thing is None:
                self._missing(name, query)
            elif self._comes(thing, name):
                raise Stop(label("column", name, thing.name), owner=thing.label)
        if thing is not None:
            for part in thing.parts.values():
                if part.family == "column" and part.alive and name in (part.name, "*"):
                    yield part

    def _equal(self, query: Query, frames: tuple[Frame, ...]) -> None:
        """Columns are equated with what has a type that can be compared with theirs."""
        pairs = [(use, self._selected(query, number)) for use, number in query.selected]
        pairs += [
            (e.left, self._typed(e.right, frames))
            for e in query.equalities
            if e.right is not None and not e.cast
        ]
        for use, right in pairs:
            left = self._typed(use, frames) if right is not None else None
            if left is not None and right is not None and not comparable(left.type, right.type):
                raise Stop(*left.names, *right.names, owner=left.names[-1])

    def _typed(self, use: ColumnUse, frames: tuple[Frame, ...]) -> Typed | None:
        """The type of a column of a table."""
        for frame in frames:
            for alias, thing in frame.things.items():
                if use.qualifier in ("", alias) and thing.kind == "table":
                    part = self.stage.part(thing, "column", use.name)
                    if part is not None and part.shape is not None:
                        return Typed(part.shape, (part.label, thing.label))
        return None

    def _selected(self, query: Query, number: int) -> Typed | None:
        """The type of what a sub-select returns: a column of a table, or of what a function returns."""
        child = query.children[number]
        if len(child.outputs) != 1 or len(child.sources) != 1:
            return None
        source, use = child.sources[0], child.outputs[0].column
        if use is None:
            return None
        if source.kind != "function":
            return self._typed(use, (self._frame(child, {}),))
        for routine in self.stage.all_of("routine", source.schema, source.name):
            returns = routine.shape[2].fact.returns if routine.shape else None
            kind = self.stage.find("type", returns.schema, returns.name) if returns is not None else None
            for column in kind.shape or () if kind is not None else ():
                if column.name == use.name and kind is not None:
                    return Typed(column.type, (routine.label, kind.label))
        return None

    def _missing(self, name: str, query: Query) -> None:
        """No relation of a query has such a column, or one that it is taken from has not: by WITH, from elsewhere."""
        within = self.whole if any(source.kind == "cte" for source in query.sources) else query
        levels = list(nested([within or query]))
        sources = [s for level in levels for s in level.sources if s.kind == "relation"]
        sources += [level.target for level in levels if level.target is not None]
        things = [self.stage.find("relation", source.schema, source.name) for source in sources]
        known = [thing for thing in things if thing is not None and self._comes(thing, name)]
        if known:
            names = dict.fromkeys(label("column", name, thing.name) for thing in known)
            raise Stop(*names, *(thing.label for thing in known))

    def _comes(self, thing: Thing, name: str) -> bool:
        return name in self.known.get(thing.name if thing.kind == "table" else "", ())

    def _target(self, query: Query, target: Source) -> Iterator[Thing]:
        thing = self.stage.find("relation", target.schema, target.name)
        shape = self.shapes.of(thing)
        for use in query.target_columns:
            if thing is None or shape is None:
                return
            if use.name not in shape and self._comes(thing, use.name):
                raise Stop(label("column", use.name, thing.name), owner=thing.label)
            part = self.stage.part(thing, "column", use.name)
            if part is not None:
                yield part


__all__ = ["StageColumns", "StageShapes"]
