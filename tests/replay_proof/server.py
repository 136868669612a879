"""The catalog of a server as lines of text, for comparison.

Constraints and indexes that a table has only because its parent has them are the parent's, as in our catalog.
"""

from typing import Any

import psycopg

_MINE = """
  n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'
"""
_QUERY = f"""
SET LOCAL search_path = pg_catalog;
SELECT 'schema ' || nspname FROM pg_namespace n WHERE {_MINE} AND nspname <> 'public'
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' WHEN 'S' THEN 'sequence' ELSE 'table' END
       || ' ' || n.nspname || '.' || relname
       || CASE WHEN relkind IN ('r', 'p') THEN
            CASE WHEN relrowsecurity THEN ' rls' ELSE '' END || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
            || CASE WHEN relpersistence = 'u' THEN ' unlogged' ELSE '' END
            || CASE WHEN relispartition THEN ' partition' ELSE '' END
          ELSE '' END
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE {_MINE} AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL
SELECT 'column ' || n.nspname || '.' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN attnotnull THEN ' not null' ELSE '' END
       || CASE WHEN attidentity <> '' THEN ' identity ' || attidentity::text
               WHEN attgenerated <> '' THEN ' generated ' || attgenerated::text
               WHEN atthasdef THEN ' default' ELSE '' END
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
 WHERE {_MINE} AND relkind IN ('r', 'p', 'f') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || n.nspname || '.' || relname || ' ' || conname || ' ' || contype::text
       || CASE WHEN contype IN ('p', 'u', 'f') THEN ' (' || (
            SELECT string_agg(attname, ',' ORDER BY o) FROM unnest(conkey) WITH ORDINALITY k (num, o)
              JOIN pg_attribute ON attrelid = conrelid AND attnum = num) || ')' ELSE '' END
       || CASE WHEN contype = 'f' THEN ' -> ' || confrelid::regclass::text ELSE '' END
       || CASE WHEN convalidated THEN '' ELSE ' not valid' END
  FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace
 WHERE {_MINE} AND contype IN ('p', 'u', 'f', 'c', 'x') AND conislocal AND conparentid = 0
UNION ALL
SELECT 'index ' || n.nspname || '.' || i.relname || ' on ' || t.relname || ' (' || (
            SELECT string_agg(coalesce(attname, ''), ',' ORDER BY o) FROM unnest(indkey) WITH ORDINALITY k (num, o)
              LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = num AND num > 0 WHERE o <= indnkeyatts) || ')'
       || CASE WHEN indisunique THEN ' unique' ELSE '' END
  FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace
 WHERE {_MINE} AND NOT i.relispartition
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'type ' || n.nspname || '.' || typname || ' ' || CASE typtype
         WHEN 'e' THEN 'enum ' || coalesce((SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum
                                             WHERE enumtypid = t.oid), '')
         WHEN 'd' THEN 'domain ' || format_type(typbasetype, typtypmod) || CASE WHEN typnotnull THEN ' not null' ELSE '' END
         WHEN 'c' THEN 'composite ' || coalesce((SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ','
                          ORDER BY attnum) FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0
                          AND NOT attisdropped), '')
         ELSE 'range' END
  FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
 WHERE {_MINE} AND (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND relkind = 'c')
UNION ALL
SELECT 'function ' || n.nspname || '.' || proname || '(' || coalesce((
         SELECT string_agg(format_type(a, NULL), ',' ORDER BY o) FROM unnest(proargtypes) WITH ORDINALITY k (a, o)), '') || ')'
       || CASE WHEN prokind = 'a' THEN '' ELSE ' ' || provolatile::text
               || CASE WHEN prosecdef THEN ' definer' ELSE '' END END
  FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
 WHERE {_MINE} AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype IN ('e', 'i'))
UNION ALL
SELECT 'trigger ' || n.nspname || '.' || relname || '.' || tgname || ' ' || tgfoid::regproc::text
  FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
 WHERE {_MINE} AND NOT tgisinternal
UNION ALL
SELECT 'policy ' || n.nspname || '.' || relname || '.' || polname
  FROM pg_policy JOIN pg_class c ON c.oid = polrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE {_MINE}
UNION ALL
SELECT 'owned ' || n.nspname || '.' || s.relname || ' by ' || tn.nspname || '.' || t.relname || '.' || attname
  FROM pg_depend d JOIN pg_class s ON s.oid = objid AND s.relkind = 'S' JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_class t ON t.oid = refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute ON attrelid = t.oid AND attnum = refobjsubid
 WHERE {_MINE} AND d.classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
"""


def server_lines(connection: "psycopg.Connection[Any]") -> set[str]:
    """What exists in the database, one line each."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        setting, _, query = _QUERY.partition(";")
        cursor.execute(setting)
        cursor.execute(query)
        rows = {line for (line,) in cursor.fetchall()}
        cursor.execute("COMMIT")
    return rows


__all__ = ["server_lines"]
