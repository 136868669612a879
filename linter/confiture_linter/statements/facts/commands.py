"""What makes and changes no object of its own."""

from typing import NamedTuple

from confiture_linter.statements.facts.routines import Body, Value


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
