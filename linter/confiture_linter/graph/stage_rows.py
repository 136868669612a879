"""Rows on the stage, as far as they are constants: which keys are taken, and what foreign keys and look-ups find.

A table's rows are values by column; what is not known of a row is left out of it. Where rows may be there that nobody
wrote down, the table is `filled`, and nothing is missing from it.
"""

from collections.abc import Callable, Iterable, Sequence

from confiture_linter.graph.constants import fits
from confiture_linter.graph.makers import Step
from confiture_linter.graph.stage import Stage, Stop, Thing, label
from confiture_linter.statements import facts as f
from confiture_linter.statements.listed_rows import MANY, Cell, Lookup, listed_rows

Row = dict[Thing, str]
"""Column to its value; a column that is left out has one that is not known."""

UNIQUE = frozenset({"primary key", "unique", "unique index"})
"""Shapes of what keeps rows apart."""
PARTIAL = "partial unique index"
"""The shape of a unique index that is over some rows, or over expressions."""
COPIED = "copied"
"""The shape of a table that may have keys from another one."""


class StageRows:
    """Puts rows into the tables of one stage."""

    def __init__(self, stage: Stage, all_steps: Sequence[Step], text: Callable[[str], bytes]) -> None:
        self.stage = stage
        self.text = text
        self._listed: dict[int, list[tuple[Cell, ...]] | None] = {}
        self._given: set[tuple[str, str]] | None = None
        self._steps = all_steps

    def listed(self, path: str, statement: f.Statement) -> list[tuple[Cell, ...]] | None:
        """The rows that an INSERT lists."""
        if id(statement) not in self._listed:
            query = statement.queries[0] if statement.queries else None
            found = None
            if query is not None and query.command == "insert" and query.rows:
                found = listed_rows(self.text(path)[statement.start : statement.end])
            self._listed[id(statement)] = found
        return self._listed[id(statement)]

    def given(self) -> set[tuple[str, str]]:
        """Tables and the constants that somebody inserts into them: only these can be missing."""
        if self._given is None:
            self._given = set()
            for step in self._steps:
                for row in (not step.inside and self.listed(step.where.path, step.statement)) or ():
                    target = step.statement.queries[0].target
                    if target is not None:
                        self._given.update((target.name, cell) for cell in row if isinstance(cell, str))
                for query in step.statement.queries:
                    if query.command == "update" and query.target is not None:
                        given = (value for value in query.assigned if value is not None)
                        self._given.update((query.target.name, value) for value in given)
        return self._given

    # -- statements --------------------------------------------------------------------------------

    def run(self, path: str, statement: f.Statement) -> None:
        """Carry out what a statement does to rows; raises `Stop` where it cannot."""
        for query in statement.queries:
            if query.target is None:
                continue
            table = self.stage.find("relation", query.target.schema, query.target.name)
            if table is None or table.kind != "table":
                continue
            if query.command == "insert":
                self._insert(table, query, self.listed(path, statement))
            elif query.command in ("update", "delete"):
                self._change(table, query)
            else:
                self.stage.set(table, "filled", True)

    def empty(self, table: Thing) -> None:
        """TRUNCATE."""
        self.stage.set(table, "rows", ())
        self.stage.set(table, "filled", False)
        self.stage.touched.add(label("rows", table.name))

    def _insert(self, table: Thing, query: f.Query, listed: list[tuple[Cell, ...]] | None) -> None:
        if query.conflict and not query.conflict[0].startswith("\0") and all(query.conflict):
            self._inferred(table, set(query.conflict))
        if listed is None:
            self.stage.set(table, "filled", True)
            return
        columns = self._columns(table, query)
        if columns is None:
            self.stage.set(table, "filled", True)
            return
        rows: list[Row] = list(table.rows)
        keys = [(key, _taken(key, rows)) for key in self._keys(table)]
        defaults = self._defaults(table)
        for cells in listed:
            row = dict(defaults) if defaults else {}
            for column in columns[: len(cells)] if defaults else ():
                row.pop(column, None)
            for column, cell in zip(columns, cells, strict=False):
                value = self._value(table, column, cell)
                if value == f.DEFAULT:
                    value = defaults.get(column)
                if value is not None:
                    row[column] = value
            own = [(_values(key, row), taken) for key, taken in keys]
            if any(values in taken for values, taken in own):
                if query.conflict is None:
                    raise Stop(label("rows", table.name), owner=table.label)
                continue
            self._referenced(table, row)
            rows.append(row)
            for values, taken in own:
                if values is not None:
                    taken.add(values)
        if len(rows) > MANY:
            self.stage.set(table, "filled", True)
            rows = []
        self.stage.set(table, "rows", tuple(rows))
        self.stage.touched.add(label("rows", table.name))

    def _defaults(self, table: Thing) -> Row:
        """Constants that go into columns which are left out."""
        found: Row = {}
        for part in table.parts.values():
            if part.family == "default" and part.alive and isinstance(part.made, str):
                column = self.stage.part(table, "column", part.name)
                if column is not None:
                    found[column] = part.made
        return found

    def _columns(self, table: Thing, query: f.Query) -> list[Thing] | None:
        if query.target_columns:
            found = [self.stage.part(table, "column", use.name) for use in query.target_columns]
            return [part for part in found if part is not None] if None not in found else None
        if table.open:
            return None
        parts = [part for part in table.parts.values() if part.family == "column" and part.alive]
        return sorted(parts, key=lambda part: part.number)

    def _value(self, table: Thing, column: Thing, cell: Cell) -> str | None:
        """What goes into a column, if it is known; NULL must not go into some."""
        if isinstance(cell, Lookup):
            if column.kind == "not null":
                self._found(cell)
            return None
        self.need_label(column, cell)
        if cell == f.NULL and column.kind == "not null":
            raise Stop(column.label, label("rows", table.name), owner=table.label)
        return cell

    def need_label(self, column: Thing, value: str | None) -> None:
        """A constant of an enum is one of its labels, and one of another type can be of it."""
        written = column.shape
        if value is None or value in (f.NULL, f.DEFAULT) or written is None:
            return
        if not fits(value, written):
            raise Stop(column.label, owner=column.owner.label if column.owner is not None else "")
        if written.array:
            return
        for kind in column.used:
            if kind.family == "type" and kind.kind == "enum":
                self.stage.need_part(kind, "label", value)

    def _found(self, lookup: Lookup) -> None:
        """A row that is looked up is there, where all rows are known and some file inserts it."""
        table = self.stage.find("relation", lookup.schema, lookup.table)
        if table is None or table.filled or table.kind != "table":
            return
        wanted: Row = {}
        for name, value in lookup.wanted:
            column = self.stage.part(table, "column", name)
            if column is None or (table.name, value) not in self.given():
                return
            wanted[column] = value
        if not _some(table.rows, wanted):
            raise Stop(label("rows", table.name), owner=table.label)

    def _keys(self, table: Thing) -> Iterable[list[Thing]]:
        """The columns of each key."""
        for part in table.parts.values():
            if part.alive and part.columns and part.shape in UNIQUE:
                columns = [self.stage.part(table, "column", name) for name in part.columns]
                found = [column for column in columns if column is not None]
                if len(found) == len(columns):
                    yield found

    def _inferred(self, table: Thing, wanted: set[str]) -> None:
        """ON CONFLICT (columns) finds a key."""
        keys = [
            set(part.columns)
            for part in table.parts.values()
            if part.alive and (part.shape in UNIQUE or part.shape == PARTIAL)
        ]
        if wanted not in keys and not table.open and table.shape != COPIED:
            raise Stop(label("constraint", "", table.name), owner=table.label)

    def _referenced(self, table: Thing, row: Row) -> None:
        """A foreign key finds its row, where all rows are known and some file inserts it."""
        for part in table.parts.values():
            if not part.alive or part.target is None:
                continue
            target, columns = part.target
            own = [self.stage.part(table, "column", name) for name in part.columns]
            if len(own) != 1 or own[0] is None or not target.lives or target.filled or len(columns) != 1:
                continue
            value = row.get(own[0])
            column = self.stage.part(target, "column", columns[0])
            if value is None or value == f.NULL or column is None or (target.name, value) not in self.given():
                continue
            if not _some(target.rows, {column: value}):
                raise Stop(label("rows", target.name), owner=target.label)

    def _change(self, table: Thing, query: f.Query) -> None:
        """UPDATE and DELETE: of rows that may be meant, or not, nothing more is known."""
        if not table.rows:
            return
        wanted: dict[Thing, tuple[str, ...]] = {}
        for comparison in query.comparisons:
            own = query.target is not None and comparison.column.qualifier in ("", query.target.alias)
            part = self.stage.part(table, "column", comparison.column.name) if own else None
            if comparison.operator == "=" and part is not None:
                wanted[part] = comparison.values
        sure = not query.filtered or bool(wanted and len(wanted) == len(query.conditions))
        rows: list[Row] = []
        for row in table.rows:
            if any(column in row and row[column] not in values for column, values in wanted.items()):
                rows.append(row)
            elif query.command == "update":
                rows.append(self._updated(table, row, query, sure=sure))
        if query.command == "delete" and not sure and len(rows) < len(table.rows):
            self.stage.set(table, "filled", True)  # they may be there still
        self.stage.set(table, "rows", tuple(rows))
        self.stage.touched.add(label("rows", table.name))

    def _updated(self, table: Thing, row: Row, query: f.Query, *, sure: bool) -> Row:
        changed = dict(row)
        for use, value in zip(query.target_columns, query.assigned, strict=False):
            column = self.stage.part(table, "column", use.name)
            if column is not None:
                changed.pop(column, None)
                if sure and value is not None and value != f.DEFAULT:
                    changed[column] = value
        return changed

    # -- columns and keys of tables that have rows --------------------------------------------------

    def new_column(self, table: Thing, column: Thing, fact: f.ColumnFact) -> None:
        """A new column is NULL in all rows, or what its default says."""
        if not table.rows or column.kind == "filled":
            return
        if fact.default is None or fact.default.constant == "null":
            if column.kind == "not null":
                raise Stop(label("rows", table.name), owner=table.label)
            value: str | None = f.NULL
        else:
            value = fact.default.constant
        if value is not None:
            self.stage.set(table, "rows", tuple({**row, column: value} for row in table.rows))

    def no_nulls(self, table: Thing, column: Thing) -> None:
        """SET NOT NULL."""
        if any(row.get(column) == f.NULL for row in table.rows):
            raise Stop(label("rows", table.name), owner=table.label)

    def new_key(self, table: Thing, names: Sequence[str]) -> None:
        """A key that is added fits the rows."""
        columns = [self.stage.part(table, "column", name) for name in names]
        seen: set[tuple[str, ...]] = set()
        for row in table.rows if None not in columns else ():
            values = tuple(row.get(column, f.NULL) for column in columns if column is not None)
            if f.NULL in values:
                continue
            if values in seen:
                raise Stop(label("rows", table.name), owner=table.label)
            seen.add(values)


def _taken(key: Sequence[Thing], rows: Iterable[Row]) -> set[tuple[str, ...]]:
    """What rows have in the columns of a key."""
    return {values for row in rows if (values := _values(key, row)) is not None}


def _values(key: Sequence[Thing], row: Row) -> tuple[str, ...] | None:
    """What a row has in the columns of a key; None if one of them is NULL, which equals nothing, or not known."""
    values = tuple(row.get(column, f.NULL) for column in key)
    return None if f.NULL in values else values


def _some(rows: Iterable[Row], wanted: dict[Thing, str]) -> bool:
    return any(all(row.get(column, value) == value for column, value in wanted.items()) for row in rows)


__all__ = ["StageRows"]
