from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="composite-primary-key-too-wide",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("composite-pk-too-wide",),
    options={"most": 4},
    bad="CREATE TABLE w_price (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d, e));",
    good="CREATE TABLE w_price (a int, b int, c int, d int, PRIMARY KEY (a, b, c, d));",
    at="PRIMARY KEY (a",
)
def composite_primary_key_too_wide(table: Table, ctx: Context) -> Iterator[Finding]:
    """A primary key has more columns than a reference to it should carry.

    Every referencing table repeats all of them, and so does every index and every join.

    *When not:* nothing refers to the table, as with a link between several; `most` says how many columns are fine.

    *Instead:* a key of one column, and a UNIQUE constraint on what identifies the row.
    """
    key = table.primary_key
    most = ctx.options["most"]
    if key is not None and key.table is table and len(key.columns) > most and table.partition_of is None:
        yield key.finding(
            f"primary key of {table.identity} has {len(key.columns)} columns, more than {most}",
            help=f"give it a key of one column, and make ({', '.join(key.columns)}) UNIQUE",
        )
