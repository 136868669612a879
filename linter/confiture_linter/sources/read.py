"""Bytes on disk → text that PostgreSQL's grammar may read, at equal length.

Most files are plain UTF-8 without templates or psql commands: for them `text` is `data`, the same object. What
a file may contain is told by a few byte searches; only then is it lexed (`prepare`) or repaired (`encoding`).
"""

# pathlib costs milliseconds on a path that every command takes:

import os
import re
import stat
from typing import TYPE_CHECKING

from confiture_linter.model import Span
from confiture_linter.sources.source_file import Include, SourceFile, SourceProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_BYTES", "Include", "SourceFile", "SourceProblem", "read_source", "source_from"]

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are not read: a data dump, not a schema."""

_CHUNK = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""Without O_NONBLOCK a named pipe would be waited for until somebody writes into it."""

_OTHER_LANGUAGES = (".py", ".yaml", ".yml")
"""Files that hold SQL among other things: read by `read_embedded`, where they are analysed."""

Placeholders = tuple[tuple[str, str], ...]


def read_source(
    path_on_disk: str, shown_path: str, placeholders: Placeholders = (), role: str = "deploy"
) -> SourceFile:
    """Read one file. Never raises for what the file contains, or for a file that cannot be read."""
    try:
        handle = os.open(path_on_disk, _FLAGS)
        try:
            data = os.read(handle, _CHUNK)
            if len(data) == _CHUNK:
                data = _rest(handle, data)
            elif not data and not stat.S_ISREG(os.fstat(handle).st_mode):
                return _without_text(shown_path, "unreadable", "cannot be read: not a regular file", role)
        finally:
            os.close(handle)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        return _without_text(shown_path, "unreadable", message, role)
    if len(data) > MAX_BYTES:
        return _without_text(shown_path, "too-large", "is larger than 64 MB and was not read", role)
    return source_from(data, shown_path, placeholders, role)


def source_from(
    data: bytes, shown_path: str, placeholders: Placeholders = (), role: str = "deploy"
) -> SourceFile:
    """Prepare bytes that are already in memory: an editor's buffer, standard input, SQL of another file."""
    text = data
    problems: tuple[SourceProblem, ...] = ()
    unanalysed: tuple[tuple[Span, str], ...] = ()
    if not data.isascii() or b"\0" in data or data[:5] == b"PGDMP":
        from confiture_linter.sources.encoding import repaired

        text, problems = repaired(data)
        if problems and not text.strip():
            unanalysed = ((Span(0, len(data)), problems[0].message),)
    if shown_path.endswith(_OTHER_LANGUAGES):
        language = "python" if shown_path.endswith(".py") else "yaml"
        return SourceFile(
            shown_path, data, text, problems, unanalysed=unanalysed, role=role, language=language
        )
    if b"# --- !" in text:
        # Play's evolutions: a sign that is no comment to PostgreSQL.
        text = text.replace(b"# --- !", b"--    !")
    if not _needs_lexing(text, placeholders):
        return SourceFile(shown_path, data, text, problems, (), (), unanalysed, (), role)
    from confiture_linter.sources.prepare import prepare

    prepared = prepare(text, placeholders)
    return SourceFile(
        path=shown_path,
        data=data,
        text=prepared.text,
        problems=problems,
        includes=prepared.includes,
        substitutions=prepared.substitutions,
        unanalysed=unanalysed + prepared.unanalysed,
        commands=prepared.commands,
        role=role,
        down=prepared.down,
    )


def _rest(handle: int, data: bytes) -> bytes:
    """Read on, at most one byte further than is allowed."""
    chunks = [data]
    size = len(data)
    while size <= MAX_BYTES:
        chunk = os.read(handle, min(1 << 20, MAX_BYTES + 1 - size))
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _without_text(path: str, kind: str, message: str, role: str) -> SourceFile:
    problem = SourceProblem(kind, Span(0, 0), message)
    return SourceFile(path, b"", b"", (problem,), (), (), ((Span(0, 0), message),), (), role)


# Each begins with one plain byte: the search for it is memchr, ten times as fast as a search for two.
_COMMAND = re.compile(rb"""\\(?:(?<![^\s;)\w\]]\\)(?![0-9])|(?<=['"]\\)[g;])""")
_VARIABLE = re.compile(rb""":(?<![\w:'")\]]:)[A-Za-z_'"]""")
_BETWEEN_AT = re.compile(rb"@[A-Za-z_][\w:]*@")
_BRACES = re.compile(rb"\{(?:[{%#]|(?<=[$#]\{))")
_SQLCMD = re.compile(rb"\$(?=\()")
_PERCENT = re.compile(rb"%(?:\(|(?<=[<\[]%))")


def _needs_lexing(text: bytes, placeholders: "Iterable[tuple[str, str]]") -> bool:
    """Tell by byte searches alone whether a file may hold psql commands, inline data or templates."""
    if _COMMAND.search(text) or _VARIABLE.search(text) or _SQLCMD.search(text):
        return True
    if b"{" in text and _BRACES.search(text):
        return True
    if b"@" in text and (_BETWEEN_AT.search(text) or b"@UNDO" in text):
        return True
    if b"%" in text and _PERCENT.search(text):
        return True
    if b"stdin" in text or b"STDIN" in text:
        return True
    if b"own" in text and (b"Down" in text or b":down" in text or b" down" in text):
        return True
    if (
        b"drop below" in text
        or text.startswith(b"---")
        or (b"dbms:" in text and b"changeset" in text.lower())
    ):
        return True
    return any(key.encode() in text for key, _ in placeholders)
