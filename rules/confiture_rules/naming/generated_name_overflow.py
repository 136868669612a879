from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import MAX_IDENTIFIER_BYTES, Finding, Preset, Severity, quote_identifier, rule

_SUFFIX = {"unique": "key", "foreign key": "fkey", "check": "check", "exclude": "excl"}


@rule(
    name="generated-name-overflow",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad=(
        "CREATE TABLE customer_subscription_notification_preference (\n"
        "    id bigint PRIMARY KEY,\n"
        "    customer_subscription_identifier bigint UNIQUE\n"
        ");"
    ),
    good=(
        "CREATE TABLE customer_subscription_notification_preference (\n"
        "    id bigint PRIMARY KEY,\n"
        "    customer_subscription_identifier bigint CONSTRAINT one_preference_per_subscription UNIQUE\n"
        ");"
    ),
    at="UNIQUE",
)
def generated_name_overflow(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """The name that PostgreSQL gives to a constraint does not fit.

    It cuts table and column names until 63 bytes are enough, and numbers what collides: nobody can foretell
    the name, and it differs between databases that were changed in another order.

    *When not:* nothing refers to the constraint by name.

    *Instead:* a name of its own.
    """
    fact = constraint.fact
    suffix = _SUFFIX.get(constraint.kind)
    if (
        suffix is None
        or fact.name
        or fact.using_index
        or len(constraint.name.encode()) < MAX_IDENTIFIER_BYTES - 4
    ):
        return
    columns = constraint.columns if constraint.kind != "check" or len(constraint.columns) == 1 else ()
    full = "_".join([constraint.table.name, *(name or "expr" for name in columns), suffix])
    if len(full.encode()) > MAX_IDENTIFIER_BYTES:
        yield constraint.finding(
            f"{constraint.kind} constraint of table {constraint.table.name} gets the shortened name {constraint.name}",
            help=f"write CONSTRAINT and a short name in front of it, not {quote_identifier(constraint.name)}",
        )
