from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateView, SetSchema


@rule(
    name="set-schema",
    subject=Change,
    facts=(SetSchema,),
    severity=Severity.WARNING,
    given="CREATE SCHEMA app;\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order SET SCHEMA app;",
    good="ALTER TABLE w_order SET SCHEMA app;\nCREATE VIEW public.w_order AS SELECT id FROM app.w_order;",
    at="ALTER TABLE",
)
def set_schema(change: Change, ctx: Context) -> Iterator[Finding]:
    """Something in use moves to another schema.

    Names with the old schema, and names without one where search_path does not have the new one, fail.

    *When not:* it is made by the same change, or the same file makes a view in the old place.

    *Instead:* leave a view in the old place until nobody asks for it.
    """
    fact = change.fact
    if not isinstance(fact, SetSchema) or not fact.target.parts or change.effects.error:
        return
    parts = fact.target.parts
    name = change.identity_of(parts[-2] if len(parts) > 1 else "", parts[-1])
    kept = any(isinstance(s.fact, CreateView) and s.fact.name == parts[-1] for s in change.ahead)
    made = any(getattr(step.where.statement.fact, "name", None) == parts[-1] for step in change.earlier)
    if not change.is_new(name) and not kept and not made and fact.target.kind != "extension":
        yield change.finding(
            f"{'.'.join(parts)} is in schema {fact.schema} from now on, and nothing is left in the old place",
            object=name,
            help="make a view in the old place in the same transaction",
        )
