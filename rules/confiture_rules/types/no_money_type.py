from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding


@rule(
    name="no-money-type",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_invoice (id bigint PRIMARY KEY, total money NOT NULL);",
    good="CREATE TABLE w_invoice (id bigint PRIMARY KEY, total numeric(14, 2) NOT NULL, currency text NOT NULL);",
    at="money NOT NULL",
)
def no_money_type(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has the type money.

    It knows no currency: `lc_monetary` of the session decides how many decimals it has and how it is read,
    so a dump restored elsewhere may hold other amounts. It cannot hold fractions of a cent.

    *When not:* never in new tables.

    *Instead:* `numeric`, with the currency in a column of its own.
    """
    if column.type.name == "money" and built_in_type(column):
        array = "[]" if column.type.array else ""
        yield type_finding(
            column, f"column {column.table.name}.{column.name} has the type money", f"numeric{array}"
        )
