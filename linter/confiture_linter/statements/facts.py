"""What one statement says, as small frozen values.

Facts are what the rest of the linter knows of SQL: they are made once per file, travel between processes
and into the cache by pickle, and hold names as PostgreSQL's grammar reads them (folded, unquoted). Every
offset is a byte offset into the file.
"""

from typing import NamedTuple


class TypeName(NamedTuple):
    """A type as written: `schema` is empty where the text gives none."""

    schema: str
    name: str
    modifiers: tuple[str, ...]
    array: bool
    set_of: bool
    percent_type: bool
    """Whether it is `table.column%TYPE`; `schema` and `name` then hold table and column."""
    at: int


class Ref(NamedTuple):
    """One mention of a named object that must exist."""

    kind: str
    """`relation`, `function`, `type`, `schema`, `sequence`, `extension` or `language`."""
    schema: str
    name: str
    at: int
    use: str
    """How: `read`, `insert`, `update`, `delete`, `call`, `type`, `reference`, `define`, `refresh`, …"""
    arguments: int = -1
    """Number of arguments of a call; -1 where it is not known."""
    text: str = ""
    """First argument of a call where it is a string constant."""
    nested: bool = False
    """Whether the call stands inside a sub-select."""
    names: tuple[str, ...] = ()
    """Names of the arguments given by name."""
    strings: tuple[str, ...] = ()
    """All string constants among the arguments, where there is more than one."""


class ColumnUse(NamedTuple):
    """A column as an expression names it; `name` is `*` for all columns of `qualifier`."""

    qualifier: str
    name: str
    at: int
    schema: str = ""


class FieldUse(NamedTuple):
    """`(column).field` or `(call(…)).field`."""

    name: str
    at: int
    column: ColumnUse | None
    call: tuple[str, str, int] | None
    """Schema, name and number of arguments."""
    element: bool = False
    """Whether it is a field of an element of the column, an array."""


class Equality(NamedTuple):
    """A conjunct that equates a column with another column, or with something else (`right` is None)."""

    left: ColumnUse
    right: ColumnUse | None


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
    like: tuple[ColumnUse, ...] = ()
    """Columns whose common type an expression has: of max(c), coalesce(c, …), CASE … THEN c."""
    form: str = ""
    """How it has that type: `mixed` with what is no column, `base` for that of a domain, `array` of it,
    `bare` without its modifiers."""
    call: tuple[str, str, int] | None = None
    """Schema, name and number of arguments of a call that it is nothing but."""
    child: int = -1
    """Index into `Query.children` of the sub-select it is."""


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


class Value(NamedTuple):
    """An expression that may be worked out without a server; see `script`, which makes them, for the kinds."""

    kind: str
    text: str = ""
    parts: tuple["Value", ...] = ()


class Step(NamedTuple):
    """One step of a PL/pgSQL body that executes strings."""

    kind: str
    """`assign`, `execute`, `if`, `for`, `foreach`, `fetch`, `sql`, `block` or `leave`."""
    name: str = ""
    """The variables that are filled, separated by commas."""
    value: Value = Value("unknown")
    body: tuple["Step", ...] = ()
    other: tuple["Step", ...] = ()
    """What is done instead of `body`."""
    at: int = -1
    statements: tuple["Statement", ...] = ()
    """SQL that stands there as it is."""


class Argument(NamedTuple):
    """One parameter of a function."""

    name: str
    type: TypeName
    mode: str
    """`i` in, `o` out, `b` inout, `v` variadic, `t` table."""
    default: bool
    value: Value = Value("unknown")
    """The default."""


class Handler(NamedTuple):
    """An EXCEPTION handler of a PL/pgSQL block."""

    conditions: tuple[str, ...]
    at: int
    empty: bool
    """Whether it does nothing but NULL."""


class Dynamic(NamedTuple):
    """An EXECUTE of PL/pgSQL whose text is not a constant."""

    at: int
    concatenates: tuple[str, ...]
    """Variables glued into the text without quote_ident, quote_literal, quote_nullable or format."""
    text: str = ""
    """The string constants in it, joined by a blank: a format, the pieces of a concatenation."""


