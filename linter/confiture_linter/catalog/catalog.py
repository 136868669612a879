"""The schema at one moment: what exists, and how a name is looked up in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.catalog.builtin import BuiltinCatalog
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Extension,
    Function,
    Generic,
    Index,
    Policy,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.model import Span
from confiture_linter.statements.facts import Grant, Ref, Statement, TypeName

Relation = Table | View | Sequence | Index

SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast", "pg_temp"})


class SourceStatement(NamedTuple):
    """A statement and the file it stands in, in build order."""

    path: str
    statement: Statement
    position: int
    """Rank of its file in build order."""


class Edge(NamedTuple):
    """`source` (the object that `statement` defines, if any) depends on `target`."""

    source: Entity | None
    target: Entity
    ref: Ref
    where: SourceStatement
    late: bool
    """Whether it is needed only when a function body runs."""
    forward: bool
    """Whether the target did not exist yet when the statement ran."""


class Unresolved(NamedTuple):
    """A name that nothing in the tree defines."""

    source: Entity | None
    ref: Ref
    where: SourceStatement
    late: bool
    reason: str
    """`missing`, `external` (declared or inferred), `arguments` (a function, but not with so many), `unsure`."""
    hint: str = ""


class Conflict(NamedTuple):
    """Something the server would refuse while building: a duplicate, a missing column, …"""

    kind: str
    """`duplicate-object`, `missing-column`, `missing-object`, `multiple-primary-keys`, …"""
    path: str
    span: Span
    name: str
    detail: str
    first: tuple[str, Span] | None = None
    """Where the object was first defined."""


class Catalog:
    """Everything that exists. Written by the replay, read by everyone else."""

    def __init__(self, builtin: BuiltinCatalog, search_path: tuple[str, ...]) -> None:
        self.builtin = builtin
        self.default_path = search_path
        self.search_path = search_path
        self.schemas: dict[str, Schema] = {}
        self.relations: dict[tuple[str, str], Relation] = {}
        self.functions: dict[tuple[str, str], list[Function | Generic]] = {}
        self.types: dict[tuple[str, str], Type] = {}
        self.multiranges: dict[tuple[str, str], tuple[str, str]] = {}
        """Multirange types and the range types they come with."""
        self.extensions: dict[str, Extension] = {}
        self.others: list[Generic] = []
        self.statements: list[SourceStatement] = []
        self._by_fact: dict[type, list[SourceStatement]] = {}
        self.edges: list[Edge] = []
        self.unresolved: list[Unresolved] = []
        self.conflicts: list[Conflict] = []
        self.grants: list[tuple[SourceStatement, Grant]] = []
        self.untold: dict[tuple[str, int], None] = {}
        """File and place of every EXECUTE in a DO block whose text, or object, could not be worked out."""
        self.temporary: set[str] = set()
        """Names of temporary tables, and of tables that function bodies create."""
        self.ever: set[tuple[str, str]] = set()
        """Schema and name of every relation, function and type that existed at some time."""
        self.former_columns: set[str] = set()
        """Names of columns that were dropped or renamed."""
        self.contested: set[str] = set()
        """Tables (by identity) of a history that a later script creates IF NOT EXISTS with other columns."""
        self.star_views: list[View] = []
        """Views whose columns are those that `*` meant when they were made, and that no change has touched yet."""
        self.moved: dict[int, Relation | Function | Generic] = {}
        """FROM items (by identity) of views and the like, and what they mean, where that has another name by now."""
        self.rows_told = True
        """Whether INSERT and COPY tell which tables have rows, as in a dump; in production others have them, too."""
        self.postgres = 18
        """Major version whose behaviour is meant."""
        self.postgres_declared = True
        """Whether the target version was chosen; if not, what any supported version has is no mistake."""
        self.partial = False
        """Whether objects may exist that no file here creates, because no schema was read."""
        self.expected: dict[str, tuple[str, Span]] = {}
        """Relations that change scripts change and that none of them makes, with the first place: their base is elsewhere."""
        self.path_declared = True
        """Whether search_path was configured; if not, an unqualified name may lie in any schema of the tree."""

    def statements_with(self, kinds: tuple[type, ...]) -> list[SourceStatement]:
        """Statements whose fact is of one of `kinds`, in build order by kind; for the finished catalog."""
        if not self._by_fact:
            for item in self.statements:
                self._by_fact.setdefault(type(item.statement.fact), []).append(item)
        return [item for kind in kinds for item in self._by_fact.get(kind, ())]

    # -- collections, in definition order ----------------------------------------------------------

    @property
    def tables(self) -> Iterator[Table]:
        """All permanent tables."""
        return (r for r in self.relations.values() if type(r) is Table and not r.temporary)

    @property
    def views(self) -> Iterator[View]:
        """All views and materialized views."""
        return (r for r in self.relations.values() if type(r) is View)

    @property
    def columns(self) -> Iterator[Column]:
        """All columns of permanent tables, each at the table that defines it."""
        return (c for table in self.tables for c in table.columns.values() if c.table is table)

    @property
    def constraints(self) -> Iterator[Constraint]:
        """All table constraints, each at the table that defines it."""
        return (c for table in self.tables for c in table.constraints if c.table is table)

    @property
    def indexes(self) -> Iterator[Index]:
        """All indexes made by CREATE INDEX."""
        return (r for r in self.relations.values() if type(r) is Index and r.constraint is None)

    @property
    def triggers(self) -> Iterator[Trigger]:
        """All triggers."""
        return (t for r in self.relations.values() if type(r) is Table or type(r) is View for t in r.triggers)

    @property
    def policies(self) -> Iterator[Policy]:
        """All row security policies."""
        return (p for r in self.relations.values() if type(r) is Table or type(r) is View for p in r.policies)

    @property
    def sequences(self) -> Iterator[Sequence]:
        """All sequences made by CREATE SEQUENCE."""
        return (r for r in self.relations.values() if type(r) is Sequence)

    @property
    def routines(self) -> Iterator[Function]:
        """All functions and procedures (aggregates are among `others`)."""
        return (f for group in self.functions.values() for f in group if type(f) is Function)

    @property
    def object_count(self) -> int:
        """How many objects of their own there are (columns, constraints and the like not counted)."""
        return (
            len(self.relations)
            + sum(map(len, self.functions.values()))
            + len(self.types)
            + len(self.schemas)
            + len(self.extensions)
            + len(self.others)
        )

    # -- lookup ------------------------------------------------------------------------------------

    def relation(self, schema: str, name: str, path: Iterable[str] | None = None) -> Relation | None:
        """The relation called `name`, by schema or by search_path."""
        if schema:
            return self.relations.get((schema, name))
        for candidate in path or self.search_path:
            found = self.relations.get((candidate, name))
            if found is not None:
                return found
        return None

    def table(self, schema: str, name: str) -> Table | None:
        """The table called `name`; None if it is missing or no table."""
        found = self.relation(schema, name)
        return found if type(found) is Table else None

    def type(self, schema: str, name: str, path: Iterable[str] | None = None) -> Type | None:
        """The type called `name`, by schema or by search_path; a multirange is its range."""
        for candidate in (schema,) if schema else path or self.search_path:
            found = self.types.get((candidate, name))
            if found is None and self.multiranges:
                found = self.types.get(self.multiranges.get((candidate, name), ("", "")))
            if found is not None:
                return found
        return None

    def overloads(
        self, schema: str, name: str, path: Iterable[str] | None = None
    ) -> list[Function | Generic]:
        """All functions called `name`, by schema or by search_path."""
        if schema:
            return self.functions.get((schema, name), [])
        found: list[Function | Generic] = []
        for candidate in path or self.search_path:
            found += self.functions.get((candidate, name), ())
        return found

    def creation_schema(self, schema: str) -> str:
        """The schema in which an unqualified name would be created now."""
        if schema:
            return schema
        return self.search_path[0] if self.search_path else "public"

    def resolved_type(self, written: TypeName) -> TypeName:
        """A written type with the schema that search_path leads to now; built-in and unknown ones stay bare."""
        if written.percent_type:
            return self._column_type(written)
        if written.schema or not written.name or self.builtin.has_type(written.name):
            return written
        schema = self.type_schema(written)
        return written._replace(schema=schema) if schema not in ("", "pg_catalog") else written

    def type_schema(self, written: TypeName) -> str:
        """The schema a written type lives in: a user schema, or pg_catalog when it is built in or unknown."""
        if written.schema:
            return written.schema
        if self.builtin.has_type(written.name):
            return "pg_catalog"
        found: Type | Relation | None = self.type("", written.name)
        if found is None:
            found = self.relation("", written.name)
        return found.schema if found is not None else self._extension_schema(written.name)

    def _column_type(self, written: TypeName) -> TypeName:
        """The type that `table.column%TYPE` means now."""
        schema, _, name = written.schema.rpartition(".")
        table = self.table(schema, name)
        column = table.columns.get(written.name) if table is not None else None
        if column is None or not column.type.name:
            return written
        return column.type._replace(set_of=written.set_of, at=written.at)

    def _extension_schema(self, name: str) -> str:
        """The schema of a type that an installed extension brings."""
        for extension in self.builtin.extension_providing_type(name) if self.extensions else ():
            if extension in self.extensions:
                return self.extensions[extension].fact_schema or self.default_path[0]
        return ""
