"""Finds the SQL files of a schema tree and tells what each of them is for.

Only files of role `deploy` make up the schema: what takes it back (`down`, `revert`), tests it (`verify`), is
replaced by a sibling (`superseded`) or speaks another language (`other-dialect`) would define everything twice.
The answer does not depend on the order in which a file system lists names.
"""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from confiture_linter.config.globs import compile_globs
from confiture_linter.config.settings import Config
from confiture_linter.model import SourceError
from confiture_linter.sources.gitignore import GitIgnore
from confiture_linter.sources.roles import assign_roles
from confiture_linter.sources.unread import ENDINGS, is_change

SUFFIXES = (".sql",)
"""Files looked for in folders; others must be named."""
NAMED_SUFFIXES = (".sql", ".psql", ".pgsql", ".ddl")
"""Files that a glob may name."""
MIGRATION_SUFFIXES = (".sql", ".yaml", ".yml", ".py")
"""Files looked for below the roots of migrations; a Python file that is none is passed over."""

_SKIPPED = frozenset(("node_modules", "__pycache__", "venv", "bower_components"))
_ROOT_IS_PART = "*?["


class Discovered(NamedTuple):
    """One file that was found."""

    path: str
    """Relative to `Config.root`, `/` separated: its identity."""
    disk: str
    """What to open."""
    role: str = "deploy"
    """See `SourceFile.role`."""
    why: str = ""
    """Why it is not part of the schema; empty for `deploy`."""


def discover(config: Config, paths: Sequence[str] = ()) -> tuple[Discovered, ...]:
    """Find the files of the configured roots, or of `paths` where none are configured, in path order by root.

    Roots are relative to `Config.root`, paths to the working directory. Without either the tree is `Config.root`.
    Raises `SourceError` for a root that does not exist.
    """
    roots, exclude = config.schema.roots, config.schema.exclude
    found = discover_roots(config, roots, exclude, paths)
    if paths and not roots and all(file.role == "unread" for file in found):
        # Where there is no SQL file at all, those who name the place mean its Python migrations.
        return discover_roots(config, (), exclude, paths, suffixes=(".py",)) or found
    return found


