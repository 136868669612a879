"""COPY from one session to another with bounded memory, row by row through Python only where that is needed."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.anonymize.compiled import Masked
from confiture_migrator.anonymize.errors import described, safe_message
from confiture_migrator.errors import ApplyFailed

if TYPE_CHECKING:
    import psycopg

CHUNK_BYTES = 131_072
"""What is gathered before it is written; psycopg waits for the server after as much."""

_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_MEANS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_SPECIAL = re.compile(rb"[\\\n\r\t\b\f\v]")
_WRITTEN = {
    b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t", b"\b": b"\\b", b"\f": b"\\f", b"\v": b"\\v",
}  # fmt: skip


def decoded(field: bytes) -> str | None:
    """A field of COPY's text format (manual, COPY, File Formats) as a text; None for NULL."""
    if b"\\" in field:
        if field == b"\\N":
            return None
        field = _ESCAPE.sub(lambda found: _MEANS.get(found[1], found[1]), field)
    return field.decode()


def encoded(text: str | None) -> bytes:
    """The reverse."""
    if text is None:
        return b"\\N"
    return _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text.encode())


class Rewriting(NamedTuple):
    """A field that Python makes, and the fields at the end of the row that it reads."""

    at: int
    name: str
    function: Callable[[str, Any], str | None]
    reads: tuple[tuple[str, int], ...]


def rewriter(
    columns: Sequence[Masked], table: str
) -> tuple[Callable[[bytes], bytes] | None, tuple[str, ...]]:
    """What Python does with a line, None where nothing is left to do; and the columns to select behind the others."""
    extra: dict[str, int] = {}
    rewritings = []
    for at, column in enumerate(columns):
        if column.python is None or column.compiled is None:
            continue
        reads = tuple(
            (name, extra.setdefault(name, len(columns) + len(extra))) for name in column.compiled.reads
        )
        rewritings.append(Rewriting(at, f"{table}.{column.column.name}", column.python, reads))
    if not rewritings:
        return None, ()
    count = len(columns)

    def rewrite(line: bytes) -> bytes:
        fields = line[:-1].split(b"\t")
        made = fields[:count]
        for at, name, function, reads in rewritings:
            text = decoded(fields[at])
            if text is not None:
                row = {column: decoded(fields[place]) for column, place in reads} if reads else {}
                made[at] = encoded(_applied(function, text, row, name))
        return b"\t".join(made) + b"\n"

    return rewrite, tuple(extra)


def _applied(function: Callable[[str, Any], str | None], text: str, row: Any, name: str) -> str | None:
    """The result; whatever a strategy raises may quote the value, and is not told."""
    try:
        return function(text, row)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise ApplyFailed(f"{name}: the strategy failed with {type(error).__name__} on some value") from None


def copy_rows(
    source: "psycopg.Connection[Any]",
    target: "psycopg.Connection[Any]",
    select: str,
    insert: str,
    table: str,
    rewrite: Callable[[bytes], bytes] | None,
) -> int:
    """Pump one SELECT into one table; returns the rows. Raises `ApplyFailed` without what the rows hold."""
    import psycopg

    rows = 0
    try:
        with target.cursor() as cursor:
            with cursor.copy(insert.encode()) as copy:
                for lines in _lines(source, select, table):
                    rows += len(lines)
                    copy.write(b"".join(map(rewrite, lines) if rewrite else lines))
            if cursor.rowcount != rows:
                raise ApplyFailed(
                    f"{table}: {rows} rows were sent and {cursor.rowcount} written: does a trigger or rule hold rows back?"
                )
    except psycopg.Error as error:
        raise ApplyFailed(f"{table}: the target refused a row: {safe_message(error)}") from None
    return rows


def _lines(source: "psycopg.Connection[Any]", select: str, table: str) -> Iterator[list[bytes]]:
    """Rows in portions. libpq is asked directly: psycopg's own reader takes as long again for each row."""
    import psycopg

    pgconn = source.pgconn
    lines: list[bytes] = []
    size = 0
    try:
        with source.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT".encode()) as copy:
            take = pgconn.get_copy_data
            while True:
                length, data = take(1)
                if length == 0:  # nothing there yet: wait as psycopg waits, so that Ctrl-C is heard
                    data = memoryview(copy.read())
                    length = len(data) or -2
                if length < 0:
                    break
                lines.append(bytes(data))
                size += length
                if size >= CHUNK_BYTES:
                    yield lines
                    lines, size = [], 0
            if length == -1:
                _ended(source, table)
    except psycopg.Error as error:
        raise ApplyFailed(f"{table}: the source refused to give a row: {safe_message(error)}") from None
    if lines:
        yield lines


def _ended(source: "psycopg.Connection[Any]", table: str) -> None:
    """Take the last results of a COPY that libpq has read to its end."""
    from psycopg.pq import DiagnosticField, ExecStatus

    said = ""
    while (result := source.pgconn.get_result()) is not None:
        if result.status != ExecStatus.COMMAND_OK:
            field = result.error_field(DiagnosticField.SQLSTATE)
            said = described(field.decode() if field else "", None, None, None)
    if said:
        raise ApplyFailed(f"{table}: the source refused to give a row: {said}")
