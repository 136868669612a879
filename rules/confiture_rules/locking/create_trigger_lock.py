from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.effects import ChangeSet
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateTrigger
from confiture_rules.locking.brief import Taken, listed, once, without_timeout


@rule(
    name="create-trigger-lock",
    subject=ChangeSet,
    severity=Severity.INFO,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\n"
        "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
    ),
    bad="CREATE TRIGGER touch BEFORE UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();",
    good=(
        "CREATE TABLE w_note (id bigint PRIMARY KEY);\n"
        "CREATE TRIGGER touch BEFORE UPDATE ON w_note FOR EACH ROW EXECUTE FUNCTION fn_touch();"
    ),
    at="CREATE TRIGGER",
)
def create_trigger_lock(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """A trigger is made on a table in use, which waits for every writer.

    CREATE TRIGGER takes SHARE ROW EXCLUSIVE: it waits for running writers, and new ones wait behind it.

    *When not:* the table is made by the same change.

    *Instead:* set lock_timeout before it, and try again when it runs out.
    """
    for _, steps in without_timeout(changes):
        taken = []
        for step in steps:
            fact = step.where.statement.fact
            if isinstance(fact, CreateTrigger) and not _on_view(changes, fact):
                tables = tuple(name for name, mode in step.existing if mode.blocks_writes and _is(fact, name))
                if tables:
                    taken.append(Taken(step, f"trigger {fact.name}", tables))
        if taken:
            waited = listed([name for item in taken for name in item.tables])
            names = listed([item.whose.removeprefix("trigger ") for item in taken])
            many = len(taken) > 1
            yield once(
                taken,
                f"trigger{'s' if many else ''} {names} wait{'' if many else 's'} for every writer of {waited}, and new "
                "ones wait behind",
                "SET lock_timeout before it",
            )


def _is(fact: CreateTrigger, name: str) -> bool:
    """Whether it is the trigger's own table; that of a constraint trigger's FROM is another."""
    return name.rpartition(".")[2] == fact.table


def _on_view(changes: ChangeSet, fact: CreateTrigger) -> bool:
    return isinstance(changes.catalog.relation(fact.table_schema, fact.table), View)
