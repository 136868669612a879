from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, Drop, Execute, Maintain, Other


@rule(
    name="pending-trigger-events",
    subject=Change,
    facts=(AlterTable, CreateIndex, Drop, Maintain),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer DEFERRABLE INITIALLY "
        "DEFERRED);"
    ),
    bad="BEGIN;\nUPDATE w_order SET customer_id = 1 WHERE id = 2;\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    good=(
        "BEGIN;\nUPDATE w_order SET customer_id = 1 WHERE id = 2;\nCOMMIT;\n"
        "ALTER TABLE w_order ADD COLUMN note text;"
    ),
    at="ALTER TABLE",
)
def pending_trigger_events(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table is altered while deferred checks of its rows are still to come.

    Rows were written in the same transaction, and a deferred foreign key or constraint trigger will look at them at its
    end: PostgreSQL refuses the change, "because it has pending trigger events".

    *When not:* the constraint is checked at once, or SET CONSTRAINTS … IMMEDIATE has had it checked.

    *Instead:* write the rows in a transaction of their own.
    """
    if not change.in_block or change.effects.error:
        return
    fact = change.fact
    if isinstance(fact, Maintain) and fact.command != "truncate":
        return
    changed = {name for name, mode in change.effects.locks if mode.rank >= _LEAST}
    for step in reversed(change.earlier):
        if step.transaction != change.transaction:
            break
        if _checks_now(step):
            return
        table = _written(change, step)
        if table is not None and table.identity in changed:
            where = step.where
            yield change.finding(
                f"PostgreSQL refuses it: rows of {table.identity} were written in this transaction, and deferred checks "
                "of them are still to come",
                object=table.identity,
                help="write the rows in a transaction of their own",
                related=(
                    Related(where.path, Span(where.statement.start, where.statement.end), "written here"),
                ),
            )
            return


_LEAST = 4
"""Rank of SHARE: what CheckTableNotInUse is asked for takes at least that."""


def _checks_now(step: Step) -> bool:
    """Whether it is SET CONSTRAINTS … IMMEDIATE: what was put off is checked there."""
    fact = step.where.statement.fact
    return isinstance(fact, Other) and fact.kind == "ConstraintsSetStmt" and fact.words[:1] == ("immediate",)


def _written(change: Change, step: Step) -> Table | None:
    """The table whose rows a step wrote, if a deferred constraint is about them."""
    if not isinstance(step.where.statement.fact, Execute) or not step.where.statement.queries:
        return None
    query = step.where.statement.queries[0]
    if query.target is None:
        return None
    table = change.relation(query.target.schema, query.target.name)
    if not isinstance(table, Table):
        return None
    for constraint in table.foreign_keys:
        if constraint.fact.initially_deferred and query.command in ("insert", "update", "merge"):
            assigned = {column.name for column in query.target_columns}
            if query.command != "update" or assigned & set(constraint.columns):
                return table
    return None
