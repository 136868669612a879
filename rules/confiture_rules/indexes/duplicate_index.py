from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_rules.indexes.index_keys import index_key, is_inherited, repeated_constraint


@rule(
    name="duplicate-index",
    subject=Index,
    severity=Severity.WARNING,
    bad=(
        "CREATE TABLE a (id int PRIMARY KEY, name text);\nCREATE INDEX a_name ON a (name);\n"
        "CREATE INDEX a_name_2 ON a (name);"
    ),
    good=(
        "CREATE TABLE a (id int PRIMARY KEY, name text);\nCREATE INDEX a_name ON a (name);\n"
        "CREATE INDEX a_name_2 ON a (name text_pattern_ops);"
    ),
    at="CREATE INDEX a_name_2",
)
def duplicate_index(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index repeats another one of the same table.

    It answers no query that the first does not answer, and every write pays for both.

    *When not:* while one is being replaced by the other; indexes that differ in method, operator class,
    order, collation, predicate or INCLUDE are not duplicates.

    *Instead:* drop one of them.
    """
    if len(index.table.indexes) < 2 or is_inherited(index) or repeated_constraint(index) is not None:
        return  # what repeats a constraint is said by index-duplicates-constraint
    twin = _twin(index)
    if twin is not None:
        yield index.finding(
            f"index {index.name} repeats {twin.name} of {index.table.identity}",
            help=f"drop {index.name}",
            related=(Related(twin.path, twin.span, f"index {twin.name}"),),
        )


def _twin(index: Index) -> Index | None:
    """An earlier index that is the same, or any unique one that makes a plain one superfluous."""
    earlier = True
    for other in index.table.indexes:
        if other is index:
            earlier = False
        elif other.columns == index.columns and index_key(other) == index_key(index):
            if other.unique and not index.unique:
                return other
            same = other.fact.nulls_not_distinct == index.fact.nulls_not_distinct
            if earlier and other.unique == index.unique and same:
                return other
    return None
