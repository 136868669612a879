"""Where statements, elements and tokens begin and end, told by a lexer alone.

For files the grammar refuses: their good statements are analysed all the same. Nothing here fails; what is not
closed ends with the text.
"""

import re
from itertools import pairwise

from confiture_linter.sources.lexer import (
    STOP,
    STOP_BYTES,
    block_comment_end,
    comments,
    is_word_byte,
    line_end,
    step_over,
    string_end,
)

__all__ = ["comments", "element_end", "recover_boundaries", "split_statements", "token_end"]

_PUNCTUATION = rb"|(?P<open>(?<=[(\[]))|(?P<close>(?<=[)\]]))|(?P<end>(?<=[;,]))"
_STATEMENT = re.compile(
    rb"[" + STOP_BYTES + rb"()\[\];](?:" + STOP + _PUNCTUATION + rb")",
)
_ELEMENT = re.compile(
    rb"[" + STOP_BYTES + rb"()\[\];,](?:" + STOP + _PUNCTUATION + rb")",
)
_ATOMIC = re.compile(
    rb"[" + STOP_BYTES + rb"()\[\];bBcCeE](?:" + STOP + _PUNCTUATION + rb"|(?<![\w$.\x80-\xff].)"
    rb"(?P<word>(?<=[bB])(?i:egin\s+atomic)|(?<=[cC])(?i:ase)|(?<=[eE])(?i:nd))(?![\w$\x80-\xff]))"
)
_STATEMENT_LINE = re.compile(
    rb"^(?:create|alter|drop|comment\s+on|grant|revoke|insert\s+into)\s", re.IGNORECASE | re.MULTILINE
)
_TOKEN = re.compile(
    rb"(?P<word>[A-Za-z_\x80-\xff][\w$\x80-\xff]*)|(?P<number>\.?\d[\w.]*)|(?P<operator>[-+*/<>=~!@#%^&|`?]+)"
    rb"|(?P<cast>::|:=)|(?P<parameter>\$\d+)",
)
_DOT = re.compile(rb"\s*\.\s*(?=[A-Za-z_\x80-\xff\"*])")
_PREFIX = re.compile(rb"(?:[eEbBxXnN]|[uU]&)(?=['\"])")


def split_statements(text: bytes) -> list[tuple[int, int]]:
    """List the statements: first byte, and the byte after the last, without the semicolon.

    A statement begins with its first token; comments before it are not part of it.
    """
    statements: list[tuple[int, int]] = []
    pattern = _ATOMIC if _has_atomic(text) else _STATEMENT
    start = at = depth = atomic = 0
    end = len(text)
    while found := pattern.search(text, at, end):
        kind = found.lastgroup
        at = found.end()
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= depth > 0
        elif kind == "word":
            word = found[0][:4].lower()
            if word == b"begi":
                atomic += 1
            elif atomic:
                atomic += 1 if word == b"case" else -1
        elif kind == "end":
            if not depth and not atomic:
                _add(statements, text, start, found.start())
                start = at
        else:
            at = step_over(text, found, end)
    _add(statements, text, start, end)
    return statements


def _has_atomic(text: bytes) -> bool:
    return re.search(rb"begin\s+atomic", text, re.IGNORECASE) is not None


def _add(statements: list[tuple[int, int]], text: bytes, start: int, end: int) -> None:
    start = _skip_blank(text, start, end)
    if start < end:
        statements.append((start, _trim(text, start, end)))


def _skip_blank(text: bytes, at: int, end: int) -> int:
    """Step over white space and comments."""
    while at < end:
        if text[at] in b" \t\r\n\f\v":
            at += 1
        elif text.startswith(b"--", at):
            at = line_end(text, at, end)
        elif text.startswith(b"/*", at):
            at = block_comment_end(text, at, end)
        else:
            break
    return min(at, end)


def _trim(text: bytes, start: int, end: int) -> int:
    """Return the end of the last token before `end`: blanks and comments behind it are left out."""
    last = at = start
    while at < end:
        found = _QUOTED.search(text, at, end)
        code = text[at : found.start() if found else end].rstrip()
        if code:
            last = at + len(code)
        if found is None:
            break
        at = step_over(text, found, end)
        if found.lastgroup not in ("line", "block"):
            last = at
    return last


