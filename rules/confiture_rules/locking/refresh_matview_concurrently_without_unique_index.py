from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="refresh-matview-concurrently-without-unique-index",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE MATERIALIZED VIEW mv_order AS SELECT id, total FROM w_order;"
    ),
    bad="REFRESH MATERIALIZED VIEW CONCURRENTLY mv_order;",
    good="CREATE UNIQUE INDEX ON mv_order (id);\nREFRESH MATERIALIZED VIEW CONCURRENTLY mv_order;",
    at="mv_order",
)
def refresh_matview_concurrently_without_unique_index(change: Change, ctx: Context) -> Iterator[Finding]:
    """A CONCURRENTLY refresh is refused: the view has no unique index.

    It needs a unique index on plain columns, without a WHERE clause, to tell rows apart.

    *When not:* the view has such an index.

    *Instead:* CREATE UNIQUE INDEX on columns that tell its rows apart.
    """
    fact = change.fact
    if not isinstance(fact, Maintain) or fact.command != "refresh" or not fact.concurrently:
        return
    for schema, name, at in fact.relations:
        view = change.relation(schema, name)
        if isinstance(view, View) and not any(
            i.unique and i.predicate is None and "" not in i.columns for i in view.indexes
        ):
            yield change.finding(
                f"PostgreSQL refuses CONCURRENTLY: {view.identity} has no unique index on plain columns",
                at=at if at >= 0 else None,
                object=view.identity,
                help=f"CREATE UNIQUE INDEX ON {view.qualified} (…), on columns that tell its rows apart",
            )
