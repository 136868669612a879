from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import MAX_IDENTIFIER_BYTES, Finding, Severity, rule
from confiture_rules.naming.names import all_names, name_finding

_MAY_BE_CUT = MAX_IDENTIFIER_BYTES - 3
"""A name that was cut has at least so many bytes left: no character is split."""


@rule(
    name="identifier-too-long",
    subject=Catalog,
    severity=Severity.WARNING,
    bad=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, buyer bigint NOT NULL);\n"
        "CREATE INDEX w_order_buyer_for_the_overview_of_open_orders_by_customer_and_date ON w_order (buyer);"
    ),
    good=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, buyer bigint NOT NULL);\n"
        "CREATE INDEX w_order_buyer_idx ON w_order (buyer);"
    ),
    at="w_order_buyer_for_the_overview",
    options={"max_length": MAX_IDENTIFIER_BYTES},
)
def identifier_too_long(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A name is longer than PostgreSQL keeps.

    The server cuts it to 63 bytes and says so in a NOTICE that nobody reads: two names with the same
    beginning collide, and programs that look the object up by its full name do not find it.

    *When not:* never; a stricter team sets `max_length` lower, in bytes.

    *Instead:* a shorter name.
    """
    limit: int = min(ctx.options["max_length"], MAX_IDENTIFIER_BYTES)
    for kind, named in all_names(ctx):
        size = len(named.name.encode())
        if size <= limit and size < _MAY_BE_CUT:
            continue
        written = ctx.name_place(named).written
        size = len(written.encode())
        if size > limit:
            kept = f"; PostgreSQL keeps only {named.name}" if written != named.name else ""
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} name {written} has {size} bytes, more than {limit}",
                f"choose a name of at most {limit} bytes{kept}",
            )