class Variable(NamedTuple):
    """A variable of PL/pgSQL that may have fields."""

    name: str
    type: TypeName | None
    """None for RECORD."""
    row: bool = False
    """Whether it is `relation%ROWTYPE`."""
    begin: int = -1
    end: int = -1
    """Where the block is that declares it, if another block declares the name, too."""


class Fill(NamedTuple):
    """Rows put into a variable: by INTO, FETCH, FOR or an assignment."""

    name: str
    query: Query | None
    """Where they come from; None where that is not known."""
    begin: int = -1
    end: int = -1
    """From where to where a FOR loop keeps them there; of anything else the place, twice."""


class Branch(NamedTuple):
    """What is only done for some tables: under a condition over TG_TABLE_NAME or its kin, or where that fails."""

    begin: int
    end: int
    tables: tuple[str, ...]
    """Empty where that is not told."""
    leaves: bool
    """Whether the function may be left there, so that what follows is for some tables only, too."""


class Body(NamedTuple):
    """What a function body, or a DO block, does."""

    queries: tuple[Query, ...]
    refs: tuple[Ref, ...]
    statements: tuple["Statement", ...]
    """Statements that are not queries: DDL, GRANT, REFRESH, …, in order."""
    variables: tuple[str, ...]
    handlers: tuple[Handler, ...]
    dynamic: tuple[Dynamic, ...]
    returns: int
    """How many RETURN statements."""
    problem: str
    """Why the body could not be parsed; empty if it could."""
    problem_at: int
    start: int
    end: int
    assigns: tuple[str, ...] = ()
    """Variables and record fields assigned, such as `new.updated_at`."""
    into_loose: tuple[int, ...] = ()
    """Places of SELECT … INTO without STRICT."""
    ends_in_return: bool = False
    reads_rows_into: tuple[str, ...] = ()
    transactions: tuple[int, ...] = ()
    """Places of COMMIT and ROLLBACK in PL/pgSQL."""
    script: tuple[Step, ...] = ()
    """What is done in which order, where that decides which SQL is executed."""
    uses: tuple[ColumnUse, ...] = ()
    """Names in expressions that stand outside any query, and targets of assignments: variables and their fields."""
    declared: tuple[Variable, ...] = ()
    """Variables of a row type, and records."""
    fills: tuple[Fill, ...] = ()
    labels: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    asked: int = 0
    """How often the conditions of branches ask for the table."""
    plain: bool = True
    """Whether it executes no text: the script only tells which of its statements are carried out."""


class CreateFunction(NamedTuple):
    """CREATE FUNCTION and CREATE PROCEDURE."""

    schema: str
    name: str
    at: int
    arguments: tuple[Argument, ...]
    returns: TypeName | None
    procedure: bool
    replace: bool
    language: str
    volatility: str
    """`i`, `s` or `v`, as pg_proc.provolatile."""
    security_definer: bool
    strict: bool
    parallel: str
    settings: tuple[tuple[str, str], ...]
    body: Body | None
    atomic: bool
    """Whether the body is standard SQL: BEGIN ATOMIC or RETURN."""


class CreateTrigger(NamedTuple):
    """CREATE TRIGGER."""

    name: str
    table_schema: str
    table: str
    at: int
    function_schema: str
    function: str
    timing: str
    """`before`, `after` or `instead of`."""
    events: tuple[str, ...]
    columns: tuple[str, ...]
    row: bool
    when: Expression | None
    constraint: bool
    replace: bool
    transitions: tuple[str, ...] = ()
    """Names of its transition tables."""
    referenced: tuple[str, str] | None = None
    """The other table of a constraint trigger: FROM."""


class CreatePolicy(NamedTuple):
    """CREATE POLICY and ALTER POLICY (`alter`)."""

    name: str
    table_schema: str
    table: str
    at: int
    command: str
    """`all`, `select`, `insert`, `update` or `delete`."""
    permissive: bool
    roles: tuple[str, ...]
    using: Expression | None
    check: Expression | None
    alter: bool = False


class CreateType(NamedTuple):
    """CREATE TYPE and CREATE DOMAIN."""

    schema: str
    name: str
    at: int
    kind: str
    """`enum`, `composite`, `range`, `domain`, `base` or `shell`."""
    labels: tuple[str, ...] = ()
    attributes: tuple[ColumnFact, ...] = ()
    base: TypeName | None = None
    constraints: tuple[ConstraintFact, ...] = ()
    not_null: bool = False
    default: Expression | None = None


