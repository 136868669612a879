from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterTable, CopyRows, CreateIndex, Drop, Execute, Rename

_WRITES = frozenset({"insert", "update", "delete", "merge"})


@rule(
    name="dml-in-schema-migration",
    subject=Change,
    facts=(Execute, CopyRows),
    severity=Severity.INFO,
    preset=Preset.ALL,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD COLUMN note text;\nUPDATE w_order SET note = '' WHERE id = 1;",
    good="UPDATE w_order SET total = 0 WHERE id = 1;",
    at="UPDATE",
)
def dml_in_schema_migration(change: Change, ctx: Context) -> Iterator[Finding]:
    """A script changes the schema and the rows of a table in use.

    Changes of the schema are quick and hold strong locks, changes of rows are slow and can be done in batches, tried
    again and stopped: in one script each has the drawbacks of the other.

    *When not:* the rows are those of a table made by the same change; this is a policy. It is said once a file.

    *Instead:* a script of its own for the rows.
    """
    table = _written(change)
    if not table or change.is_new(table) or change.effects.error:
        return
    if not any(
        isinstance(s.fact, AlterTable | CreateIndex | Drop | Rename) for s in change.migration.statements
    ):
        return
    for step in change.earlier:
        if step.where.path == change.path and _rows(step.where.statement.fact) and step.existing:
            return  # said once a file
    yield change.finding(
        f"rows of {table} are changed in a script that changes the schema",
        object=table,
        help="put it into a script of its own",
    )


def _rows(fact: object) -> bool:
    return isinstance(fact, CopyRows) or (isinstance(fact, Execute) and fact.command in _WRITES)


def _written(change: Change) -> str:
    """The table whose rows are written; empty if there is none, or it is temporary."""
    fact = change.fact
    if isinstance(fact, CopyRows):
        return change.identity_of(fact.schema, fact.name) if fact.inward else ""
    for query in change.statement.queries[:1]:
        target = query.target
        if query.command in _WRITES and target is not None and target.name not in change.catalog.temporary:
            return change.identity_of(target.schema, target.name)
    return ""
