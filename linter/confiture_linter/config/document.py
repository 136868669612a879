"""YAML text → a small tree in which every node knows its line and column.

Built from the parser's events, without recursion and without constructing objects, so that nothing in a file
can exhaust the machine: size, depth, and what aliases multiply are limited. Scalars keep their text; what it
means is decided by whoever knows which type is expected.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from confiture_linter.model import ConfigError, Problem

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_ALIASES = 200
MAX_NODES = 100_000
"""Nodes of a document, each alias counted as what it stands for."""


class Scalar(NamedTuple):
    """Text; `plain` when it stands without quotes, so that it may mean a number."""

    text: str
    plain: bool
    line: int
    column: int
    start: int = -1
    """Where it is written, in characters behind a byte-order mark; its indicators and quotes are part of it."""
    end: int = -1


class Sequence(NamedTuple):
    """A list."""

    items: "list[Node]"
    line: int
    column: int


class Mapping(NamedTuple):
    """Keys and values in the order of the file; no key twice."""

    entries: "list[tuple[Scalar, Node]]"
    line: int
    column: int


Node: TypeAlias = Scalar | Sequence | Mapping


class Document(NamedTuple):
    """The tree of a file; `root` is None when it says nothing."""

    root: Node | None
    problems: tuple[Problem, ...]
    """What is wrong, but does not hinder reading on."""


class _Counted(NamedTuple):
    """A node, how many nodes it stands for, and how deep it is."""

    node: Node
    size: int = 1
    height: int = 1


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("anchor", "height", "key", "lines", "merges", "node", "size", "twice")

    def __init__(self, node: Sequence | Mapping, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.size = 1
        self.height = 0
        self.key: Scalar | None = None
        self.twice = False
        self.lines: dict[str, int] = {}
        self.merges: list[Mapping] = []


def parse_document(data: bytes, path: str) -> Document:
    """Parse the bytes of `path`.

    Raises `ConfigError` when they are no YAML that can be read on.
    """
    text = _decode(data, path)
    builder = _Builder(path)
    for event in _events(text, path):
        builder.feed(event)
    return Document(builder.root, tuple(builder.problems))


def _decode(data: bytes, path: str) -> str:
    if len(data) > MAX_BYTES:
        _stop(path, 0, 0, f"is larger than {MAX_BYTES:,} bytes", "a configuration is a few pages")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        _stop(path, *_place(good, len(good)), "not UTF-8 text", "save the file as UTF-8")
    return text


def _events(text: str, path: str) -> "Iterator[yaml.Event]":
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = (error.problem or "syntax error").replace("\t", "\\t")
        context = f" {error.context}" if error.context else ""
        _stop(path, line, column, f"not valid YAML: {problem}{context}", _syntax_hint(problem, text, line))
    except yaml.YAMLError:
        odd = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
        line, column = _place(text, odd.start()) if odd else (0, 0)
        what = f"character U+{ord(odd[0]):04X} is not allowed" if odd else "it cannot be read"
        _stop(path, line, column, f"not valid YAML: {what}", "write it as an escape in double quotes")


def _syntax_hint(problem: str, text: str, line: int) -> str:
    lines = text.split("\n")
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "\\t" in problem:
        return "indent with spaces; YAML allows no tabs"
    if "alphabetic or numeric character" in problem:
        return "a value that begins with * or & needs quotes"
    if "cannot start any token" in problem:
        return "a value that begins with @, ` or % needs quotes"
    if "mapping values" in problem:
        return "quote a value that contains `: `, and check the indentation"
    return ""


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _stop(path: str, line: int, column: int, message: str, hint: str = "") -> NoReturn:
    raise ConfigError((Problem(path, line, column, message, hint),))


class _Builder:
    """Puts nodes together as events arrive."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Counted] = {}
        self._aliases = 0
        self._documents = 0
        self._nodes = 0

    def feed(self, event: Any) -> None:
        """Take the next event of the parser."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind in ("SequenceStartEvent", "MappingStartEvent"):
            self._start(event, Mapping if kind == "MappingStartEvent" else Sequence)
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            self._end()
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "more than one YAML document", "remove what begins with `---`")

    def _stop(self, event: Any, message: str, hint: str = "") -> NoReturn:
        mark = event.start_mark
        _stop(self.path, mark.line + 1, mark.column + 1, message, hint)

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        tag = event.tag
        plain = event.style in (None, "") and tag is None
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            self._stop(event, f"tag {tag} is not allowed", "remove it")
        end = event.end_mark.index
        counted = _Counted(Scalar(event.value, plain, mark.line + 1, mark.column + 1, mark.index, end))
        if event.anchor:
            self._anchors[event.anchor] = counted
        self._add(counted, event)

    def _start(self, event: Any, kind: type[Sequence] | type[Mapping]) -> None:
        mark = event.start_mark
        if event.tag not in (None, "!"):
            self._stop(event, f"tag {event.tag} is not allowed", "remove it")
        if self._open and isinstance(self._open[-1].node, Mapping) and self._open[-1].key is None:
            self._stop(event, "a key must be text", "quote a value that begins with [ or {")
        if len(self._open) >= MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep")
        self._anchors.pop(event.anchor, None)
        self._open.append(_Open(kind([], mark.line + 1, mark.column + 1), event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        if isinstance(done.node, Mapping):
            _merge(done.node, done.merges)
        counted = _Counted(done.node, done.size, done.height + 1)
        if done.anchor:
            self._anchors[done.anchor] = counted
        self._add(counted, None)

    def _alias(self, event: Any) -> None:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._stop(event, f"more than {MAX_ALIASES} aliases")
        counted = self._anchors.get(event.anchor)
        if counted is None:
            inside = any(level.anchor == event.anchor for level in self._open)
            why = "stands inside what it names" if inside else "names no anchor before it"
            self._stop(event, f"alias *{event.anchor} {why}", "quote a value that begins with *")
        self._nodes += counted.size
        if self._nodes > MAX_NODES:
            self._stop(event, f"aliases multiply the file to more than {MAX_NODES:,} values")
        if len(self._open) + counted.height > MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep")
        self._add(counted, event)

    def _add(self, counted: _Counted, event: Any) -> None:
        """Put a finished node where it belongs."""
        node = counted.node
        if not self._open:
            if not _says_nothing(node):
                self.root = node
            return
        level = self._open[-1]
        level.size += counted.size
        level.height = max(level.height, counted.height)
        if isinstance(level.node, Sequence):
            level.node.items.append(node)
        elif isinstance(level.node, Mapping):
            if level.key is None:
                self._key(level, node, event)
            else:
                self._value(level, level.node, level.key, node)

    def _key(self, level: _Open, node: Node, event: Any) -> None:
        if not isinstance(node, Scalar):
            self._stop(event, "a key must be text")
        mark = event.start_mark
        key = Scalar(node.text, node.plain, mark.line + 1, mark.column + 1)
        level.key = key
        level.twice = key.text in level.lines
        if level.twice:
            self._problem(key, f"duplicate key {key.text!r}", f"first on line {level.lines[key.text]}")
        elif not key.text:
            self._problem(key, "empty key", "give it a name")
        else:
            level.lines[key.text] = key.line

    def _value(self, level: _Open, mapping: Mapping, key: Scalar, node: Node) -> None:
        level.key = None
        if level.twice or not key.text:
            return
        if key.text != "<<" or not key.plain:
            mapping.entries.append((key, node))
            return
        for source in node.items if isinstance(node, Sequence) else [node]:
            if isinstance(source, Mapping):
                level.merges.append(source)
            else:
                self._problem(key, "<< merges mappings only", "write <<: *ANCHOR")

    def _problem(self, node: Scalar, message: str, hint: str) -> None:
        self.problems.append(Problem(self.path, node.line, node.column, message, hint))


def _merge(mapping: Mapping, sources: list[Mapping]) -> None:
    """Add the entries of `sources` whose keys `mapping` does not give itself."""
    if not sources:
        return
    known = {key.text for key, _ in mapping.entries}
    for source in sources:
        for key, node in source.entries:
            if key.text not in known:
                known.add(key.text)
                mapping.entries.append((key, node))


def _says_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")
