from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, ObjectName, Severity, quote_identifier, rule
from confiture_linter.statements.facts import CreateIndex, Drop


@rule(
    name="invalid-index-retry",
    subject=Change,
    facts=(CreateIndex,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="CREATE INDEX CONCURRENTLY IF NOT EXISTS w_order_code ON w_order (code);",
    good=(
        "DROP INDEX CONCURRENTLY IF EXISTS w_order_code;\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS w_order_code ON w_order (code);"
    ),
    at="CREATE INDEX",
)
def invalid_index_retry(change: Change, ctx: Context) -> Iterator[Finding]:
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS takes a broken index for a good one.

    A concurrent build that fails leaves an INVALID index behind. IF NOT EXISTS then finds it and does nothing: it
    costs every write and answers no query.

    *When not:* the statement before drops what a failed attempt may have left.

    *Instead:* DROP INDEX CONCURRENTLY IF EXISTS first.
    """
    fact = change.fact
    if not isinstance(fact, CreateIndex) or not (fact.concurrently and fact.if_not_exists and fact.name):
        return
    for step in change.earlier:
        before = step.where.statement.fact
        if isinstance(before, Drop) and any(target.parts[-1:] == (fact.name,) for target in before.targets):
            return
    if change.effects.error:
        return
    schema = change.identity_of(fact.table_schema, fact.table).rpartition(".")[0] if fact.table_schema else ""
    name = str(ObjectName(schema, fact.name)) if schema else quote_identifier(fact.name)
    yield change.finding(
        f"if an earlier attempt failed, an INVALID {fact.name} is there and stays",
        object=change.identity_of(fact.table_schema, fact.table),
        help=f"`DROP INDEX CONCURRENTLY IF EXISTS {name}` first",
        fix=change.insertion(
            "drop what a failed attempt may have left",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name};\n",
            safe=False,
        ),
    )
