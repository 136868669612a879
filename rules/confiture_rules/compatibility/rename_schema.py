from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Rename


@rule(
    name="rename-schema",
    subject=Change,
    facts=(Rename,),
    severity=Severity.ERROR,
    given="CREATE SCHEMA app;\nCREATE TABLE app.w_order (id bigint PRIMARY KEY);",
    bad="ALTER SCHEMA app RENAME TO shop;",
    good="CREATE SCHEMA shop;",
    at="ALTER SCHEMA",
)
def rename_schema(change: Change, ctx: Context) -> Iterator[Finding]:
    """A schema gets another name, and everything in it with it.

    Every qualified name in the application, and every search_path with the old name, fails or finds something else.

    *When not:* never while somebody uses it.

    *Instead:* make the new schema, with views on what is in the old one, and move table by table.
    """
    fact = change.fact
    if isinstance(fact, Rename) and fact.kind == "schema":
        old = fact.part or (fact.target.parts[-1] if fact.target.parts else "")
        yield change.finding(
            f"every name in schema {old} fails from now on",
            object=old,
            help=f"make {fact.new} with views on what is in {old}, and move table by table",
        )
