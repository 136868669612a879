from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule


@rule(
    name="not-valid-never-validated",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE a (x int);\nALTER TABLE a ADD CONSTRAINT a_x CHECK (x > 0) NOT VALID;",
    good=(
        "CREATE TABLE a (x int);\nALTER TABLE a ADD CONSTRAINT a_x CHECK (x > 0) NOT VALID;\n"
        "ALTER TABLE a VALIDATE CONSTRAINT a_x;"
    ),
    at="CONSTRAINT a_x CHECK",
)
def not_valid_never_validated(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A constraint is added NOT VALID and never validated.

    Old rows may break it for ever, the planner may not rely on it, and a dump that is restored can fail.

    *When not:* old rows are known to break it and are meant to stay.

    *Instead:* `ALTER TABLE … VALIDATE CONSTRAINT …` in a later migration; it blocks neither reads nor writes.
    """
    if not constraint.not_valid or constraint.fact.not_enforced or _in_create_table(constraint):
        return
    table = constraint.table
    name = f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"
    yield constraint.finding(
        f"constraint {constraint.name} of {table.identity} stays NOT VALID",
        help=f"ALTER TABLE {name} VALIDATE CONSTRAINT {quote_identifier(constraint.name)}",
    )


def _in_create_table(constraint: Constraint) -> bool:
    """PostgreSQL ignores NOT VALID where the table is created: it has no rows yet."""
    table = constraint.table
    return constraint.path == table.path and table.span.start <= constraint.fact.at < table.span.end
