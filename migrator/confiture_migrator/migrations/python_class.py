"""What can be told of a Python migration without importing it: its class, hooks and way back, by the syntax tree.

Its SQL is the linter's to read. What only a run could tell is said to be unknown, with its line.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.config.settings import PHASES
from confiture_linter.model import ConfigError, Problem
from confiture_migrator.migrations.values import HookSpec, PythonText

_WHEN = "are known when it runs"
_ANY = (ast.FunctionDef, ast.AsyncFunctionDef)


class Told(NamedTuple):
    """What the file says."""

    text: PythonText
    hooks: tuple[HookSpec, ...]


def read_class(data: bytes, file: str) -> Told:
    """Read one file; raises `ConfigError` for what could not be imported, or holds no migration."""
    try:
        module = ast.parse(data)
    except SyntaxError as error:
        problem = Problem(file, error.lineno or 1, error.offset or 1, f"not Python: {error.msg}")
        raise ConfigError((problem,)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ConfigError((Problem(file, 1, 1, f"not Python that can be read: {error}"),)) from None
    classes = {each.name: each for each in ast.walk(module) if isinstance(each, ast.ClassDef)}
    made = [each for each in classes.values() if _method(each, "up") or _strange(each, classes)]
    if not made:
        hint = "write `class NAME:` with `def up(self, conn)` and, if it can be taken back, `def down(self, conn)`"
        raise ConfigError((Problem(file, 1, 1, "has no class with a method `up`", hint),))
    own = next((each for each in made if _method(each, "up")), made[0])
    hooks: list[HookSpec] = []
    unknown: list[tuple[int, str]] = []
    down = False
    for definition in _line(own, classes):
        down = down or _method(definition, "down")
        declared = _declared(definition)
        if declared is not None and not hooks:
            hooks, missed = _hooks(declared, classes, file)
            unknown += missed
        unknown += [(node.lineno, f"hooks that {how} {_WHEN}") for node, how in _computed(definition)]
        unknown += [
            (definition.lineno, f"hooks of its base class {base} {_WHEN}")
            for base in _strange(definition, classes)
        ]
        down = down or bool(_strange(definition, classes))
    return Told(PythonText(data, down, tuple(unknown)), tuple(hooks))


def _line(own: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """A class and those of its bases that are in the file, itself first."""
    waiting, seen = [own], set[str]()
    while waiting:
        here = waiting.pop(0)
        if here.name not in seen:
            seen.add(here.name)
            yield here
            waiting += [classes[base] for base in map(_name, here.bases) if base in classes]


def _strange(definition: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[str]:
    """Bases of which nothing is known here."""
    return [name for name in map(_name, definition.bases) if name not in classes and name != "object"]


def _method(definition: ast.ClassDef, name: str) -> bool:
    return any(isinstance(each, _ANY) and each.name == name for each in definition.body)


def _declared(definition: ast.ClassDef) -> ast.expr | None:
    """What the class attribute `hooks` is."""
    for each in definition.body:
        targets = each.targets if isinstance(each, ast.Assign) else ()
        if isinstance(each, ast.AnnAssign) and each.value is not None:
            targets = [each.target]
        if any(isinstance(target, ast.Name) and target.id == "hooks" for target in targets):
            return each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
    return None


def _computed(definition: ast.ClassDef) -> Iterator[tuple[ast.stmt, str]]:
    """Places where `hooks` are made by code."""
    for each in ast.walk(definition):
        if isinstance(each, _ANY) and each.name == "hooks":
            yield each, "a method returns"
        elif isinstance(each, ast.Assign) and any(
            isinstance(target, ast.Attribute) and target.attr == "hooks" for target in each.targets
        ):
            yield each, "are assigned"


def _hooks(
    declared: ast.expr, classes: dict[str, ast.ClassDef], file: str
) -> tuple[list[HookSpec], list[tuple[int, str]]]:
    """Hooks of `{HookPhase.X: [Hook(…), …]}`, and what is not written out like that."""
    found: list[HookSpec] = []
    unknown: list[tuple[int, str]] = []
    if not isinstance(declared, ast.Dict):
        return [], [(declared.lineno, f"hooks that are put together {_WHEN}")]
    for key, value in zip(declared.keys, declared.values, strict=True):
        phase = _phase(key)
        if phase is None or not isinstance(value, ast.List | ast.Tuple):
            unknown.append((value.lineno, f"hooks that are put together {_WHEN}"))
            continue
        for item in value.elts:
            name = _name(item.func) if isinstance(item, ast.Call) else ""
            if name:
                found.append(_spec(phase, name, classes.get(name), file, item.lineno))
            else:
                unknown.append((item.lineno, f"hooks that are put together {_WHEN}"))
    return [each for phase in PHASES for each in found if each.phase == phase], unknown


def _spec(phase: str, name: str, definition: ast.ClassDef | None, file: str, line: int) -> HookSpec:
    told = (ast.get_docstring(definition) or "").partition("\n")[0] if definition is not None else ""
    numbers = {
        target.id: each.value.value
        for each in (definition.body if definition is not None else ())
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name) and isinstance(each.value.value, int)
    }
    timeout, retries = int(numbers.get("timeout", 300)), int(numbers.get("retries", 0))
    return HookSpec(phase, name, told, timeout, retries, {}, file, line, in_python=True)


def _phase(key: ast.expr | None) -> str | None:
    if isinstance(key, ast.Attribute) and _name(key.value) == "HookPhase":
        phase = key.attr.lower()
    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
        phase = key.value
    else:
        return None
    return phase if phase in PHASES else None


def _name(node: ast.expr) -> str:
    """The last part of a name, whatever module it is taken from; empty for what is none."""
    if isinstance(node, ast.Subscript):  # a generic base
        node = node.value
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
