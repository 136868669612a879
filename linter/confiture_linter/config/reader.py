"""Tree of nodes + schema → typed values, and every problem on the way."""

import re
from collections.abc import Iterable
from typing import Any, NoReturn

from confiture_linter.config import schema
from confiture_linter.config.document import Mapping, Node, Scalar, Sequence
from confiture_linter.config.schema import (
    CHECKS,
    MISSING,
    REGEX,
    Boolean,
    Check,
    Choice,
    Free,
    Integer,
    Key,
    ListOf,
    MapOf,
    Record,
    Text,
    Type,
    default_of,
)
from confiture_linter.model import Problem

Path = tuple[str, ...]

_COLLECTIONS = (ListOf, MapOf, Record, Free)
"""What may be left empty, as when all its keys are commented out: its default holds."""
_WORDS = {"yes", "no", "on", "off"}
_AMBIGUOUS = r"[-+]?0[0-9_]+|0o[0-7]+|[-+]?[0-9]+(_[0-9_]*)+|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"


class Invalid(Exception):
    """A value that cannot be used; its problem has been noted."""


class Reader:
    """Reads the nodes of one file; collects problems and positions."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.positions: dict[Path, tuple[int, int]] = {}

    def problem(self, node: Node, message: str, hint: str = "") -> None:
        """Note what is wrong at `node`."""
        self.problems.append(Problem(self.path, node.line, node.column, message, hint))

    def record(self, node: Node, kind: Record, at: Path, first: dict[str, Any]) -> Any:
        """Read a mapping with known keys; a key that cannot be used gets its default.

        Raises `Invalid` when there is no default to go on with.
        """
        values: dict[str, Any] = {}
        complete = True
        for key, (name, given) in self._entries(node, kind, at):
            self.positions[(*at, key.name)] = (name.line, name.column)
            default = default_of(kind, key.name)
            values[key.name] = default
            if _is_null(given) and (default is None or isinstance(key.type, _COLLECTIONS)):
                continue
            try:
                values[key.name] = self.value(given, key.type, (*at, key.name))
            except Invalid:
                complete &= default is not MISSING
        for key in kind.keys:
            if key.name not in values:
                values[key.name] = default_of(kind, key.name)
                if values[key.name] is MISSING:
                    self.problem(node, f"{_spell(at)}: {key.name!r} is missing", f"add `{key.name}:`")
                    complete = False
        if not complete:
            raise Invalid
        return kind.build(**first, **values) if kind.build else values

    def _entries(self, node: Node, kind: Record, at: Path) -> Iterable[tuple[Key, tuple[Scalar, Node]]]:
        if _is_null(node):
            return
        if not isinstance(node, Mapping):
            self._wrong(node, at, "a mapping", kind.hint)
        known = {key.name: key for key in kind.keys}
        for entry in node.entries:
            name = entry[0].text
            if name in known:
                yield known[name], entry
            else:
                self._unknown(entry[0], kind, at)

    def _unknown(self, key: Scalar, kind: Record, at: Path) -> None:
        names = [known.name for known in kind.keys]
        hint = schema.REMOVED.get(key.text, "") if not at else ""
        hint = hint or suggestion(key.text, names) or "known keys: " + ", ".join(names)
        self.problem(key, f"unknown key {_spell((*at, key.text))}", hint)

    def value(self, node: Node, kind: Type, at: Path) -> Any:
        """Read one value; raises `Invalid` after noting why it is none."""
        if isinstance(kind, Free):
            if kind.mapping and not isinstance(node, Mapping):
                self._wrong(node, at, "a mapping")
            return self._free(node, at)
        if isinstance(kind, Record):
            return self.record(node, kind, at, self._place_of(kind, at))
        if isinstance(kind, ListOf):
            return self._list(node, kind, at)
        if isinstance(kind, MapOf):
            return self._map(node, kind, at)
        return self._scalar(node, kind, at)

    def _place_of(self, kind: Record, at: Path) -> dict[str, Any]:
        if not kind.placed:
            return {}
        line, column = self.positions[at]
        return {"line": line, "column": column}

    def _list(self, node: Node, kind: ListOf, at: Path) -> tuple[Any, ...]:
        if _is_null(node):
            return ()
        if kind.or_one and isinstance(node, Scalar):
            node = Sequence([node], node.line, node.column)
        if not isinstance(node, Sequence):
            hint = f"write [{node.text}]" if isinstance(node, Scalar) and isinstance(kind.item, Text) else ""
            self._wrong(node, at, "a list", hint)
        values: list[Any] = []
        for index, item in enumerate(node.items):
            here = (*at, str(index))
            self.positions[here] = (item.line, item.column)
            try:
                values.append(self.value(item, kind.item, here))
            except Invalid:
                continue
        return tuple(values)

    def _map(self, node: Node, kind: MapOf, at: Path) -> Any:
        if not isinstance(node, Mapping) and not _is_null(node):
            self._wrong(node, at, "a mapping")
        pairs: list[tuple[str, Any]] = []
        for key, given in node.entries if isinstance(node, Mapping) else ():
            here = (*at, key.text)
            self.positions[here] = (key.line, key.column)
            try:
                if isinstance(kind.key, Choice):
                    self._choice(key, kind.key, here)
                value = self._entry(given, key.text, kind, here)
            except Invalid:
                continue
            pairs.append((key.text, value))
        if kind.into == "dict":
            return dict(pairs)
        return tuple(pairs) if kind.into == "pairs" else tuple(value for _, value in pairs)

    def _entry(self, node: Node, key: str, kind: MapOf, at: Path) -> Any:
        if kind.into == "records" and isinstance(kind.value, Record) and kind.value.build:
            fields: tuple[str, ...] = getattr(kind.value.build, "_fields", ())
            return self.record(node, kind.value, at, {fields[0]: key, **self._place_of(kind.value, at)})
        return self.value(node, kind.value, at)

    def _scalar(self, node: Node, kind: Text | Integer | Boolean | Choice, at: Path) -> object:
        if isinstance(kind, Choice):
            return self._choice(node, kind, at)
        if isinstance(kind, Integer):
            return self._integer(node, kind, at)
        if isinstance(kind, Boolean):
            if isinstance(node, Scalar) and meaning(node) == "boolean":
                return node.text.lower() == "true"
            self._wrong(node, at, "true or false", _literal_hint(node))
        return self._text(node, kind, at)

    def _text(self, node: Node, kind: Text, at: Path) -> str:
        if not isinstance(node, Scalar) or _is_null(node):
            self._wrong(node, at, "text", 'write "" for an empty text' if kind.or_empty else "")
        if meaning(node) != "text" and not kind.as_written:
            shown = "" if kind.check == "url" else f'write "{node.text}" in quotes'
            self._wrong(node, at, "text", shown)
        if not node.text and not kind.or_empty:
            self._wrong(node, at, "text", "leave the key out instead")
        if kind.check == REGEX:
            self._regex(node, at)
        elif kind.check and not re.fullmatch(CHECKS[kind.check].pattern, node.text):
            self._unlike(node, CHECKS[kind.check], kind.check == "url", at)
        return node.text

    def _unlike(self, node: Scalar, check: Check, secret: bool, at: Path) -> None:
        shown = "this" if secret else repr(node.text)
        self.problem(node, f"{_spell(at)}: {shown} is not {check.expected}", check.hint)
        raise Invalid

    def _regex(self, node: Scalar, at: Path) -> None:
        try:
            re.compile(node.text)
        except (re.error, OverflowError, RecursionError) as error:
            self.problem(node, f"{_spell(at)}: not a regular expression: {error}", "Python's syntax")
            raise Invalid from None

    def _integer(self, node: Node, kind: Integer, at: Path) -> int:
        if not isinstance(node, Scalar) or meaning(node) != "integer":
            digits = isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", node.text)
            self._wrong(node, at, "a whole number", f"write {int(digits[0].split('.')[0])}" if digits else "")
        value = int(node.text) if len(node.text) < 20 else kind.high + 1
        if not kind.low <= value <= kind.high:
            expected = str(kind.low) if kind.low == kind.high else f"{kind.low} to {kind.high}"
            self.problem(node, f"{_spell(at)}: {node.text} is not supported", f"supported: {expected}")
            raise Invalid
        return value

    def _choice(self, node: Node, kind: Choice, at: Path) -> object:
        words = isinstance(node, Scalar) and (meaning(node) == "text" or node.text in kind.values)
        if not isinstance(node, Scalar) or not (words or node.text.lower() in _WORDS):
            self._wrong(node, at, " or ".join(kind.values))
        if node.text in kind.values:
            return kind.into(node.text)
        prefix = next((prefix for prefix in kind.prefixes if node.text.startswith(prefix)), "")
        if prefix and node.text[len(prefix) :].strip():
            return node.text
        allowed = (*kind.values, *(f"{prefix}FILE" for prefix in kind.prefixes))
        message = f"{_spell(at)}: {node.text!r} is not one of {', '.join(allowed)}"
        self.problem(node, message, suggestion(node.text, allowed))
        raise Invalid

    def _free(self, node: Node, at: Path) -> object:
        """Read any plain value; what YAML readers disagree on must be quoted."""
        if isinstance(node, Mapping):
            return dict(self._free_entries(node, at))
        if isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                self.positions[(*at, str(index))] = (item.line, item.column)
            return tuple(self._free(item, (*at, str(index))) for index, item in enumerate(node.items))
        means = meaning(node)
        if means == "ambiguous":
            self._wrong(node, at, "a plain value", _literal_hint(node) or f'write "{node.text}" in quotes')
        if means == "integer" and len(node.text) <= 4000:
            return int(node.text)
        if means in ("float", "integer"):
            return float(node.text.replace(".inf", "inf").replace(".nan", "nan"))
        return {"null": None, "boolean": node.text.lower() == "true"}.get(means, node.text)

    def _free_entries(self, node: Mapping, at: Path) -> Iterable[tuple[str, object]]:
        for key, value in node.entries:
            here = (*at, key.text)
            self.positions[here] = (key.line, key.column)
            yield key.text, self._free(value, here)

    def _wrong(self, node: Node, at: Path, expected: str, hint: str = "") -> NoReturn:
        where = f"{_spell(at)}: " if at else ""
        self.problem(node, f"{where}expected {expected}, found {_found(node)}", hint)
        raise Invalid


def meaning(node: Scalar) -> str:
    """What an unquoted scalar means: text, null, boolean, integer, float, or ambiguous.

    YAML 1.1 and 1.2 disagree on `no`, `on`, `012`, `1_000` and `1:30`: these are ambiguous.
    """
    text = node.text
    if not node.plain:
        return "text"
    if text in ("", "~") or text.lower() == "null":
        return "null"
    lower = text.lower()
    if lower in ("true", "false"):
        return "boolean"
    if lower in _WORDS:
        return "ambiguous"
    if text[0] not in "0123456789+-.":
        return "text"
    if re.fullmatch(_AMBIGUOUS, text):
        return "ambiguous"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return "integer"
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text) or re.fullmatch(
        r"[-+]?\.inf|\.nan", lower
    ):
        return "float"
    return "ambiguous" if re.fullmatch(r"0[xb][0-9a-f_]+", lower) else "text"


def suggestion(given: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or nothing."""
    import difflib

    close = difflib.get_close_matches(given.lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and meaning(node) == "null"


def _found(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    means = meaning(node)
    if means == "ambiguous":
        return f"{node.text!r}, which YAML readers take for different things"
    names = {"null": "nothing", "boolean": "true or false", "integer": "a number", "float": "a number"}
    return names.get(means, "text" if node.text else "empty text")


def _literal_hint(node: Node) -> str:
    if not isinstance(node, Scalar):
        return ""
    word = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    found = word.get(node.text.lower(), node.text.lower() if node.text.lower() in ("true", "false") else "")
    return f"write {found}" if found else ""


def _spell(at: Path) -> str:
    """`lint.rules.x.severity`, `layers[0].name`, `lint.per_path["db/**"]`."""
    spelt = ""
    for part in at:
        if part.isdigit():
            spelt += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            spelt += f".{part}" if spelt else part
        else:
            spelt += f'["{part}"]'
    return spelt or "the file"
