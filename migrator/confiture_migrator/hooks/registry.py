"""Which hooks there are: the built-in ones, those of entry points `confiture.hooks`, those registered by a program."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from confiture_migrator.errors import MigrateError
from confiture_migrator.hooks.values import Hook, HookFactory
from confiture_migrator.plugins import load_plugin, package_of

GROUP = "confiture.hooks"

BUILT_IN: Mapping[str, tuple[str, str]] = {
    "backup_database": ("backup", "BackupDatabase"),
    "capture_statistics": ("statistics", "CaptureStatistics"),
    "backfill_read_model": ("backfill", "BackfillReadModel"),
    "rebuild_index": ("indexes", "RebuildIndex"),
    "verify_consistency": ("verify", "VerifyConsistency"),
    "test_application_queries": ("verify", "TestApplicationQueries"),
    "drop_temporary_tables": ("temporary", "DropTemporaryTables"),
    "analyze_statistics": ("statistics", "AnalyzeStatistics"),
    "rebuild_read_models": ("read_models", "RebuildReadModels"),
    "sql": ("script", "RunSql"),
}
"""Name to module and class; a module is imported when one of its hooks is asked for."""

_registered: dict[str, HookFactory] = {}


class UnknownHook(MigrateError):
    """No hook has this name."""


def register_hook(name: str, factory: HookFactory) -> None:
    """Make a hook known under `name`; it must not be taken."""
    if name in BUILT_IN or name in _registered:
        raise MigrateError(f"a hook called {name} is there already")
    _registered[name] = factory


def unregister_hook(name: str) -> None:
    """Forget a hook that a program registered."""
    _registered.pop(name, None)


def get_hook(name: str) -> HookFactory:
    """The factory of a hook; raises `UnknownHook`, or `PluginError` naming the package that does not load."""
    if name in BUILT_IN:
        module, attribute = BUILT_IN[name]
        factory: HookFactory = getattr(import_module(f"confiture_migrator.hooks.builtin.{module}"), attribute)
        return factory
    if name in _registered:
        return _registered[name]
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            loaded: HookFactory = load_plugin(entry, "hook", "class or function")
            return loaded
    import difflib

    close = difflib.get_close_matches(name, hook_names(), 1, 0.6)
    hint = f"did you mean {close[0]}?" if close else "`confiture-migrate hooks` lists all"
    raise UnknownHook(f"no hook is called {name}: {hint}")


def hook_names() -> tuple[str, ...]:
    """All names, sorted."""
    return tuple(sorted({*BUILT_IN, *_registered, *(entry.name for entry in entry_points(group=GROUP))}))


def describe_hook(name: str) -> tuple[str, str]:
    """Where a hook comes from, and the first line of what it says about itself."""
    factory = get_hook(name)
    origin = "built in" if name in BUILT_IN else "registered"
    for entry in entry_points(group=GROUP):
        if entry.name == name and name not in BUILT_IN and name not in _registered:
            origin = package_of(entry)
    return origin, (factory.__doc__ or "").strip().partition("\n")[0]


__all__ = [
    "Hook",
    "UnknownHook",
    "describe_hook",
    "get_hook",
    "hook_names",
    "register_hook",
    "unregister_hook",
]
