"""A snapshot: relations, columns, indexes and sizes of a database, as a file that can be committed."""

import json
from typing import TYPE_CHECKING, Any

from confiture_linter.config import Config
from confiture_migrator.errors import MigrateError
from confiture_migrator.ledger import Ledger, State

if TYPE_CHECKING:
    import psycopg

VERSION = 1
_RELATIONS = """
SELECT n.nspname || '.' || c.relname, c.relkind::text, greatest(c.reltuples, 0)::bigint,
       pg_catalog.pg_table_size(c.oid), pg_catalog.pg_indexes_size(c.oid), c.oid::bigint
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'confiture')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_INDEXES = """
SELECT i.indexrelid::pg_catalog.regclass::text, pg_catalog.pg_get_indexdef(i.indexrelid), pg_catalog.pg_relation_size(i.indexrelid)
FROM pg_catalog.pg_index AS i WHERE i.indrelid = %s ORDER BY 1
"""
_KINDS = {"r": "table", "p": "partitioned table", "m": "materialized view", "v": "view", "f": "foreign table"}


def snapshot_bytes(connection: "psycopg.Connection[Any]") -> bytes:
    """The document. Rows are what the server last estimated (`ANALYZE`), sizes are in bytes."""
    applied = [entry.version for entry in Ledger(connection).entries() if entry.state is State.APPLIED]
    with connection.transaction():
        connection.execute("SET LOCAL search_path = pg_catalog")
        tables = {}
        for name, kind, rows, size, indexes_size, oid in connection.execute(_RELATIONS).fetchall():
            columns = connection.execute(_COLUMNS, [oid]).fetchall()
            indexes = connection.execute(_INDEXES, [oid]).fetchall()
            tables[name] = {
                "kind": _KINDS[kind],
                "rows": rows,
                "bytes": size,
                "index_bytes": indexes_size,
                "columns": [{"name": each[0], "type": each[1], "not_null": each[2]} for each in columns],
                "indexes": [{"name": each[0], "definition": each[1], "bytes": each[2]} for each in indexes],
            }
    version = (connection.info.parameter_status("server_version") or "").partition(" ")[0]
    document = {
        "version": VERSION,
        "database": connection.info.dbname,
        "server_version": version,
        "applied": sorted(applied),
        "relations": tables,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def snapshot_text(data: bytes) -> str:
    """A snapshot for people: relations, the biggest first."""
    relations = json.loads(data)["relations"]
    ordered = sorted(
        relations.items(), key=lambda item: (-item[1]["bytes"] - item[1]["index_bytes"], item[0])
    )
    return "".join(
        f"{each['bytes'] + each['index_bytes']:>14,} bytes  {each['rows']:>12,} rows  {name} ({each['kind']})\n"
        for name, each in ordered
    )


def read_sizes(config: Config) -> dict[str, int] | None:
    """Rows by table from the configured snapshot; None where there is none."""
    if config.migrations.snapshot is None:
        return None
    path = f"{config.root or '.'}/{config.migrations.snapshot}"
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            document = json.load(file)
        return {name: int(relation["rows"]) for name, relation in document["relations"].items()}
    except OSError as error:
        raise MigrateError(
            f"{path}: {error.strerror or error}: make it with `confiture-migrate snapshot`"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MigrateError(f"{path} is no snapshot: make it anew with `confiture-migrate snapshot`") from None
