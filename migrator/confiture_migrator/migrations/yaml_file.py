"""`VERSION_name.yaml`: ddl, hooks by phase, rollback, applies_to; every problem with file, line and column."""

import re
from typing import Any

from confiture_linter.config.document import Mapping, Node, Scalar, parse_document
from confiture_linter.config.reader import Invalid, Reader
from confiture_linter.config.schema import Boolean, Free, Integer, Key, ListOf, Record, Text
from confiture_linter.config.settings import PHASES
from confiture_linter.model import ConfigError, LineIndex, Problem
from confiture_migrator.migrations.values import HookSpec, Migration, Script

_HOOK = Record(
    (
        Key("type", Text(), "Name of the hook."),
        Key("description", Text(or_empty=True), "What it is for."),
        Key("timeout", Integer(1, 7 * 24 * 3600), "Seconds it may take."),
        Key("retries", Integer(0, 100), "How often it is tried again."),
        Key("config", Free(), "Settings of the hook."),
    ),
    defaults={"description": "", "timeout": 300, "retries": 0, "config": {}},
    hint="write {type: HOOK}",
)
_HOOKS = Record(
    tuple(Key(phase, ListOf(_HOOK), "Hooks of this phase.") for phase in PHASES),
    defaults=dict.fromkeys(PHASES, ()),
)
_MIGRATION = Record(
    (
        Key("name", Text(as_written=True), "Name of the migration: that of the file."),
        Key("description", Text(or_empty=True), "What it is for."),
        Key(
            "applies_to",
            ListOf(
                Record((Key("environment", Text(), "An environment."),), hint="write {environment: NAME}")
            ),
            "Environments it is for; not said: all.",
        ),
        Key("transaction", Boolean(), "Whether all of it is one transaction."),
        Key("ddl", Text(or_empty=True), "The SQL."),
        Key("hooks", _HOOKS, "Hooks by phase."),
        Key(
            "rollback",
            Record(
                (
                    Key("ddl", Text(or_empty=True), "SQL that takes it back."),
                    Key("hooks", Free(mapping=False), "Hooks by phase."),
                ),
                defaults={"ddl": "", "hooks": ()},
            ),
            "How it is taken back.",
        ),
    ),
    defaults={
        "name": "",
        "description": "",
        "applies_to": (),
        "transaction": True,
        "ddl": "",
        "hooks": {},
        "rollback": None,
    },
    hint="write `migration:` and its keys below it",
)
_FILE = Record((Key("migration", _MIGRATION, "The migration."),))


def read_yaml(data: bytes, path: str, name: str, version: str, checksum: str, disk: str) -> Migration:
    """Read one file; raises `ConfigError` with every problem."""
    document = parse_document(data, path)
    reader = Reader(path)
    reader.problems += document.problems
    values = _values(reader, document.root, path)
    rollback = values["rollback"]
    down_hooks = _down_hooks(reader, document.root) if rollback and rollback["hooks"] else ()
    if values["name"] and values["name"] != name:
        line, column = reader.positions["migration", "name"]
        message = f"the name {values['name']!r} is not that of the file, {name!r}"
        reader.problems.append(
            Problem(path, line, column, message, "the file's name counts; correct this one")
        )
    if reader.problems:
        raise ConfigError(tuple(sorted(set(reader.problems), key=lambda problem: problem[1:4])))
    lines = LineIndex(data)
    root = document.root
    return Migration(
        version,
        name,
        path,
        "yaml",
        checksum,
        _script(root, ("migration", "ddl"), values["ddl"], path, lines),
        None
        if not rollback
        else _script(root, ("migration", "rollback", "ddl"), rollback["ddl"], path, lines),
        values["transaction"],
        _specs(values["hooks"], reader, ("migration", "hooks")),
        down_hooks,
        tuple(each["environment"] for each in values["applies_to"]),
        values["description"],
        disk,
    )


def _values(reader: Reader, root: Node | None, path: str) -> dict[str, Any]:
    if root is None:
        raise ConfigError((Problem(path, 1, 1, "is empty", "write `migration:` and its keys below it"),))
    try:
        read: dict[str, Any] = reader.record(root, _FILE, (), {})
    except Invalid:
        raise ConfigError(tuple(sorted(set(reader.problems), key=lambda problem: problem[1:4]))) from None
    found: dict[str, Any] = read["migration"]
    return found


def _down_hooks(reader: Reader, root: Node | None) -> tuple[HookSpec, ...]:
    """Hooks of the rollback: by phase as everywhere, or a plain list, which then runs after the statements."""
    node = _at(root, ("migration", "rollback", "hooks"))
    at = ("migration", "rollback", "hooks")
    try:
        if isinstance(node, Mapping):
            return _specs(reader.record(node, _HOOKS, at, {}), reader, at)
        if node is not None:
            listed = reader.value(node, ListOf(_HOOK), (*at, "after_ddl"))
            return _specs({"after_ddl": listed}, reader, at)
    except Invalid:
        pass  # noted by the reader
    return ()


def _specs(by_phase: dict[str, Any], reader: Reader, at: tuple[str, ...]) -> tuple[HookSpec, ...]:
    found = []
    for phase in PHASES:
        for index, hook in enumerate(by_phase.get(phase, ())):
            line, _ = reader.positions.get((*at, phase, str(index)), (0, 0))
            found.append(
                HookSpec(
                    phase,
                    hook["type"],
                    hook["description"],
                    hook["timeout"],
                    hook["retries"],
                    hook["config"],
                    reader.path,
                    line,
                )
            )
    return tuple(found)


def _at(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for name in path:
        if not isinstance(node, Mapping):
            return None
        node = next((value for key, value in node.entries if key.text == name), None)
    return node


_BLOCK = re.compile(r"\|(?:[1-9][+-]?|[+-][1-9]?)?\s*(?:#.*)?\Z")


def _script(root: Node | None, key: tuple[str, ...], text: str, path: str, lines: LineIndex) -> Script | None:
    """The SQL of a key. In a literal block its lines are those of the file, from the line after the `|`."""
    node = _at(root, key)
    if not isinstance(node, Scalar) or not text.strip():
        return None
    literal = _BLOCK.match(lines.line_text(node.line)[node.column - 1 :]) is not None
    return Script(text, path, node.line + 1 if literal else node.line, literal)
