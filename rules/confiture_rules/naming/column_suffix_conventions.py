from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.naming.names import name_finding

_OPTIONS = {"timestamptz": "timestamp", "timestamp": "timestamp", "date": "date", "bool": "boolean"}


@rule(
    name="column-suffix-conventions",
    subject=Column,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, created timestamptz NOT NULL);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);",
    at="created",
    options={
        "timestamp": ("_at", "_until", "_since", "_from", "_time"),
        "date": ("_on", "_date", "_until", "_since", "_from", "_day"),
        "boolean": (),
    },
)
def column_suffix_conventions(column: Column, ctx: Context) -> Iterator[Finding]:
    """The name of a column does not say what type it has.

    With one suffix for each type a reader knows what to compare a column with.

    The word of a suffix is accepted anywhere in the name: `date_of_birth`.

    *When not:* the team has no such convention. An empty list of suffixes switches a type off.

    *Instead:* one of the suffixes in the options `timestamp`, `date` and `boolean`.
    """
    option = _OPTIONS.get(column.type.name)
    if option is None or column.type.schema not in ("", "pg_catalog") or column.type.array:
        return
    suffixes: tuple[str, ...] = ctx.options[option]
    words = column.name.split("_")
    if suffixes and not any(suffix.strip("_") in words for suffix in suffixes):
        yield name_finding(
            column,
            ctx,
            f"{option} column {column.table.name}.{column.name} does not end in {' or '.join(suffixes)}",
            f"call it {column.name}{suffixes[0]}",
        )
