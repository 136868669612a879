from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, Rename
from confiture_rules.destructive.dropped import added_again, listed, makes_unique, table_dropped_later


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

    *When not:* the same file adds a constraint of that name again, or one that takes its place, or drops its columns; or
    the table is made by the same change.

    *Instead:* see that nobody relies on it: the application, an ON CONFLICT, a later VALIDATE.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or change.effects.error or table_dropped_later(change, fact.name):
        return
    table = change.relation(fact.schema, fact.name)
    gone: dict[str, str] = {}
    for command in change.commands("DropConstraint"):
        if added_again(change, "AddConstraint", command.name) or _renamed_to(change, command.name):
            continue
        known = [c for c in table.constraints if c.name == command.name] if isinstance(table, Table) else []
        if isinstance(table, Table) and not known and command.missing_ok and not table.unknown_columns:
            continue
        if known and (
            _replaced(change, known[0].kind, known[0].columns) or _columns_go(change, known[0].columns)
        ):
            continue
        if not known and added_again(change, "AddConstraint", ""):
            continue  # what it was is not known, and the file adds another
        if known and known[0].kind == "check" and known[0].columns == _made_not_null(change):
            continue  # it was there to prove SET NOT NULL without a scan
        gone[command.name] = known[0].kind if known else "constraint"
    if not gone:
        return
    names, kinds = list(gone), set(gone.values())
    many = len(names) > 1
    only = next(iter(kinds)) if len(kinds) == 1 else ""
    kind = gone[names[0]] if not many else _PLURALS.get(only, "constraints")
    yield change.finding(
        f"{kind} {listed(names)} of {change.quoted(fact.schema, fact.name)} {'are' if many else 'is'} dropped",
        span=ctx.place_of(names[0], change.path, change.span) if len(fact.commands) > 1 else None,
        object=change.identity_of(fact.schema, fact.name),
        help=_ALLOWED.get(only, _ANY),
    )


_PLURALS = {
    "foreign key": "foreign keys",
    "check": "checks",
    "unique": "uniques",
    "exclude": "exclusion constraints",
}
_ANY = "from now on rows may break what it kept true: see that nobody relies on it"
_ALLOWED = {
    "foreign key": "from now on rows may refer to nothing: see that nobody relies on it",
    "check": "from now on rows that break it are accepted: see that nobody relies on it",
    "unique": "from now on duplicates are accepted, and ON CONFLICT on its columns fails: see that nobody relies on it",
    "primary key": "from now on duplicates are accepted, and ON CONFLICT on its columns fails: see that nobody relies on it",
    "exclude": "from now on rows that exclude each other are accepted: see that nobody relies on it",
}
"""What is possible without it."""


def _renamed_to(change: Change, name: str) -> bool:
    """Whether another constraint of the table is given the name in the same file: the one that takes its place."""
    own = change.fact
    return any(
        isinstance(statement.fact, Rename)
        and statement.fact.part
        and statement.fact.new == name
        and isinstance(own, AlterTable)
        and statement.fact.target.parts[-1:] == (own.name,)
        for statement in change.ahead
    )


def _replaced(change: Change, kind: str, columns: tuple[str, ...]) -> bool:
    """Whether another constraint of its kind takes its place in the same file: a key, or one on the same columns."""
    own = change.fact
    before = [step.where.statement for step in change.earlier if step.where.path == change.path]
    statements = (change.statement, *change.ahead, *before)
    if kind in ("unique", "primary key") and isinstance(own, AlterTable):
        return any(makes_unique(s.fact, own.name) for s in statements)
    for statement in statements:
        fact = statement.fact
        if isinstance(fact, AlterTable) and isinstance(own, AlterTable) and fact.name == own.name:
            for command in fact.commands:
                for constraint in command.constraints:
                    alike = kind == "check" or bool(set(constraint.columns) & set(columns))
                    if constraint.kind == kind and alike:
                        return True
    return False


def _columns_go(change: Change, columns: tuple[str, ...]) -> bool:
    """Whether all its columns are dropped in the same file, which drop-column says."""
    own = change.fact
    gone = {
        command.name
        for statement in (change.statement, *change.ahead)
        if isinstance(statement.fact, AlterTable)
        and isinstance(own, AlterTable)
        and statement.fact.name == own.name
        for command in statement.fact.commands
        if command.kind == "DropColumn"
    }
    return bool(columns) and gone.issuperset(columns)


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
