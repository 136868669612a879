"""`VERSION_name.py`: one class with `up`, `down` and, if it likes, `hooks`. Imported at dry-run and apply only."""

import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from confiture_linter.model import PluginError
from confiture_migrator.hooks.values import BoundHook, HookPhase
from confiture_migrator.migrations.values import Migration


class Loaded(NamedTuple):
    """What the class of a file offers."""

    up: Callable[[Any], object]
    down: Callable[[Any], object] | None
    hooks: tuple[BoundHook, ...]


def load_python(migration: Migration) -> Loaded:
    """Import the file and make its object; raises `PluginError` for whatever is wrong with it."""
    name = f"confiture_migration_{migration.version}"
    spec = importlib.util.spec_from_file_location(name, migration.disk)
    if spec is None or spec.loader is None:
        raise PluginError(f"{migration.file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
        classes = [
            each
            for each in vars(module).values()
            if inspect.isclass(each) and each.__module__ == name and callable(getattr(each, "up", None))
        ]
        made: Any = classes[0]() if len(classes) == 1 else None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise PluginError(f"{migration.file} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = written
    if made is None:
        raise PluginError(
            f"{migration.file} must have exactly one class with a method `up`, it has {len(classes)}"
        )
    down = getattr(made, "down", None)
    return Loaded(made.up, down if callable(down) else None, _hooks(migration, getattr(made, "hooks", {})))


def _hooks(migration: Migration, declared: object) -> tuple[BoundHook, ...]:
    if not isinstance(declared, Mapping):
        raise PluginError(f"{migration.file}: hooks must be a mapping of HookPhase to lists of hooks")
    found = []
    for phase, hooks in declared.items():
        try:
            where = HookPhase(phase)
        except ValueError:
            phases = ", ".join(HookPhase)
            raise PluginError(f"{migration.file}: {phase!r} is no phase; phases are {phases}") from None
        if not isinstance(hooks, Sequence):
            raise PluginError(f"{migration.file}: hooks of {where} must be a list")
        for hook in hooks:
            if not callable(getattr(hook, "execute", None)):
                raise PluginError(f"{migration.file}: {hook!r} is no hook: it has no method `execute`")
            found.append(
                BoundHook(
                    where,
                    type(hook).__name__,
                    hook,
                    timeout=float(getattr(hook, "timeout", 300)),
                    retries=int(getattr(hook, "retries", 0)),
                )
            )
    return tuple(found)
