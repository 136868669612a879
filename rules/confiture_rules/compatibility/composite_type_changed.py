from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterTable

_DOES = {"AddColumn": "gets", "DropColumn": "loses", "AlterColumnType": "has another type of"}


@rule(
    name="composite-type-changed",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    aliases=("composite-type-add-attribute",),
    given="CREATE TYPE address AS (street text, city text);\nCREATE TABLE w_order (id bigint PRIMARY KEY, sent_to address);",
    bad="ALTER TYPE address ADD ATTRIBUTE zip text;",
    good="ALTER TABLE w_order ADD COLUMN zip text;",
    at="ALTER TYPE",
)
def composite_type_changed(change: Change, ctx: Context) -> Iterator[Finding]:
    """A composite type changes its shape under those who write and read it.

    ROW(…) values and texts such as '(a,b)' must have as many fields as the type: the version of the application that
    still runs writes too few or too many, and drivers that remember the type read the fields of the old one.

    *When not:* the type is made by the same change.

    *Instead:* a new type beside it, a new column of it, then swap.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or fact.kind != "type" or change.effects.error:
        return
    kind = change.catalog.type(fact.schema, fact.name)
    if kind is not None and kind.path == change.path:
        return
    for command in fact.commands:
        if command.kind in _DOES:
            name = kind.identity if kind is not None else fact.name
            yield change.finding(
                f"composite type {name} {_DOES[command.kind]} attribute {command.name}: values of the old shape are refused",
                at=command.at if len(fact.commands) > 1 else None,
                object=name,
                help="make a new type beside it, and move the columns to it",
            )
