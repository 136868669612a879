from collections.abc import Iterator

from confiture_linter.effects import Change, LockMode
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.locking.slow import said_before, slow_work


@rule(
    name="statement-after-write-blocking-lock",
    subject=Change,
    severity=Severity.WARNING,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE TABLE w_item (id bigint PRIMARY KEY, price numeric);\n"
        "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
    ),
    bad=(
        "BEGIN;\nCREATE TRIGGER touch BEFORE UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();\n"
        "UPDATE w_item SET price = 0 WHERE price IS NULL;\nCOMMIT;"
    ),
    good="UPDATE w_item SET price = 0 WHERE price IS NULL;",
    at="UPDATE",
)
def statement_after_write_blocking_lock(change: Change, ctx: Context) -> Iterator[Finding]:
    """Slow work is done under a lock that keeps writers from a table.

    SHARE, SHARE ROW EXCLUSIVE and EXCLUSIVE locks are held until the transaction ends, and writers wait as long.

    *When not:* an ACCESS EXCLUSIVE lock is held: that is statement-after-access-exclusive.

    *Instead:* a transaction of its own for each.
    """
    if not change.in_block or LockMode.ACCESS_EXCLUSIVE in change.held.values():
        return
    held = sorted(name for name, mode in change.held.items() if mode.blocks_writes)
    work = slow_work(change) if held else ""
    if work and not said_before(change, lambda mode: mode.blocks_writes):
        yield change.finding(
            f"{work} while nobody can write to {', '.join(held)}, which an earlier statement of the transaction has "
            "locked",
            object=held[0],
            help="commit first: give each a transaction of its own",
        )
