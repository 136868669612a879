"""Which columns of each relation the queries of a statement use."""

from collections.abc import Iterable
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Shapes
from confiture_linter.catalog.shape import Shape
from confiture_linter.statements.facts import ColumnUse, Query, Source


class Used:
    """Columns of one mentioned relation, collected while queries are read."""

    __slots__ = ("columns", "exact")

    def __init__(self) -> None:
        self.columns: dict[str, None] = {}
        self.exact = True

    def all_of(self, shape: Shape) -> None:
        """Every column is used."""
        if shape is None:
            self.exact = False
        else:
            self.columns.update(dict.fromkeys(shape))


class _Visible(NamedTuple):
    source: Source
    shape: Shape
    used: Used | None
    """None for what is no relation: its columns belong to other levels."""


_Frame = list[_Visible]
_SYSTEM = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})


class ColumnUses:
    """Resolves column names through aliases, level by level."""

    def __init__(self, catalog: Catalog, shapes: Shapes) -> None:
        self.catalog = catalog
        self.shapes = shapes

    def of(self, queries: Iterable[Query], variables: Iterable[str] = ()) -> dict[int, Used]:
        """Uses by the place (byte offset) at which the relation is mentioned."""
        found: dict[int, Used] = {}
        names = frozenset(variables)
        for query in queries:
            self._level(query, (), {}, names, found)
        return found

    def _level(
        self,
        query: Query,
        outer: tuple[_Frame, ...],
        ctes: dict[str, Shape],
        variables: frozenset[str],
        found: dict[int, Used],
    ) -> None:
        ctes = self.shapes.bound(query, ctes)
        frame = [self._visible(source, query, ctes, found) for source in query.sources]
        if query.target is not None:
            target = self._visible(query.target, query, ctes, found)
            self._written(query, target)
            frame.insert(0, target)
            if query.command == "insert":
                frame.append(target._replace(source=target.source._replace(alias="excluded")))
        frames = (frame, *outer)
        outputs = [
            output.column for output in (*query.outputs, *query.returning) if output.column is not None
        ]
        for use in (*query.columns, *outputs):
            _use(use, frames, variables)
        for name in query.using:
            for seen in frame:
                if seen.used is not None and (seen.shape is None or name in seen.shape):
                    seen.used.columns[name] = None
        if query.natural:
            for seen in frame:
                if seen.used is not None:
                    seen.used.exact = False
        for child in query.children:
            self._level(child, frames, ctes, variables, found)

    def _visible(
        self, source: Source, query: Query, ctes: dict[str, Shape], found: dict[int, Used]
    ) -> _Visible:
        shape = self.shapes.source(source, query, ctes)
        used = found.setdefault(source.at, Used()) if source.kind == "relation" else None
        return _Visible(source, shape, used)

    def _written(self, query: Query, target: _Visible) -> None:
        used = target.used
        if used is None:
            return
        if query.target_columns:
            used.columns.update(dict.fromkeys(use.name for use in query.target_columns))
        elif query.command == "insert":
            used.all_of(target.shape)
        used.columns.update(dict.fromkeys(query.conflict or ()))


def _use(use: ColumnUse, frames: tuple[_Frame, ...], variables: frozenset[str]) -> None:
    if use.qualifier:
        _qualified(use, frames)
    elif use.name == "*":
        for seen in frames[0]:
            if seen.used is not None and seen.source.alias != "excluded":
                seen.used.all_of(seen.shape)
    else:
        _plain(use.name, frames, variables)


def _qualified(use: ColumnUse, frames: tuple[_Frame, ...]) -> None:
    for frame in frames:
        for seen in frame:
            if seen.source.alias != use.qualifier:
                continue
            if seen.used is None:
                return
            if use.name == "*":
                seen.used.all_of(seen.shape)
            elif use.name not in _SYSTEM:
                seen.used.columns[use.name] = None
            return


def _plain(name: str, frames: tuple[_Frame, ...], variables: frozenset[str]) -> None:
    if name in _SYSTEM:
        return
    for frame in frames:
        visible = [seen for seen in frame if seen.source.alias != "excluded"]
        holders = [seen for seen in visible if seen.shape is not None and name in seen.shape]
        if holders:
            for seen in holders:
                if seen.used is not None:
                    seen.used.columns[name] = None
            return
        for seen in visible:
            if seen.source.alias == name:
                if seen.used is not None:
                    seen.used.all_of(seen.shape)
                return
        unknown = [seen for seen in visible if seen.shape is None]
        if unknown and name not in variables:
            for seen in unknown:
                if seen.used is not None and len(visible) == 1:
                    seen.used.columns[name] = None
                elif seen.used is not None:
                    seen.used.exact = False
            return
