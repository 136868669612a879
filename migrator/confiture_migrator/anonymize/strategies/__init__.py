"""Strategies by type: the built-in ones, one file each, and those of entry points `confiture.strategies`."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from confiture_linter.model import PluginError
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Row, Setting, Strategy, Unfit

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
            return _load(entry)
    raise Unfit(f"there is no strategy of type {name}")


def _load(entry: EntryPoint) -> Strategy:
    package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    try:
        loaded = entry.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise PluginError(
            f"strategy {entry.name} of package {package} does not load: {type(error).__name__}: {error}; "
            "update or remove the package"
        ) from error
    if not callable(loaded):
        raise PluginError(f"strategy {entry.name} of package {package} is no function")
    made: Strategy = loaded
    return made


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
