"""Replays change scripts on what was there before, and has them judged.

Three things can be there before: what earlier scripts made, where the scripts build the schema from nothing; the
schema tree as it was at a git revision; the schema tree of today, taken back by what the scripts are about to do.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Replay
from confiture_linter.config import Config
from confiture_linter.effects import Migration
from confiture_linter.engine.context import Context
from confiture_linter.engine.drift import drift_between, drift_shown
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.judge import Judge
from confiture_linter.engine.lint import new_replay
from confiture_linter.engine.pending import Pending, from_elsewhere, migration_of, stands_alone
from confiture_linter.engine.rewind import Rewound, rewind
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.sources.migration import MigrationInfo
from confiture_linter.statements import Statement


class Changes(NamedTuple):
    """Change scripts that have been judged."""

    context: Context
    """The catalog with all scripts applied."""
    judge: Judge
    paths: frozenset[str]
    """The scripts that were judged."""
    base: str
    """What was there before: `history`, `tree`, `revision` (the tree as it was), or `nothing` that is known."""
    rewound: Rewound
    """What the tree of today showed of the scripts; all that it lacks is drift."""


def judge_for(
    config: Config,
    files: Sequence[FileFacts],
    info: Callable[[str], MigrationInfo],
    rules: Sequence[ActiveRule],
    context: Context,
    *,
    together: bool,
    complete: bool = True,
) -> Judge:
    """A judge of the change scripts `files`."""
    migrations: dict[str, Migration] = {
        file.path: migration_of(config, file, info(file.path)) for file in files
    }
    return Judge(_with_following(migrations), rules, context, together=together, complete=complete)


def _with_following(migrations: dict[str, Migration]) -> dict[str, Migration]:
    """The same, each with what the later ones of its release do."""
    behind: dict[str, tuple[Statement, ...]] = {}
    for path, migration in reversed(list(migrations.items())):
        if migration.release:
            following = behind.get(migration.release, ())
            migrations[path] = migration._replace(following=following)
            behind[migration.release] = migration.statements + following
    return migrations


def judged_changes(
    config: Config,
    tree: Sequence[FileFacts],
    before: Sequence[FileFacts] | None,
    shown: Catalog,
    scripts: Sequence[FileFacts],
    pending: Pending,
    info: Callable[[str], MigrationInfo],
    rules: Sequence[ActiveRule],
    text: Callable[[str], bytes],
) -> Changes:
    """Judge change scripts that lie beside a schema tree.

    `tree` and `scripts` are in the order in which they run. `before` is the tree as it was before the scripts, where
    that is known; `shown` is the catalog of the tree as it is, and `scripts` are the earlier and the pending ones.
    """
    by_path = {file.path: file for file in scripts}
    judged = [by_path[path] for path in pending.judged if path in by_path]
    earlier = [by_path[path] for path in pending.earlier if path in by_path]
    replay = new_replay(config, history=True)
    context = Context(replay.catalog, config, text, history=True)
    base, rewound = "history", Rewound()
    if tree and not stands_alone(scripts, tree):
        base = "tree" if before is None else "revision"
        for position, file in enumerate(tree if before is None else before):
            replay.file(file.path, file.statements, position)
        replay.finish()
        if before is None:
            rewound = rewind(replay.catalog, judged)
        replay = _continued(replay)
    elif not tree and from_elsewhere(scripts):
        base = "nothing"
    judge = judge_for(
        config, judged, info, rules, context, together=pending.together, complete=base != "nothing"
    )
    start = len(tree)
    for position, file in enumerate(earlier if base in ("history", "nothing") else [], start):
        replay.file(file.path, file.statements, position)
    replay.before = judge.before
    for position, file in enumerate(judged, start + len(earlier)):
        replay.file(file.path, file.statements, position)
    judge.finish()
    replay.finish()
    context.change_sets = judge.change_sets
    context.judged = judge.found
    if base == "tree":
        context.drift = drift_shown(rewound)
    elif tree:
        context.drift = drift_between(shown, replay.catalog)
    return Changes(context, judge, frozenset(file.path for file in judged), base, rewound)


def _continued(finished: Replay) -> Replay:
    """A replay that goes on where another has ended: as a history, for the tree is there now."""
    replay = Replay(finished.catalog, history=True)
    replay.references.external = finished.references.external
    return replay


__all__ = ["Changes", "judge_for", "judged_changes"]
