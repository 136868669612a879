"""Which partitions the planner cannot leave out."""

from confiture_linter.catalog import Table
from confiture_linter.effects.implication import admits, fits_another
from confiture_linter.effects.objects import family
from confiture_linter.statements.facts import Comparison


def pruned(table: Table, given: list[Comparison]) -> list[Table]:
    """Descendants, without the partitions that comparisons with constants rule out."""
    found: list[Table] = []
    if table.partition_strategy:
        key = table.fact.partition_key
        relevant = [item for item in given if key and item.column.name == key[0]]
        for part in table.partitions:
            if part.bound is not None and part.bound.strategy == "default":
                others = [other.bound for other in table.partitions if other is not part]
                excluded = any(
                    item.operator == "="
                    and all(fits_another(key, others, item.column.name, value) for value in item.values)
                    for item in relevant
                )
            else:
                excluded = not all(
                    any(
                        admits(key, part.bound, item.column.name, item.operator, value)
                        for value in item.values
                    )
                    for item in relevant
                )
            if not excluded:
                found += [part, *pruned(part, given)]
        return found
    for child in family(table)[1:]:
        found.append(child)
    return found