class CreateSequence(NamedTuple):
    """CREATE SEQUENCE and ALTER SEQUENCE (`alter`)."""

    schema: str
    name: str
    at: int
    type: str
    owned_by: tuple[str, ...]
    """schema?, table, column; (`none`,) for OWNED BY NONE; empty if not given."""
    if_not_exists: bool
    alter: bool = False


class CreateSchema(NamedTuple):
    """CREATE SCHEMA; the objects created inside follow as statements of their own."""

    name: str
    at: int
    if_not_exists: bool
    owner: str = ""
    """The role that AUTHORIZATION names; empty for CURRENT_USER and its kin."""


class CreateExtension(NamedTuple):
    """CREATE EXTENSION."""

    name: str
    at: int
    schema: str
    version: str
    if_not_exists: bool


class CreateRole(NamedTuple):
    """CREATE ROLE, CREATE USER, ALTER ROLE."""

    name: str
    at: int
    options: tuple[tuple[str, str], ...]
    alter: bool


class CreateOther(NamedTuple):
    """Any other CREATE: operator, aggregate, cast, collation, statistics, publication, rule, …."""

    kind: str
    schema: str
    name: str
    at: int
    arguments: tuple[TypeName, ...] = ()
    if_not_exists: bool = False
    options: tuple[tuple[str, str], ...] = ()


class ObjectPath(NamedTuple):
    """An object as COMMENT, DROP, GRANT, ALTER … OWNER or RENAME name it."""

    kind: str
    """As PostgreSQL's ObjectType in lower case: `table`, `column`, `function`, `table constraint`, …"""
    parts: tuple[str, ...]
    arguments: tuple[TypeName, ...] | None
    """Argument types of a routine; None where they are not given."""
    at: int


class Comment(NamedTuple):
    """COMMENT ON."""

    target: ObjectPath
    text: str
    """Empty for NULL."""


class Drop(NamedTuple):
    """DROP."""

    targets: tuple[ObjectPath, ...]
    cascade: bool
    if_exists: bool
    concurrently: bool


class DropOwned(NamedTuple):
    """DROP OWNED BY."""

    roles: tuple[str, ...]
    cascade: bool


class ReassignOwned(NamedTuple):
    """REASSIGN OWNED BY."""

    roles: tuple[str, ...]
    owner: str


class Grant(NamedTuple):
    """GRANT, REVOKE and ALTER DEFAULT PRIVILEGES."""

    revoke: bool
    kind: str
    targets: tuple[ObjectPath, ...]
    all_in_schema: bool
    default: bool
    privileges: tuple[str, ...]
    """Lower case; (`all`,) for ALL PRIVILEGES."""
    grantees: tuple[str, ...]
    """`public` is PUBLIC."""
    with_option: bool
    grantee_at: int


class AlterCommand(NamedTuple):
    """One subcommand of ALTER TABLE."""

    kind: str
    """PostgreSQL's AlterTableType without `AT_`, such as `AddColumn`."""
    name: str
    at: int
    column: ColumnFact | None = None
    constraints: tuple[ConstraintFact, ...] = ()
    type: TypeName | None = None
    expression: Expression | None = None
    cascade: bool = False
    missing_ok: bool = False
    target: tuple[str, str, int] | None = None
    """Another relation: the partition to attach, the parent to inherit."""
    text: str = ""
    behaviour: str = ""
    bound: Bound | None = None
    using: Conversion | None = None
    alters: tuple[str, ...] = ()
    """What ALTER CONSTRAINT changes: `deferrable`, `enforced`, `not enforced`, `inherit`."""
    refs: tuple[int, int] = (0, 0)
    """Of ADD COLUMN: first and end of what the definition names, among the mentions of the statement."""


class AlterTable(NamedTuple):
    """ALTER TABLE, ALTER VIEW, ALTER INDEX, ALTER SEQUENCE, ALTER TYPE (composite), …."""

    kind: str
    schema: str
    name: str
    at: int
    commands: tuple[AlterCommand, ...]
    if_exists: bool
    only: bool


class Rename(NamedTuple):
    """ALTER … RENAME."""

    kind: str
    relation_kind: str
    target: ObjectPath
    part: str
    """The column, constraint, trigger, policy, attribute or value that is renamed."""
    new: str
    if_exists: bool
    only: bool = False


