from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterEnum


@rule(
    name="rename-enum-value",
    subject=Change,
    facts=(AlterEnum,),
    severity=Severity.WARNING,
    given="CREATE TYPE status AS ENUM ('new', 'payed');",
    bad="ALTER TYPE status RENAME VALUE 'payed' TO 'paid';",
    good="ALTER TYPE status ADD VALUE 'paid';",
    at="ALTER TYPE",
)
def rename_enum_value(change: Change, ctx: Context) -> Iterator[Finding]:
    """A value of an enum gets another name.

    The version of the application that still runs writes the old one and fails, and does not know the new one it
    reads.

    *When not:* the type is made by the same change.

    *Instead:* add the new value, switch the writers, update the rows in batches.
    """
    fact = change.fact
    if isinstance(fact, AlterEnum) and fact.old and not change.effects.error:
        kind = change.catalog.type(fact.schema, fact.name)
        if kind is None or kind.path != change.path:
            yield change.finding(
                f"whoever writes '{fact.old}' fails from now on",
                object=kind.identity if kind is not None else fact.name,
                help=f"add '{fact.new}', switch the writers, and update the rows in batches",
            )
