from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type


@rule(
    name="no-timetz-type",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_shift (id bigint PRIMARY KEY, begins timetz NOT NULL);",
    good="CREATE TABLE w_shift (id bigint PRIMARY KEY, begins time NOT NULL, time_zone text NOT NULL);",
    at="timetz",
)
def no_timetz_type(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has the type time with time zone.

    A time of day with an offset but no date means nothing where clocks change: +02 is right in one half of
    the year. PostgreSQL has the type only because the SQL standard demands it.

    *When not:* never in new tables.

    *Instead:* `timestamptz` for a point in time; `time` and the name of a zone for a daily one.
    """
    if column.type.name == "timetz" and built_in_type(column):
        yield column.finding(
            f"column {column.table.name}.{column.name} is a time with time zone",
            at=column.type.at,
            path=column.type_path,
            help="use timestamptz for a point in time, or time and a column with the name of the zone",
        )