class SetSchema(NamedTuple):
    """ALTER … SET SCHEMA."""

    target: ObjectPath
    schema: str
    if_exists: bool


class AlterOwner(NamedTuple):
    """ALTER … OWNER TO."""

    target: ObjectPath
    owner: str


class DependsOnExtension(NamedTuple):
    """ALTER … DEPENDS ON EXTENSION: what goes when the extension is dropped."""

    target: ObjectPath
    part: str
    """The trigger, if it is one of the relation `target`."""
    extension: str
    remove: bool


class AlterEnum(NamedTuple):
    """ALTER TYPE … ADD VALUE or RENAME VALUE (`old` given)."""

    schema: str
    name: str
    at: int
    old: str
    new: str
    if_not_exists: bool
    neighbour: str
    after: bool


class AlterFunction(NamedTuple):
    """ALTER FUNCTION … with options."""

    target: ObjectPath
    options: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]


class AlterDomain(NamedTuple):
    """ALTER DOMAIN; `action` as in PostgreSQL's AlterDomainStmt: T, N, O, C, X or V."""

    schema: str
    name: str
    at: int
    action: str
    constraint: ConstraintFact | None
    constraint_name: str
    default: Expression | None
    if_exists: bool = False


class SetVariable(NamedTuple):
    """SET, RESET and set_config() with constant arguments."""

    name: str
    values: tuple[str, ...]
    local: bool
    reset: bool


class Transaction(NamedTuple):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT, …; `kind` in lower case as PostgreSQL's TransactionStmtKind."""

    kind: str
    savepoint: str


class Execute(NamedTuple):
    """A query at top level: SELECT, INSERT, UPDATE, DELETE, MERGE; its query is the statement's first."""

    command: str
    calls: tuple[Value, ...] = ()
    """Functions that it calls once: SELECT f(…), SELECT * FROM f(…), CALL."""


class DoBlock(NamedTuple):
    """DO."""

    language: str
    body: Body | None


class CopyRows(NamedTuple):
    """COPY."""

    schema: str
    name: str
    columns: tuple[str, ...]
    inward: bool
    at: int


class Maintain(NamedTuple):
    """TRUNCATE, LOCK, VACUUM, ANALYZE, CLUSTER, REINDEX, REFRESH MATERIALIZED VIEW."""

    command: str
    relations: tuple[tuple[str, str, int], ...]
    concurrently: bool = False
    cascade: bool = False
    options: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    """Options with their values."""
    only: tuple[bool, ...] = ()
    """For each relation, whether ONLY leaves its children out."""
    kind: str = ""
    """What REINDEX rebuilds: `index`, `table`, `schema`, `system` or `database`."""
    name: str = ""
    """The schema or database of REINDEX, the index of CLUSTER."""
    no_data: bool = False
    restart: bool = False


class Other(NamedTuple):
    """Any other statement, by the name of its node."""

    kind: str
    words: tuple[str, ...] = ()
    """What matters besides: the target of DISCARD, the options of ALTER DATABASE, …"""


class Unparsed(NamedTuple):
    """A statement that PostgreSQL's grammar refuses."""

    message: str
    at: int
    template: bool
    """Whether an unresolved placeholder stands in it, so that it may be valid once filled in."""


Fact = (
    CreateTable
    | CreateView
    | CreateIndex
    | CreateFunction
    | CreateTrigger
    | CreatePolicy
    | CreateType
    | CreateSequence
    | CreateSchema
    | CreateExtension
    | CreateRole
    | CreateOther
    | Comment
    | Drop
    | DropOwned
    | ReassignOwned
    | Grant
    | AlterTable
    | Rename
    | SetSchema
    | AlterOwner
    | DependsOnExtension
    | AlterEnum
    | AlterFunction
    | AlterDomain
    | SetVariable
    | Transaction
    | Execute
    | DoBlock
    | CopyRows
    | Maintain
    | Other
    | Unparsed
)


class Statement(NamedTuple):
    """One statement: where it stands, what it says, and everything it names."""

    start: int
    end: int
    fact: Fact
    refs: tuple[Ref, ...] = ()
    queries: tuple[Query, ...] = ()
