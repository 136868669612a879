"""How long statements take, from the sizes of what they work on.

The rates are those of a server with its data on SSD that does other work, too, and the interval around them is a
factor of three each way: an order of magnitude for a review. What a dry run measures is better, and is preferred.
"""

from collections.abc import Iterable, Mapping

from confiture_linter.effects import Step
from confiture_linter.risk.snapshot import RelationSize
from confiture_linter.risk.values import Duration
from confiture_linter.statements.facts import CreateIndex, Execute

SCAN = 250e6
"""Bytes of a table read a second, to check a constraint."""
REWRITE = 60e6
"""Bytes of a table written anew a second."""
INDEX_BUILD = 40e6
"""Bytes of index built a second."""
UPDATE = 20e6
"""Bytes of a table updated a second, row by row, with its indexes."""
SHORT = 0.01
"""Seconds of a statement that only changes the catalog."""
_FACTOR = 3.0


def duration_of(step: Step, sizes: Mapping[str, RelationSize]) -> tuple[float, tuple[str, ...]]:
    """Seconds a statement takes, and the relations whose size would have to be known."""
    seconds, unknown = SHORT, []
    for names, cost in ((step.effects.rewrites, _rewrite), (_scans(step), _scan), (_builds(step), _build)):
        for name in old_relations(step, names):
            size = sizes.get(name)
            if size is None:
                unknown.append(name)
            else:
                seconds += cost(size)
    for name in _updated(step):
        size = sizes.get(name)
        if size is None:
            unknown.append(name)
        else:
            seconds += (size.bytes + size.index_bytes) / UPDATE
    return seconds, tuple(dict.fromkeys(unknown))


def interval(seconds: Iterable[float]) -> Duration:
    """The sum, with the interval that the rates allow."""
    total = sum(seconds)
    return Duration(round(total / _FACTOR, 3), round(total, 3), round(total * _FACTOR, 3))


def old_relations(step: Step, names: Iterable[str]) -> list[str]:
    """Those that were there before the change set: what it makes itself is empty, or nearly."""
    old, locked = {name for name, _ in step.existing}, {name for name, _ in step.effects.locks}
    return [name for name in names if name in old or name not in locked]


def _scans(step: Step) -> tuple[str, ...]:
    return tuple(name for name in step.effects.scans if name not in step.effects.rewrites)


def _builds(step: Step) -> tuple[str, ...]:
    fact = step.where.statement.fact
    if isinstance(fact, CreateIndex):
        return step.effects.scans
    return ()


def _updated(step: Step) -> list[str]:
    """Tables of which a statement may write every row."""
    fact = step.where.statement.fact
    if not isinstance(fact, Execute) or fact.command not in ("update", "delete", "merge"):
        return []
    return [name for name, mode in step.existing if mode.value == "ROW EXCLUSIVE"]


def _scan(size: RelationSize) -> float:
    return size.bytes / SCAN


def _rewrite(size: RelationSize) -> float:
    return size.bytes / REWRITE + size.index_bytes / INDEX_BUILD


def _build(size: RelationSize) -> float:
    # One index of several: a fifth of the table is the usual size of one.
    return size.bytes / 5 / INDEX_BUILD
