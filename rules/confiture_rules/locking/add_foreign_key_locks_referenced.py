from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateTable


@rule(
    name="add-foreign-key-locks-referenced",
    subject=Change,
    facts=(AlterTable, CreateTable),
    severity=Severity.INFO,
    given="CREATE TABLE w_customer (id bigint PRIMARY KEY);",
    bad="CREATE TABLE w_note (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer);",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY, customer_id bigint);",
    at="CREATE TABLE",
)
def add_foreign_key_locks_referenced(change: Change, ctx: Context) -> Iterator[Finding]:
    """A new table's foreign key locks a table in use against writing.

    SHARE ROW EXCLUSIVE on the referenced table waits for its running writers, and new ones wait behind it, although
    the new table is empty.

    *When not:* the referenced table is made by the same change, or lock_timeout is set.

    *Instead:* set lock_timeout; or add the foreign key in a short transaction of its own.
    """
    fact = change.fact
    if change.effects.error or change.settings.get("lock_timeout", "0") not in ("0", "0s", "0ms"):
        return
    own = change.identity_of(fact.schema, fact.name) if isinstance(fact, AlterTable | CreateTable) else ""
    if isinstance(fact, AlterTable) and not change.is_new(own):
        return
    for name, mode in change.blocking:
        if name != own and mode.blocks_writes and not mode.blocks_reads:
            yield change.finding(
                f"the foreign key of {own} locks {name} against writing",
                object=own,
                help="SET lock_timeout before it, or add the foreign key in a transaction of its own",
            )
