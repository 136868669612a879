"""Which files are migrations, what their versions are, and in which order they follow one another."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.model import ConfigError, Problem
from confiture_linter.sources.order import order_migrations
from confiture_migrator.errors import MigrateError
from confiture_migrator.migrations.python_class import read_class
from confiture_migrator.migrations.values import Migration, Script
from confiture_migrator.migrations.yaml_file import read_yaml

_ENDINGS = (".up.sql", ".down.sql", ".sql", ".yaml", ".yml", ".py")
_SKIPPED = frozenset(("node_modules", "__pycache__", "venv"))
_DIGITS = re.compile(r"[A-Za-z]?(\d+(?:[._-]\d+)*)")
_FLYWAY = re.compile(r"([VU])(\d+(?:[._]\d+)*)__", re.IGNORECASE)


class _File(NamedTuple):
    path: str
    disk: str
    version: str
    name: str
    down: bool


def find_migrations(config: Config) -> tuple[Migration, ...]:
    """Read the migrations in order; raises `ConfigError` with every file that is wrong."""
    if not config.migrations.roots:
        raise MigrateError(
            "no migrations are configured: write `migrations: {roots: [db/migrations]}` in confiture.yaml"
        )
    problems: list[Problem] = []
    ups, downs = _paired(_files(config), config.migrations.order.partition(":")[0], problems)
    ordered = order_migrations(config, sorted(ups))
    problems += ordered.problems
    found: list[Migration] = []
    for path in ordered.files:
        try:
            found.append(_read(ups[path], downs.get(ups[path].version)))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(tuple(problems))
    return tuple(found)


def checksum_of(data: bytes) -> str:
    """The checksum of a file: what it is remembered by."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _files(config: Config) -> Iterator[tuple[str, str]]:
    """Every file with an ending of ours below the roots: its path for people, and for the disk."""
    base = config.root or "."
    for root in config.migrations.roots:
        disk = os.path.join(base, root)
        if os.path.isfile(disk):
            yield os.path.normpath(root).replace(os.sep, "/"), disk
        elif os.path.isdir(disk):
            yield from _below(disk, base)
        else:
            raise MigrateError(
                f"migrations.roots: {root}: no such file or folder (below {os.path.abspath(base)})"
            )


def _below(folder: str, base: str) -> Iterator[tuple[str, str]]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and name[0] != ".")
        for name in sorted(names):
            if name.endswith(_ENDINGS) and name[0] not in "._":
                disk = os.path.join(here, name)
                yield os.path.relpath(disk, base).replace(os.sep, "/"), disk


def _paired(
    files: Iterable[tuple[str, str]], order: str, problems: list[Problem]
) -> tuple[dict[str, _File], dict[str, _File]]:
    """Sort the files into those that do and those that undo; undoing ones by version."""
    ups: dict[str, _File] = {}
    downs: dict[str, _File] = {}
    versions: dict[str, str] = {}
    for path, disk in files:
        named = _named(path, disk, order)
        if named is None:
            problems.append(
                Problem(path, 0, 0, "has no version", "begin its name with digits, such as 0042_add_tier.sql")
            )
            continue
        first = (
            downs[named.version].path
            if named.down and named.version in downs
            else versions.get(named.version)
        )
        if (named.version in downs) if named.down else (named.version in versions):
            problems.append(
                Problem(
                    path, 0, 0, f"version {named.version} is taken by {first}", "give one another version"
                )
            )
        elif named.down:
            downs[named.version] = named
        else:
            ups[path] = named
            versions[named.version] = path
    for version, file in downs.items():
        if version not in versions:
            problems.append(Problem(file.path, 0, 0, "takes back a migration that is not there"))
    return ups, downs


def _named(path: str, disk: str, order: str) -> _File | None:
    """Version and name of a file, told from its name or, for some tools, that of its folder."""
    folder, _, base = path.rpartition("/")
    ending = next(each for each in _ENDINGS if base.endswith(each))
    stem = base[: -len(ending)]
    down = ending == ".down.sql"
    if order in ("diesel", "prisma") or stem in ("up", "down", "migration"):
        name = folder.rpartition("/")[2]
        found = _DIGITS.match(name)
        version = name.partition("_")[0].replace("-", "") if order == "diesel" else found[1] if found else ""
        return _File(path, disk, version, name, stem == "down") if version else None
    if order == "flyway":
        flyway = _FLYWAY.match(stem)
        if flyway is None:
            return None
        return _File(path, disk, flyway[2], stem, flyway[1].upper() == "U")
    found = _DIGITS.match(stem)
    if found is None:
        return None if order not in ("list", "sqitch") else _File(path, disk, stem, stem, down)
    return _File(path, disk, found[1], stem, down)


def _read(file: _File, down: _File | None) -> Migration:
    data = _bytes(file.disk, file.path)
    checksum = checksum_of(data)
    if file.path.endswith((".yaml", ".yml")):
        if down is not None:
            message = f"{down.path} takes it back, and so would its own `rollback:`"
            raise ConfigError(
                (Problem(file.path, 0, 0, message, "keep one of them: move the SQL into the YAML file"),)
            )
        return read_yaml(data, file.path, file.name, file.version, checksum, file.disk)
    undo = None if down is None else _script(_bytes(down.disk, down.path), down.path)
    if file.path.endswith(".py"):
        told = read_class(data, file.path)
        return Migration(
            file.version,
            file.name,
            file.path,
            "python",
            checksum,
            None,
            undo,
            hooks=told.hooks,
            disk=file.disk,
            python=told.text,
        )
    up = _script(data, file.path)
    return Migration(file.version, file.name, file.path, "sql", checksum, up, undo, disk=file.disk)


def _bytes(disk: str, path: str) -> bytes:
    try:
        with open(disk, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError((Problem(path, 0, 0, f"cannot be read: {error.strerror or error}"),)) from None


def _script(data: bytes, path: str) -> Script:
    try:
        return Script(data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError((Problem(path, line, 1, "not UTF-8 text", "save the file as UTF-8"),)) from None
