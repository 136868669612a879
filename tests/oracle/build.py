"""Runs the statements of a tree on a server, one by one, as psql would, and takes note of what it refuses.

A file is one transaction as far as its statements allow that; a statement that is refused is undone alone, so that
both sides can be compared over the same statements.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.sources import SourceFile
from confiture_linter.statements.facts import CopyRows, Statement, Transaction

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

_ALONE = frozenset({"25001", "55P04", "2D000"})
"""SQLSTATE of what wants a transaction of its own: CONCURRENTLY and its kin, a new value of an enum, COMMIT in DO."""


class Refusal(NamedTuple):
    """A statement that the server refused."""

    path: str
    statement: Statement
    line: int
    text: str
    sqlstate: str
    message: str


def build(connection: "Connection", files: Iterable[tuple[SourceFile, FileFacts]]) -> tuple[Refusal, ...]:
    """Run everything; the session must be in autocommit mode."""
    connection.prepare_threshold = None  # DISCARD ALL takes prepared statements along
    refused: list[Refusal] = []
    for source, facts in files:
        connection.execute("DISCARD ALL")
        connection.execute("SET client_min_messages = error")
        refused += _file(connection, source, facts)
    connection.execute("DISCARD ALL")
    return tuple(refused)


def without(facts: FileFacts, refused: Sequence[Refusal]) -> FileFacts:
    """The facts of a file less the statements that were refused."""
    gone = {id(refusal.statement) for refusal in refused if refusal.path == facts.path}
    places = {s.start for s in facts.statements if id(s) in gone}
    return facts._replace(statements=tuple(s for s in facts.statements if s.start not in places))


def _file(connection: "Connection", source: SourceFile, facts: FileFacts) -> list[Refusal]:
    import psycopg

    runner = _Runner(connection)
    refused = []
    done = -1
    for statement in facts.statements:
        if statement.start <= done:  # CREATE SCHEMA with elements: several facts, one statement
            continue
        done = statement.start
        if type(statement.fact) is CopyRows and statement.fact.inward:
            continue  # rows change nothing that is compared, and psql's inline data is set aside
        text = _text(source, statement)
        try:
            runner.run(text, statement)
        except psycopg.Error as error:
            line = source.text.count(b"\n", 0, statement.start) + 1
            first = (str(error).strip() or type(error).__name__).partition("\n")[0]
            shown = " ".join(text.decode("utf-8", "replace").split())[:100]
            refused.append(Refusal(source.path, statement, line, shown, error.sqlstate or "", first))
    runner.end()
    return refused


def _text(source: SourceFile, statement: Statement) -> bytes:
    text = source.text[statement.start : statement.end]
    for token, replacement in source.substitutions:
        text = text.replace(token.encode(), replacement.encode())
    return text


class _Runner:
    """One file: a transaction of ours around it where the file has none itself."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.own = False
        """Whether the transaction that is open is ours."""

    def run(self, text: bytes, statement: Statement) -> None:
        """Run one statement; undo it alone if it is refused."""
        import psycopg

        if type(statement.fact) is Transaction:
            self._transaction(text, statement.fact)
            return
        if not self._open():
            self.connection.execute("BEGIN")
            self.own = True
        self.connection.execute("SAVEPOINT oracle")
        try:
            self.connection.execute(text)
            if self._open():
                self.connection.execute("RELEASE SAVEPOINT oracle")
        except psycopg.Error as error:
            self.connection.execute("ROLLBACK TO SAVEPOINT oracle")
            self.connection.execute("RELEASE SAVEPOINT oracle")
            if error.sqlstate not in _ALONE:
                raise
            self.end()
            self.connection.execute(text)

    def _transaction(self, text: bytes, fact: Transaction) -> None:
        if self.own:
            self.connection.execute("COMMIT")
            self.own = False
        self.connection.execute(text)

    def end(self) -> None:
        """Commit what is open: the tools that run such files do."""
        if self._open():
            self.connection.execute("COMMIT")
        self.own = False

    def _open(self) -> bool:
        return self.connection.info.transaction_status.name in ("INTRANS", "INERROR")
