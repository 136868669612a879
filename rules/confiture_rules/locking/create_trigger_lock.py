from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateTrigger


@rule(
    name="create-trigger-lock",
    subject=Change,
    facts=(CreateTrigger,),
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
def create_trigger_lock(change: Change, ctx: Context) -> Iterator[Finding]:
    """A trigger is made on a table in use, which waits for every writer.

    CREATE TRIGGER takes SHARE ROW EXCLUSIVE: it waits for running writers, and new ones wait behind it.

    *When not:* the table is made by the same change.

    *Instead:* set lock_timeout before it, and try again when it runs out.
    """
    fact = change.fact
    if not isinstance(fact, CreateTrigger) or change.effects.error:
        return
    table = change.identity_of(fact.table_schema, fact.table)
    if change.is_new(table) or isinstance(change.relation(fact.table_schema, fact.table), View):
        return
    if not _timeout(change):
        yield change.finding(
            f"trigger {fact.name} waits for every writer of {table}, and new ones wait behind it",
            object=table,
            help="SET lock_timeout before it",
        )


def _timeout(change: Change) -> bool:
    return change.settings.get("lock_timeout", "0") not in ("0", "0s", "0ms")
