"""The first half of a workspace: files found and read, nothing parsed yet.

Apart from the second half so that a run which is answered from the cache never imports parser, catalog or rules.
"""

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.extract import Extraction, begin_extraction
from confiture_linter.sources.discover import MIGRATION_SUFFIXES, Discovered, discover, discover_roots

_VERSIONED = re.compile(
    r"(?:^|/)(?:(?:\d{8,}|\d{4}-\d\d-\d\d|\d{4,}-|V\d+\.(?=\D)|V?\d+(?:[._]\d+)*__?)[^/]*(?:/(?:up|migration))?"
    r"|\d{8,}|\d+[._-][^/]*\.up|v\d+(?:\.\d+)+/[^/]+|migrat(?:ions?|e)/\d[^/]*)(?:\.up)?\.sql\Z"
)
_FOLDERS = re.compile(
    r"(?:^|/)(?:deltas?|migrat\w*|versions?|updates?|upgrades?|patches|releases?|postgres(?:ql)?)/\d+(?:\.\d+)*/[^/]+\.sql\Z"
)
"""A folder named by nothing but a version, with its changes in it."""
_DATED = re.compile(
    r"(?:^|/)(?:\d{8,}|\d{4}-\d\d-\d\d|V\d[\d._]*__)[^/]*(?:/(?:up|migration))?(?:\.up)?\.sql\Z"
)
_MOSTLY = 0.8


class Overlay(NamedTuple):
    """Text that stands in for a file, such as an editor's unsaved buffer."""

    path: str
    data: bytes


class Opening(NamedTuple):
    """A workspace whose files are found and read, and not yet parsed."""

    config: Config
    files: tuple[Discovered, ...]
    names: tuple[str, ...]
    """Files of the schema, relative to the configuration."""
    history: bool
    """Whether those files are change scripts themselves."""
    declared: bool
    extraction: Extraction
    scripts: tuple[str, ...] = ()
    """Change scripts beside a schema tree."""
    plan: str = ""
    """The sqitch plan beside a tree whose order is computed: where the graph leaves room, it decides."""

    @property
    def unread(self) -> list[str]:
        """Change scripts in languages that are not read."""
        return [file.path for file in self.files if file.role == "unread"]


def begin_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
) -> Opening:
    """Find and read the files; `order` overrules `schema.order`."""
    declared = order is not None or (config.path != "" and ("schema", "order") in config.positions)
    migrations = not config.schema.roots and bool(config.migrations.roots)
    if migrations:
        found = discover_roots(
            config, config.migrations.roots, config.schema.exclude, suffixes=MIGRATION_SUFFIXES
        )
    else:
        found = discover(config, paths)
    history = migrations or any(file.path.endswith(".py") for file in found)
    if order is None and not declared and not history and not config.schema.roots:
        order, history = guessed_order(config, [file.path for file in found if file.role == "deploy"], paths)
    if order in _VERSIONS and not migrations:
        history = True
    if order is not None:
        config = config._replace(schema=config.schema._replace(order=order))
    # In a sqitch project each change is deployed in turn, reworked ones in all their versions.
    planned = config.schema.order.startswith("sqitch:") and not migrations
    # So they are when their order is asked for, whether a plan says it or the graph.
    roles = ("deploy", "data", "superseded") if planned or order == "computed" else ("deploy", "data")
    tree = [file for file in found if file.role in roles]
    shown = {overlay.path: overlay.data for overlay in overlays}
    beside = _scripts(config) if config.schema.roots and config.migrations.roots else []
    scripts = tuple(file.path for file in beside)
    known = {file.path for file in tree}.union(scripts)
    tree += [Discovered(path, "") for path in shown if path not in known]
    tree = [file for file in tree if file.path not in scripts]
    names = tuple(file.path for file in tree)
    extraction = begin_extraction([*tree, *beside], config, shown)
    plan = sqitch_plan(config, names, paths) if order == "computed" else ""
    return Opening(
        config, (*found, *beside), names, history or planned, declared or planned, extraction, scripts, plan
    )


def _scripts(config: Config) -> list[Discovered]:
    """The change scripts that lie beside a schema tree."""
    found = discover_roots(
        config, config.migrations.roots, config.schema.exclude, suffixes=MIGRATION_SUFFIXES
    )
    return [file for file in found if file.role == "deploy"]


def guessed_order(config: Config, names: Sequence[str], paths: Sequence[str]) -> tuple[str | None, bool]:
    """The build order that a tree without configuration shows, and whether it is a history of changes.

    A sqitch plan, the names of diesel, flyway and prisma, and version numbers speak for themselves.
    """
    plan = sqitch_plan(config, names, paths)
    if plan:
        return f"sqitch:{plan}", True
    if not mostly(_VERSIONED, names):
        return ("natural", True) if mostly(_FOLDERS, names) else (None, False)
    for order, pattern in _TOOLS:
        if mostly(pattern, names):
            return order, True
    return "natural", True


def sqitch_plan(config: Config, names: Sequence[str], paths: Sequence[str]) -> str:
    """The sqitch plan of the project that holds nearly all files, relative to the configuration; or nothing."""
    root = config.root or "."
    for folder in (*(paths or (root,)), *sorted(_deploying(names, root))):
        plan = os.path.normpath(os.path.join(folder, "sqitch.plan"))
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        inside = sum(below == "." or name.startswith(below + "/") for name in names)
        if inside >= _MOSTLY * len(names) and os.path.isfile(plan):
            return os.path.relpath(plan, root)
    return ""


def _deploying(names: Sequence[str], root: str) -> set[str]:
    """Folders with a folder `deploy` in them, as sqitch lays its projects out."""
    found = (name.partition("/deploy/") for name in names)
    return {os.path.join(root, before) for before, deploy, _ in found if deploy}


_VERSIONS = frozenset({"diesel", "flyway", "prisma"})
"""Orders of tools that run changes one after the other: a tree in such an order is a history."""

_TOOLS = (
    ("diesel", re.compile(r"(?:^|/)up\.sql\Z")),
    ("prisma", re.compile(r"(?:^|/)migration\.sql\Z")),
    ("flyway", re.compile(r"(?:^|/)[VR]\d*[\d._]*__[^/]*\.sql\Z")),
)


def looks_versioned(path: str) -> bool:
    """Whether a path looks like that of a numbered change: a date, a time stamp or a version in front."""
    return _DATED.search(path) is not None


def mostly(pattern: re.Pattern[str], paths: Sequence[str]) -> bool:
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
