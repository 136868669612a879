from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding


@rule(
    name="uuid-as-text",
    subject=Column,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_device (device_uuid text PRIMARY KEY);",
    good="CREATE TABLE w_device (device_uuid uuid PRIMARY KEY);",
    at="text PRIMARY",
)
def uuid_as_text(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column called uuid is text.

    Text takes 37 bytes instead of 16 in the table and in every index, tells upper case from lower case, and
    accepts what is no UUID at all.

    *When not:* identifiers of another system that only look like UUIDs.

    *Instead:* `uuid`.
    """
    if column.type.name in ("text", "varchar", "bpchar") and not column.type.array:
        last = column.name.lower().rpartition("_")[2]
        if last in ("uuid", "guid") and built_in_type(column):
            yield type_finding(
                column,
                f"column {column.table.name}.{column.name} stores a UUID as text",
                "uuid",
                "::uuid",
            )
