"""From a configuration and paths to a catalog that can be questioned: find, read, parse, order, replay."""

# pathlib costs milliseconds on a path that every command takes:
# ruff: noqa: PTH109, PTH110, PTH118

import os
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.context import Context
from confiture_linter.engine.extract import extract
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.files import File
from confiture_linter.engine.lint import analyse
from confiture_linter.graph.order import FileOrder, file_edges, order_of
from confiture_linter.model import Problem
from confiture_linter.sources import SourceFile
from confiture_linter.sources.discover import Discovered, discover, discover_roots
from confiture_linter.sources.order import OrderedFiles, order_files, order_migrations

_NUMBERED = re.compile(r"(?:^|/)[^/a-zA-Z]*\d")
_VERSIONED = re.compile(
    r"(?:^|/)(?:V?\d{3,}[^/]*__?[^/]+|V\d[\d._]*__[^/]+|\d{8,}[^/]*(?:/(?:up|migration))?)(?:\.up)?\.sql\Z"
)
_MOSTLY = 0.8


class Workspace(NamedTuple):
    """Everything known about one tree."""

    config: Config
    files: tuple[Discovered, ...]
    """All files found, whatever their role."""
    sources: tuple[SourceFile, ...]
    """The files of the schema, in build order."""
    facts: tuple[FileFacts, ...]
    """Their facts, in the same order."""
    context: Context
    order: OrderedFiles
    computed: FileOrder | None
    """The computed order where none is declared."""
    problems: tuple[Problem, ...]


class Overlay(NamedTuple):
    """Text that stands in for a file, such as an editor's unsaved buffer."""

    path: str
    data: bytes


def open_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    cache: str | None = None,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
) -> Workspace:
    """Find, read, parse, order and replay the schema.

    `cache` is a directory for facts of unchanged files, None for no cache; `order` overrules `schema.order`.
    """
    if order is not None:
        config = config._replace(schema=config.schema._replace(order=order))
    history = not config.schema.roots and bool(config.migrations.roots)
    if history:
        found = discover_roots(config, config.migrations.roots, config.schema.exclude)
    else:
        found = discover(config, paths)
    tree = [file for file in found if file.role == "deploy" or file.role == "data"]
    shown = {overlay.path: overlay.data for overlay in overlays}
    known = {file.path for file in tree}
    tree += [Discovered(path, "") for path in shown if path not in known]
    by_path = extract(tree, config, cache, shown)
    names = [file.path for file in tree]
    if not history and not config.schema.roots:
        history = _mostly(_VERSIONED, names)
    declared = order is not None or config.path == "" or ("schema", "order") in config.positions
    ordered = (
        order_migrations(config, names) if config.migrations.roots and history else order_files(config, names)
    )
    return replayed(config, found, by_path, ordered, history=history, declared=declared and config.path != "")


def replayed(
    config: Config,
    found: tuple[Discovered, ...],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    ordered: OrderedFiles,
    *,
    history: bool,
    declared: bool,
) -> Workspace:
    """Replay what was extracted, in the order declared or, where none is, in a computed one."""
    files = [path for path in ordered.files if path in by_path]
    binding = history or (ordered.declared and (declared or _mostly(_NUMBERED, files)))
    context = _context(config, files, by_path, ordered=binding, history=history)
    computed = None
    if not binding:
        computed = order_of(files, file_edges(context.catalog))
        if list(computed.files) != files:
            files = list(computed.files)
            context = _context(config, files, by_path, ordered=False, history=history)
    return Workspace(
        config,
        found,
        tuple(by_path[path][0] for path in files),
        tuple(by_path[path][1] for path in files),
        context,
        ordered,
        computed,
        ordered.problems,
    )


def _context(
    config: Config,
    files: Sequence[str],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    *,
    ordered: bool,
    history: bool,
) -> Context:
    context = analyse(
        [by_path[path][1] for path in files],
        config,
        _texts(by_path),
        ordered=ordered,
        history=history,
    )
    context.exists = lambda path: os.path.exists(os.path.join(config.root or ".", path))
    context.files = [File(by_path[path][0], position) for position, path in enumerate(files)]
    return context


def _texts(by_path: dict[str, tuple[SourceFile, FileFacts]]) -> Callable[[str], bytes]:
    def text(path: str) -> bytes:
        known = by_path.get(path)
        return known[0].text if known is not None else b""

    return text


def _mostly(pattern: re.Pattern[str], paths: Sequence[str]) -> bool:
    """Whether nearly all paths match; an empty tree matches nothing."""
    if not paths:
        return False
    return sum(pattern.search(path) is not None for path in paths) >= _MOSTLY * len(paths)


def shown_path(config: Config, path: str) -> str:
    """A path of the tree as the user sees it: relative to the working directory."""
    root = config.root or "."
    if root == "." or os.path.realpath(root) == os.getcwd():
        return path
    return os.path.relpath(os.path.join(root, path)).replace(os.sep, "/")
