from collections.abc import Iterator

from confiture_linter.effects import Change, LockMode
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.slow import said_before, slow_work


@rule(
    name="statement-after-access-exclusive",
    subject=Change,
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE TABLE w_item (id bigint PRIMARY KEY, price numeric);"
    ),
    bad="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nUPDATE w_item SET price = 0 WHERE price IS NULL;\nCOMMIT;",
    good="ALTER TABLE w_order ADD COLUMN note text;\nALTER TABLE w_item ADD COLUMN note text;",
    at="UPDATE",
)
def statement_after_access_exclusive(change: Change, ctx: Context) -> Iterator[Finding]:
    """Slow work is done under a lock that keeps everyone from a table.

    A lock is held until the transaction ends: what the first statement needed for a moment is kept for as long as the
    slow one takes.

    *When not:* the slow statement works on tables made by the same change, or the lock that is held is on such a table.

    *Instead:* a transaction of its own for each.
    """
    held = sorted(name for name, mode in change.held.items() if mode is LockMode.ACCESS_EXCLUSIVE)
    work = slow_work(change) if held and change.in_block else ""
    if (
        work
        and not _validates(change, held)
        and not said_before(change, lambda mode: mode is LockMode.ACCESS_EXCLUSIVE)
    ):
        yield change.finding(
            f"{work} while {', '.join(held)} {'is' if len(held) == 1 else 'are'} locked against everyone by an earlier "
            "statement of the transaction",
            object=held[0],
            help="commit first: give each a transaction of its own",
        )


def _validates(change: Change, held: list[str]) -> bool:
    """Whether it only validates constraints of a table that is held: rules about VALIDATE say that."""
    fact = change.fact
    return (
        isinstance(fact, AlterTable)
        and all(command.kind == "ValidateConstraint" for command in fact.commands)
        and change.identity_of(fact.schema, fact.name) in held
    )
