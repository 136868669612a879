"""Each statement of a script with what the linter says it does."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from confiture_linter.effects import Effects, LockMode
from confiture_linter.statements.facts import Transaction
from confiture_migrator.migrations.statements import Statement, parted
from confiture_migrator.plan.values import Step

if TYPE_CHECKING:
    from confiture_linter.effects import Step as Judged


def steps_of(statements: Sequence[Statement], judged: "Sequence[Judged]") -> tuple[Step, ...]:
    """Each statement with what it does; what a statement contains (a schema's tables, a block's DDL) counts for it."""
    groups: list[list[Effects]] = []
    end = -1
    for step in judged:
        statement = step.where.statement
        if isinstance(statement.fact, Transaction) and statement.fact.kind in ("begin", "start", "commit"):
            continue
        if statement.start >= end:
            groups.append([])
            end = statement.end
        groups[-1].append(step.effects)
    if len(groups) != len(statements):
        unknown = Effects(unknown=("what its statements do: they could not be told apart",))
        return tuple(Step(each.shown, each.file, each.line, unknown) for each in statements)
    return tuple(
        Step(each.shown, each.file, each.line, together(group))
        for each, group in zip(statements, groups, strict=True)
    )


def together(group: Sequence[Effects]) -> Effects:
    """The effects of a statement, which comes first and has those of its parts already where it is a block."""
    first = group[0]
    if len(group) == 1:
        return first
    locks: dict[str, LockMode] = {}
    for effects in group:
        for name, mode in effects.locks:
            if name not in locks or locks[name].rank < mode.rank:
                locks[name] = mode

    def names(of: Callable[[Effects], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(sorted({name for effects in group for name in of(effects)}))

    return first._replace(
        locks=tuple(sorted(locks.items())),
        rewrites=names(lambda effects: effects.rewrites),
        scans=names(lambda effects: effects.scans),
        index_rebuilds=names(lambda effects: effects.index_rebuilds),
    )


Prediction = Callable[[int, Statement], Effects]
"""Says what was predicted for a statement that is sent, from its number and itself."""


def prediction(steps: Sequence[Step], *, python: bool) -> Prediction:
    """Find the predictions of a plan again: of a script by number, of Python, which may skip and repeat, by text."""
    if not python:
        return lambda index, _statement: steps[index].effects
    waiting: dict[str, list[Effects]] = {}
    for step in steps:
        waiting.setdefault(_plain(step.sql), []).append(step.effects)

    def by_text(_index: int, statement: Statement) -> Effects:
        found = []
        for text in parted(statement):
            effects = waiting.get(_plain(text))
            if not effects:
                return Effects(unknown=("it could not be read before it ran",))
            found.append(effects.pop(0) if len(effects) > 1 else effects[0])
        return together(found) if found else Effects()

    return by_text


def _plain(sql: str) -> str:
    return " ".join(sql.replace("%s", "$1").split())
