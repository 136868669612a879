"""Tables, views and indexes as their definitions say."""

from typing import NamedTuple

from confiture_linter.statements.facts.names import TypeName
from confiture_linter.statements.facts.queries import Expression


class ColumnFact(NamedTuple):
    """A column as its definition says."""

    name: str
    type: TypeName
    not_null: bool
    default: Expression | None
    generated: str
    """`s` stored, `v` virtual, or empty."""
    identity: str
    """`a` always, `d` by default, or empty."""
    serial: bool
    collation: str
    at: int
    storage: str = ""
    compression: str = ""


class ConstraintFact(NamedTuple):
    """A table, column or domain constraint."""

    kind: str
    """`primary key`, `unique`, `foreign key`, `check`, `exclude` or `not null`."""
    name: str
    columns: tuple[str, ...]
    at: int
    inline: bool = False
    target_schema: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()
    target_at: int = -1
    on_delete: str = "a"
    """As pg_constraint.confdeltype: a no action, r restrict, c cascade, n set null, d set default."""
    on_update: str = "a"
    match_full: bool = False
    delete_columns: tuple[str, ...] = ()
    deferrable: bool = False
    initially_deferred: bool = False
    not_valid: bool = False
    not_enforced: bool = False
    no_inherit: bool = False
    using_index: str = ""
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    expression: Expression | None = None
    method: str = ""
    predicate: Expression | None = None
    without_overlaps: bool = False


class Bound(NamedTuple):
    """FOR VALUES of a partition. Constants as text; `MINVALUE`, `MAXVALUE` and `NULL` as the marks below."""

    strategy: str
    """`range`, `list`, `hash` or `default`."""
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    modulus: int = 0
    remainder: int = 0
    exact: bool = True
    """Whether all of it are constants."""


MINVALUE, MAXVALUE, NULL = "\0minvalue", "\0maxvalue", "\0null"


DEFAULT = "\0default"
"""DEFAULT in a row of VALUES."""


class Conversion(NamedTuple):
    """USING of ALTER COLUMN … TYPE that only casts a column; `column` is empty for any other expression."""

    column: str
    casts: tuple[TypeName, ...] = ()
    """Innermost first."""


class LikeClause(NamedTuple):
    """`LIKE source INCLUDING …`."""

    schema: str
    name: str
    options: int
    """Bits as in PostgreSQL's TableLikeOption; 2147483647 is ALL."""
    at: int


class CreateTable(NamedTuple):
    """CREATE TABLE, CREATE FOREIGN TABLE, CREATE TABLE AS and SELECT INTO."""

    schema: str
    name: str
    at: int
    columns: tuple[ColumnFact, ...] = ()
    constraints: tuple[ConstraintFact, ...] = ()
    inherits: tuple[tuple[str, str, int], ...] = ()
    like: tuple[LikeClause, ...] = ()
    partition_of: tuple[str, str, int] | None = None
    default_partition: bool = False
    partition_strategy: str = ""
    """`range`, `list` or `hash` for a partitioned table."""
    partition_key: tuple[str, ...] = ()
    """Names of its key columns; an expression is an empty string."""
    persistence: str = "p"
    if_not_exists: bool = False
    of_type: TypeName | None = None
    from_query: bool = False
    column_names: tuple[str, ...] = ()
    """Names given to the columns of a CREATE TABLE AS."""
    foreign: bool = False
    options: tuple[tuple[str, str], ...] = ()
    access_method: str = ""
    bound: Bound | None = None
    with_data: bool = True
    """False for CREATE TABLE AS … WITH NO DATA."""


class CreateView(NamedTuple):
    """CREATE VIEW and CREATE MATERIALIZED VIEW; its query is the statement's first."""

    schema: str
    name: str
    at: int
    materialized: bool
    columns: tuple[str, ...]
    replace: bool
    options: tuple[tuple[str, str], ...]
    if_not_exists: bool
    persistence: str
    with_data: bool = True


class IndexColumn(NamedTuple):
    """One column of an index: a name, or an expression (name empty)."""

    name: str
    expression: Expression | None
    opclass: str
    ordering: str
    detail: str = ""
    """Everything but a plain name, in one spelling: expression, collation, operator class, order."""
    label: str = ""
    """What PostgreSQL calls an expression where it names the index itself: its function, or `expr`."""


class CreateIndex(NamedTuple):
    """CREATE INDEX."""

    schema: str
    name: str
    table_schema: str
    table: str
    at: int
    columns: tuple[IndexColumn, ...]
    include: tuple[str, ...]
    unique: bool
    predicate: Expression | None
    method: str
    concurrently: bool
    if_not_exists: bool
    only: bool
    nulls_not_distinct: bool
    condition: str = ""
    """The predicate in one spelling: equal texts are equal predicates."""
