from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateTable
from confiture_rules.locking.brief import Taken, listed, once, without_timeout


@rule(
    name="add-foreign-key-locks-referenced",
    subject=ChangeSet,
    severity=Severity.INFO,
    given="CREATE TABLE w_customer (id bigint PRIMARY KEY);",
    bad="CREATE TABLE w_note (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer);",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY, customer_id bigint);",
    at="CREATE TABLE",
)
def add_foreign_key_locks_referenced(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """The foreign key of a new table or column locks a table in use against writing.

    SHARE ROW EXCLUSIVE on the referenced table waits for its running writers, and new ones wait behind it, although
    there is no row yet that refers to it.

    *When not:* the referenced table is made by the same change, or lock_timeout is set.

    *Instead:* set lock_timeout. A file with many says it once.
    """
    for _, steps in without_timeout(changes):
        taken = []
        for step in steps:
            fact = step.where.statement.fact
            if not isinstance(fact, AlterTable | CreateTable):
                continue
            own = _own(changes, step, fact)
            used = own in dict(step.existing)
            if used and not (isinstance(fact, AlterTable) and _untested_reference(fact, step)):
                continue
            tables = [n for n, m in step.existing if n != own and m.blocks_writes and not m.blocks_reads]
            if tables:
                taken.append(Taken(step, own, tuple(tables)))
        if taken:
            names = list(dict.fromkeys(item.whose for item in taken))
            many = len(names) > 1 or len(taken[0].tables) > 1
            yield once(
                taken,
                f"the foreign key{'s' if many else ''} of {listed(names)} lock{'' if many else 's'} "
                f"{listed([name for item in taken for name in item.tables])} against writing",
                "SET lock_timeout before it",
            )


def _own(changes: ChangeSet, step: Step, fact: AlterTable | CreateTable) -> str:
    """`schema.name` of the table that a statement makes or changes; its search_path is no longer known."""
    if isinstance(fact, AlterTable):
        locked = [name for name, _ in step.effects.locks if name.rpartition(".")[2] == fact.name]
    else:
        locked = [
            t.identity for t in changes.catalog.tables if t.name == fact.name and t.path == step.where.path
        ]
    exact = f"{changes.catalog.creation_schema(fact.schema)}.{fact.name}"
    return exact if fact.schema or not locked else locked[0]


def _untested_reference(fact: AlterTable, step: Step) -> bool:
    """Whether columns are added with references that need no test, for all of them are NULL at first."""
    added = [c for c in fact.commands if c.kind == "AddColumn"]
    others = any(
        constraint.kind == "foreign key"
        for command in fact.commands
        if command.kind == "AddConstraint"
        for constraint in command.constraints
    )
    references = any(k.kind == "foreign key" for c in added for k in c.constraints)
    return references and not others and not step.effects.scans and not step.effects.rewrites
