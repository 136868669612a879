"""The base of a plan: a fingerprint of the target's catalog and of what its ledger says is applied.

Extensions' own objects, temporary ones and partitions (which come and go by themselves) are left out.
"""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from confiture_migrator.ledger import Entry, State

if TYPE_CHECKING:
    import psycopg

_CATALOG = """
WITH ours AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'confiture')
), owned AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
    SELECT c.*, n.nspname FROM pg_class AS c JOIN ours AS n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't' AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM owned AS o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid)
)
SELECT pg_catalog.concat_ws('|', 'schema', nspname) COLLATE "C" FROM ours
UNION ALL
SELECT concat_ws('|', 'relation', nspname, relname, relkind, relpersistence, relrowsecurity, relforcerowsecurity,
                 CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
UNION ALL
SELECT concat_ws('|', 'column', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                 a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
FROM relations AS r JOIN pg_attribute AS a ON a.attrelid = r.oid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'f', 'c')
UNION ALL
SELECT concat_ws('|', 'constraint', r.nspname, r.relname, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
FROM relations AS r JOIN pg_constraint AS c ON c.conrelid = r.oid
UNION ALL
SELECT concat_ws('|', 'index', r.nspname, r.relname, pg_get_indexdef(i.indexrelid), i.indisvalid)
FROM relations AS r JOIN pg_index AS i ON i.indrelid = r.oid
UNION ALL
SELECT concat_ws('|', 'trigger', r.nspname, r.relname, pg_get_triggerdef(t.oid), t.tgenabled)
FROM relations AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT concat_ws('|', 'policy', r.nspname, r.relname, p.polname, p.polcmd, p.polpermissive,
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM relations AS r JOIN pg_policy AS p ON p.polrelid = r.oid
UNION ALL
SELECT concat_ws('|', 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prokind,
                 CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
FROM pg_proc AS p JOIN ours AS n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM owned AS o WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid)
UNION ALL
SELECT concat_ws('|', 'type', n.nspname, t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
                 t.typdefault,
                 (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid),
                 (SELECT string_agg(pg_get_constraintdef(c.oid), ',' ORDER BY c.conname) FROM pg_constraint AS c
                  WHERE c.contypid = t.oid))
FROM pg_type AS t JOIN ours AS n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd', 'r')
  AND NOT EXISTS (SELECT FROM owned AS o WHERE o.classid = 'pg_type'::regclass AND o.objid = t.oid)
ORDER BY 1
"""


def target_base(connection: "psycopg.Connection[Any]", entries: Sequence[Entry]) -> str:
    """The fingerprint of a database; reading it changes nothing, and search_path has no say in it."""
    digest = hashlib.sha256()
    for entry in sorted(entries):
        if entry.state is State.APPLIED:
            digest.update(f"{entry.version}|{entry.checksum}\n".encode())
    for line in catalog_lines(connection):
        digest.update(line.encode() + b"\n")
    return "sha256:" + digest.hexdigest()


def catalog_lines(connection: "psycopg.Connection[Any]") -> list[str]:
    """The catalog as sorted lines `kind|schema|name|…`."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL search_path = pg_catalog")
        return [line for (line,) in connection.execute(_CATALOG.encode())]
