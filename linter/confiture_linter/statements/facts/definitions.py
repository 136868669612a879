"""What CREATE makes besides tables and routines."""

from typing import NamedTuple

from confiture_linter.statements.facts.names import TypeName
from confiture_linter.statements.facts.queries import Expression
from confiture_linter.statements.facts.tables import ColumnFact, ConstraintFact


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
