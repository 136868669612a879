from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import DoBlock, Execute
from confiture_rules.transactions.blocks import who_opened


@rule(
    name="commit-in-transaction",
    subject=Change,
    facts=(DoBlock, Execute),
    severity=Severity.ERROR,
    aliases=("commit-in-do-or-function",),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="BEGIN;\nDO $$ BEGIN DELETE FROM w_order WHERE id < 0; COMMIT; END $$;\nCOMMIT;",
    good="SET lock_timeout = '2s';\nBEGIN;\nCOMMIT;\nDO $$ BEGIN DELETE FROM w_order WHERE id < 0; COMMIT; END $$;",
    at="DO",
)
def commit_in_transaction(change: Change, ctx: Context) -> Iterator[Finding]:
    """A block or procedure commits, and runs inside a transaction block.

    PostgreSQL refuses it: "invalid transaction termination".

    *When not:* it runs outside of a transaction block.

    *Instead:* run it outside a transaction, in a file of its own.
    """
    fact = change.fact
    commits = isinstance(fact, DoBlock) and fact.body is not None and bool(fact.body.transactions)
    if isinstance(fact, Execute):
        for ref in change.statement.refs:
            for found in change.catalog.overloads(ref.schema, ref.name) if ref.kind == "function" else ():
                body = found.fact.body if isinstance(found, Function) and found.fact.procedure else None
                commits = commits or (body is not None and bool(body.transactions))
    if commits and change.in_block:
        yield change.finding(
            f"PostgreSQL refuses its COMMIT inside the transaction that {who_opened(change)}",
            help="run it outside a transaction, in a file of its own",
        )
