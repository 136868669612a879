"""The first half of a workspace: files found and read, nothing parsed yet.

Apart from the second half so that a run which is answered from the cache never imports parser, catalog or rules.
"""

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.extract import Extraction, begin_extraction
from confiture_linter.sources.discover import Discovered, discover, discover_roots

_VERSIONED = re.compile(
    r"(?:^|/)(?:V?\d{3,}[^/]*__?[^/]+|V\d[\d._]*__[^/]+|\d{8,}[^/]*(?:/(?:up|migration))?)(?:\.up)?\.sql\Z"
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
    declared: bool
    extraction: Extraction


def begin_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
) -> Opening:
    """Find and read the files; `order` overrules `schema.order`."""
    declared = config.path != "" and (order is not None or ("schema", "order") in config.positions)
    if order is not None:
        config = config._replace(schema=config.schema._replace(order=order))
    history = not config.schema.roots and bool(config.migrations.roots)
    if history:
        found = discover_roots(config, config.migrations.roots, config.schema.exclude)
    else:
        found = discover(config, paths)
    tree = [file for file in found if file.role in ("deploy", "data")]
    shown = {overlay.path: overlay.data for overlay in overlays}
    known = {file.path for file in tree}
    tree += [Discovered(path, "") for path in shown if path not in known]
    names = tuple(file.path for file in tree)
    if not history and not config.schema.roots:
        history = mostly(_VERSIONED, names)
    return Opening(config, found, names, history, declared, begin_extraction(tree, config, shown))


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
