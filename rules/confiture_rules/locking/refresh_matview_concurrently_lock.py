from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="refresh-matview-concurrently-lock",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.INFO,
    preset=Preset.ALL,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE MATERIALIZED VIEW mv_order AS SELECT id, total FROM w_order;\n"
        "CREATE UNIQUE INDEX mv_order_id ON mv_order (id);"
    ),
    bad="REFRESH MATERIALIZED VIEW CONCURRENTLY mv_order;",
    good="ANALYZE mv_order;",
    at="REFRESH",
)
def refresh_matview_concurrently_lock(change: Change, ctx: Context) -> Iterator[Finding]:
    """A concurrent refresh keeps other refreshes of the view waiting.

    It takes EXCLUSIVE: readers go on, but a scheduled refresh waits for as long as the query takes, and they pile up
    behind each other.

    *When not:* nobody else refreshes the view; this is to be thought of, not to be mended.

    *Instead:* leave the refresh to the one job that does it.
    """
    fact = change.fact
    if (
        not isinstance(fact, Maintain)
        or fact.command != "refresh"
        or not fact.concurrently
        or change.effects.error
    ):
        return
    for schema, name, _ in fact.relations:
        if not change.is_new(change.identity_of(schema, name)):
            yield change.finding(
                f"other refreshes of {change.quoted(schema, name)} wait until its query is done",
                object=change.identity_of(schema, name),
                help="leave the refresh to the one job that does it",
            )
