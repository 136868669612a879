"""Build orders that somebody wrote down: by path, by number, in a list, a sqitch plan, a psql driver, by version.

`computed` is not here: that order comes from what the files define and need.
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from confiture_linter.config.globs import compile_globs
from confiture_linter.config.settings import Config
from confiture_linter.model import Problem
from confiture_linter.sources.order_text import order_text


class OrderedFiles(NamedTuple):
    """Files in build order."""

    declared: bool
    """Whether somebody declared this order; if not, it is by path and the graph knows better."""
    files: tuple[str, ...]
    """All files that were given: those the order names, then the others by path."""
    unlisted: tuple[str, ...] = ()
    """Files that a list, plan or driver does not name."""
    problems: tuple[Problem, ...] = ()
    """Files that it names and that are not there."""


class _Listed(NamedTuple):
    """What a load list names, in order."""

    files: list[str]
    problems: list[Problem]


def order_files(config: Config, files: Sequence[str]) -> OrderedFiles:
    """Put the files of the schema tree, paths relative to `Config.root`, in the order of `schema.order`.

    For `sqitch:` give the superseded files, too: `name@tag.sql` has its own place in the plan.
    """
    schema = config.schema
    order = schema.order
    if order == "computed":
        return OrderedFiles(False, tuple(by_path(files, schema.roots, natural_key)))
    if order == "globs":
        return OrderedFiles(True, tuple(_by_globs(by_path(files, schema.roots), schema.load_order)))
    return _arranged(config, files, order, schema.roots, schema.placeholders)


def order_migrations(
    config: Config, files: Sequence[str], data: Callable[[str], bytes] | None = None
) -> OrderedFiles:
    """Put change scripts in the order of `migrations.order`; those of Alembic and Django say theirs themselves.

    `data` tells what is in a file.
    """
    migrations = config.migrations
    if data is not None and migrations.order in _KEYS and any(path.endswith(".py") for path in files):
        from confiture_linter.sources.python_order import order_python

        said = order_python(files, data, _KEYS[migrations.order])
        if said is not None:
            return OrderedFiles(True, tuple(said))
    return _arranged(config, files, migrations.order, migrations.roots, config.schema.placeholders)


def _arranged(
    config: Config,
    files: Sequence[str],
    order: str,
    roots: Sequence[str],
    placeholders: tuple[tuple[str, str], ...],
) -> OrderedFiles:
    kind, _, argument = order.partition(":")
    if kind in _KEYS:
        return OrderedFiles(True, tuple(sorted(files, key=_KEYS[kind])))
    if kind not in ("list", "sqitch", "psql"):
        return OrderedFiles(True, tuple(by_path(files, roots)))
    known = frozenset(files)
    root = config.root or "."
    if kind == "list":
        listed = _load_list(root, argument, known)
    elif kind == "sqitch":
        from confiture_linter.sources.sqitch import read_plan

        listed = _Listed(*read_plan(root, argument, known))
    else:
        from confiture_linter.sources.driver import follow_driver

        listed = _Listed(*follow_driver(root, argument, known, placeholders))
    first = list(dict.fromkeys(listed.files))
    rest = by_path(known.difference(first), roots)
    return OrderedFiles(True, (*first, *rest), tuple(rest), tuple(listed.problems))


# By name.


def path_key(path: str) -> str:
    """Sort key: folder by folder, each by its bytes."""
    return path.replace("/", "\0")


def by_path(
    files: Iterable[str], roots: Sequence[str] = (), of: Callable[[str], Any] = path_key
) -> list[str]:
    """Sort by path (by the key `of` it); several configured roots come in the order in which they are written."""
    if len(roots) < 2:
        return sorted(files, key=of)
    prefixes = [posixpath.normpath(root) for root in roots]

    def key(path: str) -> tuple[int, Any]:
        for index, prefix in enumerate(prefixes):
            if path == prefix or path.startswith(f"{prefix}/") or prefix == ".":
                return index, of(path)
        return len(prefixes), of(path)

    return sorted(files, key=key)


_NUMBER = re.compile(r"[0-9]+")
_WIDTH = 40
"""Digits a number is padded to; longer ones are no version."""


def natural_key(path: str) -> tuple[str, str]:
    """Sort key: by path, numbers by their value."""
    return _NUMBER.sub(lambda found: found[0].lstrip("0").zfill(_WIDTH), path_key(path)), path


def diesel_key(path: str) -> tuple[str, str]:
    """Sort key: the folder's name up to `_`, without dashes, as diesel compares versions."""
    parts = path.split("/")
    name = parts[-2] if len(parts) > 1 else parts[-1]
    return name.partition("_")[0].replace("-", ""), path_key(path)


