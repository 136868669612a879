"""The YAML of a profile → `Profile`; every problem with its line and column.

Whether tables and columns exist is not known here: the migrator asks the databases, the rules ask the catalog.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from confiture_linter.config.document import Mapping, Node, Scalar, Sequence, parse_document
from confiture_linter.config.reader import Invalid, Reader, suggestion
from confiture_linter.config.schema import Free, Key, Record, Text
from confiture_linter.model import ConfigError, Problem
from confiture_linter.profiles.condition import ConditionError, parse_condition
from confiture_linter.profiles.json_path import PathError, parse_path
from confiture_linter.profiles.options import OPTIONS, PROFILE, TABLE
from confiture_linter.profiles.values import ColumnRule, Profile, Spec, TableRule, keep_spec

_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*)\}\Z")
_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\Z"
)
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,40}\Z")
MAX_NESTING = 8
"""Levels of conditional in conditional in json."""

Known = Callable[[str], bool]


def read_profile(data: bytes, path: str, known: Known = lambda _type: False) -> Profile:
    """Read a profile; raises `ConfigError` with every problem. `known` tells of strategies that are not built in."""
    document = parse_document(data, path)
    made = _Profile(path, known)
    made.reader.problems += document.problems
    profile = made.read(document.root)
    if profile is None or made.reader.problems:
        raise ConfigError(tuple(sorted(set(made.reader.problems), key=lambda problem: problem[1:4])))
    return profile


def _entries(node: Node | None) -> list[tuple[Scalar, Node]]:
    return list(node.entries) if isinstance(node, Mapping) else []


def _child(node: Node | None, key: str) -> Node | None:
    return next((value for name, value in _entries(node) if name.text == key), None)


class _Profile:
    def __init__(self, path: str, known: Known) -> None:
        self.path = path
        self.reader = Reader(path)
        self.known = known
        self.named: dict[str, Spec] = {}
        self.waiting: dict[str, Node] = {}
        """Named strategies that are not read yet: one may use another."""
        self.busy: list[str] = []

    def read(self, root: Node | None) -> Profile | None:
        if root is None:
            self.reader.problems.append(Problem(self.path, 1, 1, "is empty", PROFILE.hint))
            return None
        try:
            values = self.reader.record(root, PROFILE, (), {})
        except Invalid:
            return None
        self.waiting = {key.text: node for key, node in _entries(_child(root, "strategies"))}
        for name in list(self.waiting):
            self._named(name)
        rules = _child(root, "rules")
        if rules is not None and not isinstance(rules, Sequence):
            self.reader.problem(rules, "rules: expected a list", TABLE.hint)
            return None
        found = [self._table(item) for item in (rules.items if rules else ())]
        kept = tuple(rule for rule in found if rule is not None)
        self._twice(kept)
        return Profile(self.path, values["anonymization_profile"], values["description"], kept)

    def _twice(self, rules: tuple[TableRule, ...]) -> None:
        lines: dict[str, int] = {}
        for rule in rules:
            if rule.table in lines:
                message = f"table {rule.table} has two rules"
                hint = f"write them into one; the first is on line {lines[rule.table]}"
                self.reader.problems.append(Problem(self.path, rule.line, rule.at, message, hint))
            lines.setdefault(rule.table, rule.line)

    def _table(self, node: Node) -> TableRule | None:
        try:
            values = self.reader.record(node, TABLE, ("rules",), {})
        except Invalid:
            return None
        skip = values["strategy"] is not None
        columns = _child(node, "columns")
        if skip == bool(_entries(columns)):
            what = "both columns and skip_table" if skip else "neither columns nor a strategy"
            self.reader.problem(
                node, f"table {values['table']}: {what}", "write columns:, or strategy: skip_table"
            )
            return None
        rules = []
        for key, given in _entries(columns):
            spec = self.spec(given, key, 0)
            if spec is not None:
                if spec.type == "skip_table":
                    self.reader.problem(
                        given, "skip_table is for tables, not for columns", "write {type: redact}"
                    )
                    continue
                rules.append(ColumnRule(key.text, spec, key.line, key.column))
        name = _child(node, "table") or node
        return TableRule(values["table"], tuple(rules), skip, name.line, name.column)

    def spec(self, node: Node, place: Scalar, depth: int) -> Spec | None:
        """Read `{strategy: NAME}` or `{type: TYPE, …}`; what is wrong is noted."""
        if depth > MAX_NESTING:
            self.reader.problem(node, f"strategies are nested more than {MAX_NESTING} levels deep")
            return None
        if not isinstance(node, Mapping):
            hint = f"write {{strategy: {node.text}}}" if isinstance(node, Scalar) and node.text else ""
            self.reader.problem(node, f"{place.text}: expected a strategy", hint or "write {strategy: NAME}")
            return None
        name = _child(node, "strategy")
        if name is not None:
            return self._reference(node, name)
        return self._inline(node, "", depth)

    def _reference(self, node: Mapping, name: Node) -> Spec | None:
        for key, _ in node.entries:
            if key.text != "strategy":
                self.reader.problem(
                    key,
                    f"{key.text!r} does not go with `strategy`",
                    "options belong to the strategy's definition",
                )
        if not isinstance(name, Scalar):
            self.reader.problem(name, "strategy: expected the name of a strategy")
            return None
        if name.text not in self.named and name.text not in self.waiting:
            hint = suggestion(name.text, self.waiting.keys() | self.named.keys())
            if not hint and name.text in OPTIONS:
                hint = f"write {{type: {name.text}}}"
            known = ", ".join(sorted(self.waiting.keys() | self.named.keys())) or "none"
            self.reader.problem(name, f"no strategy is called {name.text!r}", hint or f"defined: {known}")
            return None
        found = self._named(name.text, name)
        return found._replace(line=name.line, column=name.column) if found else None

    def _named(self, name: str, used: Node | None = None) -> Spec | None:
        if name in self.named:
            return self.named[name]
        node = self.waiting.get(name)
        if node is None:
            return None  # its problem is noted
        if name in self.busy:
            self.reader.problem(used or node, f"strategy {name!r} uses itself")
            return None
        self.busy.append(name)
        spec = self._inline(node, name, 0)
        self.busy.pop()
        if spec is not None:
            self.named[name] = spec
        return spec

    def _inline(self, node: Node, name: str, depth: int) -> Spec | None:
        given = _child(node, "type")
        shown = name or "a strategy"
        if not isinstance(given, Scalar) or not given.text:
            self.reader.problem(
                given or node, f"{shown}: 'type' is missing", "write {type: hash}, for instance"
            )
            return None
        record = OPTIONS.get(given.text)
        if record is None:
            if not self.known(given.text):
                hint = suggestion(given.text, OPTIONS) or f"there are {', '.join(sorted(OPTIONS))}"
                self.reader.problem(given, f"{shown}: there is no strategy of type {given.text!r}", hint)
                return None
            record = _custom(node)
        before = len(self.reader.problems)
        try:
            options = self.reader.record(node, record, ("strategies", name) if name else (), {})
        except Invalid:
            return None
        del options["type"]
        self._finish(given.text, options, node, depth)
        if len(self.reader.problems) > before:
            return None
        return Spec(given.text, options, name, node.line, node.column)

    def _finish(self, kind: str, options: dict[str, Any], node: Node, depth: int) -> None:
        """What the types of the options cannot say."""
        if options.get("key") is not None:
            self._key(options, node)
        if kind == "conditional":
            self._conditional(options, node, depth)
        elif kind == "json":
            self._json(options, node, depth)
        elif kind == "range":
            self._range(options, node)
        elif kind == "email":
            self._email(options, node)

    def _key(self, options: dict[str, Any], node: Node) -> None:
        found = _REFERENCE.match(options["key"])
        if found is None:
            place = _child(node, "key") or node
            self.reader.problem(
                place, "key: a key never stands in a file", "write ${VARIABLE} and set that variable"
            )
        else:
            options["key"] = found[1]

    def _conditional(self, options: dict[str, Any], node: Node, depth: int) -> None:
        try:
            options["condition"] = parse_condition(options["condition"])
        except ConditionError as error:
            self.reader.problem(_child(node, "condition") or node, f"condition: {error}")
        for key, given in _entries(node):
            if key.text in ("if_true", "if_false"):
                spec = self.spec(given, key, depth + 1)
                if spec is None:
                    continue
                options[key.text] = spec
                if spec.type == "skip_table":
                    self.reader.problem(given, "skip_table is for tables, not for columns")

    def _json(self, options: dict[str, Any], node: Node, depth: int) -> None:
        paths = []
        for key, given in _entries(_child(node, "paths")):
            try:
                steps = parse_path(key.text)
            except PathError as error:
                self.reader.problem(key, f"paths: {error}")
                continue
            spec = self.spec(given, key, depth + 1)
            if spec is not None and spec.type in ("skip_table", "json"):
                self.reader.problem(given, f"{spec.type} is not for values in a document")
            elif spec is not None:
                paths.append((steps, spec))
        if not _entries(_child(node, "paths")):
            self.reader.problem(node, "paths: there is none", 'write {"$.customer.email": {strategy: NAME}}')
        options["paths"] = tuple(paths)

    def _range(self, options: dict[str, Any], node: Node) -> None:
        for name in ("min", "max"):
            given = _child(node, name)
            text = given.text if isinstance(given, Scalar) else ""
            try:
                options[name] = Decimal(text)
            except InvalidOperation:
                options[name] = Decimal("NaN")
            if not options[name].is_finite():
                self.reader.problem(given or node, f"{name}: expected a number", "such as 1 or 49.90")
                return
        if options["min"] > options["max"]:
            self.reader.problem(node, f"min is greater than max: {options['min']} > {options['max']}")

    def _email(self, options: dict[str, Any], node: Node) -> None:
        if not _DOMAIN.match(options["domain"]):
            self.reader.problem(
                _child(node, "domain") or node, "domain: not the name of a domain", "such as example.com"
            )
        if not _LOCAL.match(options["prefix"]):
            hint = "letters, digits and .!#$%&'*+/=?^_`{|}~-, at most 40"
            self.reader.problem(_child(node, "prefix") or node, "prefix: no address begins so", hint)


def _custom(node: Node) -> Record:
    """Whatever is written: the strategy itself checks its options."""
    keys = tuple(
        Key(key.text, Free(mapping=False), "") for key, _ in _entries(node) if key.text not in ("type", "key")
    )
    secret = Key("key", Text(), "Environment variable with the key.")
    return Record((Key("type", Text(), ""), secret, *keys), defaults={"key": None})


__all__ = ["keep_spec", "read_profile"]
