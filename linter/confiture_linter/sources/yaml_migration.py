"""The SQL in confiture's YAML migrations: `migration.ddl`, the SQL of hooks, `rollback.ddl`.

YAML is read by the loader of the configuration, which keeps places; every word of a value is found again in the file,
whatever its style: block scalars, folded and quoted ones. A word that is written with an escape has the place before it.
"""

import re

from confiture_linter.config.document import Mapping, Node, Scalar, Sequence, parse_document
from confiture_linter.model import ConfigError, Span
from confiture_linter.sources.embedded import Embedded, Run

Notes = list[tuple[Span, str]]

_EARLY = ("before_validation", "before_ddl")
"""Phases that run before the DDL; all others come after it."""
_OF_HOOKS = ("sql", "source_query")
_MARK = b"\xef\xbb\xbf"


def read_yaml(data: bytes, path: str) -> tuple[tuple[Embedded, ...], Notes, tuple[Span, ...]]:
    """Find the SQL of one migration in valid UTF-8, what could not be read, and the places that take it back."""
    try:
        document = parse_document(data, path)
    except ConfigError as error:
        return (
            (),
            [(_line(data, p.line), f"YAML that cannot be read: {p.message}") for p in error.problems[:1]],
            (),
        )
    migration = _entry(document.root, "migration")
    if not isinstance(migration, Mapping):
        return (), [], ()
    writer = _Places(data)
    hooks = _entry(migration, "hooks")
    phases = hooks.entries if isinstance(hooks, Mapping) else []
    early = [node for key, node in phases if key.text.lower() in _EARLY]
    late = [node for key, node in phases if key.text.lower() not in (*_EARLY, "on_error")]
    scalars = [sql for node in early for sql in _hook_sql(node)]
    ddl = _entry(migration, "ddl")
    if isinstance(ddl, Scalar):
        scalars.append(ddl)
    scalars += [sql for node in late for sql in _hook_sql(node)]
    back = _entry(_entry(migration, "rollback"), "ddl")
    down = (writer.embedded(back).span,) if isinstance(back, Scalar) and back.text.strip() else ()
    found = tuple(writer.embedded(scalar) for scalar in scalars if scalar.text.strip())
    return found, [(_line(data, p.line), f"YAML: {p.message}") for p in document.problems], down


def _entry(node: Node | None, name: str) -> Node | None:
    if not isinstance(node, Mapping):
        return None
    return next((value for key, value in node.entries if key.text == name), None)


def _hook_sql(node: Node) -> list[Scalar]:
    """The SQL of a phase's hooks, in order; at the hook itself or in its `config`."""
    found: list[Scalar] = []
    for hook in node.items if isinstance(node, Sequence) else [node]:
        for holder in (hook, _entry(hook, "config")):
            values = [_entry(holder, name) for name in _OF_HOOKS]
            found += [value for value in values if isinstance(value, Scalar)]
    return found


def _line(data: bytes, line: int) -> Span:
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
    return Span(at, at)


_WORD = re.compile(r"\S+")


class _Places:
    """Finds values again in the file."""

    def __init__(self, data: bytes) -> None:
        self.skipped = len(_MARK) if data.startswith(_MARK) else 0
        self.text = data[self.skipped :].decode()
        self.plain = self.text.isascii()

    def byte(self, index: int) -> int:
        """Byte offset of a character."""
        return self.skipped + (index if self.plain else len(self.text[:index].encode()))

    def embedded(self, scalar: Scalar) -> Embedded:
        """The SQL of one value with its places, word by word."""
        raw = self.text[scalar.start : scalar.end]
        first = raw.find("\n") + 1 if raw[:1] in "|>" else 0
        shown = scalar.text.rstrip()
        sql = shown.encode()
        whole = raw.find(shown, first)
        if whole >= 0:
            begin = self.byte(scalar.start + whole)
            return Embedded(sql, (Run(0, begin, True),), Span(begin, begin + len(sql)))
        runs: list[Run] = []
        at, start, end, plain = first, -1, -1, shown.isascii()
        for word in _WORD.finditer(shown):
            offset = word.start() if plain else len(shown[: word.start()].encode())
            index = raw.find(word[0], at)
            if index < 0 or raw[at:index].strip("\\ \t\r\n'\""):
                # Written with an escape: its place is behind the word before it.
                runs.append(Run(offset, self.byte(scalar.start + at), False))
                at = _next_word(raw, at)
                end = at
                continue
            runs.append(Run(offset, self.byte(scalar.start + index), True))
            at = end = index + len(word[0])
            start = index if start < 0 else start
        span = Span(self.byte(scalar.start + max(start, 0)), self.byte(scalar.start + max(end, 0)))
        return Embedded(sql, tuple(runs), span)


def _next_word(raw: str, at: int) -> int:
    found = _WORD.search(raw, at)
    return found.end() if found else len(raw)
