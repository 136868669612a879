from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterEnum


@rule(
    name="enum-value-added",
    subject=Change,
    facts=(AlterEnum,),
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("enum-add-value-visible-to-old-code",),
    given="CREATE TYPE status AS ENUM ('new', 'paid');\nCREATE TABLE w_order (id bigint PRIMARY KEY, state status);",
    bad="ALTER TYPE status ADD VALUE 'lost';",
    good="ALTER TYPE status ADD VALUE IF NOT EXISTS 'paid';",
    at="ALTER TYPE",
)
def enum_value_added(change: Change, ctx: Context) -> Iterator[Finding]:
    """An enum gets a value that the running application does not know.

    As soon as the new version writes it, the old one reads it, and a strict client fails on what it cannot name.

    *When not:* the value is there already, or the type is made by the same change; this is a policy.

    *Instead:* deploy readers that know the value, then add it, then write it.
    """
    fact = change.fact
    if not isinstance(fact, AlterEnum) or fact.old or change.effects.error:
        return
    kind = change.catalog.type(fact.schema, fact.name)
    if kind is not None and (kind.path == change.path or fact.new in kind.labels):
        return
    name = kind.identity if kind is not None else fact.name
    yield change.finding(
        f"clients that know the values of {name} will read '{fact.new}' and not know it",
        object=name,
        help="deploy the readers first",
    )
