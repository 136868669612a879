"""Loads pglast's compiled parser without the 40 ms of pglast's node classes.

`import pglast` builds a class for every node and an enum for every constant of PostgreSQL's parser; only
the compiled module `pglast.parser` is needed for JSON, and it takes 6 ms. It is imported beneath a
stand-in for its package. The stand-ins for `pglast.ast` and `pglast.enums`, which the compiled module
keeps hold of, load the real module at the first attribute asked of them, so that a plugin which uses all
of pglast in the same process finds it working. Whatever goes wrong here, the ordinary import is taken.
"""

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any


class _Deferred(ModuleType):
    """A module that turns into the real one when it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def load_parser() -> Any:
    """Return the module `pglast.parser`."""
    if "pglast" in sys.modules:
        return import_module("pglast.parser")
    try:
        return _load_without_package()
    except Exception:
        for name in _STAND_INS:
            sys.modules.pop(name, None)
        return import_module("pglast.parser")


_STAND_INS = ("pglast", "pglast.ast", "pglast.enums", "pglast.parser")


def _load_without_package() -> Any:
    spec = PathFinder.find_spec("pglast")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("pglast")
    package = ModuleType("pglast")
    package.__path__ = list(spec.submodule_search_locations)
    package.__dict__["Error"] = type("Error", (Exception,), {})
    sys.modules["pglast"] = package
    for name in ("ast", "enums"):
        module = _Deferred(f"pglast.{name}")
        package.__dict__[name] = module
        sys.modules[module.__name__] = module
    parser = import_module("pglast.parser")
    for name in _STAND_INS:
        del sys.modules[name]
    return parser
