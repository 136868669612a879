"""Whether an original value of a masked column is in that column still, or in any text or document of the target.

The originals' hashes, 64 bits under a seed of this run's own, go into a temporary table of the target and are joined with
the hashes of everything that is there: both servers do it in bounded memory, and no original value travels. By chance
one in 10^19 pairs agrees.

In its own column any original is an error, if the strategy's results are unlike any original. Elsewhere a short plain word
(`Rose`, `Paris`) may well be there for itself: that is a warning; what tells of somebody (an address, a number of some
length, several words) is an error.
"""

import secrets
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.profiles import Spec
from confiture_linter.profiles.json_path import shown_path
from confiture_migrator.anonymize.compiled import Masked
from confiture_migrator.anonymize.live import Column, Table
from confiture_migrator.anonymize.plan import TablePlan
from confiture_migrator.anonymize.report import Check
from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.strategies.json_paths import originals_sql
from confiture_migrator.anonymize.strategies.values import ROW
from confiture_migrator.anonymize.stream import copy_rows

if TYPE_CHECKING:
    from confiture_migrator.anonymize.verify import Copy

STRONG = "(length({v}) >= 6 AND {v} ~ '[0-9@ ]' OR length({v}) >= 12)"
"""What makes a text tell of somebody, wherever it stands."""
_TEXTS = ("text", "json", "jsonb")
_OWN = ("uuid", "bytea")
"""Kinds whose originals are looked for in their own column only."""
_TABLE = "confiture_originals"


class Origin(NamedTuple):
    """A masked column, or a path in a document."""

    table: str
    column: str
    path: str
    telling: bool

    @property
    def shown(self) -> str:
        """`schema.table.column`."""
        return f"{self.table}.{self.column}" + (f" {self.path}" if self.path else "")


def leak_checks(copy: "Copy") -> list[Check]:
    """Collect the originals, then look everywhere."""
    search = _Search(copy)
    copy.target.execute(f"DROP TABLE IF EXISTS pg_temp.{_TABLE}".encode())
    copy.target.execute(f"CREATE TEMPORARY TABLE {_TABLE} (origin int, h bigint, weight int)".encode())
    for plan in copy.plan.tables:
        specs = dict(plan.columns)
        for column in plan.compiled(copy.keyring):
            search.collect(plan, column, specs[column.column])
    if search.origins:
        copy.target.execute(f"ANALYZE pg_temp.{_TABLE}".encode())
        for table in copy.live.tables.values():
            for each in table.columns:
                search.look(table, each)
    copy.target.execute(f"DROP TABLE pg_temp.{_TABLE}".encode())
    return search.checks()


