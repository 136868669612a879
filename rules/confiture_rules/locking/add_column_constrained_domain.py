from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import added_columns, column_finding, domain_of, has_constraints


@rule(
    name="add-column-constrained-domain",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given=(
        "CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);\nCREATE DOMAIN label AS text;\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY);"
    ),
    bad="ALTER TABLE w_order ADD COLUMN total amount;",
    good="ALTER TABLE w_order ADD COLUMN title label;",
    at="total amount",
)
def add_column_constrained_domain(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added whose type is a domain with constraints.

    PostgreSQL checks the constraint for every old row, by writing the table and all its indexes anew under ACCESS
    EXCLUSIVE, even where all of them get NULL. Only the domain's definition tells.

    *When not:* the domain has no constraint, or the table is made by the same change.

    *Instead:* the domain's base type, with a CHECK that is added NOT VALID and validated later.
    """
    for table, column, effects in added_columns(change):
        plain = not (column.generated or column.identity or column.serial)
        domain = domain_of(change, column)
        if plain and effects.rewrites and domain is not None and has_constraints(change, domain):
            yield column_finding(
                change,
                column,
                f"{table} is written anew because domain {domain.identity} has constraints",
                "use the domain's base type and add its CHECK to the table NOT VALID, then validate it",
            )
