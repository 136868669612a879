"""Short locks that a file takes again and again: they are said once a file."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.effects import ChangeSet, Migration, Step
from confiture_linter.model import Finding, Related, Span
from confiture_linter.statements.facts import SetVariable
from confiture_rules.transactions.timeouts import milliseconds

_SHOWN = 4


class Taken(NamedTuple):
    """Locks that one statement takes."""

    step: Step
    whose: str
    """Relation, trigger, … for which they are taken."""
    tables: tuple[str, ...]


def without_timeout(changes: ChangeSet) -> Iterator[tuple[Migration, list[Step]]]:
    """The statements of each file that no lock_timeout of the file is in force for."""
    migration: Migration | None = None
    steps: list[Step] = []
    limited = False
    for step in changes.steps:
        if step.migration is not migration:
            if migration is not None:
                yield migration, steps
            migration, steps, limited = step.migration, [], False
        fact = step.where.statement.fact
        if isinstance(fact, SetVariable) and fact.name.lower() == "lock_timeout":
            limited = bool(fact.values) and bool(milliseconds(fact.values[0])) and not fact.reset
        elif not limited and not step.effects.error:
            steps.append(step)
    if migration is not None:
        yield migration, steps


def listed(names: Sequence[str]) -> str:
    """Names, each once; the rest is counted."""
    known = list(dict.fromkeys(names))
    more = len(known) - _SHOWN
    return ", ".join(known[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def once(taken: Sequence[Taken], message: str, help: str) -> Finding:
    """A finding at the first of several statements of a file; the others are related."""
    first, *others = taken
    where = first.step.where
    return Finding(
        where.path,
        Span(where.statement.start, where.statement.end),
        message,
        first.tables[0],
        help,
        related=tuple(
            Related(where.path, Span(s.where.statement.start, s.where.statement.end), f"so does {whose}")
            for s, whose, _ in others[:_SHOWN]
        ),
    )
