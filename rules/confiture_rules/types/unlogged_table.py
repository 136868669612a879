from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="unlogged-table",
    subject=Table,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE UNLOGGED TABLE w_reading (id bigint PRIMARY KEY);",
    good="CREATE TABLE w_reading (id bigint PRIMARY KEY);",
    at="CREATE UNLOGGED TABLE",
)
def unlogged_table(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table is emptied by a crash.

    Unlogged tables are truncated when the server recovers, and standbys never have their rows.

    *When not:* caches and staging tables that are filled again.

    *Instead:* a logged table.
    """
    if table.fact.persistence == "u":
        yield table.finding(
            f"table {table.name} is unlogged: a crash empties it",
            help=f"ALTER TABLE {table.qualified} SET LOGGED, unless its rows can be made again",
        )
