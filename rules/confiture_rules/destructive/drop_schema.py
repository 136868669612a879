from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import CreateSchema, Drop


@rule(
    name="drop-schema",
    subject=Change,
    facts=(Drop,),
    severity=Severity.ERROR,
    given="CREATE SCHEMA app;\nCREATE TABLE app.w_order (id bigint PRIMARY KEY);",
    bad="DROP SCHEMA app CASCADE;",
    good="CREATE SCHEMA staging;\nDROP SCHEMA staging;",
    at="app",
)
def drop_schema(change: Change, ctx: Context) -> Iterator[Finding]:
    """A schema is dropped, with everything in it.

    CASCADE takes tables, rows and whatever elsewhere depends on them, without naming any of it.

    *When not:* the schema is made by the same change.

    *Instead:* drop what is in it one by one, each vetted by itself, then the empty schema.
    """
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error:
        return
    for target in fact.targets:
        if target.kind != "schema" or not target.parts:
            continue
        name = target.parts[-1]
        here = (s.fact for s in change.migration.statements[: change.position])
        if any(isinstance(before, CreateSchema) and before.name == name for before in here):
            continue
        inside = sorted(
            relation.identity for (schema, _), relation in change.catalog.relations.items() if schema == name
        )
        what = f": {', '.join(inside[:5])}{' …' if len(inside) > 5 else ''}" if inside else ""
        yield change.finding(
            f"schema {quote_identifier(name)} is gone for good, and everything in it{what}",
            span=ctx.place_of(target.parts[-1], change.path, change.span),
            object=name,
            help="drop what is in it one by one, then the empty schema",
        )
