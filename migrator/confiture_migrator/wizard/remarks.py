"""What the summary warns about: locks that were held long, slow indexes, predictions that did not hold. Pure."""

import re
from collections.abc import Iterator

from confiture_linter.effects.values import LockMode
from confiture_migrator.plan.values import PlannedMigration
from confiture_migrator.rehearse.values import MigrationReport
from confiture_migrator.wizard.page import counted, spoken
from confiture_migrator.wizard.values import Story

LONG_LOCK = 1.0
"""Seconds under a lock that keeps writers out from which on somebody has noticed."""
SLOW_INDEX = 10.0
"""Seconds that building an index may take without a word."""
_BUILDS = re.compile(r"\s*(create\s+(unique\s+)?index|reindex)\b", re.IGNORECASE)


def remarks_on(
    planned: PlannedMigration, story: Story, rehearsed: MigrationReport | None = None
) -> tuple[str, ...]:
    """The warnings about one migration that was applied."""
    found = [*_locks(story), *_indexes(planned, story), *_unforeseen_locks(planned, story)]
    found += _duration(planned, story)
    for step in rehearsed.steps if rehearsed is not None else ():
        found += [
            f"prediction missed in the dry-run, {step.file}:{step.line}: {each}" for each in step.differences
        ]
    if story.retries:
        found.append(f"{counted(story.retries, 'new beginning')}, for somebody held a lock that it needs")
    if story.unwatched:
        found.append(f"which locks were held is not known: {story.unwatched}")
    if story.uncompared:
        found.append(f"what changed is not known: {story.uncompared}")
    return tuple(found)


def _locks(story: Story) -> Iterator[str]:
    """The strongest lock on each relation; who waits for that one waits for the weaker ones, too."""
    told: set[str] = set()
    for lock in story.locks:
        if lock.mode.blocks_writes and lock.seconds > LONG_LOCK and lock.relation not in told:
            told.add(lock.relation)
            who = "everyone" if lock.mode.blocks_reads else "writers"
            yield f"{lock.mode.value} on {lock.relation} kept {who} out for {spoken(lock.seconds)}"
    if story.waited:
        yield f"{counted(story.waited, 'session')} waited for it at one time"


def _indexes(planned: PlannedMigration, story: Story) -> Iterator[str]:
    rebuilding = {step.sql for step in planned.steps if step.effects.index_rebuilds}
    for step in story.steps:
        if step.seconds > SLOW_INDEX and (_BUILDS.match(step.sql) or step.sql in rebuilding):
            yield f"slow index: {step.place} took {spoken(step.seconds)}"


def _unforeseen_locks(planned: PlannedMigration, story: Story) -> Iterator[str]:
    """Locks that block, taken by a statement, and not foreseen; where something was said to be unknown, nothing is."""
    if not planned.steps or any(step.effects.unknown for step in planned.steps):
        return
    foreseen: dict[str, LockMode] = {}
    for step in planned.steps:
        for relation, mode in step.effects.locks:
            if relation not in foreseen or foreseen[relation].rank < mode.rank:
                foreseen[relation] = mode
    for lock in story.locks:
        expected = foreseen.get(lock.relation)
        if not (lock.in_step and lock.mode.blocks_writes):
            continue
        if expected is None or expected.rank < lock.mode.rank:
            instead = f"{expected.value} was" if expected is not None else "no lock was"
            yield f"prediction missed: {lock.mode.value} on {lock.relation}, {instead} predicted"


def _duration(planned: PlannedMigration, story: Story) -> Iterator[str]:
    """The prediction is about statements; hooks have their own."""
    expected = planned.risk.duration
    seconds = sum(step.seconds for step in story.steps)
    if expected is not None and seconds > max(expected.high, LONG_LOCK):
        yield (
            f"prediction missed: its statements took {spoken(seconds)}, {spoken(expected.high)} at most was predicted"
        )
