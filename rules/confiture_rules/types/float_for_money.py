from collections.abc import Iterator

from confiture_linter.catalog import Column, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding

_MONEY = frozenset(
    {"price", "prices", "salary", "wage", "wages", "revenue", "invoiced", "refund", "refunded", "subtotal",
     "payment", "discounted", "fee", "fees", "turnover", "money", "usd", "eur", "gbp", "chf"}
)  # fmt: skip
"""Words that mean money wherever they stand."""
_AMOUNT = frozenset(
    {"amount", "amt", "total", "cost", "costs", "balance", "paid", "due", "tax", "discount", "charge"}
)
"""Words that mean money in a table about money."""
_TRADE = _MONEY | {
    "order", "orders", "invoice", "invoices", "payments", "currency", "account", "accounts", "ledger", "billing",
    "cart", "purchase", "purchases", "sale", "sales", "transaction", "transactions", "subscription", "budget",
}  # fmt: skip
_NUMBER = frozenset(
    {"rate", "ratio", "percent", "percentage", "pct", "factor", "weight", "share", "change", "elasticity", "score",
     "count", "time", "seconds", "ms", "hours", "days", "quantity", "qty", "index", "rank"}
)  # fmt: skip
"""Words that make something else of it: a price change in percent, total seconds."""


@rule(
    name="float-for-money",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order_line (id bigint PRIMARY KEY, unit_price double precision NOT NULL);",
    good="CREATE TABLE w_order_line (id bigint PRIMARY KEY, unit_price numeric(12, 2) NOT NULL);",
    at="double precision",
)
def float_for_money(column: Column, ctx: Context) -> Iterator[Finding]:
    """An amount of money is stored as a floating-point number.

    0.1 has no exact floating-point value: sums drift by cents, equality fails, and the order of rows decides
    what sum() returns.

    *When not:* an estimate or a price index that is never paid.

    *Instead:* `numeric`, or `bigint` in the smallest unit.
    """
    if column.type.name in ("float8", "float4") and built_in_type(column) and _is_money(column):
        array = "[]" if column.type.array else ""
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} keeps money in floating point",
            f"numeric{array}",
        )


def _is_money(column: Column) -> bool:
    words = set(column.name.lower().split("_"))
    if words & _NUMBER:
        return False
    return bool(words & _MONEY) or (bool(words & _AMOUNT) and _about_money(column.table))


def _about_money(table: Table) -> bool:
    words = set(table.name.lower().split("_"))
    for name in table.columns:
        words.update(name.lower().split("_"))
    return not words.isdisjoint(_TRADE)
