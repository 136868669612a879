from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.destructive.dropped import listed


@rule(
    name="drop-not-null",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric NOT NULL, note text);",
    bad="ALTER TABLE w_order ALTER COLUMN total DROP NOT NULL;",
    good="ALTER TABLE w_order ALTER COLUMN note DROP NOT NULL;",
    at="ALTER TABLE",
)
def drop_not_null(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column may be NULL from now on, and whoever reads it does not know.

    *When not:* it could be NULL before, or the table is made by the same change.

    *Instead:* teach the readers first.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or change.effects.error:
        return
    found = change.relation(fact.schema, fact.name)
    columns = found.columns if isinstance(found, Table) else {}
    names = [
        command.name
        for command in change.commands("DropNotNull")
        if (columns[command.name].not_null if command.name in columns else change.migration.tool != "django")
    ]
    if names:
        identity = change.identity_of(fact.schema, fact.name)
        yield change.finding(
            f"{listed(names)} of {change.quoted(fact.schema, fact.name)} may be NULL from now on",
            span=ctx.place_of(names[0], change.path, change.span) if len(fact.commands) > 1 else None,
            object=identity if len(names) > 1 else f"{identity}.{names[0]}",
            help=f"teach {'their' if len(names) > 1 else 'its'} readers first",
        )
