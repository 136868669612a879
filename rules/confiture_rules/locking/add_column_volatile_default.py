from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import added_columns, column_finding, domain_of, has_constraints


@rule(
    name="add-column-volatile-default",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    good="ALTER TABLE w_order ADD COLUMN created_at timestamptz DEFAULT now();",
    at="token uuid",
)
def add_column_volatile_default(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added with a default that must be computed for every row.

    PostgreSQL stores a constant or stable default once (since 11); a volatile one makes it write the whole table and
    all its indexes anew under ACCESS EXCLUSIVE. Volatility hides in arrays, CASE, COALESCE, casts, domains,
    operators and functions of your own, which are looked up in the catalog.

    *When not:* the table is made by the same change, or the default is not volatile.

    *Instead:* add the column without a default, set the default, and fill the old rows in batches.
    """
    for table, column, effects in added_columns(change):
        if column.serial or column.generated or column.identity or not effects.rewrites:
            continue
        domain = domain_of(change, column)
        of_domain = column.default is None and domain is not None and not has_constraints(change, domain)
        if column.default is not None or of_domain:
            name = quote_identifier(column.name)
            whose = (
                f"of domain {domain.identity}" if of_domain and domain is not None else f"of {column.name}"
            )
            yield column_finding(
                change,
                column,
                f"{table} is written anew for the default {whose}: nobody can read or write it meanwhile",
                f"add {name} without a default, then set it with ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT, "
                "then fill the old rows in batches",
            )
