from collections import Counter
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.catalog.types import format_type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="inconsistent-column-types",
    subject=Column,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY, email text);\n"
        "CREATE TABLE w_contact (id bigint PRIMARY KEY, email text);\n"
        "CREATE TABLE w_supplier (id bigint PRIMARY KEY, email varchar(50));"
    ),
    good=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY, email text);\n"
        "CREATE TABLE w_contact (id bigint PRIMARY KEY, email text);\n"
        "CREATE TABLE w_supplier (id bigint PRIMARY KEY, email text);"
    ),
    at="varchar(50)",
    options={"generic": ("id", "value", "data", "key", "type", "code", "status", "version", "level")},
)
def inconsistent_column_types(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has another type than the columns of the same name elsewhere.

    Joins and unions over the two convert on the way, which can keep an index from being used, and what fits
    into one column is refused by the other.

    A numeric beside an integer, or with another scale, is taken for intended.

    *When not:* the name means different things; list it under the option `generic`.

    *Instead:* the type that the other tables use.
    """
    usual = ctx.memo("types.usual", lambda: _usual_types(ctx)).get(column.name)
    if usual is None or column.name in ctx.options["generic"] or column.type.at < 0:
        return
    written = _spelt(column, ctx)
    if written != usual and "numeric" not in (written.partition("(")[0], usual.partition("(")[0]):
        yield column.finding(
            f"column {column.table.name}.{column.name} is {written}, elsewhere {usual}",
            at=column.type.at,
            path=column.type_path,
            help=f"make it {usual}, or give it another name",
        )


def _usual_types(ctx: Context) -> dict[str, str]:
    """The type that most columns of a name have, for names with several types; at least two and most by far."""
    counts: dict[str, Counter[str]] = {}
    for table in ctx.catalog.tables:
        for column in table.columns.values():
            if column.table is table and column.type.at >= 0:
                counts.setdefault(column.name, Counter())[_spelt(column, ctx)] += 1
    usual = {}
    for name, count in counts.items():
        if len(count) > 1:
            (first, most), (_, next_most) = count.most_common(2)
            if most >= 2 * next_most:
                usual[name] = first
    return usual


def _spelt(column: Column, ctx: Context) -> str:
    """The type, a domain as the type it is over: those two join without a conversion."""
    written = column.type
    domain = ctx.catalog.type(written.schema, written.name)
    while domain is not None and domain.form == "domain" and domain.base is not None:
        written = domain.base
        domain = ctx.catalog.type(written.schema, written.name)
    return format_type(ctx.catalog.type_schema(written), written)
