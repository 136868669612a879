"""One unit of work: a table, or a range of its pages, from source to target in a transaction of its own.

A unit and what it needs are plain values that can be sent to another process or machine. No URL and no key is among
them: they are read there, from the environment variables that the job names.
"""

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.anonymize import marker
from confiture_migrator.anonymize.errors import safe_message
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.plan import TablePlan
from confiture_migrator.anonymize.session import prepare
from confiture_migrator.anonymize.sql_text import identifier, literal
from confiture_migrator.anonymize.strategies.values import ROW
from confiture_migrator.anonymize.stream import copy_rows, rewriter
from confiture_migrator.errors import ApplyFailed
from confiture_migrator.target import connect, url_from

if TYPE_CHECKING:
    import psycopg


class Job(NamedTuple):
    """What all units of a run share."""

    source: str
    """`env:VARIABLE` with the source's URL."""
    target: str
    run: str
    """Name of the run's sessions, by which they are found."""
    snapshot: str
    replica: bool
    """Whether foreign keys and triggers are off by `session_replication_role`."""


class Unit(NamedTuple):
    """Tables that are loaded together, or a range of pages of one."""

    tables: tuple[TablePlan, ...]
    """One; several if foreign keys go round in a circle and are deferred."""
    pages: tuple[int, int | None] | None = None
    """From this page on, up to but not including that one; None: to the end. Without pages: all of it."""
    weight: float = 0.0
    """Bytes: the heaviest goes first."""

    @property
    def names(self) -> tuple[str, ...]:
        """The tables' names."""
        return tuple(plan.table.full for plan in self.tables)


class Loaded(NamedTuple):
    """What came of a unit."""

    rows: dict[str, int]
    seconds: float
    peak_kilobytes: int
    """Most memory the process ever had."""


def run_unit(job: Job, unit: Unit) -> Loaded:
    """Load a unit; raises `ApplyFailed` with nothing of the rows in it."""
    import psycopg

    begun = time.monotonic()
    source = connect(url_from(job.source, "--source"))
    try:
        target = connect(url_from(job.target, "--target"))
        try:
            rows = _load(job, unit, source, target)
        finally:
            target.close()
    except psycopg.Error as error:
        raise ApplyFailed(f"{', '.join(unit.names)}: {safe_message(error)}") from None
    finally:
        source.close()
    return Loaded(rows, time.monotonic() - begun, _peak_kilobytes())


def _load(
    job: Job, unit: Unit, source: "psycopg.Connection[Any]", target: "psycopg.Connection[Any]"
) -> dict[str, int]:
    keyring = Keyring()
    prepare(source)
    prepare(target, path=False)
    for connection in (source, target):
        connection.execute("SELECT pg_catalog.set_config('application_name', %s, false)", [job.run])
    compiled = [plan.compiled(keyring) for plan in unit.tables]
    keyring.install(source)
    source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    source.execute(f"SET TRANSACTION SNAPSHOT {literal(job.snapshot)}".encode())
    if job.replica:
        target.execute("SET session_replication_role = replica")
    rows: dict[str, int] = {}
    first_page = unit.pages[0] if unit.pages is not None else 0
    with target.transaction():
        there = {name: marker.begin_unit(target, name, first_page) for name in unit.names}
        if all(count is not None for count in there.values()):
            return {name: count or 0 for name, count in there.items()}
        quiet = [] if job.replica else [plan.table for plan in unit.tables if plan.table.owned]
        for table in quiet:
            target.execute(f"ALTER TABLE {table.sql} DISABLE TRIGGER USER".encode())
        if not job.replica:
            target.execute("SET CONSTRAINTS ALL DEFERRED")
        for plan, columns in zip(unit.tables, compiled, strict=True):
            name = plan.table.full
            rewrite, extra = rewriter(columns, name)
            select = select_of(plan, [column.sql for column in columns], extra, unit.pages)
            rows[name] = copy_rows(source, target, select, insert_of(plan), name, rewrite)
        if not job.replica:
            target.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in quiet:
            target.execute(f"ALTER TABLE {table.sql} ENABLE TRIGGER USER".encode())
        for name, count in rows.items():
            marker.unit_done(target, name, first_page, count)
    return rows


def select_of(
    plan: TablePlan,
    expressions: list[str],
    extra: tuple[str, ...] = (),
    pages: tuple[int, int | None] | None = None,
) -> str:
    """The SELECT of a table's rows."""
    more = [f"{ROW}.{identifier(name)}::text" for name in extra]
    where = ""
    if pages is not None:
        low, high = pages
        where = f" WHERE {ROW}.ctid >= '({low},0)'::tid" + (
            f" AND {ROW}.ctid < '({high},0)'::tid" if high is not None else ""
        )
    return f"SELECT {', '.join([*expressions, *more])} FROM {plan.table.rows} AS {ROW}{where}"


def insert_of(plan: TablePlan) -> str:
    """The COPY into the target's table."""
    return f"COPY {plan.table.sql} ({', '.join(identifier(column.name) for column, _ in plan.columns)}) FROM STDIN"


def _peak_kilobytes() -> int:
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
