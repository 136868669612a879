from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import SetVariable


@rule(
    name="search-path-set-in-migration",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.INFO,
    preset=Preset.ALL,
    given="CREATE SCHEMA app;",
    bad="SET search_path = app;\nCREATE TABLE w_note (id bigint PRIMARY KEY);",
    good="CREATE TABLE app.w_note (id bigint PRIMARY KEY);",
    at="SET search_path",
)
def search_path_set_in_migration(change: Change, ctx: Context) -> Iterator[Finding]:
    """A migration decides by search_path where its objects go.

    What a name means then depends on which migrations ran before it in the session.

    *When not:* it empties search_path, so that every name must be qualified.

    *Instead:* write the schema in front of every name.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable) or fact.name.lower() != "search_path" or fact.reset:
        return
    if any(value.strip() for value in fact.values):
        yield change.finding("what names mean depends on this setting", help="qualify the names")
