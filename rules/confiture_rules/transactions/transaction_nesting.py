from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Transaction
from confiture_rules.transactions.blocks import who_opened


@rule(
    name="transaction-nesting",
    subject=Change,
    facts=(Transaction,),
    severity=Severity.WARNING,
    config="migrations: {roots: [migrations], transaction: file}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nCOMMIT;",
    good="ALTER TABLE w_order ADD COLUMN note text;",
    at="BEGIN",
)
def transaction_nesting(change: Change, ctx: Context) -> Iterator[Finding]:
    """A transaction is opened inside another, or ended without one.

    PostgreSQL only warns. The inner BEGIN does nothing, and the inner COMMIT ends the outer transaction: what follows
    runs without one, and the tool's own record of the migration is no longer part of it.

    *When not:* the tool does not wrap the file (`migrations.transaction`, or a directive of the tool).

    *Instead:* leave BEGIN and COMMIT to the tool, or tell it not to wrap the file.
    """
    fact = change.fact
    if not isinstance(fact, Transaction):
        return
    if fact.kind in ("begin", "start") and change.in_block and not _implicit(change):
        yield change.finding(
            f"inside the transaction that {who_opened(change)} this does nothing, and the next COMMIT ends that one",
            help="leave it out, or tell the tool not to wrap the file",
        )
    elif fact.kind == "commit" and not change.in_block:
        yield change.finding("no transaction is open here", help="leave it out, or open one before")
    elif (
        fact.kind in ("commit", "rollback")
        and change.in_block
        and not _implicit(change)
        and _of_tool(change)
        and _written(change, ctx)
    ):
        yield change.finding(
            f"this ends the transaction that {who_opened(change)}: what follows is not undone with the rest",
            help=_other_way(change),
        )


_IMPLICIT = frozenset({"prisma", "golang-migrate", "drizzle", "sqitch"})
"""Tools that send a script as it is: several statements sent together are one transaction until one says BEGIN."""


def _implicit(change: Change) -> bool:
    """Whether only the way the script is sent makes a transaction, which BEGIN then takes over."""
    if who_opened(change) == "the script opens":
        return False
    return not change.migration.said or change.migration.tool in _IMPLICIT


def _other_way(change: Change) -> str:
    """What to write instead: where something follows that no transaction takes, it is there for that."""
    if not any(getattr(statement.fact, "concurrently", False) for statement in change.ahead):
        return "leave it out, or tell the tool not to wrap the file"
    return _OUTSIDE.get(change.migration.tool, "tell the tool not to wrap the file, and leave it out")


_OUTSIDE = {
    "alembic": "leave it out, and put what no transaction takes into `with op.get_context().autocommit_block():`",
    "django": "leave it out, and say `atomic = False` in the migration",
}


def _written(change: Change, ctx: Context) -> bool:
    """Whether it stands there: Alembic's autocommit_block() commits by itself, and its record after it."""
    tokens = {token.text for token in ctx.words(change.path, change.span).tokens}
    return bool(tokens & {"commit", "rollback", "end", "abort"})


def _of_tool(change: Change) -> bool:
    return who_opened(change) != "the script opens"
