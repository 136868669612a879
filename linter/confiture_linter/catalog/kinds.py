"""Types as function resolution sees them: without modifiers, by category, and by which becomes which unasked.

PostgreSQL manual, chapter 10 "Type Conversion"; parse_coerce.c.
"""

from typing import NamedTuple

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Table, View
from confiture_linter.catalog.types import canonical
from confiture_linter.statements.facts import TypeName

_DEEPEST_DOMAIN = 16


class Kind(NamedTuple):
    """A type without its modifiers; built-in ones, and those of extensions, have no schema."""

    schema: str
    name: str
    array: bool = False

    @property
    def written(self) -> TypeName:
        """As a type name."""
        return TypeName(self.schema, self.name, (), self.array, set_of=False, percent_type=False, at=-1)

    @property
    def element(self) -> "Kind":
        """What an array holds."""
        return self._replace(array=False)

    @property
    def listed(self) -> "Kind":
        """An array of it; PostgreSQL has no arrays of arrays."""
        return self._replace(array=True)


UNKNOWN = Kind("", "unknown")
"""A string constant, or NULL, of which nothing says yet what it is."""
TEXT, BOOL, RECORD = Kind("", "text"), Kind("", "bool"), Kind("", "record")


class Kinds:
    """What one catalog says of types."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.builtin = catalog.builtin
        self._bases: dict[Kind, Kind] = {}
        self._traits: dict[Kind, tuple[str, bool]] = {}
        self._implicit: dict[tuple[Kind, Kind], bool] = {}

    def of(self, written: TypeName) -> Kind:
        """The kind of a written type."""
        name = written.name if written.name == "char" else canonical(written.name)
        array = written.array
        if name.startswith("_") and written.schema in ("", "pg_catalog"):
            name, array = name[1:], True
        if written.schema in ("", "pg_catalog") and self.builtin.has_type(name):
            return Kind("", name, array)
        catalog = self.catalog
        found = catalog.type(written.schema, name, catalog.default_path)
        if found is not None:
            return Kind(found.schema, name, array)
        relation = catalog.relation(written.schema, name, catalog.default_path)
        if relation is not None:
            return Kind(relation.schema, name, array)
        if self.builtin.extension_providing_type(name):
            return Kind("", name, array)
        return Kind(written.schema, name, array)

    def exists(self, kind: Kind) -> bool:
        """Whether anything is known of a type; of one that is dropped nothing is."""
        if kind.schema:
            catalog = self.catalog
            return kind.schema == "information_schema" or bool(
                catalog.type(kind.schema, kind.name) or catalog.relation(kind.schema, kind.name)
            )
        return self.builtin.has_type(kind.name) or bool(self.builtin.extension_providing_type(kind.name))

    def base(self, kind: Kind) -> Kind:
        """What is under a domain."""
        if not kind.schema or kind.array:
            return kind
        known = self._bases.get(kind)
        if known is None:
            known = kind
            for _ in range(_DEEPEST_DOMAIN):
                if known.schema == "information_schema":
                    known = self._standard(known)
                    break
                domain = self.catalog.type(known.schema, known.name) if known.schema else None
                if domain is None or domain.form != "domain" or domain.base is None or known.array:
                    break
                known = self.of(domain.base)
            self._bases[kind] = known
        return known

    def _standard(self, kind: Kind) -> Kind:
        """What is under a domain of the information schema."""
        found = self.builtin.type(kind.name, kind.schema)
        return Kind("", found.related.rpartition(".")[2]) if found is not None and found.related else kind

    def category(self, kind: Kind) -> str:
        """`pg_type.typcategory`: N numbers, S strings, D dates, A arrays, E enums, C rows, …"""
        return self._trait(kind)[0]

    def preferred(self, kind: Kind) -> bool:
        """Whether others of its category become it if in doubt."""
        return self._trait(kind)[1]

    def _trait(self, kind: Kind) -> tuple[str, bool]:
        known = self._traits.get(kind)
        if known is None:
            known = self._traits[kind] = self._found_trait(kind)
        return known

    def _found_trait(self, kind: Kind) -> tuple[str, bool]:
        if kind.array:
            return "A", False
        base = self.base(kind)
        if not base.schema:
            found = self.builtin.type(base.name)
            if found is not None:
                return found.category, found.preferred
            for extension in self.builtin.extension_providing_type(base.name):
                contents = self.builtin.extension(extension)
                for given in contents.types if contents is not None else ():
                    if given.name.rpartition(".")[2] == base.name:
                        return given.category, given.preferred
            return "U", False
        if base.array:
            return "A", False
        named = self.catalog.type(base.schema, base.name)
        if named is None:
            is_row = isinstance(self.catalog.relation(base.schema, base.name), Table | View)
            return ("C" if is_row else "U"), False
        return {"enum": "E", "composite": "C", "range": "R"}.get(named.form, "U"), False

    def implicit(self, source: Kind, target: Kind) -> bool:
        """Whether a value becomes one of the other type unasked (can_coerce_type, COERCION_IMPLICIT)."""
        if source in (target, UNKNOWN) or target.name == "any":
            return True
        known = self._implicit.get((source, target))
        if known is None:
            known = self._implicit[source, target] = self._becomes(source, target)
        return known

    def _becomes(self, source: Kind, target: Kind) -> bool:
        source, aim = self.base(source), self.base(target)
        if source == aim:
            return True
        if source.array or aim.array:
            return source.array and aim.array and self.implicit(source.element, aim.element)
        if aim == RECORD or source == RECORD:
            return (self.category(source) == "C" or source == RECORD) and (
                self.category(aim) == "C" or aim == RECORD
            )
        if source.schema or aim.schema:
            return False
        cast = self.builtin.cast(source.name, aim.name)
        if cast is not None:
            return cast.context == "i"
        return any(
            (cast.source, cast.target, cast.context) == (source.name, aim.name, "i")
            for extension in self.catalog.extensions
            for contents in (self.builtin.extension(extension),)
            if contents is not None
            for cast in contents.casts
        )

    def common(self, kinds: list[Kind]) -> Kind | None:
        """The type that values of several become in CASE, COALESCE, UNION, ARRAY (select_common_type)."""
        first = kinds[0]
        if first != UNKNOWN and all(kind == first for kind in kinds):
            return first
        found = UNKNOWN
        for kind in kinds:
            kind = self.base(kind)
            if UNKNOWN in (kind, found) or kind == found:
                found = kind if found == UNKNOWN else found
            elif self.category(kind) != self.category(found):
                return None
            elif not self.preferred(found) and self.implicit(found, kind) and not self.implicit(kind, found):
                found = kind
        return TEXT if found == UNKNOWN else found


__all__ = ["BOOL", "RECORD", "TEXT", "UNKNOWN", "Kind", "Kinds"]
