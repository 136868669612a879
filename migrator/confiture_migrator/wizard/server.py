"""What the wizard asks the target besides the ledger: where it is, and how large things are. Changes nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from confiture_migrator.ledger import Entry, State
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.target import Target
from confiture_migrator.wizard.estimates import Size
from confiture_migrator.wizard.values import Place

if TYPE_CHECKING:
    import psycopg

_SIZE = """
SELECT CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END, pg_catalog.pg_total_relation_size(c.oid)
FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass(%s)
"""
_PARTITIONS = """
SELECT CASE WHEN pg_catalog.bool_and(c.reltuples >= 0) THEN pg_catalog.sum(c.reltuples)::bigint END,
       pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid))::bigint
FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(%s)) AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.relid
WHERE t.isleaf HAVING pg_catalog.count(*) > 0
"""


def place_of(
    connection: "psycopg.Connection[Any]", target: Target, entries: Iterable[Entry], settings: PlanSettings
) -> Place:
    """Where this is."""
    info = connection.info
    row = connection.execute("SELECT pg_catalog.pg_is_in_recovery()").fetchone()
    applied = [entry for entry in entries if entry.state is State.APPLIED]
    last = ""
    if applied:
        finished = applied[-1].finished_at
        last = applied[-1].name + (f" ({finished:%Y-%m-%d %H:%M %Z})" if finished else "")
    return Place(
        target.environment,
        info.host if info.host.startswith("/") else f"{info.host}:{info.port}",
        info.dbname,
        info.user,
        (info.parameter_status("server_version") or "").partition(" ")[0],
        bool(row and row[0]),
        frozenset(entry.version for entry in applied),
        last,
        tuple(target.settings.risk.items()),
        settings,
    )


def sizes_of(
    connection: "psycopg.Connection[Any]", names: Iterable[str]
) -> tuple[dict[str, Size], int | None]:
    """Sizes of the relations that are there, by the name given, and of the database."""
    import psycopg

    found = {}
    for name in dict.fromkeys(names):
        try:
            row = connection.execute(_SIZE, [name]).fetchone()
            parts = connection.execute(_PARTITIONS, [name]).fetchone() if row else None
        except psycopg.Error:  # no name, or not ours to see: then it is not known
            continue
        if row is not None:
            found[name] = Size(*(parts or row))
    try:
        size = connection.execute(
            "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())"
        ).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return found, None
    return found, int(size[0]) if size else None
