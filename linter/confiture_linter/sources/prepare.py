"""Sets aside what psql, a template engine or a migration tool reads, at equal length.

Commands and data become spaces, line ends stay, and a placeholder becomes one identifier as long as itself: every
offset in the result is also one of the file. Strings and comments are never touched; the bodies of functions are
code to a template engine, and a string to psql.
"""

import re
from typing import NamedTuple

from confiture_linter.model import Span
from confiture_linter.sources.source_file import Include
from confiture_linter.sources.tokens import Tokens, plain_identifier
from confiture_linter.sources.vocabulary import IDENTIFIER_BYTES, SPACE, Vocabulary, vocabulary_of


class Prepared(NamedTuple):
    """The text to analyse and everything that is no longer in it."""

    text: bytes
    includes: tuple[Include, ...] = ()
    substitutions: tuple[tuple[str, str], ...] = ()
    unanalysed: tuple[tuple[Span, str], ...] = ()
    commands: tuple[tuple[str, Span], ...] = ()
    down: tuple[Span, ...] = ()


def prepare(data: bytes, placeholders: tuple[tuple[str, str], ...] = ()) -> Prepared:
    """Blank out psql commands, inline data, templates and down sections of valid UTF-8."""
    sheet = _Sheet(data, vocabulary_of(placeholders))
    sheet.code(sheet.front_matter(), len(data))
    text = sheet.text()
    if text == data:
        text = data
    return Prepared(
        text,
        tuple(sheet.includes),
        sheet.tokens.substitutions(),
        tuple(sheet.unanalysed),
        tuple(sheet.commands),
        tuple(sheet.down),
    )


# `re` compiles the plain texts among these when they are first used: few files need them.
# Groups are atomic, `(?>(…)*)`, never possessive, `(…)*+`: before Python 3.11.5 (Debian 12 has 3.11.2) a possessive
# group forgets where it was when something in it goes back (https://github.com/python/cpython/issues/106052).
_NOTHING = re.compile(rb"(?>(?:\s++|--[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)*)")
_FRONT_MATTER = (
    rb"(?m)"
    rb"---(?: [a-z ]*)?\r?\n(?>(?:[A-Za-z_][\w-]*:(?:[ \t][^\n]*)?\r?\n(?>(?:(?:[ \t]+[^\n]*|- [^\n]*)?\r?\n)*))+)---\r?$"
)
_NOT_NEWLINE = re.compile(rb"[^\r\n]+")
_ESCAPED = rb"(?s)(?>(?:[^'\\]++|\\.|'')*)'"
_TEMPLATED_STRING = rb"(?>(?:[^'{]++|\{\{-?\s*[A-Za-z_.$][^{}\n]*\}\}|\{)*)'"
_TEMPLATED_NAME = rb'(?>(?:[^"{]++|\{\{[^{}\n]*\}\}|\{)*)"'
_COMMENT_EDGE = rb"/\*|\*/"
_COPY = (
    rb"(?i)"
    rb"""(?>(?:\s++|--[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)*)copy\b(?:[^'";]|'[^']*'|"[^"]*")*?\bfrom\s+stdin\b"""
)
_STDIN = rb"(?i)\bfrom\s+stdin\b"
_END_OF_DATA = rb"(?m)^\\\.[ \t]*\r?$"
_COMMAND = re.compile(rb"\\(?:([A-Za-z_]+\+?)|([!?.;:\\]?))")
_ARGUMENTS = re.compile(rb"""(?:'(?:[^'\\\n]|\\.|'')*'|"[^"\n]*"|`[^`\n]*`|[^\\\n])*""")
_ARGUMENT = rb"""'((?:[^'\\\n]|\\.|'')*)'|"([^"\n]*)"|([^\s'"]+)|\s+"""
_DOWN = (
    rb"--\s*(?:\+(?:goose|migrate|micrate|duckdb|pgroll)\s+down|migrate:\s*down|down\s+migration|//\s*@undo|@down\b"
    rb"|rambler\s+down|!downs?\b|-+\s*create\s+above\s*/\s*drop\s+below)"
)
_UP = (
    rb"(?im)"
    rb"^--\s*(?:\+(?:goose|migrate|micrate)\s+up|migrate:\s*up|up\s+migration|@up\b|rambler\s+up|!ups?\b)"
)
_CHANGESET = rb"""--\s*changeset\b.*?\bdbms:(?:"([^"]*)"|([\w,!]+))"""
_NEXT_CHANGESET = rb"(?im)^--\s*changeset\b"
_NUMBER_ONLY = (
    rb"(?i)"
    rb"\b(?:varchar|char|character|varying|nchar|bit|timestamp|timestamptz|time|timetz|interval|float|second)\s*\(\s*\Z"
)

