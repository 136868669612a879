from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterEnum, CreateFunction


@rule(
    name="enum-value-used-in-same-transaction",
    subject=Change,
    severity=Severity.ERROR,
    given="CREATE TYPE status AS ENUM ('new');\nCREATE TABLE w_order (id bigint PRIMARY KEY, status status);",
    bad=(
        "BEGIN;\nALTER TYPE status ADD VALUE 'paid';\n"
        "UPDATE w_order SET status = 'paid' WHERE id = 1;\nCOMMIT;"
    ),
    good="ALTER TYPE status ADD VALUE 'paid';",
    at="UPDATE",
)
def enum_value_used_in_same_transaction(change: Change, ctx: Context) -> Iterator[Finding]:
    """A new enum value is used in the transaction that adds it, and is refused.

    The value becomes usable when the transaction commits: "unsafe use of new value".

    *When not:* from PostgreSQL 17 on the type itself is made in the same transaction.

    *Instead:* use it in the next migration.
    """
    if not change.in_block or isinstance(change.fact, AlterEnum):
        return
    if isinstance(change.fact, CreateFunction) and change.fact.language != "sql":
        return  # such a body is text until it is called
    text = ctx.text(change.path)[slice(*change.span)]
    for step in change.earlier:
        added = step.where.statement.fact
        if step.transaction != change.transaction or not isinstance(added, AlterEnum) or added.old:
            continue
        kind = change.catalog.type(added.schema, added.name)
        if kind is None or (kind.path == change.path and change.postgres >= 17):
            continue
        quoted = "'" + added.new.replace("'", "''") + "'"
        at = text.find(quoted.encode())
        if at >= 0 and kind is not None:
            where = step.where
            yield change.finding(
                f"PostgreSQL refuses {quoted}: it is added to {kind.identity} in the same transaction",
                object=kind.identity,
                help="use it in the next migration",
                related=(
                    Related(where.path, Span(where.statement.start, where.statement.end), "added here"),
                ),
            )
            return
