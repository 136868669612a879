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
    """The foreign key of a new table or column locks a table in use against writing.

    SHARE ROW EXCLUSIVE on the referenced table waits for its running writers, and new ones wait behind it, although
    there is no row yet that refers to it.

    *When not:* the referenced table is made by the same change, or lock_timeout is set.

    *Instead:* set lock_timeout; or add the foreign key in a short transaction of its own.
    """
    fact = change.fact
    if change.effects.error or change.settings.get("lock_timeout", "0") not in ("0", "0s", "0ms"):
        return
    own = change.identity_of(fact.schema, fact.name) if isinstance(fact, AlterTable | CreateTable) else ""
    if isinstance(fact, AlterTable) and not change.is_new(own) and not _untested_reference(change):
        return
    for name, mode in change.blocking:
        if name != own and mode.blocks_writes and not mode.blocks_reads:
            yield change.finding(
                f"the foreign key of {own} locks {name} against writing",
                object=own,
                help="SET lock_timeout before it, or add the foreign key in a transaction of its own",
            )


def _untested_reference(change: Change) -> bool:
    """Whether columns are added with references that need no test, for all of them are NULL at first."""
    added = [c for c in change.commands("AddColumn") if any(k.kind == "foreign key" for k in c.constraints)]
    fact = change.fact
    others = isinstance(fact, AlterTable) and any(
        constraint.kind == "foreign key"
        for command in fact.commands
        if command.kind == "AddConstraint"
        for constraint in command.constraints
    )
    return bool(added) and not others and not change.effects.scans and not change.effects.rewrites