_TO_END_OF_LINE = frozenset(
    (b"copy", b"!", b"i", b"ir", b"include", b"include_relative", b"cd", b"ef", b"ev")
)
_INCLUDES = {b"i": False, b"include": False, b"ir": True, b"include_relative": True}
_ENDS_STATEMENT = frozenset((b"g", b"gx", b"gset", b"gexec", b"gdesc", b"crosstabview", b"watch"))
_SLICE = 128
"""How far before a colon the bracket of an array slice is looked for."""
_AFTER_VALUE = IDENTIFIER_BYTES | frozenset(b"'\")]")


class _Sheet:
    """One text being prepared: a lexer that collects edits of equal length, in order."""

    def __init__(self, data: bytes, vocabulary: Vocabulary) -> None:
        self.data = data
        self.vocabulary = vocabulary
        self.variables = dict(vocabulary.variables)
        self.tokens = Tokens(data)
        self.edits: list[tuple[int, int, bytes]] = []
        self.includes: list[Include] = []
        self.unanalysed: list[tuple[Span, str]] = []
        self.commands: list[tuple[str, Span]] = []
        self.down: list[Span] = []
        self.statement = 0
        """Where the statement begins that is being read."""
        self.has_inline_data = b"stdin" in data.lower()

    def text(self) -> bytes:
        """Apply the edits."""
        if not self.edits:
            return self.data
        pieces = []
        at = 0
        for start, end, replacement in self.edits:
            pieces.append(self.data[at:start])
            pieces.append(replacement)
            at = end
        pieces.append(self.data[at:])
        return b"".join(pieces)

    def front_matter(self) -> int:
        """Set aside YAML between two lines `---` at the head of the file; return where the SQL begins."""
        found = re.compile(_FRONT_MATTER).match(self.data) if self.data.startswith(b"---") else None
        if found is None:
            return 0
        self._blank(0, found.end())
        self.statement = found.end()
        return found.end()

    def code(self, at: int, end: int, *, body: bool = False) -> None:
        """Read code from `at` to `end`; in the body of a function nothing is psql's."""
        search = self.vocabulary.stops.search
        while found := search(self.data, at, end):
            kind = found.lastgroup
            if kind == "string":
                at = self._string(found.start(), end)
            elif kind == "name":
                at = self._name(found.end(), end)
            elif kind == "line":
                at = self._line_comment(found.start(), end, body=body)
            elif kind == "block":
                at = self._block_comment(found.end(), end)
            elif kind == "end":
                at = found.end() if body else self._semicolon(found.start())
            elif kind in ("declared", "template"):
                at = self._placeholder(found.start(), found.end(), body=body)
            elif kind == "control":
                at = found.end()
                self._blank(
                    found.start(), at, "template block: what it holds is analysed, whatever its condition"
                )
            elif kind == "dollar":
                at = self._dollar(found, end, body=body)
            elif kind == "command":
                at = found.end() if body else self._command(found.start())
            elif kind == "variable":
                at = self._variable(found, body=body)
            else:
                at = found.end()

    # Strings, names, comments.

    def _string(self, start: int, end: int) -> int:
        data = self.data
        before = data[start - 1 : start]
        if before in (b"e", b"E") and (start < 2 or data[start - 2] not in IDENTIFIER_BYTES):
            matched = re.compile(_ESCAPED).match(data, start + 1, end)
            return matched.end() if matched else end
        close = data.find(b"'", start + 1, end)
        if close < 0:
            return end
        opened = data.find(b"{{", start + 1, close)
        if opened < 0:
            return close + 1
        matched = re.compile(_TEMPLATED_STRING).match(data, start + 1, end)
        if matched is None or matched.end() == close + 1:
            return close + 1
        self._within_quotes(start + 1, matched.end() - 1, b"'")
        return matched.end()

    def _name(self, start: int, end: int) -> int:
        close = self.data.find(b'"', start, end)
        if close < 0:
            return end
        if self.data.find(b"{{", start, close) >= 0:
            matched = re.compile(_TEMPLATED_NAME).match(self.data, start, end)
            close = matched.end() - 1 if matched else close
        self._within_quotes(start, close, b"")
        return close + 1

    def _within_quotes(self, start: int, end: int, only_with: bytes) -> None:
        """Replace placeholders inside quotes; in a string only those that would end it."""
        for found in self.vocabulary.inside_quotes.finditer(self.data, start, end):
            raw = found[0]
            if only_with in raw and b"\n" not in raw:
                value = self._value(raw)
                token = self.tokens.token(raw, len(raw), raw.decode() if value is None else value)
                self.edits.append((found.start(), found.end(), token))

    def _line_comment(self, start: int, end: int, *, body: bool) -> int:
        newline = self.data.find(b"\n", start, end)
        close = end if newline < 0 else newline
        comment = b"" if body else self.data[start:close].lower()
        if b"dbms:" in comment and (stop := self._other_database(comment, start, close)):
            return stop
        if not any(word in comment for word in (b"down", b"below", b"undo")):
            return close
        if not re.compile(_DOWN).match(comment):
            return close
        if self.data[self.data.rfind(b"\n", 0, start) + 1 : start].strip(b" \t\xef\xbb\xbf"):
            # Tools look at the beginning of a line only.
            return close
        up = re.compile(_UP).search(self.data, close)
        stop = up.start() if up else len(self.data)
        self._blank(close, stop)
        self.down.append(Span(start, stop))
        self.statement = stop
        return stop

    def _other_database(self, comment: bytes, start: int, close: int) -> int:
        """Set a changeset of Liquibase aside that is for other databases; 0 if it is for this one."""
        found = re.compile(_CHANGESET).match(comment)
        if found is None:
            return 0
        names = {name.strip() for name in (found[1] or found[2]).split(b",")}
        if b"postgresql" in names or (b"!postgresql" not in names and all(n[:1] == b"!" for n in names)):
            return 0
        following = re.compile(_NEXT_CHANGESET).search(self.data, close)
        stop = following.start() if following else len(self.data)
        self._blank(close, stop)
        self.statement = stop
        return max(stop, start + 1)

    def _block_comment(self, at: int, end: int) -> int:
        depth = 1
        while depth:
            edge = re.compile(_COMMENT_EDGE).search(self.data, at, end)
            if edge is None:
                return end
            depth += 1 if edge[0] == b"/*" else -1
            at = edge.end()
        return at

    def _dollar(self, found: re.Match[bytes], end: int, *, body: bool) -> int:
        start, inner = found.span()
        if body or (start and self.data[start - 1] in IDENTIFIER_BYTES):
            return start + 1 if not body else inner
        close = self.data.find(found[0], inner, end)
        if close < 0:
            close = end
        self.code(inner, close, body=True)
        return min(close + len(found[0]), end)

    # Statements and psql.

    def _semicolon(self, at: int) -> int:
        statement, self.statement = self.statement, at + 1
        if self.has_inline_data and re.compile(_COPY).match(self.data, statement, at):
            return self._inline_data(at + 1)
        return at + 1

    def _inline_data(self, at: int) -> int:
        r"""Set aside the lines after `COPY … FROM stdin`, up to and with the line `\.`."""
        newline = self.data.find(b"\n", at)
        if newline < 0:
            return at
        # The rest of the line is SQL to psql only after the data; nobody writes it.
        last = re.compile(_END_OF_DATA).search(self.data, newline + 1)
        stop = last.end() if last else len(self.data)
        self._blank(newline + 1, stop)
        self.statement = stop
        return stop

    def _command(self, start: int) -> int:
        data = self.data
        matched = _COMMAND.match(data, start)
        if matched is None:  # pragma: no cover: the expression matches every backslash
            return start + 1
        word = matched[1] or b""
        sign = matched[2] or b""
        if not word and sign not in (b"!", b"?", b"."):
            self._blank(start, matched.end() - (sign == b";"))
            return matched.end() - (sign == b";")
        name = word.rstrip(b"+").lower() or sign
        newline = data.find(b"\n", start)
        stop = len(data) if newline < 0 else newline
        if data[stop - 1 : stop] == b"\r":
            stop -= 1
        if name not in _TO_END_OF_LINE:
            arguments = _ARGUMENTS.match(data, matched.end(), stop)
            stop = arguments.end() if arguments else stop
        stop = max(stop, matched.end())
        self._obey(name, start, matched.end(), stop)
        if name == b"copy" and re.compile(_STDIN).search(data, start, stop):
            return self._inline_data(stop)
        return stop

    def _obey(self, name: bytes, start: int, arguments: int, stop: int) -> None:
        """Take note of one psql command and blank it."""
        span = Span(start, stop)
        self.commands.append((name.decode(), span))
        argument = self.data[arguments:stop].strip()
        if name in _INCLUDES:
            path = _unquoted(argument.rstrip(b"; \t")).decode()
            if path:
                self.includes.append(Include(path, span, _INCLUDES[name]))
        elif name == b"set":
            self._set(argument)
        if name in _ENDS_STATEMENT:
            if name == b"gexec":
                self.unanalysed.append((span, "\\gexec runs SQL that a query makes"))
            self.edits.append((start, stop, b";" + b" " * (stop - start - 1)))
            self.statement = stop
            return
        self._blank(start, stop)
        if _NOTHING.fullmatch(self.data, self.statement, start):
            self.statement = stop

    def _set(self, argument: bytes) -> None:
        words = argument.split(None, 1)
        if len(words) < 2 or b":" + words[0] in self.vocabulary.values or b"`" in words[1]:
            return
        if words[0] in self.vocabulary.variables:
            return
        value = b"".join(
            piece[2] or piece[3] or piece[1].replace(b"''", b"'") if piece.lastindex else b""
            for piece in re.compile(_ARGUMENT).finditer(words[1])
        )
        self.variables[words[0]] = value.decode("utf-8", "replace")

    def _variable(self, found: re.Match[bytes], *, body: bool) -> int:
        """Replace `:name`, `:'name'`, `:"name"`; leave slices, labels and JSON alone."""
        start, end = found.span()
        raw = found[0]  # with its colon
        quote = raw[1:2] if raw[1:2] in (b"'", b'"') else b""
        name = raw[2:-1] if quote else raw[1:]
        value = (self.vocabulary.variables if body else self.variables).get(name)
        if value is None and (body or self._is_no_variable(start)):
            return start + 1
        if quote == b"'":
            self.edits.append((start, end, b" " + raw[1:]))
        elif quote and value is not None:
            token = self.tokens.token(raw, len(raw) - 2, value)
            self.edits.append((start, end, quote + token + quote))
        elif quote:
            self.edits.append((start, end, b" " + raw[1:]))
        else:
            self._insert(start, end, raw, value)
        return end

    def _is_no_variable(self, start: int) -> bool:
        data = self.data
        if start and data[start - 1] in _AFTER_VALUE:
            return True
        near = max(0, start - _SLICE, data.rfind(b"\n", max(0, start - _SLICE), start))
        return data.rfind(b"[", near, start) > data.rfind(b"]", near, start)

    # Templates.

    def _value(self, raw: bytes) -> str | None:
        values = self.vocabulary.values
        value = values.get(raw)
        return values.get(SPACE.sub(b"", raw)) if value is None and values else value

    def _placeholder(self, start: int, end: int, *, body: bool) -> int:
        if not body and _NOTHING.fullmatch(self.data, self.statement, start):
            follows = self.data[end : end + 1]
            if not follows or follows in b"; \t\r\n":
                self._blank(start, end, "template: no statement can begin with it")
                self.statement = end
                return end
        self._insert(start, end, self.data[start:end], self._value(self.data[start:end]))
        return end

    def _insert(self, start: int, end: int, raw: bytes, value: str | None) -> None:
        """Put an identifier in the place of a placeholder, or its value where that is none and fits."""
        data = self.data
        joined = end < len(data) and data[end] in IDENTIFIER_BYTES
        newline = raw.find(b"\n")
        size = len(raw) if newline < 0 else max(2, newline - (raw[newline - 1 : newline] == b"\r"))
        written = None if value is None else value.encode()
        if written is not None and not joined and len(written) <= size and not plain_identifier(written):
            replacement = written
        elif data[max(0, start - 8) : start].rstrip().endswith(b"(") and (
            re.compile(_NUMBER_ONLY).search(data, max(0, start - 32), start)
        ):
            replacement = b"1"
        else:
            width = size if joined else min(size, Tokens.WIDEST)
            replacement = self.tokens.token(raw, width, raw.decode() if value is None else value)
        self.edits.append((start, end, replacement + _blanks(raw[len(replacement) :])))

    def _blank(self, start: int, end: int, reason: str = "") -> None:
        if start < end:
            self.edits.append((start, end, _blanks(self.data[start:end])))
            if reason:
                self.unanalysed.append((Span(start, end), reason))


def _blanks(raw: bytes) -> bytes:
    return _NOT_NEWLINE.sub(lambda found: b" " * len(found[0]), raw)


def _unquoted(argument: bytes) -> bytes:
    if len(argument) > 1 and argument[:1] == argument[-1:] == b"'":
        return argument[1:-1].replace(b"''", b"'")
    if len(argument) > 1 and argument[:1] == argument[-1:] == b'"':
        return argument[1:-1]
    return argument