_FLYWAY = re.compile(r"([VBRU])(\d+(?:[._]\d+)*)?__(.*)", re.IGNORECASE)


_CALLBACK = re.compile(r"(?:before|after|create)[A-Z]")
"""Flyway runs these around its migrations (documentation, "Callback Events")."""


def flyway_key(path: str) -> tuple[int, tuple[int, ...], str]:
    """Sort key: versions as numbers whatever their folder, then repeatable scripts by description.

    A script without a version that is no callback is none of Flyway's: what was there before its first.
    """
    name = path.rpartition("/")[2]
    found = _FLYWAY.match(name)
    if found is None:
        return (2 if _CALLBACK.match(name) else -1), (), path_key(path)
    if found[2] is None:
        return 1, (), f"{found[3]}\0{path_key(path)}"
    version = [int(number) for number in re.split(r"[._]", found[2])]
    while version and not version[-1]:
        version.pop()
    return 0, tuple(version), path_key(path)


def prisma_key(path: str) -> tuple[str, str]:
    """Sort key: the name of the migration's folder."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    return folder, path_key(path)


_KEYS: dict[str, Callable[[str], tuple[object, ...]]] = {
    "natural": natural_key,
    "diesel": diesel_key,
    "flyway": flyway_key,
    "prisma": prisma_key,
}


def _by_globs(files: Sequence[str], globs: Sequence[str]) -> list[str]:
    matchers = [compile_globs((glob,)) for glob in globs]

    def place(path: str) -> int:
        return next((index for index, matches in enumerate(matchers) if matches(path)), len(matchers))

    return sorted(files, key=place)


# Load lists.

_NESTED = 16
_SQL = (".sql", ".psql", ".pgsql", ".ddl")


def _load_list(root: str, path: str, known: frozenset[str], depth: int = 0) -> _Listed:
    """Read one path a line; `#` begins a comment, `!` (may fail) and `- ` before a path say nothing about order.

    Paths are relative to the list, or to the configuration. A folder and a glob stand for the files in them by
    path; a file that is no SQL is a list itself.
    """
    path = posixpath.normpath(path)
    text, problem = order_text(root, path)
    if problem:
        return _Listed([], [problem])
    listed = _Listed([], [])
    folder = posixpath.dirname(path)
    for number, line in enumerate(text.splitlines(), 1):
        entry = re.sub(r"(?:^|\s)#.*", "", line).strip()
        entry = re.sub(r"\A(?:-\s+|!\s*)", "", entry).strip("\"'").removeprefix("./")
        if not entry or entry.startswith("--"):
            continue
        found = _entry(root, entry, (folder, ""), known)
        if found:
            listed.files.extend(found)
            continue
        nested = posixpath.normpath(posixpath.join(folder, entry))
        if (
            not entry.lower().endswith(_SQL)
            and depth < _NESTED
            and os.path.isfile(os.path.join(root, nested))
        ):
            inner = _load_list(root, nested, known, depth + 1)
            listed.files.extend(inner.files)
            listed.problems.extend(inner.problems)
        elif not _exists(root, entry, (folder, "")):
            column = line.find(entry) + 1
            listed.problems.append(Problem(path, number, max(column, 1), f"no such file: {entry}"))
    return listed


def _entry(root: str, entry: str, folders: Sequence[str], known: frozenset[str]) -> list[str]:
    for folder in folders:
        candidate = posixpath.normpath(posixpath.join(folder, entry))
        if candidate in known:
            return [candidate]
        if any(sign in entry for sign in "*?"):
            matches = compile_globs((candidate,))
            found = [path for path in known if matches(path)]
        elif candidate == ".":
            found = list(known)
        else:
            found = [path for path in known if path.startswith(f"{candidate}/")]
        if found:
            return sorted(found, key=path_key)
    return []


def _exists(root: str, entry: str, folders: Sequence[str]) -> bool:
    """Whether a file is there although it is not one of ours: excluded, or of another role."""
    return any(os.path.exists(os.path.join(root, folder, entry)) for folder in folders)
