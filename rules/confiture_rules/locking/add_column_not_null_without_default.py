from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import NULL, AlterTable
from confiture_rules.locking.columns import added_columns, column_finding, listed


@rule(
    name="add-column-not-null-without-default",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN status text NOT NULL;",
    good="ALTER TABLE w_order ADD COLUMN status text NOT NULL DEFAULT 'new';",
    at="status text",
)
def add_column_not_null_without_default(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added that must have a value and gets none.

    PostgreSQL refuses it as soon as the table has one row; and whoever inserts rows without the new column fails from
    then on.

    *When not:* it has a default, is generated or an identity, or the table is made by the same change.

    *Instead:* give it a default; or add it nullable, let all writers fill it, fill the old rows, then make it NOT NULL.
    """
    found = []
    for table, column, effects in added_columns(change):
        constant_null = column.default is None or column.default.constant == NULL
        filled = column.generated or column.identity or column.serial or not constant_null
        if column.not_null and not filled and not effects.error:
            found.append((table, column))
    if not found:
        return
    table, first = found[0]
    many = len(found) > 1
    name = "each" if many else quote_identifier(first.name)
    finding = column_finding(
        change,
        first,
        f"{listed([column for _, column in found])} {'are' if many else 'is'} NOT NULL and {'have' if many else 'has'} no "
        f"default: refused if {table} has rows, and old writers fail",
        f"give {name} a default, or add {'them' if many else 'it'} nullable and make {'them' if many else 'it'} NOT NULL "
        "once every row has a value",
    )
    yield finding._replace(object=(finding.object or "").rpartition(".")[0]) if many else finding
