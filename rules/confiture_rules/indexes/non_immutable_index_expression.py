from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Column, Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Expression
from confiture_rules.indexes.volatility import mutable_part


class Place(NamedTuple):
    """An expression that must be immutable, and what it belongs to."""

    entity: Index | Column
    expression: Expression
    what: str


@rule(
    name="non-immutable-index-expression",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, at timestamptz);\nCREATE INDEX a_month ON a (to_char(at, 'YYYY-MM'));",
    good="CREATE TABLE a (id int PRIMARY KEY, at timestamptz);\nCREATE INDEX a_month ON a (date_trunc('month', at, 'UTC'));",
    at="to_char",
)
def non_immutable_index_expression(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An index or a generated column uses something that is not IMMUTABLE.

    PostgreSQL refuses it, since the stored value could differ from what the function returns later: `now()`,
    `to_char`, `unaccent`, `timestamptz::date` (it depends on TimeZone), and every PL/pgSQL function that does
    not say IMMUTABLE.

    *When not:* never; the statement fails. Calls whose overload depends on types that are not known are
    not reported.

    *Instead:* an immutable form, such as `date_trunc('month', at, 'UTC')`, or for a partial index a
    constant; a function of your own may be declared IMMUTABLE if it truly is.
    """
    for place in _places(catalog):
        columns = getattr(place.entity.table, "columns", {})
        part = mutable_part(catalog, columns, place.expression)
        if part is not None:
            yield place.entity.finding(
                f"{place.what} uses {part.what}, which is not IMMUTABLE",
                at=part.at,
                help="use an immutable form, such as (at AT TIME ZONE 'UTC')::date; declare your own function IMMUTABLE if it is",
            )


def _places(catalog: Catalog) -> Iterator[Place]:
    for index in catalog.indexes:
        for column in index.fact.columns:
            if column.expression is not None:
                yield Place(index, column.expression, f"index {index.name}")
        if index.predicate is not None:
            yield Place(index, index.predicate, f"the predicate of index {index.name}")
    for generated in catalog.columns:
        if generated.generated and generated.fact.default is not None:
            what = f"generated column {generated.identity}"
            yield Place(generated, generated.fact.default, what)
