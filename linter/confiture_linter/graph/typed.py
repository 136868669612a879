"""User-defined types that a query needs without naming them: of its output, and of constants it compares columns with.

PostgreSQL records the type of every column of a view, and of every constant in a query (dependency.c,
find_expr_references_walker): `WHERE status = 'open'` needs the enum that `status` has.
"""

from collections.abc import Iterable, Iterator

from confiture_linter.catalog import Catalog, Shapes
from confiture_linter.catalog.entities import Entity
from confiture_linter.catalog.output_types import OutputTypes, Types
from confiture_linter.statements.facts import Query, Source, TypeName

_Frames = tuple[list[tuple[Source, Types]], ...]


class TypeUses:
    """Finds such types; a type is given with the place of the query that needs it."""

    def __init__(self, catalog: Catalog, shapes: Shapes) -> None:
        self.catalog = catalog
        self.types = OutputTypes(catalog, shapes)

    def of_literals(self, queries: Iterable[Query]) -> Iterator[Entity]:
        """Types of the constants in queries."""
        for query in queries:
            if _has_literals(query):
                yield from self.known(self._compared(query, {}, ()))

    def _compared(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> Iterator[TypeName]:
        ctes = self.types.bound(query, ctes, outer)
        frames = (self.types.frame(query, ctes, outer), *outer)
        for use in query.literals:
            found = self.types.column(use, frames)
            if found is not None:
                kinds = self.types.terms.kinds
                yield kinds.base(kinds.of(found)).written  # a constant never becomes what is a domain
        for child in query.children:
            yield from self._compared(child, ctes, frames)

    def of_rows(self, queries: Iterable[Query]) -> Iterator[Entity]:
        """Relations and composite types whose rows functions in FROM return."""
        for query in queries:
            for source in query.sources:
                if source.kind == "function" and source.name:
                    yield from self.known(self.types.shapes.row_type(source))
            yield from self.of_rows(query.children)

    def known(self, written: Iterable[TypeName]) -> Iterator[Entity]:
        """The objects that types are, less built-in ones."""
        catalog = self.catalog
        for item in dict.fromkeys((kind.schema, kind.name) for kind in written):
            schema, name = item
            if schema == "pg_catalog" or (not schema and catalog.builtin.has_type(name)):
                continue
            found: Entity | None = catalog.type(schema, name, catalog.default_path)
            if found is None:
                found = catalog.relation(schema, name, catalog.default_path)
            if found is None and catalog.extensions:
                providers = catalog.builtin.extension_providing_type(name)
                found = next((catalog.extensions[p] for p in providers if p in catalog.extensions), None)
            if found is not None:
                yield found


def _has_literals(query: Query) -> bool:
    return bool(query.literals) or any(map(_has_literals, query.children))
