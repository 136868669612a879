"""A shadow filled from a dump: `--restore DUMP`, whatever pg_dump made: plain SQL, custom, tar or a directory.

An archive becomes SQL by pg_restore; the SQL is sent by psycopg, its COPY data in blocks. Roles that the dump names are
made without rights and without login, so that owners, grants and policies are those of the original.
"""

import gzip
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from confiture_migrator.errors import MigrateError
from confiture_migrator.execute.failures import explained
from confiture_migrator.shadow import client_program

if TYPE_CHECKING:
    import psycopg

_COPY = re.compile(rb"COPY .* FROM stdin;\r?\n\Z")
_SETTING = re.compile(rb"SET \w+ = [^;]*;\r?\n\Z")
_ROLE = re.compile(r'role "(.+)" does not exist')
_END = (b"\\.\n", b"\\.\r\n")
BLOCK = 1 << 20
"""Bytes of COPY data that are sent at once."""


def restore(dump: str, connection: "psycopg.Connection[Any]") -> list[str]:
    """Restore into the database of the connection; returns notes. Raises `MigrateError` naming the dump."""
    made: list[str] = []
    sender = _Sender(dump, connection, made)
    with _sql(dump) as lines:
        sender.send(lines)
    connection.execute("RESET ALL")
    connection.execute("VACUUM (ANALYZE)")  # as tables in production are, and as the planner knows them
    notes = [f"restored from {dump}"]
    return [*notes, f"made roles that the dump names: {', '.join(made)}"] if made else notes


@contextmanager
def _sql(dump: str) -> Iterator[Iterator[bytes]]:
    """The dump as lines of SQL."""
    path = Path(dump)
    try:
        if path.is_dir():
            kind = b"PGDMP" if (path / "toc.dat").is_file() else b""
        else:
            with path.open("rb") as file:
                kind = file.read(512)
    except OSError as error:
        raise MigrateError(f"--restore {dump}: {error.strerror or error}") from None
    if path.is_dir() and not kind:
        raise MigrateError(
            f"--restore {dump}: a folder without toc.dat is no dump (pg_dump --format=directory)"
        )
    if kind.startswith(b"PGDMP") or kind[257:262] == b"ustar":
        with _archive(dump) as lines:
            yield lines
    elif kind.startswith(b"\x1f\x8b"):
        with gzip.open(path, "rb") as packed:
            yield packed
    else:
        with path.open("rb") as plain:
            yield plain


@contextmanager
def _archive(dump: str) -> Iterator[Iterator[bytes]]:
    program = client_program("pg_restore")
    if program is None:
        raise MigrateError(
            f"--restore {dump}: there is no pg_restore here: install PostgreSQL's client programs, or dump with "
            "pg_dump --format=plain"
        )
    process = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL's
        [program, "--file=-", "--", dump],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield _read(process.stdout)
    finally:
        if process.poll() is None:
            process.kill()
        _, said = process.communicate()
    if process.returncode > 0:
        raise MigrateError(f"--restore {dump}: {said.decode('utf-8', 'replace').strip()}")


def _read(stream: "IO[bytes] | None") -> Iterator[bytes]:
    """Lines to the end, so that whoever writes can end, too."""
    yield from stream or ()


class _Sender:
    """Sends a dump line by line."""

    def __init__(self, dump: str, connection: "psycopg.Connection[Any]", made: list[str]) -> None:
        self.dump = dump
        self.connection = connection
        self.made = made
        self.waiting: list[bytes] = []
        self.number = 0
        self.connected = False

    def send(self, lines: Iterator[bytes]) -> None:
        """All of it: statements up to a COPY at once, then its data."""
        for line in lines:
            self.number += 1
            if line.startswith(b"\\"):
                self._command(line)
            elif _COPY.match(line):
                self._flush()
                self._copy(line, lines)
            elif not self.waiting and _SETTING.match(line):
                self._setting(line)
            elif self.waiting or (line.strip() and not line.startswith(b"--")):
                self.waiting.append(line)
        self._flush()

    def _command(self, line: bytes) -> None:
        """What is for psql: `restrict` says nothing to us; what came before `connect` makes the database itself."""
        word = line.split()[0]
        if word in (b"\\connect", b"\\c"):
            if self.connected:
                raise MigrateError(
                    f"--restore {self.dump}:{self.number}: a dump of several databases: dump one with pg_dump"
                )
            self.connected = True
            self.waiting.clear()
        elif word not in (b"\\restrict", b"\\unrestrict", b"\\encoding"):
            if not self.waiting:
                raise MigrateError(
                    f"--restore {self.dump}:{self.number}: {word.decode('utf-8', 'replace')} is no line that pg_dump writes"
                )
            self.waiting.append(line)

    def _setting(self, line: bytes) -> None:
        """A setting that only newer servers know is left out."""
        import psycopg

        try:
            self.connection.execute(line)
        except psycopg.errors.UndefinedObject:
            return
        except psycopg.Error as error:
            self._refused(error)

    def _flush(self) -> None:
        import psycopg

        text, self.waiting = b"".join(self.waiting), []
        while text.strip():
            try:
                self.connection.execute(text)
            except psycopg.errors.UndefinedObject as error:
                if not self._role(error):
                    self._refused(error)
            except psycopg.Error as error:
                self._refused(error)
            else:
                return

    def _role(self, error: "psycopg.Error") -> bool:
        """Make the role that is missing; all that was sent together is rolled back, and is sent again."""
        from psycopg.sql import SQL, Identifier

        found = _ROLE.search(error.diag.message_primary or "")
        if found is None or found[1] in self.made:
            return False
        self.connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(found[1])))
        self.made.append(found[1])
        return True

    def _copy(self, command: bytes, lines: Iterator[bytes]) -> None:
        import psycopg

        try:
            with self.connection.cursor().copy(command.strip().rstrip(b";")) as copy:
                block: list[bytes] = []
                size = 0
                for line in lines:
                    self.number += 1
                    if line in _END:
                        break
                    block.append(line)
                    size += len(line)
                    if size >= BLOCK:
                        copy.write(b"".join(block))
                        block, size = [], 0
                copy.write(b"".join(block))
        except psycopg.Error as error:
            self._refused(error)

    def _refused(self, error: "psycopg.Error") -> None:
        raise MigrateError(
            f"--restore {self.dump}: before line {self.number} of its SQL: {explained(error)}\n"
            "What to do: give a server that has what the dump needs with --shadow-url env:VARIABLE"
        ) from None
