"""Orders of one tree against one another, tried on a stage: the given one, the computed one, and one found by trying."""

from collections.abc import Callable, Mapping, Sequence

from confiture_linter.catalog import Catalog
from confiture_linter.graph.added import AddedColumns
from confiture_linter.graph.deeds import Deeds
from confiture_linter.graph.makers import Makers, Step, steps
from confiture_linter.graph.repair import mended
from confiture_linter.graph.schedule import Scheduler


def rehearsed(
    catalog: Catalog,
    given: Sequence[str],
    computed: Sequence[str],
    weights: Mapping[tuple[str, str], float],
    text: Callable[[str], bytes],
    *,
    meant: bool,
) -> list[str]:
    """The best of three orders. `meant`: whether that of the names says something, so that it wins a draw."""
    all_steps = list(steps(catalog))
    makers = Makers(all_steps)
    steps_of: dict[str, list[Step]] = {}
    for step in all_steps:
        steps_of.setdefault(step.where.path, []).append(step)
    scheduler = Scheduler(steps_of, Deeds(catalog, makers, AddedColumns(all_steps, makers), all_steps, text))
    candidates = [list(computed)]
    if meant:
        candidates = [list(given), sorted(given), *candidates]
    outcomes = [scheduler.outcome(order) for order in candidates]
    if min(outcome.loss for outcome in outcomes) > 0:
        preferred = min(zip(outcomes, candidates, strict=True), key=lambda pair: pair[0].loss)[1]
        candidates.append(scheduler.schedule(preferred, weights))
        outcomes.append(scheduler.outcome(candidates[-1]))
    outcome, best = min(zip(outcomes, candidates, strict=True), key=lambda pair: pair[0].loss)
    return mended(best, scheduler.outcome) if outcome.loss > 0 else best


__all__ = ["rehearsed"]
