"""Synthetic rows that honour types, keys and checks: `--fill N`.

Every value of row n is an expression of n alone. A foreign key takes the expression of what it refers to, so that row n
of a table belongs to row n of each table it points to: composite keys and tenants agree without looking anything up.
Checks are tried: what PostgreSQL refuses is varied until it is accepted, or the table is said to be left empty.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.rehearse.candidates import candidates, expression

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

TRIALS = 300
"""Attempts for one table."""

_TABLES = """
SELECT c.oid::bigint, n.nspname, c.relname
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'confiture')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3
"""
_COLUMNS = """
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
       pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid),
                              CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
       coalesce(b.typtype, t.typtype)::text, a.attnotnull OR t.typnotnull, a.attgenerated <> '',
       (SELECT pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' AND ') FROM pg_catalog.pg_constraint AS k
        WHERE k.contypid = t.oid)
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEYS = """
SELECT k.confrelid::bigint,
       (SELECT pg_catalog.array_agg(a.attname ORDER BY u.place) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number),
       (SELECT pg_catalog.array_agg(a.attname ORDER BY u.place) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number)
FROM pg_catalog.pg_constraint AS k WHERE k.contype = 'f' AND k.conrelid = %s ORDER BY k.conname
"""
_CHECK = """
SELECT pg_catalog.pg_get_constraintdef(k.oid),
       (SELECT pg_catalog.array_agg(a.attname) FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = %s AND k.conname = %s
"""


class Column(NamedTuple):
    """A column that gets values."""

    name: str
    type: str
    base: str
    """The type below a domain."""
    kind: str
    """`pg_type.typtype` of that: `b`, `e` (enum), `r` (range), `c` (composite)."""
    not_null: bool
    check: str
    """Checks of its domain."""


class _Table:
    def __init__(self, oid: int, schema: str, name: str) -> None:
        self.oid = oid
        self.schema = schema
        self.name = name
        self.columns: dict[str, Column] = {}
        self.keys: list[tuple[int, list[str], list[str]]] = []
        self.chosen: dict[str, str] = {}
        """Expressions found by trying, by column."""

    @property
    def shown(self) -> str:
        return f"{self.schema}.{self.name}"


def fill(connection: "psycopg.Connection[Any]", rows: int) -> list[str]:
    """Fill every table; returns what a reader must know: the tables left empty, and why."""
    tables = _read(connection)
    notes = []
    connection.execute(
        "SET session_replication_role = replica"
    )  # keys hold by construction; triggers stay quiet
    for table in _parents_first(tables):
        problem = _fill_table(connection, tables, table, rows)
        if problem:
            notes.append(f"{table.shown}: {problem}")
    connection.execute("RESET session_replication_role")
    connection.execute(
        "VACUUM (ANALYZE)"
    )  # as tables in production are: hint bits set, pages known to be visible
    return notes


def _read(connection: "psycopg.Connection[Any]") -> dict[int, _Table]:
    tables = {oid: _Table(oid, schema, name) for oid, schema, name in connection.execute(_TABLES).fetchall()}
    for table in tables.values():
        for name, type_, base, kind, not_null, generated, check in connection.execute(
            _COLUMNS, [table.oid]
        ).fetchall():
            if not generated:
                table.columns[name] = Column(name, type_, base, kind, not_null, check or "")
        table.keys = [tuple(row) for row in connection.execute(_KEYS, [table.oid]).fetchall()]
    return tables


def _parents_first(tables: dict[int, _Table]) -> list[_Table]:
    ordered: dict[int, _Table] = {}

    def visit(table: _Table, above: frozenset[int]) -> None:
        for parent, _, _ in table.keys:
            if parent in tables and parent not in above and parent not in ordered:
                visit(tables[parent], above | {parent})
        ordered.setdefault(table.oid, table)

    for table in tables.values():
        visit(table, frozenset((table.oid,)))
    return list(ordered.values())


def _expression(tables: dict[int, _Table], table: _Table, name: str, seen: frozenset[tuple[int, str]]) -> str:
    """The expression of a column: its own, or that of the column it refers to."""
    if name in table.chosen:
        return table.chosen[name]
    for parent, mine, theirs in table.keys:
        if name in mine and parent in tables:
            other = theirs[mine.index(name)]
            if (parent, other) not in seen:
                return _expression(tables, tables[parent], other, seen | {(parent, other)})
    column = table.columns.get(name)
    return expression(column, f"{table.shown}.{name}") if column else "NULL"


