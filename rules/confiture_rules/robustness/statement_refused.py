import re
from collections.abc import Iterator

from confiture_linter.catalog import Index, Table, View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateIndex, Drop, Maintain


@rule(
    name="statement-refused",
    subject=Change,
    severity=Severity.ERROR,
    aliases=("invalid-not-valid-target", "drop-index-backing-constraint", "replace-view-incompatible",
             "replace-function-return-type", "change-column-used-by-view"),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="ALTER TABLE w_order ADD CONSTRAINT by_code UNIQUE (code) NOT VALID;",
    good="ALTER TABLE w_order ADD CONSTRAINT by_code CHECK (code <> '') NOT VALID;",
    at="ALTER TABLE",
)  # fmt: skip
def statement_refused(change: Change, ctx: Context) -> Iterator[Finding]:
    """PostgreSQL refuses the statement, whatever rows there are.

    The migration stops there. Among them: NOT VALID on UNIQUE, an index dropped that a constraint needs, a column
    retyped that a view uses, a view or function replaced by one of another shape.

    *When not:* what depends on the rows, which nobody knows offline.

    *Instead:* what the help says.
    """
    # In a DO block it may stand under a condition, or where its failure is caught.
    if change.effects.error and not change.nested and not _said_elsewhere(change):
        yield change.finding(f"PostgreSQL refuses it: {change.effects.error}", object=change.about)


_NOT_THERE = re.compile(
    r'(?:relation|column|type|function|schema) "[^"]*"(?: of relation "[^"]*")? (?:does not exist|already exists)'
)
"""Said by missing-object, missing-column and duplicate-object, which know where the name stands."""


def _said_elsewhere(change: Change) -> bool:
    """Whether another rule says it, with advice of its own."""
    fact = change.fact
    if change.effects.error and change.effects.error.startswith("unsafe use of new value"):
        return True
    if change.effects.error and _NOT_THERE.fullmatch(change.effects.error):
        return True
    error = change.effects.error or ""
    if error.startswith("syntax error") or error.endswith("inside a transaction block"):
        return True
    if isinstance(fact, CreateIndex) and fact.concurrently:
        table = change.relation(fact.table_schema, fact.table)
        return isinstance(table, Table) and bool(table.partition_strategy)
    if isinstance(fact, Drop) and fact.concurrently:
        for target in fact.targets:
            index = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
            if isinstance(index, Index) and isinstance(index.table, Table) and index.table.partition_strategy:
                return True
    if isinstance(fact, Maintain) and fact.command == "refresh" and fact.concurrently:
        return any(isinstance(change.relation(schema, name), View) for schema, name, _ in fact.relations)
    return False
