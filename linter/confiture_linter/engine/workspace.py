"""From a configuration and paths to a catalog that can be questioned: find, read, parse, order, replay."""

import os
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.context import Context
from confiture_linter.engine.copies import second_schemas
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.files import File
from confiture_linter.engine.includes import include_edges
from confiture_linter.engine.lint import analyse
from confiture_linter.engine.opening import (
    Opening,
    Overlay,
    begin_workspace,
    looks_versioned,
    mostly,
    shown_path,
)
from confiture_linter.graph.order import FileOrder, file_edges, order_of
from confiture_linter.model import Problem, Unanalysed
from confiture_linter.sources import SourceFile
from confiture_linter.sources.discover import Discovered
from confiture_linter.sources.order import OrderedFiles, order_files, order_migrations

_NUMBERED = re.compile(r"(?:^|/)[^/a-zA-Z]*\d")


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
    set_aside: tuple[Unanalysed, ...] = ()
    """Files that were taken for a second copy of the schema."""


def finish_workspace(opening: Opening) -> Workspace:
    """Parse what is left, order, replay."""
    config = opening.config
    by_path = opening.extraction.finish()
    names = opening.names
    said: list[Unanalysed] = []
    if (
        not config.schema.roots
        and not config.migrations.roots
        and not config.schema.order.startswith("sqitch:")
        and not any(source.language == "python" for source in opening.extraction.sources)
    ):
        copies, said = second_schemas(
            names,
            {path: facts for path, (_, facts) in by_path.items()},
            looks_versioned,
            changes_first=opening.history,
        )
        names = tuple(name for name in names if name not in copies)
    if opening.history and (config.migrations.roots or any(name.endswith(".py") for name in names)):
        ordered = order_migrations(config, names, lambda path: by_path[path][0].data)
    else:
        ordered = order_files(config, names)
    workspace = replayed(
        config, opening.files, by_path, ordered, history=opening.history, declared=opening.declared
    )
    return workspace._replace(set_aside=tuple(said))


def open_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
) -> Workspace:
    """Find, read, parse, order and replay the schema."""
    opening = begin_workspace(config, paths, overlays=overlays, order=order)
    opening.extraction.start()
    return finish_workspace(opening)


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
    binding = history or (ordered.declared and (declared or mostly(_NUMBERED, files)))
    context = _context(config, files, by_path, ordered=binding, history=history)
    computed = None
    if not binding:
        computed = order_of(files, [*file_edges(context.catalog), *include_edges(context.files)])
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


__all__ = [
    "Opening",
    "Overlay",
    "Workspace",
    "begin_workspace",
    "finish_workspace",
    "open_workspace",
    "replayed",
    "shown_path",
]
