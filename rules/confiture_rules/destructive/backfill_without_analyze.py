from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import Execute, Maintain


@rule(
    name="backfill-without-analyze",
    subject=Change,
    facts=(Execute,),
    severity=Severity.INFO,
    preset=Preset.ALL,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD COLUMN tax numeric;\nUPDATE w_order SET tax = total * 0.2;",
    good="ALTER TABLE w_order ADD COLUMN tax numeric;\nUPDATE w_order SET tax = total * 0.2;\nANALYZE w_order;",
    at="UPDATE",
)
def backfill_without_analyze(change: Change, ctx: Context) -> Iterator[Finding]:
    """A new column is filled, and the planner is not told.

    Until autovacuum comes by there are no statistics of the column: the first queries that ask for it are planned as if
    nothing were known of its values.

    *When not:* a later statement of the file runs ANALYZE on the table or on all, or the table is made by the change.

    *Instead:* ANALYZE the table after the last batch.
    """
    for query in change.statement.queries[:1]:
        target = query.target
        table = change.relation(target.schema, target.name) if target is not None else None
        if query.command != "update" or not isinstance(table, Table) or change.effects.error:
            continue
        new = [c.name for c in query.target_columns if change.is_new_column(table.identity, c.name)]
        if not new or change.is_new(table.identity) or _analyzed(change, table):
            continue
        yield change.finding(
            f"there are no statistics of {', '.join(new)} until autovacuum analyzes {table.identity}",
            object=table.identity,
            help=f"`ANALYZE {table.qualified}` after the last batch",
            fix=change.insertion(
                "analyze the table", f";\nANALYZE {table.qualified}", safe=False, before=False
            ),
        )


def _analyzed(change: Change, table: Table) -> bool:
    for statement in change.ahead:
        fact = statement.fact
        if isinstance(fact, Maintain) and (fact.command == "analyze" or "analyze" in fact.options):
            if not fact.relations or any(name == table.name for _, name, _ in fact.relations):
                return True
        elif isinstance(fact, Execute) and any(
            query.command == "update" and query.target is not None and query.target.name == table.name
            for query in statement.queries[:1]
        ):
            return True  # the last one is the one to say it of
    return False