_QUOTED = re.compile(rb"[" + STOP_BYTES + rb"](?:" + STOP + rb")")


def recover_boundaries(text: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a range that does not parse wherever a line begins like a statement; the pieces, in order.

    For a missing semicolon, parenthesis or quote. A piece may be wrong where `DROP` or `SET` begins a line in the
    middle of a statement: pieces are tried, not trusted.
    """
    edges = [start, *_cuts(text, start, end), end]
    pieces: list[tuple[int, int]] = []
    for first, last in pairwise(edges):
        for piece_start, piece_end in split_statements(text[first:last]):
            pieces.append((first + piece_start, first + piece_end))
    return pieces


def _cuts(text: bytes, start: int, end: int) -> list[int]:
    """Find the lines that begin like a statement, outside bodies and comments.

    Those in a string or a name count only where there are no others: a quote may be missing.
    """
    cuts = [found.start() for found in _STATEMENT_LINE.finditer(text, start, end) if found.start() > start]
    quoted: set[int] = set()
    at, index = start, 0
    kept: list[int] = []
    while index < len(cuts):
        found = _QUOTED.search(text, at, end)
        first = found.start() if found else end
        while index < len(cuts) and cuts[index] <= first:
            kept.append(cuts[index])
            index += 1
        if found is None:
            break
        at = step_over(text, found, end)
        while index < len(cuts) and cuts[index] < at:
            if found.lastgroup in ("string", "name"):
                quoted.add(cuts[index])
            index += 1
    return kept or sorted(quoted)


def element_end(text: bytes, at: int) -> int:
    """Return the end of the list element that starts at `at`: a column, a constraint, an option, an argument.

    It ends before the next comma, closing parenthesis or semicolon of its own depth; blanks and comments behind it
    are left out.
    """
    position, depth, end = at, 0, len(text)
    while found := _ELEMENT.search(text, position, end):
        kind = found.lastgroup
        position = found.end()
        if kind == "open":
            depth += 1
        elif kind == "close":
            if not depth:
                return _trim(text, at, found.start())
            depth -= 1
        elif kind == "end":
            if not depth or found[0] == b";":
                return _trim(text, at, found.start())
        else:
            position = step_over(text, found, end)
    return _trim(text, at, end)


def token_end(text: bytes, at: int) -> int:
    """Return the end of the token at `at`; a name with its schema, `"a"."b"`, is one."""
    end = len(text)
    if at >= end:
        return end
    position = at
    if prefixed := _PREFIX.match(text, at):
        position = prefixed.end()
    if text[position] in b"'\"":
        reached = _quoted_end(text, position)
        return reached if text[position] == 0x27 else _dotted(text, reached)
    stop = _QUOTED.match(text, position)
    if stop is not None:
        return step_over(text, stop, end)
    found = _TOKEN.match(text, position)
    if found is None:
        return at + 1
    if found.lastgroup == "word":
        return _dotted(text, found.end())
    if found.lastgroup == "operator":
        return _operator_end(text, found)
    return found.end()


def _quoted_end(text: bytes, at: int) -> int:
    """Return the end of a string or a quoted name; doubled quotes are inside."""
    quote, end = text[at], len(text)
    while at < end and text[at] == quote:
        if quote == 0x27:
            at = string_end(text, at, end)
        else:
            close = text.find(b'"', at + 1)
            at = end if close < 0 else close + 1
    return at


def _dotted(text: bytes, at: int) -> int:
    """Go on over `.name` as often as it follows."""
    while dot := _DOT.match(text, at):
        following = dot.end()
        if text[following] == 0x22:
            at = _quoted_end(text, following)
            continue
        at = following + 1
        while at < len(text) and text[following] != 0x2A and is_word_byte(text[at]):
            at += 1
    return at


def _operator_end(text: bytes, found: "re.Match[bytes]") -> int:
    """End an operator before a comment that begins in it."""
    ends = [found.end()]
    for opening in (b"--", b"/*"):
        inside = text.find(opening, found.start() + 1, found.end() + 1)
        if inside >= 0:
            ends.append(inside)
    return min(ends)
