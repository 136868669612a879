"""Strategies by type: the built-in ones, one file each, and those of entry points `confiture.strategies`."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Row, Setting, Strategy, Unfit
from confiture_migrator.plugins import load_plugin

GROUP = "confiture.strategies"
BUILT_IN: Mapping[str, str] = {
    "conditional": "conditional",
    "date_shift": "date_shift",
    "email": "email",
    "fake": "fake",
    "hash": "hashed",
    "json": "json_paths",
    "keep": "keep",
    "null": "null",
    "pattern": "pattern",
    "range": "ranged",
    "redact": "redact",
}
"""Type to module. `skip_table` is for tables and has nothing to compile."""


def known_strategy(name: str) -> bool:
    """Whether a package brings a strategy of this type; nothing is loaded."""
    return any(entry.name == name for entry in entry_points(group=GROUP))


def strategy(name: str) -> Strategy:
    """The strategy of a type; raises `PluginError` naming the package whose strategy does not load."""
    if name in BUILT_IN:
        module = import_module(f"confiture_migrator.anonymize.strategies.{BUILT_IN[name]}")
        found: Strategy = module.compile_strategy
        return found
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            loaded: Strategy = load_plugin(entry, "strategy", "function")
            return loaded
    raise Unfit(f"there is no strategy of type {name}")


__all__ = [
    "GROUP",
    "Compiled",
    "Expression",
    "Row",
    "Setting",
    "Strategy",
    "Unfit",
    "known_strategy",
    "strategy",
]
