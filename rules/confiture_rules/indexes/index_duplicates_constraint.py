from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_rules.indexes.index_keys import is_inherited, repeated_constraint


@rule(
    name="index-duplicates-constraint",
    subject=Index,
    severity=Severity.WARNING,
    bad="CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);\nCREATE INDEX a_code ON a (code);",
    good="CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);\nCREATE INDEX a_code ON a (code text_pattern_ops);",
    at="CREATE INDEX a_code",
)
def index_duplicates_constraint(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index has the columns of a primary key or UNIQUE constraint.

    The constraint already has an index over exactly these columns; every write now pays for two.

    *When not:* an index that differs in order, operator class, collation, predicate or INCLUDE is not
    reported.

    *Instead:* drop the index.
    """
    constraint = None if is_inherited(index) else repeated_constraint(index)
    if constraint is not None:
        yield index.finding(
            f"index {index.name} repeats the {constraint.kind} of {index.table.identity} ({', '.join(index.columns)})",
            help=f"drop {index.name}: {constraint.name} has the same index",
            related=(
                Related(constraint.path, Span(constraint.fact.at, constraint.fact.at), constraint.name),
            ),
        )
