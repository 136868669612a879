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
    settings = _Settings(change)
    for step in reversed(change.earlier):
        if step.transaction != change.transaction:
            break
        if settings.checks_now(step):
            return
        table = _written(change, step, settings.deferred_at(step))
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


class _Settings:
    """What SET CONSTRAINTS of this transaction say."""

    def __init__(self, change: Change) -> None:
        steps = [step for step in change.earlier if step.transaction == change.transaction]
        self._order = {id(step): number for number, step in enumerate(steps)}
        self._said = [
            (number, fact.words)
            for number, step in enumerate(steps)
            if isinstance(fact := step.where.statement.fact, Other) and fact.kind == "ConstraintsSetStmt"
        ]

    def checks_now(self, step: Step) -> bool:
        """Whether it is SET CONSTRAINTS … IMMEDIATE: what was put off is checked there."""
        fact = step.where.statement.fact
        return (
            isinstance(fact, Other) and fact.kind == "ConstraintsSetStmt" and fact.words[:1] == ("immediate",)
        )

    def deferred_at(self, step: Step) -> frozenset[str]:
        """Constraints that are put off when a step runs; the empty name is all that can be."""
        found: set[str] = set()
        for number, (word, *names) in self._said:
            if number < self._order[id(step)]:
                found = found | set(names or ("",)) if word == "deferred" else found - set(names or found)
        return frozenset(found)


def _written(change: Change, step: Step, deferred: frozenset[str]) -> Table | None:
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
        fact = constraint.fact
        put_off = fact.initially_deferred or (fact.deferrable and bool(deferred & {"", constraint.name}))
        if put_off and query.command in ("insert", "update", "merge"):
            assigned = {column.name for column in query.target_columns}
            if query.command != "update" or assigned & set(constraint.columns):
                return table
    return None
