from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type


@rule(
    name="no-oid-column",
    subject=Column,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_document (id bigint PRIMARY KEY, content oid NOT NULL);",
    good="CREATE TABLE w_document (id bigint PRIMARY KEY, content bytea NOT NULL);",
    at="oid NOT NULL",
)
def no_oid_column(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column stores an object identifier.

    The OID of a large object keeps nothing alive and nothing deletes it: rows and objects drift apart. Other
    OIDs change with dump and restore.

    *When not:* tables of an extension that follow the system catalogs.

    *Instead:* `bytea` for content, a name for an object.
    """
    if column.type.name == "oid" and built_in_type(column):
        yield column.finding(
            f"column {column.table.name}.{column.name} stores an OID",
            at=column.type.at,
            path=column.type_path,
            help="store content as bytea, and names of objects as text",
        )