class _Search:
    def __init__(self, copy: "Copy") -> None:
        self.copy = copy
        self.seed = secrets.randbits(62)
        self.origins: list[Origin] = []
        self.light: set[tuple[str, str]] = set()
        """Columns whose masked values may look like somebody else's original."""
        self.found: dict[int, list[tuple[str, int, int]]] = {}
        """Origin to where, weight, and how many."""

    def collect(self, plan: TablePlan, column: Masked, spec: Spec | None) -> None:
        """Send the hashes of a column's originals to the target."""
        compiled, kind = column.compiled, column.column.type.kind
        if compiled is None or compiled.untouched or spec is None or kind not in (*_TEXTS, *_OWN):
            return
        name = (plan.table.full, column.column.name)
        if not compiled.telling:
            self.light.add(name)
        raw = f"{ROW}.{identifier(column.column.name)}"
        rows = f"{plan.table.rows} AS {ROW}"
        if spec.type == "json":
            for steps, part in spec.options["paths"]:
                if part.type not in ("keep", "conditional"):
                    values = f"SELECT j.v #>> '{{}}' AS v FROM {rows}, {originals_sql(raw, steps)} AS j(v)"
                    self._send(Origin(*name, shown_path(steps), telling=False), values, "")
            return
        if kind in ("json", "jsonb"):
            values = f"SELECT j.v #>> '{{}}' AS v FROM {rows}, jsonb_path_query({raw}::jsonb, 'strict $.**') AS j(v) WHERE jsonb_typeof(j.v) = 'string'"
            self._send(Origin(*name, "", telling=False), values, "")
            return
        source = f"{rows}, unnest({raw}) AS el(e)" if column.column.type.array else rows
        value = "el.e::text" if column.column.type.array else f"{raw}::text"
        changed = (
            f" AND ({column.sql})::text IS DISTINCT FROM {value}"
            if column.python is None and not column.column.type.array
            else ""
        )
        values = f"SELECT {value} AS v FROM {source} WHERE true{changed}"
        kept = ""
        if compiled.masks:
            values += f" AND ({compiled.masks})"
            kept = f"SELECT {value} AS v FROM {source} WHERE NOT ({compiled.masks})"
        self._send(Origin(*name, "", compiled.telling), values, kept)

    def _send(self, origin: Origin, values: str, kept: str) -> None:
        """`kept`: values that a condition keeps in other rows; they are no leak."""
        number = len(self.origins)
        self.origins.append(origin)
        strong = STRONG.format(v="s.v")
        weight = f"CASE WHEN {strong} THEN 2 WHEN length(s.v) >= 3 THEN 1 ELSE 0 END"

        def hashed(rows: str) -> str:
            return f"SELECT {number}, {self._hash('s.v')}, {weight} FROM ({rows}) AS s WHERE s.v <> ''"

        select = (
            f"SELECT DISTINCT * FROM ({hashed(values)}) AS d"
            if not kept
            else f"{hashed(values)} EXCEPT {hashed(kept)}"
        )
        copy_rows(
            self.copy.source,
            self.copy.target,
            select,
            f"COPY pg_temp.{_TABLE} FROM STDIN",
            origin.shown,
            None,
        )

    def _hash(self, value: str) -> str:
        return f'pg_catalog.hashtextextended({value} COLLATE "C", {self.seed})'

    def look(self, table: Table, column: Column) -> None:
        """Join what a column of the target holds with the originals."""
        kind = column.type.kind
        if kind not in (*_TEXTS, *_OWN):
            return
        values = held_values(table, column)
        statement = (
            f"SELECT o.origin, o.weight, count(*) FROM (SELECT {self._hash('s.v')} AS h FROM ({values}) AS s WHERE s.v <> '') AS t "
            f"JOIN pg_temp.{_TABLE} AS o USING (h) GROUP BY 1, 2"
        )
        for number, weight, count in self.copy.target.execute(statement.encode()).fetchall():
            origin = self.origins[number]
            own = (origin.table, origin.column) == (table.full, column.name)
            if own and not origin.path and kind not in ("json", "jsonb"):
                if origin.telling:
                    self.found.setdefault(number, []).append((f"{table.full}.{column.name}", 3, count))
                continue
            if kind in _OWN or weight == 0:
                continue
            if (table.full, column.name) in self.light and not own and kind == "text":
                weight = 1
            self.found.setdefault(number, []).append((f"{table.full}.{column.name}", weight, count))

    def checks(self) -> list[Check]:
        """One for each origin and place that is an error; one for an origin's chance meetings."""
        made = []
        for number, origin in enumerate(self.origins):
            places = self.found.get(number, [])
            errors = [place for place in places if place[1] >= 2]
            chances = [place for place in places if place[1] < 2]
            made += [
                Check("leak", origin.shown, "error", count, f"{count} original values are in {where}")
                for where, _, count in errors
            ]
            if chances:
                where = ", ".join(sorted({place[0] for place in chances}))
                count = sum(place[2] for place in chances)
                said = f"{count} short values are also in {where}, perhaps by chance"
                made.append(Check("leak", origin.shown, "warning", count, said))
            if not places:
                made.append(Check("leak", origin.shown, "ok", 0, "no original value is in the copy"))
        return made


def held_values(table: Table, column: Column) -> str:
    """All texts that a column of the target holds, those inside documents and arrays among them."""
    name = f"t.{identifier(column.name)}"
    if column.type.array:
        inner = f"{table.rows} AS t, pg_catalog.unnest({name}) AS el(e)"
        if column.type.kind in ("json", "jsonb"):
            return f"SELECT j.v #>> '{{}}' AS v FROM {inner}, pg_catalog.jsonb_path_query(el.e::jsonb, 'strict $.**') AS j(v)"
        return f"SELECT el.e::text AS v FROM {inner}"
    if column.type.kind in ("json", "jsonb"):
        inner = f"{table.rows} AS t, pg_catalog.jsonb_path_query({name}::jsonb, 'strict $.**') AS j(v)"
        return f"SELECT j.v #>> '{{}}' AS v FROM {inner} WHERE pg_catalog.jsonb_typeof(j.v) IN ('string', 'number')"
    return f"SELECT {name}::text AS v FROM {table.rows} AS t"
