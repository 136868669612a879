from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type


@rule(
    name="array-of-foreign-keys",
    subject=Column,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, product_ids bigint[] NOT NULL);",
    good=(
        "CREATE TABLE w_product (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order_product (\n"
        "    order_id bigint NOT NULL REFERENCES w_order,\n"
        "    product_id bigint NOT NULL REFERENCES w_product,\n"
        "    PRIMARY KEY (order_id, product_id)\n"
        ");"
    ),
    at="product_ids",
)
def array_of_foreign_keys(column: Column, ctx: Context) -> Iterator[Finding]:
    """An array holds the keys of other rows.

    No foreign key can watch over the elements, deleting a row leaves its key behind, and joins unnest.

    *When not:* a read model that is rebuilt from the source.

    *Instead:* a table with one row for each pair.
    """
    if not column.type.array or not column.name.endswith("_ids"):
        return
    if built_in_type(column) in ("int2", "int4", "int8", "uuid"):
        yield column.finding(
            f"column {column.table.name}.{column.name} holds keys that no foreign key can check",
            help="put the pairs into a table of their own, with two foreign keys",
        )
