from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Table
from confiture_linter.effects import Change, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, Drop, Execute, Maintain, Other


@rule(
    name="deferred-constraint-side-effect",
    subject=Change,
    facts=(AlterTable, CreateIndex, Drop, Maintain),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer DEFERRABLE);"
    ),
    bad=(
        "BEGIN;\nSET CONSTRAINTS ALL DEFERRED;\nUPDATE w_order SET customer_id = 1 WHERE id = 2;\n"
        "ALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;"
    ),
    good=(
        "BEGIN;\nSET CONSTRAINTS ALL DEFERRED;\nUPDATE w_order SET customer_id = 1 WHERE id = 2;\n"
        "SET CONSTRAINTS ALL IMMEDIATE;\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;"
    ),
    at="ALTER TABLE",
)
def deferred_constraint_side_effect(change: Change, ctx: Context) -> Iterator[Finding]:
    """SET CONSTRAINTS … DEFERRED puts off checks that a later ALTER TABLE trips over.

    The constraint is checked at once by itself; put off, its checks of the rows that were written are still to come when
    the table is altered, and PostgreSQL refuses that, "because it has pending trigger events".

    *When not:* no row was written that a deferred constraint looks at, or SET CONSTRAINTS … IMMEDIATE comes in between.
    Constraints that are INITIALLY DEFERRED are pending-trigger-events.

    *Instead:* `SET CONSTRAINTS ALL IMMEDIATE` before the change of the table.
    """
    fact = change.fact
    if (
        not change.in_block
        or change.effects.error
        or (isinstance(fact, Maintain) and fact.command != "truncate")
    ):
        return
    changed = {name for name, mode in change.effects.locks if mode.rank >= _LEAST}
    own = [step for step in change.earlier if step.transaction == change.transaction]
    last = max((i for i, step in enumerate(own) if _mode(ctx, step)), default=-1)
    if last < 0 or _mode(ctx, own[last]) != "deferred":
        return
    names = _named(ctx, own[last])
    for step in own[last + 1 :]:
        table = _written(change, step, names)
        if table is not None and table.identity in changed:
            where, first = step.where, own[last].where
            yield change.finding(
                f"PostgreSQL refuses it: rows of {table.identity} were written while SET CONSTRAINTS had put off the "
                "checks of them",
                object=table.identity,
                help="`SET CONSTRAINTS ALL IMMEDIATE` before it",
                fix=change.insertion(
                    "check what was put off", "SET CONSTRAINTS ALL IMMEDIATE;\n", safe=False
                ),
                related=(
                    Related(first.path, Span(first.statement.start, first.statement.end), "put off here"),
                    Related(where.path, Span(where.statement.start, where.statement.end), "written here"),
                ),
            )
            return


_LEAST = 4
"""Rank of SHARE: what CheckTableNotInUse is asked for takes at least that."""


def _mode(ctx: Context, step: Step) -> str:
    """`deferred` or `immediate` for SET CONSTRAINTS; empty for any other statement."""
    fact, statement = step.where.statement.fact, step.where.statement
    if not isinstance(fact, Other) or fact.kind != "ConstraintsSetStmt":
        return ""
    words = [
        w.text
        for w in ctx.words(step.where.path, Span(statement.start, statement.end)).tokens
        if w.text != ";"
    ]
    return words[-1] if words else ""


def _named(ctx: Context, step: Step) -> frozenset[str]:
    """The constraints that SET CONSTRAINTS names; empty for ALL."""
    statement = step.where.statement
    words = [w.text for w in ctx.words(step.where.path, Span(statement.start, statement.end)).tokens]
    rest = words[2:-1]
    return (
        frozenset()
        if rest[:1] == ["all"]
        else frozenset(word.strip('"') for word in rest if word not in (",", "."))
    )


def _written(change: Change, step: Step, names: frozenset[str]) -> Table | None:
    """The table whose rows a step wrote, if a constraint that is checked later by these names is about them."""
    statement = step.where.statement
    query = statement.queries[0] if isinstance(statement.fact, Execute) and statement.queries else None
    if query is None or query.target is None or query.command not in ("insert", "update", "merge"):
        return None
    table = change.relation(query.target.schema, query.target.name)
    if not isinstance(table, Table):
        return None
    assigned = {column.name for column in query.target_columns}
    for key in table.foreign_keys:
        if _put_off(key, names) and (query.command != "update" or assigned & set(key.columns)):
            return table
    return None


def _put_off(key: Constraint, names: frozenset[str]) -> bool:
    return key.fact.deferrable and not key.fact.initially_deferred and (not names or key.name in names)
