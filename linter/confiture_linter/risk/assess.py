"""The risk of a migration, from the effects of its statements: rules, no guessing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.effects import LockMode, Step
from confiture_linter.risk.compatibility import breaking
from confiture_linter.risk.data_loss import losing
from confiture_linter.risk.duration import duration_of, interval, old_relations
from confiture_linter.risk.reversal import reversal
from confiture_linter.risk.snapshot import NO_SNAPSHOT, RelationSize, Snapshot
from confiture_linter.risk.values import AXES, Level, Recommendation, Risk

SHORT_LOCK = 1.0
"""Seconds under a lock that nobody notices."""
LONG_LOCK = 10.0
"""Seconds under a lock from which on it is an outage."""


class Judgement(NamedTuple):
    """What one statement means on one axis."""

    axis: str
    level: Level
    reason: str
    advice: str = ""
    must: bool = False


def risk_of(steps: Sequence[Step], snapshot: Snapshot = NO_SNAPSHOT, *, down: bool | None = None) -> Risk:
    """The risk of the statements of one migration.

    `snapshot` has the sizes of the database it will run on; `down` says whether there is a script that takes it
    back (None: not known).
    """
    judgements = [judgement for step in steps for judgement in _judged(step, snapshot)]
    worst = {axis: _worst(axis, judgements) for axis in AXES}
    timed = [duration_of(step, snapshot.relations) for step in steps]
    unknown = tuple(dict.fromkeys(name for _, names in timed for name in names))
    return Risk(
        compatibility=worst["compatibility"].level,
        data_loss=worst["data_loss"].level,
        performance=worst["performance"].level,
        locking=worst["locking"].level,
        reasons=tuple((axis, worst[axis].reason) for axis in AXES if worst[axis].level is not Level.NONE),
        duration=None if unknown else interval(seconds for seconds, _ in timed),
        unknown_sizes=unknown,
        recommendations=_recommendations(judgements),
        rollback=reversal(steps, lost=worst["data_loss"].level is Level.HIGH, down=down),
    )


def _worst(axis: str, judgements: Sequence[Judgement]) -> Judgement:
    of_axis = [judgement for judgement in judgements if judgement.axis == axis]
    return max(of_axis, key=lambda judgement: judgement.level.rank, default=Judgement(axis, Level.NONE, ""))


def _recommendations(judgements: Sequence[Judgement]) -> tuple[Recommendation, ...]:
    found: dict[str, bool] = {}
    for judgement in judgements:
        if judgement.advice:
            found[judgement.advice] = found.get(judgement.advice, False) or judgement.must
    ordered = sorted(found.items(), key=lambda item: not item[1])
    return tuple(Recommendation(text, must) for text, must in ordered)


def _judged(step: Step, snapshot: Snapshot) -> Iterator[Judgement]:
    if step.effects.error:
        yield Judgement("compatibility", Level.HIGH, f"PostgreSQL refuses it: {step.effects.error}")
        return
    yield from _locking(step, snapshot)
    yield from _performance(step, snapshot)
    for level, reason, advice in losing(step):
        yield Judgement("data_loss", level, reason, advice, must=level is Level.HIGH)
    for level, reason, advice in breaking(step):
        yield Judgement("compatibility", level, reason, advice, must=level is Level.HIGH)


def _locking(step: Step, snapshot: Snapshot) -> Iterator[Judgement]:
    blocking = [(name, mode) for name, mode in step.existing if mode.blocks_writes]
    if not blocking:
        return
    name, mode = max(blocking, key=lambda pair: pair[1].rank)
    who = "everyone" if mode is LockMode.ACCESS_EXCLUSIVE else "writers"
    effects = step.effects
    work = bool(effects.index_rebuilds or old_relations(step, (*effects.rewrites, *effects.scans)))
    if not work:
        yield Judgement(
            "locking",
            Level.LOW,
            f"{mode.value} on {name} for a moment",
            "set lock_timeout, and try again when it runs out",
        )
        return
    seconds, unknown = duration_of(step, snapshot.relations)
    if unknown:
        yield Judgement(
            "locking",
            Level.HIGH,
            f"{mode.value} on {name} keeps {who} out while {unknown[0]}, whose size is not known, is worked on",
            "make a snapshot, so that sizes are known",
            must=True,
        )
    else:
        level = Level.LOW if seconds < SHORT_LOCK else Level.MEDIUM if seconds < LONG_LOCK else Level.HIGH
        yield Judgement(
            "locking",
            level,
            f"{mode.value} on {name} keeps {who} out for about {_spoken(seconds)}",
            "run it in a maintenance window, or in steps that need no long lock"
            if level is Level.HIGH
            else "",
            must=level is Level.HIGH,
        )


def _performance(step: Step, snapshot: Snapshot) -> Iterator[Judgement]:
    seconds, unknown = duration_of(step, snapshot.relations)
    worked_on = [*old_relations(step, (*step.effects.rewrites, *step.effects.scans)), *unknown]
    if not worked_on:
        return
    if unknown:
        yield Judgement(
            "performance",
            Level.MEDIUM,
            f"{unknown[0]}, whose size is not known, is read or written to the end",
        )
        return
    size = snapshot.relations.get(worked_on[0], RelationSize(0, 0, 0))
    level = Level.LOW if seconds < LONG_LOCK else Level.MEDIUM if seconds < 60 * LONG_LOCK else Level.HIGH
    yield Judgement(
        "performance",
        level,
        f"works through {worked_on[0]} ({size.rows:,} rows), about {_spoken(seconds)}",
        "do it in batches, at a quiet hour" if level is Level.HIGH else "",
    )


def _spoken(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