def discover_roots(
    config: Config,
    roots: Sequence[str],
    exclude: Sequence[str] = (),
    paths: Sequence[str] = (),
    *,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> tuple[Discovered, ...]:
    """Find the files below any roots, such as those of the migrations; `paths` where there are none."""
    base = config.root or "."
    walk = _Walk(compile_globs(exclude) if exclude else None, suffixes)
    if roots:
        groups = [
            walk.root(os.path.join(base, root) if base != "." else root, _inside(base, root), root)
            for root in roots
        ]
    else:
        together: list[tuple[str, str]] = []
        for path in paths or (base,):
            together += walk.root(path, _relative(path, base), path)
        groups = [together]
    found: dict[str, str] = {}
    for group in groups:
        group.sort(key=_by_components)
        for shown, disk in group:
            found.setdefault(shown, disk)
    _drop_linked_twice(found, walk.linked)
    squashed = _keep_migrations(found) if any(shown.endswith(".py") for shown in found) else frozenset()
    roles = assign_roles(tuple(found), walk.folders) if len(found) > 1 else {}
    roles.update((path, ("superseded", "replaces migrations that are there themselves")) for path in squashed)
    unremarkable = ("deploy", "")
    files = [Discovered(shown, disk, *roles.get(shown, unremarkable)) for shown, disk in found.items()]
    files += [Discovered(path, "", "unread", "in a language that is not read") for path in walk.unread]
    return tuple(files)


def _by_components(pair: tuple[str, str]) -> str:
    return pair[0].replace("/", "\0")


def _inside(base: str, root: str) -> str:
    """Spell a configured root relative to the configuration."""
    return _relative(root, base) if os.path.isabs(root) else _slashed(os.path.normpath(root))


def _relative(path: str, base: str) -> str:
    if base == "." and not os.path.isabs(path):
        return _slashed(os.path.normpath(path))
    try:
        return _slashed(os.path.relpath(path, base))
    except ValueError:  # another drive
        return _slashed(os.path.abspath(path))


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/") if os.sep != "/" else path


def _hint(disk: str, given: str) -> str:
    """Say what is there instead."""
    import difflib

    folder, name = os.path.split(disk)
    try:
        there = sorted(os.listdir(folder or "."))
    except OSError:
        return f"nor is there a folder {os.path.dirname(given) or folder}"
    if close := difflib.get_close_matches(name, there, 1):
        return f"did you mean {given[: len(given) - len(name)]}{close[0]}?"
    return f"looked in {os.path.abspath(folder)}"


class _Walk:
    """Walks folders once each; links to folders come after the folders themselves."""

    def __init__(self, excluded: Callable[[str], bool] | None, suffixes: tuple[str, ...] = SUFFIXES) -> None:
        self.excluded = excluded
        self.suffixes = suffixes
        self.folders: dict[str, list[str]] = {}
        """Shown path of a folder to the names of the folders in it."""
        self.linked: list[str] = []
        self.unread: list[str] = []
        """Change scripts in languages that are not read."""
        """Shown paths of files that are symbolic links."""
        self._seen: set[tuple[int, int]] = set()
        self._files: list[tuple[str, str]] = []
        self._links: list[tuple[str, str]] = []

    def root(self, disk: str, shown: str, given: str) -> list[tuple[str, str]]:
        """Find the files of one root: a folder, a file, or a glob."""
        self._files = []
        if os.path.isdir(disk):
            self._tree(disk, "" if shown == "." else shown, self.suffixes)
        elif os.path.exists(disk):
            self._files.append((shown, disk))
        elif any(sign in given for sign in _ROOT_IS_PART):
            self._glob(disk, shown)
        else:
            raise SourceError(f"{given}: no such file or folder ({_hint(disk, given)})")
        return self._files

    def _glob(self, disk: str, shown: str) -> None:
        """Walk the folder before the first wildcard and keep what matches."""
        fixed = []
        for part in shown.split("/"):
            if any(sign in part for sign in _ROOT_IS_PART):
                break
            fixed.append(part)
        start = "/".join(fixed)
        depth = shown.count("/") - start.count("/") + (0 if fixed else 1)
        above = disk
        for _ in range(depth):
            above = os.path.dirname(above)
        matches = compile_globs((shown,))
        if os.path.isdir(above or "."):
            self._tree(above or ".", start, (*NAMED_SUFFIXES, *self.suffixes))
        self._files = [pair for pair in self._files if matches(pair[0])]

    def _tree(self, disk: str, shown: str, suffixes: tuple[str, ...]) -> None:
        ignored = GitIgnore(disk)
        self._folder(disk, shown, suffixes, ignored)
        while self._links:
            self._links.sort()
            link_shown, link_disk = self._links.pop(0)
            self._folder(link_disk, link_shown, suffixes, ignored)

    def _folder(self, disk: str, shown: str, suffixes: tuple[str, ...], ignored: GitIgnore) -> None:
        stack = [(disk, shown)]
        endings = suffixes + tuple(suffix.upper() for suffix in suffixes)
        while stack:
            disk, shown = stack.pop()
            try:
                status = os.stat(disk)
                if (status.st_dev, status.st_ino) in self._seen:
                    continue
                self._seen.add((status.st_dev, status.st_ino))
                files, folders = self._entries(disk, shown, endings, ignored)
            except OSError:
                # Not passed over: whoever reads it as a file learns why it cannot be read.
                self._files.append((shown, disk))
                continue
            prefix = f"{shown}/" if shown else ""
            for name, path in files:
                where = prefix + name
                if self.excluded is not None and self.excluded(where):
                    continue
                if ignored.active and ignored.ignores(disk, name, is_folder=False):
                    continue
                self._files.append((where, path))
            kept = self.folders[shown] = []
            for name, path, is_link in folders:
                if ignored.active and ignored.ignores(disk, name, is_folder=True):
                    continue
                kept.append(name)
                (self._links if is_link else stack).append(
                    (prefix + name, path) if is_link else (path, prefix + name)
                )

    def _entries(
        self, disk: str, shown: str, endings: tuple[str, ...], ignored: GitIgnore
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str, bool]]]:
        """List the SQL files and the folders in one folder; take note of its .gitignore."""
        files: list[tuple[str, str]] = []
        folders: list[tuple[str, str, bool]] = []
        with os.scandir(disk) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    if name == ".gitignore":
                        ignored.add(disk, entry.path)
                elif name.endswith(endings) and not _is_folder(entry):
                    is_link = entry.is_symlink()
                    if is_link:
                        self.linked.append(f"{shown}/{name}" if shown else name)
                    if is_link or entry.is_file():
                        files.append((name, entry.path))
                elif name.endswith(ENDINGS) and entry.is_file():
                    where = f"{shown}/{name}" if shown else name
                    if is_change(shown, name) and not (self.excluded is not None and self.excluded(where)):
                        hidden = ignored.active and ignored.ignores(disk, name, is_folder=False)
                        self.unread += [] if hidden else [where]
                elif name not in _SKIPPED and _is_folder(entry):
                    folders.append((name, entry.path, entry.is_symlink()))
        return files, folders


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """Whether an entry is a folder; a link that leads nowhere, or to itself, is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _keep_migrations(found: dict[str, str]) -> frozenset[str]:
    """Pass over Python files that are no migrations, and tell which are squashed ones beside what they replace."""
    from confiture_linter.sources.python_order import superseded
    from confiture_linter.sources.python_signs import is_migration

    texts: dict[str, bytes] = {}
    for shown in [path for path in found if path.endswith(".py")]:
        try:
            with open(found[shown], "rb") as file:
                texts[shown] = file.read()
        except OSError:
            # Kept: whoever reads it says why it cannot be read.
            continue
        if not is_migration(texts[shown]):
            del found[shown], texts[shown]
    return superseded(texts, texts.__getitem__)


def _drop_linked_twice(found: dict[str, str], linked: Sequence[str]) -> None:
    """Leave out links to files that are there themselves, and all but the first link to one file."""
    if not linked:
        return
    links = set(linked)
    real = {os.path.realpath(disk) for shown, disk in found.items() if shown not in links}
    for shown in sorted(links & found.keys(), key=lambda path: path.replace("/", "\0")):
        target = os.path.realpath(found[shown])
        if target in real:
            del found[shown]
        real.add(target)
