from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.destructive.dropped import added_again, makes_unique, table_dropped_later


@rule(
    name="drop-constraint",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric CONSTRAINT positive CHECK (total >= 0));",
    bad="ALTER TABLE w_order DROP CONSTRAINT positive;",
    good="ALTER TABLE w_order DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
    at="ALTER TABLE",
)
def drop_constraint(change: Change, ctx: Context) -> Iterator[Finding]:
    """A constraint is dropped: what it kept true is not kept from now on.

    Rows that break it are written from the same moment, and it cannot be added again until they are mended.

    *When not:* the same file adds a constraint of that name again, or one that takes its place, or the table is made by the same change.

    *Instead:* say in the migration why the guarantee may go.
    """
    fact = change.fact
    for command in change.commands("DropConstraint"):
        if (
            not isinstance(fact, AlterTable)
            or change.effects.error
            or added_again(change, "AddConstraint", command.name)
        ):
            continue
        if table_dropped_later(change, fact.name):
            continue
        table = change.relation(fact.schema, fact.name)
        known = [c for c in table.constraints if c.name == command.name] if isinstance(table, Table) else []
        if isinstance(table, Table) and not known and command.missing_ok and not table.unknown_columns:
            continue
        if known and _replaced(change, known[0].kind, known[0].columns):
            continue
        if known and known[0].kind == "check" and known[0].columns == _made_not_null(change):
            continue  # it was there to prove SET NOT NULL without a scan
        kind = known[0].kind if known else "constraint"
        yield change.finding(
            f"{kind} {command.name} of {change.quoted(fact.schema, fact.name)} is dropped",
            at=change.place_of(command),
            object=change.identity_of(fact.schema, fact.name),
            help="say why the guarantee may go",
        )


def _replaced(change: Change, kind: str, columns: tuple[str, ...]) -> bool:
    """Whether another constraint of its kind takes its place: a key, or one on the same columns."""
    own = change.fact
    if kind in ("unique", "primary key") and isinstance(own, AlterTable):
        return any(makes_unique(s.fact, own.name) for s in (change.statement, *change.ahead))
    for statement in (change.statement, *change.ahead):
        fact = statement.fact
        if isinstance(fact, AlterTable) and isinstance(own, AlterTable) and fact.name == own.name:
            for command in fact.commands:
                for constraint in command.constraints:
                    if constraint.kind == kind and (constraint.columns == columns or kind == "check"):
                        return True
    return False


def _made_not_null(change: Change) -> tuple[str, ...]:
    """The one column of the table that the change has made NOT NULL."""
    own = change.fact
    found = [
        command.name
        for fact in (step.where.statement.fact for step in change.earlier)
        if isinstance(fact, AlterTable) and isinstance(own, AlterTable) and fact.name == own.name
        for command in fact.commands
        if command.kind == "SetNotNull"
    ]
    return (found[-1],) if found else ()
