"""Functions and procedures, and what their bodies do."""

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.statements.facts.names import ColumnUse, Ref, TypeName
from confiture_linter.statements.facts.queries import Query

if TYPE_CHECKING:
    from confiture_linter.statements.facts.statement import Statement


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
    """The variables that are filled, separated by commas; `handled` for a block that catches errors, `error` for
    leaving with one."""
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
    certain: tuple[tuple[int, int], ...] = ()
    """Where the SQL in it stands that is evaluated in any case, if there is no error."""
    undone_whole: bool = False
    """Whether everything that it does is undone, and passed over, if any of it fails."""

    def surely(self, at: int) -> bool:
        """Whether what stands at `at` is evaluated in any case, if there is no error."""
        position = bisect_right(self.certain, at, key=itemgetter(0)) - 1
        return position >= 0 and at < self.certain[position][1]


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

    @property
    def inputs(self) -> tuple[Argument, ...]:
        """The parameters that a call gives something."""
        return tuple(argument for argument in self.arguments if argument.mode in "ibv")
