from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="refresh-matview-non-concurrent",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE MATERIALIZED VIEW mv_order AS SELECT id, total FROM w_order;\n"
        "CREATE UNIQUE INDEX mv_order_id ON mv_order (id);"
    ),
    bad="REFRESH MATERIALIZED VIEW mv_order;",
    good="REFRESH MATERIALIZED VIEW CONCURRENTLY mv_order;",
    at="REFRESH",
)
def refresh_matview_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """A materialized view is refreshed while nobody can read it.

    Readers wait (ACCESS EXCLUSIVE) for as long as its query takes.

    *When not:* the view is made by the same change, or was made WITH NO DATA, so that nobody can read it anyway.

    *Instead:* REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on plain columns.
    """
    fact = change.fact
    if (
        not isinstance(fact, Maintain)
        or fact.command != "refresh"
        or fact.concurrently
        or change.effects.error
    ):
        return
    for schema, name, _ in fact.relations:
        view = change.relation(schema, name)
        if change.is_new(change.identity_of(schema, name)) or (
            isinstance(view, View) and not view.fact.with_data
        ):
            continue
        unique = isinstance(view, View) and any(
            i.unique and i.predicate is None and "" not in i.columns for i in view.indexes
        )
        quoted = change.quoted(schema, name)
        way = f"`REFRESH MATERIALIZED VIEW CONCURRENTLY {quoted}`"
        yield change.finding(
            f"nobody can read {quoted} until its query is done",
            object=change.identity_of(schema, name),
            help=way
            if unique
            else "REFRESH MATERIALIZED VIEW CONCURRENTLY, once it has a unique index on plain columns",
            fix=_concurrently(change, ctx) if unique else None,
        )


def _concurrently(change: Change, ctx: Context) -> Fix | None:
    found = ctx.words(change.path, change.span).find("materialized", "view")
    if not found:
        return None
    at = found[1].end
    return Fix("refresh it concurrently", (Edit(change.path, Span(at, at), " CONCURRENTLY"),), safe=False)
