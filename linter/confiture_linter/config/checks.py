"""Document → `Config`: reads it by the schema, then checks what holds between keys."""

from collections.abc import Iterable
from typing import Any

from confiture_linter.config.document import Document, Mapping, Node, Scalar
from confiture_linter.config.reader import Invalid, Path, Reader, meaning, suggestion
from confiture_linter.config.schema import CONFIG
from confiture_linter.config.settings import VERSION, Config, CustomRule, Layer
from confiture_linter.config.urls import has_password
from confiture_linter.model import ConfigError, Problem


def read_config(document: Document, path: str, root: str) -> Config:
    """Make a configuration of `document`; raises `ConfigError` with every problem, sorted by place."""
    _refuse_other_versions(document.root, path)
    reader = Reader(path)
    reader.problems += document.problems
    config = _read(reader, document.root, root)
    if config is None or reader.problems:
        raise ConfigError(tuple(sorted(set(reader.problems), key=lambda problem: problem[1:4])))
    return config._replace(positions=reader.positions, warnings=tuple(_warnings(config, reader)))


def _refuse_other_versions(root: Node | None, path: str) -> None:
    """Stop before a file of another version drowns in unknown keys."""
    for key, node in root.entries if isinstance(root, Mapping) else ():
        if key.text == "version" and isinstance(node, Scalar) and node.text != str(VERSION):
            if meaning(node) == "null":
                continue
            message = f"version {node.text!r} is not supported"
            raise ConfigError((Problem(path, node.line, node.column, message, f"write version: {VERSION}"),))


def _read(reader: Reader, root: Node | None, folder: str) -> Config | None:
    first: dict[str, Any] = {"path": reader.path, "root": folder}
    if root is None:
        return Config(**first)
    try:
        config: Config = reader.record(root, CONFIG, (), first)
    except Invalid:
        return None
    _check_layers(reader, config.layers)
    _check_custom(reader, config.lint.custom)
    return config


def _check_layers(reader: Reader, layers: tuple[Layer, ...]) -> None:
    lines: dict[str, int] = {}
    names = {layer.name: None for layer in layers}
    items = _items(reader, ("layers",))
    for layer in layers:
        at = items[layer.line, layer.column]
        if layer.name in lines:
            message = f"layer {layer.name!r} is declared twice"
            _note(reader, (*at, "name"), message, f"first on line {lines[layer.name]}")
        lines.setdefault(layer.name, layer.line)
        for key, mentioned in (("reads", layer.reads), ("writes", layer.writes)):
            for position, name in enumerate(mentioned or ()):
                if name not in names:
                    hint = suggestion(name, names) or f"layers: {', '.join(names)}"
                    _note(reader, (*at, key, str(position)), f"{key}: there is no layer {name!r}", hint)


def _check_custom(reader: Reader, rules: tuple[CustomRule, ...]) -> None:
    lines: dict[str, int] = {}
    items = _items(reader, ("lint", "custom"))
    understood = not reader.problems  # otherwise the requirement may be there, but wrong
    for rule in rules:
        at = items[rule.line, rule.column]
        if rule.name in lines:
            message = f"custom rule {rule.name!r} is declared twice"
            _note(reader, (*at, "name"), message, f"first on line {lines[rule.name]}")
        lines.setdefault(rule.name, rule.line)
        if understood and not any(rule.require) and not any(rule.forbid):
            message = f"custom rule {rule.name!r} neither requires nor forbids anything"
            _note(reader, at, message, "add `require:` or `forbid:`, such as forbid: {name: REGEX}")


def _warnings(config: Config, reader: Reader) -> Iterable[Problem]:
    for name, environment in config.environments.items():
        if environment.database_url and has_password(environment.database_url):
            at = ("environments", name, "database_url")
            message = f"environments.{name}.database_url contains a password"
            yield _problem(reader, at, message, "write ${DATABASE_URL} and set that variable")
    if config.schema.load_order and config.schema.order != "globs":
        hint = "write order: globs, or remove load_order"
        message = f"schema.load_order has no effect with order: {config.schema.order}"
        yield _problem(reader, ("schema", "load_order"), message, hint)


def _items(reader: Reader, parent: Path) -> dict[tuple[int, int], Path]:
    """Key paths of list items by their place: items that could not be read are not in the value."""
    depth = len(parent) + 1
    items: dict[tuple[int, int], Path] = {}
    for path, place in reader.positions.items():
        if len(path) == depth and path[:-1] == parent:
            items.setdefault(place, path)
    return items


def _note(reader: Reader, at: Path, message: str, hint: str) -> None:
    reader.problems.append(_problem(reader, at, message, hint))


def _problem(reader: Reader, at: Path, message: str, hint: str) -> Problem:
    return Problem(reader.path, *reader.positions[at], message, hint)
