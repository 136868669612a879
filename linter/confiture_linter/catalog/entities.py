"""The objects of a schema as the rules see them.

An entity is written by the replay alone (`catalog.replay`), which is the one place where the state of the
schema changes; everybody else reads. Each entity knows where it came from: `path` is the file, `span` the
statement that created it, in bytes.
"""

from copy import copy
from typing import TYPE_CHECKING, TypeVar

from confiture_linter.catalog.constraint_names import object_name
from confiture_linter.model import Finding, Fix, ObjectName, Related, Span
from confiture_linter.statements.facts import (
    NULL,
    Bound,
    ColumnFact,
    ConstraintFact,
    CreateFunction,
    CreateIndex,
    CreatePolicy,
    CreateSequence,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Expression,
    Grant,
    Query,
    Statement,
    TypeName,
)

if TYPE_CHECKING:
    from confiture_linter.catalog.catalog import SourceStatement

ELEMENT = -1
"""As the end of a span: up to the end of the element (column, constraint) that begins there."""
TOKEN = -2
"""As the end of a span: up to the end of the word that begins there."""


class Entity:
    """Anything that has a name and a place."""

    __slots__ = ("path", "span")

    kind = "object"

    def __init__(self, path: str, span: Span) -> None:
        self.path = path
        self.span = span

    @property
    def identity(self) -> str:
        """What findings call the object: `schema.name`, stable when lines move."""
        return ""

    def finding(
        self,
        message: str,
        *,
        at: int | None = None,
        span: Span | None = None,
        path: str | None = None,
        object: str | None = None,
        help: str = "",
        fix: Fix | None = None,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """Report something about this object.

        `at` puts the mark on the word at that byte offset, `span` on a range; the default is the whole
        object as it was written.
        """
        if span is None:
            span = self.span if at is None or at < 0 else Span(at, TOKEN)
        return Finding(
            path or self.path, span, message, self.identity if object is None else object, help, fix, related
        )


class Named(Entity):
    """An entity in a schema."""

    __slots__ = ("comment", "name", "owner", "schema")

    def __init__(self, schema: str, name: str, path: str, span: Span) -> None:
        self.path = path
        self.span = span
        self.schema = schema
        self.name = name
        self.comment = ""
        self.owner = ""

    @property
    def qualified(self) -> ObjectName:
        """Schema and name."""
        return ObjectName(self.schema, self.name)

    @property
    def identity(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def id(self) -> str:
        """Node id in the graph: `kind:schema.name`."""
        return f"{self.kind}:{self.identity}"


class Column(Entity):
    """A column of a table."""

    __slots__ = ("collation", "comment", "default", "fact", "generated", "identity_kind", "name", "not_null", "sequence",
                 "serial", "table", "type", "type_path")  # fmt: skip

    kind = "column"

    def __init__(self, table: "Table", fact: ColumnFact, path: str) -> None:
        self.path = path
        self.span = Span(fact.at, ELEMENT)
        self.table = table
        self.fact = fact
        self.name = fact.name
        self.type = fact.type
        self.type_path = path
        """The file that gave it the type: ALTER COLUMN … TYPE may stand elsewhere."""
        self.not_null = fact.not_null
        self.default = given_default(fact.default, kept=bool(fact.type.modifiers))
        self.generated = fact.generated
        self.identity_kind = fact.identity
        self.collation = fact.collation if fact.collation != "default" else ""
        """Where it is not that of the type."""
        self.comment = ""
        self.serial = fact.serial
        """Whether a sequence made with it is its default."""
        self.sequence: Sequence | None = None
        """That sequence, also in a table that copies or inherits the default."""

    @property
    def identity(self) -> str:
        """`schema.table.column`."""
        return f"{self.table.identity}.{self.name}"

    def handed_down(self) -> "Column":
        """The column as a child of its table has it: `table` stays the one that defines it."""
        copy = Column(self.table, self.fact, self.path)
        for name in _HANDED_DOWN:
            setattr(copy, name, getattr(self, name))
        copy.identity_kind = ""
        return copy


_HANDED_DOWN = (
    "name", "type", "type_path", "not_null", "default", "generated", "collation", "serial", "sequence",
)  # fmt: skip


def given_default(written: Expression | None, *, kept: bool) -> Expression | None:
    """A default as PostgreSQL keeps it: DEFAULT NULL is none (heap.c, AddRelationNewConstraints).

    It is `kept` where the type has a modifier or is a domain: the conversion to that makes it more than a constant.
    """
    return None if written is not None and written.constant == NULL and not kept else written


class Constraint(Entity):
    """A constraint of a table."""

    __slots__ = ("columns", "fact", "kind", "name", "not_valid", "table", "target", "target_columns")

    def __init__(self, table: "Table", fact: ConstraintFact, path: str) -> None:
        self.path = path
        self.span = Span(fact.at, ELEMENT)
        self.table = table
        self.fact = fact
        self.kind = fact.kind
        self.name = fact.name
        self.columns = fact.columns
        self.not_valid = fact.not_valid
        self.target: Table | None = None
        """The referenced table of a foreign key, once it is known."""
        self.target_columns = fact.target_columns

    @property
    def identity(self) -> str:
        """Identity of its table: constraints are reported under it."""
        return self.table.identity


class Index(Named):
    """An index."""

    __slots__ = ("columns", "constraint", "fact", "include", "predicate", "table", "unique")

    kind = "index"

    def __init__(self, table: "Table | View", fact: CreateIndex, path: str, span: Span) -> None:
        super().__init__(table.schema, fact.name or self.chosen_name(table.name, fact), path, span)
        self.table = table
        self.fact = fact
        self.columns = tuple(column.name for column in fact.columns)
        """Names of the key columns; an expression is an empty string."""
        self.include = fact.include
        self.unique = fact.unique
        self.predicate = fact.predicate
        self.constraint: Constraint | None = None

    @staticmethod
    def chosen_name(table: str, fact: CreateIndex, number: int = 0) -> str:
        """The name PostgreSQL gives to an unnamed index on `table`; `number` where that is taken."""
        return _index_name(table, fact, number)


def _index_name(table: str, fact: CreateIndex, number: int = 0) -> str:
    """The name PostgreSQL gives to an unnamed index (indexcmds.c, ChooseIndexName); `number` where it is taken."""
    names: list[str] = []
    for base in (*(column.name or column.label or "expr" for column in fact.columns), *fact.include):
        name = base
        count = 0
        while name in names:
            count += 1
            name = f"{base}{count}"
        names.append(name)
    return object_name(table, "_".join(names), f"idx{number or ''}")


class Trigger(Entity):
    """A trigger of a table or view."""

    __slots__ = ("fact", "function", "name", "table")

    kind = "trigger"

    def __init__(self, table: "Table | View", fact: CreateTrigger, path: str, span: Span) -> None:
        self.path = path
        self.span = span
        self.table = table
        self.fact = fact
        self.name = fact.name
        self.function: Function | None = None

    @property
    def identity(self) -> str:
        """`schema.table.trigger`."""
        return f"{self.table.identity}.{self.name}"


class Policy(Entity):
    """A row security policy."""

    __slots__ = ("check", "command", "fact", "name", "permissive", "roles", "table", "using")

    kind = "policy"

    def __init__(self, table: "Table", fact: CreatePolicy, path: str, span: Span) -> None:
        self.path = path
        self.span = span
        self.table = table
        self.fact = fact
        self.name = fact.name
        self.command = fact.command
        self.permissive = fact.permissive
        self.roles = fact.roles
        self.using: Expression | None = fact.using
        self.check: Expression | None = fact.check

    @property
    def identity(self) -> str:
        """Identity of its table: policies are reported under it."""
        return self.table.identity


class GrantEntry(Entity):
    """A GRANT as far as it concerns one object."""

    __slots__ = ("fact", "object")

    kind = "grant"

    def __init__(self, target: str, fact: Grant, path: str, span: Span) -> None:
        self.path = path
        self.span = span
        self.object = target
        self.fact = fact

    @property
    def identity(self) -> str:
        """The object granted on."""
        return self.object


class Table(Named):
    """A table: plain, partitioned, partition or foreign."""

    __slots__ = (
        "bound", "children", "clustered_on", "columns", "constraints", "fact", "grants", "has_rows", "indexes", "of_type",
        "parents", "partition_of", "partition_strategy", "partitions", "policies", "rls_enabled", "rls_forced", "rls_span", "rules",
        "statement", "triggers", "unknown_columns",
    )  # fmt: skip

    kind = "table"

    def __init__(self, schema: str, fact: CreateTable, path: str, statement: Statement) -> None:
        self.path = path
        self.span = Span(statement.start, statement.end)
        self.schema = schema
        self.name = fact.name
        self.comment = ""
        self.owner = ""
        self.fact = fact
        self.statement = statement
        self.columns: dict[str, Column] = {}
        self.constraints: list[Constraint] = []
        self.indexes: list[Index] = []
        self.triggers: list[Trigger] = []
        self.policies: list[Policy] = []
        self.grants: list[GrantEntry] = []
        self.of_type: Type | None = None
        """The composite type that gives a typed table its columns."""
        self.partition_strategy = fact.partition_strategy
        self.partition_of: Table | None = None
        self.partitions: list[Table] = []
        self.parents: list[Table] = []
        self.children: list[Table] = []
        """Tables that inherit from it; partitions are apart."""
        self.bound: Bound | None = fact.bound
        self.clustered_on = ""
        """Name of the index that CLUSTER follows."""
        self.has_rows = False
        """Whether a statement of the tree put rows into it."""
        self.rules: dict[str, SourceStatement] = {}
        self.rls_enabled = False
        self.rls_forced = False
        self.rls_span: tuple[str, Span] | None = None
        self.unknown_columns = False
        """Whether it may have columns that are not known: it inherits from, or copies, an unknown relation."""

    def family(self) -> "list[Table]":
        """The table, its partitions and the tables that inherit from it, and theirs."""
        found: list[Table] = [self]
        for table in found:
            found += (child for child in (*table.partitions, *table.children) if child not in found)
        return found

    @property
    def primary_key(self) -> Constraint | None:
        """Its primary key."""
        for constraint in self.constraints:
            if constraint.kind == "primary key":
                return constraint
        return None

    @property
    def foreign_keys(self) -> list[Constraint]:
        """Its foreign keys."""
        return [constraint for constraint in self.constraints if constraint.kind == "foreign key"]

    @property
    def unique_keys(self) -> list[tuple[str, ...]]:
        """Column lists that are unique: primary key, UNIQUE constraints, plain unique indexes."""
        keys = [c.columns for c in self.constraints if c.kind in ("primary key", "unique")]
        keys += [i.columns for i in self.indexes if i.unique and i.predicate is None and "" not in i.columns]
        return keys

    @property
    def key_prefixes(self) -> list[tuple[str, ...]]:
        """Leading columns of every B-tree-like index, those of constraints included; partial ones left out."""
        keys = [c.columns for c in self.constraints if c.kind in ("primary key", "unique", "exclude")]
        keys += [i.columns for i in self.indexes if i.predicate is None]
        return keys

    @property
    def temporary(self) -> bool:
        """Whether it is a temporary table."""
        return self.fact.persistence == "t"

    @property
    def identity_columns(self) -> tuple[str, ...]:
        """Columns of the primary key; empty without one."""
        key = self.primary_key
        return key.columns if key else ()


def redefine(known: "ViewOrFunction", new: "ViewOrFunction") -> "ViewOrFunction":
    """Give an object the definition of another, as CREATE OR REPLACE does; returns what it was.

    It stays the same object, as on the server, where its oid stays: what depends on it, its owner, comment, privileges
    and triggers are not touched (pg_proc.c, ProcedureCreate; view.c, DefineVirtualRelation).
    """
    former = copy(known)
    for name in known.defined:
        setattr(known, name, getattr(new, name))
    return former


class View(Named):
    """A view or a materialized view."""

    __slots__ = ("column_comments", "fact", "grants", "indexes", "materialized", "names", "options", "policies",
                 "rules", "statement", "triggers")  # fmt: skip

    defined = ("path", "span", "fact", "statement", "materialized", "options", "names")
    """What CREATE OR REPLACE changes."""

    def __init__(self, schema: str, fact: CreateView, path: str, statement: Statement) -> None:
        self.path = path
        self.span = Span(statement.start, statement.end)
        self.schema = schema
        self.name = fact.name
        self.comment = ""
        self.owner = ""
        self.fact = fact
        self.statement = statement
        self.materialized = fact.materialized
        self.options = dict(fact.options)
        self.indexes: list[Index] = []
        self.triggers: list[Trigger] = []
        self.policies: list[Policy] = []
        self.rules: dict[str, SourceStatement] = {}
        """Rewrite rules less the one that makes it a view."""
        self.grants: list[GrantEntry] = []
        self.column_comments: dict[str, str] = {}
        self.names: tuple[str, ...] | None = None
        """Its columns, once they are no longer those that its query says: renamed, or `*` of what has changed since."""

    @property
    def kind(self) -> str:  # type: ignore[override]
        """`view` or `materialized_view`."""
        return "materialized_view" if self.materialized else "view"

    @property
    def query(self) -> Query | None:
        """Its query."""
        return self.statement.queries[0] if self.statement.queries else None


class Sequence(Named):
    """A sequence; `owned_by` is table and column."""

    __slots__ = ("fact", "grants", "owned_by")

    kind = "sequence"

    def __init__(self, schema: str, fact: CreateSequence, path: str, span: Span) -> None:
        super().__init__(schema, fact.name, path, span)
        self.fact = fact
        self.owned_by: Column | None = None
        self.grants: list[GrantEntry] = []


class Type(Named):
    """An enum, composite, range or base type, or a domain."""

    __slots__ = ("attributes", "base", "constraints", "default", "form", "grants", "labels", "not_null")

    kind = "type"

    def __init__(self, schema: str, fact: CreateType, path: str, span: Span) -> None:
        super().__init__(schema, fact.name, path, span)
        self.form = fact.kind
        self.labels = list(fact.labels)
        self.attributes = {attribute.name: attribute for attribute in fact.attributes}
        self.base: TypeName | None = fact.base
        self.constraints = list(fact.constraints)
        self.not_null = fact.not_null
        self.default = fact.default
        self.grants: list[GrantEntry] = []


class Function(Named):
    """A function or procedure; aggregates too, without a body."""

    __slots__ = ("fact", "grants", "language", "revoked_public", "security_definer", "settings", "signature",
                 "statement", "volatility")  # fmt: skip

    defined = ("path", "span", "fact", "statement", "language", "volatility", "security_definer", "settings")
    """What CREATE OR REPLACE changes."""

    def __init__(
        self, schema: str, fact: CreateFunction, path: str, statement: Statement, signature: str
    ) -> None:
        super().__init__(schema, fact.name, path, Span(statement.start, statement.end))
        self.fact = fact
        self.statement = statement
        self.signature = signature
        """Argument types as PostgreSQL's format_type writes them, joined by a comma."""
        self.language = fact.language
        self.volatility = fact.volatility
        self.security_definer = fact.security_definer
        self.settings = dict(fact.settings)
        self.grants: list[GrantEntry] = []
        self.revoked_public = False

    @property
    def kind(self) -> str:  # type: ignore[override]
        """`function` or `procedure`."""
        return "procedure" if self.fact.procedure else "function"

    @property
    def id(self) -> str:
        """Node id in the graph: `function:schema.name(types)`; procedures and aggregates are functions there."""
        return f"function:{self.identity}({self.signature})"

    @property
    def input_count(self) -> int:
        """Number of input parameters."""
        return len(self.fact.inputs)

    def accepts(self, count: int) -> bool:
        """Whether it can be called with `count` positional arguments; -1 means unknown and is accepted."""
        if count < 0:
            return True
        inputs = self.fact.inputs
        if any(argument.mode == "v" for argument in inputs):
            return count >= len(inputs) - 1 - sum(argument.default for argument in inputs)
        if self.fact.procedure:
            inputs = tuple(argument for argument in self.fact.arguments if argument.mode in "ibvo")
        return len(inputs) - sum(argument.default for argument in inputs) <= count <= len(inputs)


class Schema(Named):
    """A schema."""

    __slots__ = ("grants",)

    kind = "schema"

    def __init__(self, name: str, path: str, span: Span) -> None:
        super().__init__("", name, path, span)
        self.grants: list[GrantEntry] = []


class Extension(Named):
    """An extension that the tree installs."""

    __slots__ = ("dependents", "fact_schema")

    kind = "extension"

    def __init__(self, name: str, schema: str, path: str, span: Span) -> None:
        super().__init__("", name, path, span)
        self.fact_schema = schema
        self.dependents: list[Function | View | Index | Trigger | Constraint] = []
        """What is said to DEPEND on it, and goes with it."""


class Generic(Named):
    """Any other object: operator, aggregate, collation, publication, statistics, rule, …"""

    __slots__ = ("arguments", "columns", "function", "grants", "relation", "signature", "state", "what")

    kind = "other"

    def __init__(self, what: str, schema: str, name: str, path: str, span: Span) -> None:
        super().__init__(schema, name, path, span)
        self.what = what
        self.signature = ""
        self.function = ("", "")
        """Schema and name of the function behind it: the final one of an aggregate, the one of an operator."""
        self.arguments: tuple[TypeName, ...] = ()
        """Of an aggregate."""
        self.state = ("", "")
        """Schema and name of the function that takes the next row of an aggregate in."""
        self.relation: Table | View | None = None
        """What statistics are about."""
        self.columns: tuple[str, ...] = ()
        """Their columns; an expression is an empty string."""
        self.grants: list[GrantEntry] = []

    @property
    def id(self) -> str:
        """Node id; an aggregate is a function there."""
        if self.what == "aggregate":
            return f"function:{self.identity}({self.signature})"
        return f"{self.what.replace(' ', '_')}:{self.identity}"


Relation = Table | View | Sequence
ViewOrFunction = TypeVar("ViewOrFunction", View, Function)
Object = Table | View | Sequence | Type | Function | Schema | Extension | Generic | Index
T = TypeVar("T", bound=Entity)
