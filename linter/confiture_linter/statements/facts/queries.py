"""Queries, level by level, and expressions outside of them."""

from typing import NamedTuple

from confiture_linter.statements.facts.names import ColumnUse, FieldUse, Ref, TypeName


class Equality(NamedTuple):
    """A conjunct that equates a column with another column, or with something else (`right` is None)."""

    left: ColumnUse
    right: ColumnUse | None
    cast: bool = False
    """Whether one of them is cast to another type before they are compared."""


class Term(NamedTuple):
    """An expression, as far as its type hangs on its parts."""

    kind: str
    """`column`, `constant` (of a built-in type `name`), `typed` (of the built-in type `name` whatever its parts are),
    `cast`, `call`, `variadic call`, `named call` (by names of parameters: without its parts), `operator`, `either` (what all
    parts become), `nullif`, `array`, `element`, `field`, `query` (its one column), `array query`, or `other`."""
    schema: str = ""
    """Of a call; of a column, its qualifier."""
    name: str = ""
    parts: tuple["Term", ...] = ()
    type: TypeName | None = None
    """Of a cast."""
    query: int = -1
    """Index into `Query.children`."""
    also: tuple["Term", ...] = ()
    """What is evaluated besides, and decides nothing about its type: conditions."""


class Call(NamedTuple):
    """A call of a function that may be one of the tree's own."""

    at: int
    term: Term


class Source(NamedTuple):
    """One item of a FROM clause."""

    kind: str
    """`relation`, `cte`, `query`, `function`, `values` (all columns are in `columns`), `join` and `using` (aliases of
    joins), `array` (an argument of `unnest`, called `name`) or `other`."""
    alias: str
    """The name by which columns are qualified."""
    schema: str
    name: str
    at: int
    query: int = -1
    """Index into `Query.children` for `query` and `cte`."""
    columns: tuple[str, ...] = ()
    """Column aliases."""
    only: bool = False
    """Whether ONLY leaves its children out."""
    lateral: bool = False
    """Whether it is a sub-query that sees what stands before it."""
    ordinality: bool = False
    """Whether it is a function that numbers its rows in one more column."""
    parts: tuple["Source", ...] = ()
    """The functions of ROWS FROM, the arguments of `unnest`, what an alias of a join covers."""
    terms: tuple[Term, ...] = ()
    """The calls of functions."""
    types: tuple[TypeName, ...] = ()
    """Of `columns`, where a column definition list says them."""


class Comparison(NamedTuple):
    """A conjunct of WHERE or ON that compares a column with a constant."""

    column: ColumnUse
    operator: str
    values: tuple[str, ...]
    """One constant; several for IN and for OR of equalities, of which one must fit."""


class Output(NamedTuple):
    """One column that a query returns."""

    name: str
    column: ColumnUse | None
    """The column it passes on unchanged, if it is nothing else."""
    at: int
    type: TypeName | None = None
    """The type of an outermost cast."""
    term: Term | None = None
    """What it is, if it is neither of them."""


class Query(NamedTuple):
    """One query level: a SELECT, VALUES or data-modifying statement and what it names."""

    command: str
    """`select`, `values`, `union`, `insert`, `update`, `delete` or `merge`."""
    at: int
    sources: tuple[Source, ...]
    outputs: tuple[Output, ...]
    columns: tuple[ColumnUse, ...]
    """Every column named at this level, in any clause."""
    equalities: tuple[Equality, ...]
    using: tuple[str, ...]
    """Columns equated by USING."""
    natural: bool
    target: Source | None
    """The relation a data-modifying statement writes."""
    target_columns: tuple[ColumnUse, ...]
    """Columns an INSERT lists or an UPDATE sets."""
    rows: tuple[int, ...]
    """Number of expressions in each row of VALUES (distinct numbers, sorted)."""
    filtered: bool
    """Whether it has a WHERE clause."""
    conflict: tuple[str, ...] | None
    """Columns ON CONFLICT infers an index from; None without such a clause."""
    children: tuple["Query", ...]
    """Branches of a set operation, sub-selects, CTEs and FROM sub-queries."""
    returning: tuple[Output, ...] = ()
    grouped: bool = False
    insert_query: int = -1
    """Index into `children` of the query an INSERT takes its rows from."""
    conflict_at: int = -1
    bound: tuple[str, ...] = ()
    """Names of CTEs defined at this level."""
    conditions: tuple[ColumnUse, ...] = ()
    """Columns named in WHERE and ON, in the order they are named."""
    bound_columns: tuple[tuple[str, ...], ...] = ()
    """Column names given to each CTE of this level; empty where none are."""
    literals: tuple[ColumnUse, ...] = ()
    """Columns whose types are needed: string constants are compared with them and take that type, or fields are read."""
    comparisons: tuple[Comparison, ...] = ()
    assigned: tuple[str | None, ...] = ()
    """What UPDATE sets each of `target_columns` to, or the values of an INSERT of one row: constants; None for others."""
    actions: tuple[str, ...] = ()
    """What MERGE does: `insert`, `update`, `delete`."""
    locking: tuple[str, ...] | None = None
    """Aliases that FOR UPDATE and its kin name; empty for all of this level, None without such a clause."""
    conflict_columns: tuple[ColumnUse, ...] = ()
    """Columns that ON CONFLICT names: of the key, then those that DO UPDATE sets."""
    fields: tuple[FieldUse, ...] = ()
    ordered_from: int = -1
    """Index into `columns` from where on names of outputs are meant, too: GROUP BY, ORDER BY; -1 for nowhere."""
    selected: tuple[tuple[ColumnUse, int], ...] = ()
    """Columns that a conjunct equates with a sub-select, and its index into `children`."""
    listed: tuple[Term, ...] = ()
    """Of VALUES: each column, as what all its rows become."""
    evaluated: tuple[Term, ...] = ()
    """What columns are set to, and the condition, as far as they are more than columns."""
    calls: tuple[Call, ...] = ()
    """The functions that are called at this level with arguments, but for common ones of PostgreSQL."""


class Applied(NamedTuple):
    """A function, or a cast, applied to plain columns."""

    schema: str
    name: str
    """Of the function, or of the type that is cast to."""
    cast: bool
    arguments: tuple[str, ...]
    """Names of columns; empty for an argument that is something else."""
    at: int


class Test(NamedTuple):
    """A condition as PostgreSQL's proofs read it (predtest.c): comparisons of columns with constants."""

    kind: str
    """`and`, `or`, `compare`, `is null`, `is not null` or `other`."""
    column: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    """One constant; several for IN and = ANY, of which one must fit."""
    parts: tuple["Test", ...] = ()


class Expression(NamedTuple):
    """An expression outside a query: a default, a check, a policy, an index column."""

    at: int
    columns: tuple[ColumnUse, ...]
    refs: tuple[Ref, ...]
    queries: tuple[Query, ...]
    constant: str | None
    """Text of a constant: `true`, `false`, a number or the content of a string; `NULL` for the null."""
    applied: tuple[Applied, ...] = ()
    """What it applies to columns; known where an expression must be immutable: indexes, generated columns."""
    test: Test | None = None
    """Its logic; known for CHECK constraints."""
    calls: tuple[Call, ...] = ()
    """The functions that are called outside its queries, as in `Query.calls`."""
