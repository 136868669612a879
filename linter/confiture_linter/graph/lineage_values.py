"""What lineage answers with."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple


class Derivation(StrEnum):
    """How a value is made of its sources; a closed set."""

    COLUMN = "column"
    """It is stored: a column of a table. Its sources, if any, are what queries fill it with."""
    IDENTITY = "identity"
    """It is passed on unchanged."""
    EXPRESSION = "expression"
    """It is computed from one row."""
    AGGREGATE = "aggregate"
    """It is computed from several rows: an aggregate or a window function."""
    CONSTANT = "constant"
    """No column goes into it."""
    UNKNOWN = "unknown"
    """It could not be told; `reason` says why."""


class Place(NamedTuple):
    """A file and a 1-based line."""

    file: str
    line: int


class Step(NamedTuple):
    """One column on the way, and what it is made of."""

    relation: str
    """Node id of a table or view; `with:name` and `query:alias` for a CTE and a sub-query of the step above;
    a function's id for what it writes."""
    column: str
    how: Derivation
    file: str
    line: int
    expression: str = ""
    """What is computed, in one spelling; empty where a column is passed on."""
    reason: str = ""
    opaque: tuple[str, ...] = ()
    """User functions that are called on the way; what they do to their arguments is not looked at."""
    sources: tuple["Step", ...] = ()


def unknown(reason: str, place: Place, relation: str = "", column: str = "") -> Step:
    """A step about which nothing is known but why."""
    return Step(relation, column, Derivation.UNKNOWN, *place, reason=reason)


_STRENGTH = (
    Derivation.IDENTITY,
    Derivation.CONSTANT,
    Derivation.EXPRESSION,
    Derivation.AGGREGATE,
    Derivation.UNKNOWN,
)


def merged(steps: Iterable[Step]) -> Step:
    """What the branches of a set operation make of one column: all sources, and the farthest from identity."""
    branches = list(steps)
    farthest = max(branches, key=lambda step: _STRENGTH.index(step.how))
    if farthest.how is Derivation.CONSTANT and any(step.how is not Derivation.CONSTANT for step in branches):
        farthest = farthest._replace(how=Derivation.EXPRESSION)
    return farthest._replace(
        sources=tuple(dict.fromkeys(source for step in branches for source in step.sources)),
        opaque=tuple(sorted({name for step in branches for name in step.opaque})),
    )


def leaves(step: Step) -> Iterator[Step]:
    """The steps that have no source: columns of tables, constants, what is unknown."""
    if not step.sources:
        yield step
    for source in step.sources:
        yield from leaves(source)


def nearest(step: Step) -> Iterator[Step]:
    """The first columns of tables and views in a step and below it."""
    if step.relation.partition(":")[0] in ("table", "view", "materialized_view"):
        yield step
        return
    for source in step.sources:
        yield from nearest(source)
