"""Finds rules: the built-in ones, those of plugins, those of entry points."""

import os
import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from confiture_linter.model import PluginError, Rule, RuleDefinitionError

BUILT_IN = ("confiture_rules",)
"""Dotted names that are walked for rules. The linter imports no rule by name."""

AnyRule = Rule[Any, Any]


def load_rules(plugins: Iterable[str] = (), *, entry_points: bool = True) -> tuple[AnyRule, ...]:
    """All rules, sorted by name.

    Raises `PluginError` when a module cannot be imported, declares a rule wrongly, or uses a name twice: a
    gate must not pass because a rule failed to load.
    """
    rules: dict[str, AnyRule] = {}
    for name in (*BUILT_IN, *plugins):
        for module in _modules(name):
            _collect(module, rules, name)
    if entry_points:
        _load_entry_points(rules)
    return tuple(rules[name] for name in sorted(rules))


def _modules(name: str) -> Iterable[ModuleType]:
    package = _import(name)
    yield package
    for path in getattr(package, "__path__", ()):
        yield from _walk(name, path)


def _walk(package: str, path: str) -> Iterable[ModuleType]:
    for info in pkgutil.iter_modules([path]):
        module = _import(f"{package}.{info.name}")
        yield module
        if info.ispkg:
            yield from _walk(module.__name__, f"{path}/{info.name}")


def _import(name: str) -> ModuleType:
    try:
        return import_module(name)
    except RuleDefinitionError as error:
        raise PluginError(f"{name}: {error}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(f"cannot load rules from {name}: {type(error).__name__}: {error}") from error


def _collect(module: ModuleType, rules: dict[str, AnyRule], origin: str) -> None:
    for value in vars(module).values():
        if isinstance(value, Rule) and value.check.__module__ == module.__name__:
            known = rules.get(value.name)
            if known is not None and known is not value:
                raise PluginError(f"{origin}: rule {value.name} is defined twice")
            rules[value.name] = value


def _load_entry_points(rules: dict[str, AnyRule]) -> None:
    """Entry points of the group `confiture.rules`: a module with rules, or an iterable of rules."""
    if not _declared_anywhere():
        return
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group="confiture.rules"), key=lambda p: (p.name, p.value)):
        origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        try:
            loaded = point.load()
        except (Exception, SystemExit) as error:
            raise PluginError(f"cannot load rules of {origin} ({point.value}): {error}") from error
        if isinstance(loaded, ModuleType):
            for module in _modules(loaded.__name__):
                _collect(module, rules, origin)
            continue
        if not isinstance(loaded, Iterable):
            raise PluginError(f"{origin} ({point.value}): neither a module nor a list of rules")
        for value in loaded:
            if not isinstance(value, Rule):
                raise PluginError(f"{origin} ({point.value}): {value!r} is not a rule")
            if value.name in rules:
                raise PluginError(f"{origin}: rule {value.name} is defined twice")
            rules[value.name] = value


def _declared_anywhere() -> bool:
    """Whether any installed distribution mentions the group: importlib.metadata takes 20 ms to say no."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                try:
                    with open(f"{folder}/{name}/entry_points.txt", "rb") as file:
                        if b"confiture.rules" in file.read():
                            return True
                except OSError:
                    continue
    return False
