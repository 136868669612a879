"""What belongs to a copy and is no row: the positions of sequences, and materialized views made of what is there now."""

from typing import TYPE_CHECKING, Any

from confiture_migrator.anonymize.live import Live
from confiture_migrator.anonymize.plan import CopyPlan
from confiture_migrator.anonymize.sql_text import identifier

if TYPE_CHECKING:
    import psycopg


def after_load(
    source: "psycopg.Connection[Any]",
    target: "psycopg.Connection[Any]",
    here: Live,
    there: Live,
    plan: CopyPlan,
    notes: list[str],
) -> None:
    """Set sequences as they are in the source, refresh materialized views; what cannot be done is noted."""
    import psycopg

    known = set(there.sequences)
    for schema, name in here.sequences:
        if (schema, name) not in known:
            notes.append(f"sequence {schema}.{name} is not in the target")
            continue
        row = source.execute(
            f"SELECT last_value, is_called FROM {identifier(schema, name)}".encode()
        ).fetchone()
        if row is not None:
            target.execute(
                "SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)",
                [identifier(schema, name), row[0], row[1]],
            )
    for schema, name in there.materialized_views:
        try:
            target.execute(f"REFRESH MATERIALIZED VIEW {identifier(schema, name)}".encode())
        except psycopg.Error as error:
            notes.append(
                f"materialized view {schema}.{name} could not be refreshed (SQLSTATE {error.sqlstate})"
            )
    if plan.skipped:
        notes.append(f"{len(plan.skipped)} tables were skipped and are empty in the target")
