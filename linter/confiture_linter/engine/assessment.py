"""The risk of every migration of a change set."""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.effects import ChangeSet, Migration, Step
from confiture_linter.engine.workspace import Workspace
from confiture_linter.risk import Risk, Snapshot, read_snapshot, risk_of
from confiture_linter.risk.snapshot import NO_SNAPSHOT


class Assessed(NamedTuple):
    """A migration, what it does, and how dangerous that is."""

    migration: Migration
    steps: tuple[Step, ...]
    risk: Risk


def snapshot_of(config: Config) -> Snapshot:
    """The snapshot that the configuration names; an empty one without. Raises `SourceError`."""
    named = config.migrations.snapshot
    if not named:
        return NO_SNAPSHOT
    path = os.path.join(config.root or ".", named)
    return read_snapshot(path) if os.path.exists(path) else NO_SNAPSHOT


def assess(workspace: Workspace, snapshot: Snapshot) -> tuple[Assessed, ...]:
    """Assess every migration that was judged, in the order in which they run."""
    down = _downs(workspace)
    found = []
    for changes in change_sets(workspace):
        by_path: dict[str, list[Step]] = {migration.path: [] for migration in changes.migrations}
        for step in changes.steps:
            by_path[step.where.path].append(step)
        for migration in changes.migrations:
            steps = tuple(by_path[migration.path])
            found.append(Assessed(migration, steps, risk_of(steps, snapshot, down=down.get(migration.path))))
    return tuple(found)


def change_sets(workspace: Workspace) -> Iterator[ChangeSet]:
    """The judged change sets: of scripts beside a tree, or of a tree that is a history itself."""
    context = workspace.changes.context if workspace.changes is not None else workspace.context
    yield from context.change_sets


def _downs(workspace: Workspace) -> Mapping[str, bool]:
    """Whether there is something that takes a script back: a section in it, or a file beside it."""
    others = {file.path for file in workspace.files if file.role in ("down", "revert")}
    found = {}
    for source in workspace.sources:
        found[source.path] = bool(source.down) or any(name in others for name in _counterparts(source.path))
    return found


def _counterparts(path: str) -> list[str]:
    """Where the script that takes `path` back may be."""
    folder, _, name = path.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    stem = name.removesuffix(".sql").removesuffix(".up")
    names = [
        f"{stem}.down.sql",
        f"{stem}_down.sql",
        f"{stem}.rollback.sql",
        f"{stem}.undo.sql",
        f"U{stem[1:]}.sql",
    ]
    if name == "up.sql":
        names.append("down.sql")
    beside = [prefix + each for each in names]
    if folder.rpartition("/")[2] in ("deploy", "up"):
        above = folder.rpartition("/")[0]
        beside += [f"{above}/{role}/{name}".lstrip("/") for role in ("revert", "down")]
    return beside