def _fill_table(
    connection: "psycopg.Connection[Any]", tables: dict[int, _Table], table: _Table, rows: int
) -> str:
    """Fill one; returns why it could not be, or not quite."""
    import psycopg

    trial = _Trial(connection, tables, table, rows)
    problem = trial.settle()
    if problem:
        return f"no synthetic rows, {problem}"
    try:
        with connection.transaction():
            done = connection.execute(_insert(tables, table, range(1, rows + 1))).rowcount
    except psycopg.Error as error:
        return f"no synthetic rows, {error.diag.message_primary or error}"
    return "" if done == rows else f"only {done} of {rows} synthetic rows, the others have its keys already"


class _Trial:
    """Varies the values of one table until PostgreSQL takes a few rows from the whole range."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", tables: dict[int, _Table], table: _Table, rows: int
    ) -> None:
        self.connection = connection
        self.tables = tables
        self.table = table
        self.numbers = sorted({1, 2, 3, max(rows // 2, 1), max(rows - 1, 1), rows})
        self.left = TRIALS

    def settle(self) -> str:
        """Returns what cannot be satisfied; nothing if all is well."""
        import psycopg

        while True:
            try:
                self._insert()
            except psycopg.errors.CheckViolation as error:
                if not self._vary(error):
                    return error.diag.message_primary or str(error)
            except psycopg.Error as error:
                return error.diag.message_primary or str(error)
            else:
                return ""

    def _insert(self) -> bool:
        """Insert and take it back; whether every row found its place."""
        with self.connection.transaction(force_rollback=True):
            done = self.connection.execute(_insert(self.tables, self.table, self.numbers)).rowcount
        return done == len(self.numbers)

    def _vary(self, error: "psycopg.errors.CheckViolation") -> bool:
        """Find values that satisfy the check that was violated; those are best that still differ from row to row."""
        name = error.diag.constraint_name or ""
        before = dict(self.table.chosen)
        fallback: dict[str, str] | None = None
        for change in self._changes(error, name):
            self.left -= 1
            if self.left < 0:
                break
            self.table.chosen = {**before, **change}
            passed, whole = self._passes(name)
            if whole:
                return True
            if passed and fallback is None:
                fallback = dict(self.table.chosen)
        self.table.chosen = fallback or before
        return fallback is not None

    def _passes(self, name: str) -> tuple[bool, bool]:
        """Whether the check holds now, and whether all rows went in, or fail for another reason."""
        import psycopg

        try:
            whole = self._insert()
        except psycopg.errors.CheckViolation as again:
            other = again.diag.constraint_name != name
            return other, other
        except psycopg.Error:
            return False, False
        return True, whole

    def _changes(self, error: "psycopg.errors.CheckViolation", name: str) -> Iterator[dict[str, str]]:
        """What could be written instead: of all columns of a domain together, else of one column after the other."""
        columns = self.table.columns
        row = self.connection.execute(_CHECK, [self.table.oid, name]).fetchone()
        if row is None:
            domain = error.diag.datatype_name or ""
            mine = [each for each in columns.values() if each.type.rpartition(".")[2].strip('"') == domain]
            for candidate in candidates(mine[0], mine[0].check, ()) if mine else ():
                yield {column.name: candidate for column in mine}
            return
        involved = [each for each in row[1] or () if each in columns]
        for this in involved:
            others = [
                _expression(self.tables, self.table, other, frozenset())
                for other in involved
                if other != this
            ]
            for candidate in candidates(columns[this], row[0], others):
                yield {this: candidate}


def _insert(tables: dict[int, _Table], table: _Table, numbers: Sequence[int]) -> "Composed":
    from psycopg.sql import SQL, Identifier

    values = [
        SQL("({})::{}").format(SQL(_expression(tables, table, name, frozenset())), SQL(column.type))
        for name, column in table.columns.items()
    ]
    return SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS n ON CONFLICT DO NOTHING"
    ).format(
        Identifier(table.schema, table.name),
        SQL(", ").join(map(Identifier, table.columns)),
        SQL(", ").join(values),
        _numbers(numbers),
    )


def _numbers(numbers: Sequence[int]) -> "Composed":
    """A set of `n`, the numbers of the rows."""
    from psycopg.sql import SQL, Literal

    if isinstance(numbers, range):
        return SQL("pg_catalog.generate_series({}, {})").format(Literal(numbers[0]), Literal(numbers[-1]))
    return SQL("pg_catalog.unnest({}::int[])").format(Literal(list(numbers)))
