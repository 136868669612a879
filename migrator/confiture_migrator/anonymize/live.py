"""What a live database holds: tables, columns, keys, checks, sequences. Only its catalog is read."""

from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.types import ColumnType, column_type

if TYPE_CHECKING:
    import psycopg

_OURS = """
n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                AND d.objid = c.oid AND d.deptype = 'e')
"""
_PARTS = """FROM pg_catalog.pg_class AS p
       WHERE p.relkind = 'r' AND (p.oid = c.oid OR c.relkind = 'p' AND p.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid)))"""
_TABLES = f"""
SELECT c.oid::bigint, n.nspname, c.relname, c.relkind = 'p',
       (SELECT coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(p.oid)), 0)::bigint {_PARTS}),
       (SELECT coalesce(pg_catalog.sum(p.reltuples) FILTER (WHERE p.reltuples >= 0), -1)::float8 {_PARTS}),
       pg_catalog.has_table_privilege(c.oid, 'SELECT'),
       c.relowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
         OR pg_catalog.pg_has_role(c.relowner, 'USAGE')
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND {_OURS} ORDER BY 2, 3
"""
_PARTITIONS = f"""
SELECT n.nspname, c.relname, pg_catalog.format('%s.%s', rn.nspname, r.relname)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS r ON r.oid = pg_catalog.pg_partition_root(c.oid)
JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relispartition AND {_OURS}
"""
_COLUMNS = f"""
WITH RECURSIVE base(type, below, modifier) AS (
  SELECT t.oid, t.oid, NULL::int FROM pg_catalog.pg_type AS t
  UNION ALL
  SELECT b.type, t.typbasetype, CASE WHEN t.typtypmod <> -1 THEN t.typtypmod ELSE b.modifier END
  FROM base AS b JOIN pg_catalog.pg_type AS t ON t.oid = b.below AND t.typtype = 'd'
)
SELECT a.attrelid::bigint, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
       pg_catalog.format_type(e.oid, CASE WHEN t.typtype = 'd' THEN coalesce(b.modifier, -1) ELSE a.atttypmod END),
       coalesce(el.typtype, e.typtype)::text, a.attnotnull, a.attgenerated <> '', a.attidentity <> '' ,
       pg_catalog.pg_get_expr(ad.adbin, ad.adrelid) IS NOT NULL
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
JOIN base AS b ON b.type = a.atttypid JOIN pg_catalog.pg_type AS e ON e.oid = b.below AND e.typtype <> 'd'
LEFT JOIN pg_catalog.pg_type AS el ON el.oid = e.typelem AND e.typcategory = 'A'
LEFT JOIN pg_catalog.pg_attrdef AS ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}
ORDER BY a.attrelid, a.attnum
"""
_KEYS = f"""
SELECT k.conname, k.conrelid::bigint, k.confrelid::bigint, k.condeferrable, k.confmatchtype = 'f',
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number),
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number)
FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition AND {_OURS} ORDER BY 2, 1
"""
_UNIQUE = f"""
SELECT i.indrelid::bigint, ic.relname,
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place) FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY AS u(number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number WHERE u.place <= i.indnkeyatts)
FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.indisunique AND NOT c.relispartition AND c.relkind IN ('r', 'p') AND {_OURS} ORDER BY 1, 2
"""
_CHECKS = f"""
SELECT k.conrelid::bigint, k.conname, pg_catalog.pg_get_expr(k.conbin, k.conrelid), k.convalidated
FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'c' AND NOT c.relispartition AND {_OURS} ORDER BY 1, 2
"""
_SEQUENCES = f"""
SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {_OURS} ORDER BY 1, 2
"""
_VIEWS = f"""
SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND {_OURS} ORDER BY c.oid
"""


class Column(NamedTuple):
    """A column of a table."""

    name: str
    written: str
    """Its type as `format_type` writes it, a domain by its own name."""
    type: ColumnType
    not_null: bool
    generated: bool
    filled: bool
    """Whether it gets a value where none is given: a default or an identity."""


class ForeignKey(NamedTuple):
    """A foreign key; tables by name."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    deferrable: bool
    full: bool
    """MATCH FULL."""


class Table(NamedTuple):
    """A table that holds rows of its own, or a partitioned one with all its partitions."""

    schema: str
    name: str
    partitioned: bool
    bytes: int
    estimate: float
    readable: bool
    owned: bool
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, tuple[str, ...]], ...]
    """Unique indexes: name and columns; of an index on expressions only the plain columns."""
    checks: tuple[tuple[str, str, bool], ...]
    """Name, expression, whether validated."""

    @property
    def full(self) -> str:
        """`schema.name`, for people and as key."""
        return f"{self.schema}.{self.name}"

    @property
    def sql(self) -> str:
        """Its quoted name."""
        return identifier(self.schema, self.name)

    @property
    def rows(self) -> str:
        """What to select from: children by inheritance are tables of their own."""
        return self.sql if self.partitioned else f"ONLY {self.sql}"

    def column(self, name: str) -> Column | None:
        """A column by name."""
        return next((column for column in self.columns if column.name == name), None)


class Live(NamedTuple):
    """A database."""

    tables: dict[str, Table]
    keys: tuple[ForeignKey, ...]
    partitions: dict[str, str]
    """Partition to the partitioned table it belongs to."""
    sequences: tuple[tuple[str, str], ...]
    materialized_views: tuple[tuple[str, str], ...]
    version: int
    """As `server_version_num` counts."""


def read_live(connection: "psycopg.Connection[Any]") -> Live:
    """Read the catalog."""
    columns: dict[int, list[Column]] = {}
    for oid, name, written, base, typtype, required, generated, identity, default in connection.execute(
        _COLUMNS
    ):
        columns.setdefault(oid, []).append(
            Column(name, written, column_type(base, typtype), required, generated, identity or default)
        )
    unique: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for oid, name, on in connection.execute(_UNIQUE):
        unique.setdefault(oid, []).append((name, tuple(on or ())))
    checks: dict[int, list[tuple[str, str, bool]]] = {}
    for oid, name, expression, validated in connection.execute(_CHECKS):
        checks.setdefault(oid, []).append((name, expression, validated))
    tables: dict[int, Table] = {}
    for oid, schema, name, partitioned, size, estimate, readable, owned in connection.execute(_TABLES):
        tables[oid] = Table(
            schema,
            name,
            partitioned,
            size,
            estimate,
            readable,
            owned,
            tuple(columns.get(oid, ())),
            tuple(unique.get(oid, ())),
            tuple(checks.get(oid, ())),
        )
    keys = [
        ForeignKey(
            name, tables[table].full, tuple(mine), tables[target].full, tuple(theirs), deferrable, full
        )
        for name, table, target, deferrable, full, mine, theirs in connection.execute(_KEYS)
        if table in tables and target in tables
    ]
    return Live(
        {table.full: table for table in tables.values()},
        tuple(keys),
        {f"{schema}.{name}": root for schema, name, root in connection.execute(_PARTITIONS)},
        tuple(connection.execute(_SEQUENCES).fetchall()),
        tuple(connection.execute(_VIEWS).fetchall()),
        connection.info.server_version,
    )
