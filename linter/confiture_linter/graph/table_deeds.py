"""Tables on the stage: their columns, defaults and constraints, and rows that are put into them."""

import re
from collections.abc import Iterator

from confiture_linter.catalog.constraint_names import constraint_name, object_name
from confiture_linter.graph.comparable import comparable
from confiture_linter.graph.run_bodies import Bodies
from confiture_linter.graph.stage import Stop, Thing, label
from confiture_linter.graph.stage_rows import COPIED, UNIQUE
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement

KEYS = frozenset({"primary key", "unique", "exclude"})
DEFAULTS, INDEXES = 8, 64
"""Options of LIKE (CREATE_TABLE_LIKE_DEFAULTS, …_INDEXES)."""


class Tables(Bodies):
    """Creates tables and what belongs to them."""

    def _create_table(self, fact: f.CreateTable, statement: Statement, inside: bool) -> None:
        if fact.persistence == "t":
            self.stage.make_temporary(fact.name, "table")
            return
        table = self._new("relation", fact.schema, fact.name, "table", again=fact.if_not_exists or inside)
        if table is None:
            return
        table.open = bool(fact.of_type)
        table.partitioned = tuple(filter(None, fact.partition_key))
        self._taken_over(table, fact, statement)
        for column in fact.columns:
            if fact.inherits and self.stage.part(table, "column", column.name) is not None:
                continue
            self._column(table, column)
        for constraint in sorted(fact.constraints, key=lambda each: each.kind == "foreign key"):
            self._constraint(table, constraint)
        for like in fact.like:
            source = self.stage.find("relation", like.schema, like.name)
            if source is not None:
                self._like(table, source, like.options)
        self._typed(table, fact.of_type)

    def _like(self, table: Thing, source: Thing, options: int) -> None:
        """Defaults, and the sequences that they use, keys and indexes of another table."""
        if options & DEFAULTS:
            for part in list(source.parts.values()):
                if part.alive and part.family == "default":
                    copy = self.stage.add(table, "default", part.name, columns=part.columns)
                    copy.shape = part.shape
                    self.stage.uses(copy, part.used)
                elif part.alive and part.kind == "sequence":
                    for name in part.columns:
                        if self.stage.part(table, "default", name) is None:
                            copy = self.stage.add(table, "default", name, columns=(name,))
                            self.stage.uses(copy, [part])
        if options & INDEXES:
            self.copied[table.name] = source
            self._copy_indexes(table, source)

    def _copy_indexes(self, table: Thing, source: Thing) -> None:
        """Keys and indexes that LIKE brings, under names of PostgreSQL's choice (ChooseIndexName)."""
        stage = self.stage
        for part in list(source.parts.values()):
            if part.alive and part.kind == "index":
                key = stage.part(source, "constraint", part.name)
                primary = key is not None and key.shape == "primary key"
                columns = "" if primary else "_".join(name or "expr" for name in part.columns)
                ending = "pkey" if primary else "idx" if key is None else "key"
                name, number = object_name(table.name, columns, ending), 0
                while stage.variant("relation", table.schema, name) is not None:
                    number += 1
                    name = object_name(table.name, columns, f"{ending}{number}")
                if key is not None:
                    stage.add(table, "constraint", name, columns=part.columns).shape = key.shape
                index = Thing("relation", table.schema, name, "index", table)
                index.columns, index.shape = part.columns, part.shape
                stage.make(index)

    def _taken_over(self, table: Thing, fact: f.CreateTable, statement: Statement) -> None:
        """Columns that it gets from other relations, or from a query."""
        shapes: list[tuple[str, ...] | None] = []
        if fact.from_query:
            shapes.append(self._shape(statement, fact.column_names))
        above = [*fact.inherits, *((like.schema, like.name, like.at) for like in fact.like)]
        if fact.partition_of is not None:
            above.append(fact.partition_of)
        for schema, name, _ in above:
            shapes.append(self.shapes.of(self.stage.find("relation", schema, name)))
        for shape in shapes:
            for name in shape or ():
                if self.stage.part(table, "column", name) is None:
                    self.stage.add(table, "column", name).kind = "filled"
        table.open = table.open or None in shapes
        table.filled = fact.from_query or fact.foreign
        if above:
            table.shape = COPIED

    def _new(self, family: str, schema: str, name: str, kind: str, *, again: bool = False) -> Thing | None:
        stage = self.stage
        schema = schema or stage.path
        if stage.variant(family, schema, name) is not None:
            if again:
                return None
            raise Stop(label(family, name))
        made = Thing(family, schema, name, kind)
        stage.make(made)
        return made

    def _column(self, table: Thing, column: f.ColumnFact) -> None:
        made = self.stage.add(table, "column", column.name)
        if column.serial or column.identity or column.generated:
            made.kind = "filled"
        elif column.not_null:
            made.kind = "not null"
        self._typed(made, column.type)
        self._default(table, column.name, column.default)
        if column.serial or column.identity:
            self._give_sequence(table, column.name)

    def _give_sequence(self, table: Thing, column: str) -> None:
        """That of a serial or identity column, under a name that is free."""
        name, number = object_name(table.name, column, "seq"), 0
        while self.stage.variant("relation", table.schema, name) is not None:
            number += 1
            name = object_name(table.name, column, f"seq{number}")
        sequence = Thing("relation", table.schema, name, "sequence", table)
        sequence.columns = (column,)
        self.stage.make(sequence)

    def _drop_sequence(self, table: Thing, column: str) -> None:
        """That of an identity column that is to be none any more."""
        for part in list(table.parts.values()):
            if part.alive and part.kind == "sequence" and column in part.columns:
                self.stage.drop(part, cascade=True)

    def _typed(self, user: Thing, written: f.TypeName | None) -> None:
        """It is of that type, and of no other from now on."""
        if user.family == "column":
            self.stage.set(user, "shape", written)
        found = None
        if written is not None and self.makers.of("type", written.schema, written.name):
            found = self.stage.find("type", written.schema, written.name)
        self.stage.uses(user, [found] if found is not None else [], only=True)

    def _retyped(self, table: Thing, column: Thing, written: f.TypeName | None) -> None:
        """Another type; a default that no cast brings along stands in the way (ATPrepAlterColumnType)."""
        old, default = column.shape, self.stage.part(table, "default", column.name)
        if (
            old is not None
            and written is not None
            and default is not None
            and written.name not in (default.shape or ())
        ):
            ours = (written.schema, written.name) != (old.schema, old.name) and bool(
                self.makers.of("type", written.schema, written.name)
            )
            cast = self.catalog.builtin.cast(old.name, written.name)
            if ours or (cast is not None and cast.context == "e"):
                raise Stop(label("default", column.name, table.name))
        self._typed(column, written)

    def _default(self, table: Thing, column: str, default: f.Expression | None) -> None:
        """A column has this default, and no other."""
        stage = self.stage
        old = stage.part(table, "default", column)
        if old is not None:
            stage.set(old, "alive", False)
        if default is not None and default.constant != "null":
            made = stage.add(table, "default", column, columns=(column,))
            made.shape = frozenset(ref.name for ref in default.refs if ref.kind == "type")
            made.made = default.constant
            stage.uses(made, self._used_things(default.refs))
            self._label(stage.part(table, "column", column), default.constant)

    def _label(self, column: Thing | None, value: str | None) -> None:
        """A constant of an enum is one of its labels."""
        if column is not None and value != "null":
            self.rows.need_label(column, value)

    def _execute(self, fact: f.Execute, statement: Statement, inside: bool) -> None:
        """Constants that rows are compared with, or given, and columns that must not be left out."""
        if not inside:
            self._cast_labels(statement)
        for query in statement.queries:
            target = query.target
            if target is None:
                continue
            table = self.stage.find("relation", target.schema, target.name)
            if table is None or table.kind != "table":
                continue
            for use, value in zip(query.target_columns, query.assigned, strict=False):
                self._label(self.stage.part(table, "column", use.name), value)
            for comparison in query.comparisons:
                if comparison.operator in ("=", "<>") and comparison.column.qualifier in ("", target.alias):
                    for value in comparison.values:
                        self._label(self.stage.part(table, "column", comparison.column.name), value)
            self._given_all(query)
        self.rows.run(self.path, statement)

    def _cast_labels(self, statement: Statement) -> None:
        """Constants that are cast to an enum are its labels."""
        for ref in statement.refs:
            if ref.kind == "type" and self.makers.of("type", ref.schema, ref.name):
                enum = self.stage.find("type", ref.schema, ref.name)
                if enum is not None and enum.kind == "enum":
                    text = self.text(self.path)[statement.start : statement.end].decode(errors="replace")
                    for value in re.findall(
                        rf"'(\w+)'\s*::\s*(?:\w+\.)?\"?{re.escape(ref.name)}\"?(?!\w)", text
                    ):
                        self.stage.need_part(enum, "label", value)

    def _given_all(self, query: f.Query) -> None:
        """Columns that an INSERT must not leave out."""
        target = query.target
        table = self.stage.find("relation", target.schema, target.name) if target is not None else None
        lists = query.insert_query < 0 or query.rows  # a query may return no row
        if table is None or table.kind != "table" or table.open or query.command != "insert":
            return
        if lists and query.target_columns:
            self._left_out(table, {use.name for use in query.target_columns})

    def _left_out(self, table: Thing, given: set[str]) -> None:
        if self.running.installed(table.name):
            return  # a trigger may fill it
        for part in table.parts.values():
            needed = part.family == "column" and part.kind == "not null" and part.alive
            if needed and part.name not in given and self.stage.part(table, "default", part.name) is None:
                raise Stop(part.label)

    def _constraint(self, table: Thing, fact: f.ConstraintFact) -> None:
        stage = self.stage
        if fact.kind == "not null" and not fact.name:
            return
        name = constraint_name(
            table.name,
            fact,
            lambda taken: (
                stage.part(table, "constraint", taken) is not None
                or (fact.kind in KEYS and stage.variant("relation", table.schema, taken) is not None)
            ),
        )
        columns = fact.columns
        if fact.using_index:
            given = stage.find("relation", table.schema, fact.using_index)
            columns = given.columns if given is not None else ()
            name = fact.name or fact.using_index
        if fact.kind == "check" and not fact.inline and fact.expression:
            for use in fact.expression.columns:
                if use.name in self._columns.get(table.name, ()):
                    stage.need_part(table, "column", use.name)
        if fact.kind == "check":
            columns = tuple(use.name for use in fact.expression.columns) if fact.expression else ()
        if fact.kind == "primary key" and (key := primary_key(table)) is not None:
            raise Stop(key.label, owner=table.label)
        part = stage.add(table, "constraint", name, columns=columns)
        part.shape = fact.kind
        if fact.kind in KEYS and not fact.using_index:
            if stage.variant("relation", table.schema, name) is not None:
                raise Stop(label("relation", name))
            index = Thing("relation", table.schema, name, "index", table)
            index.columns = columns
            stage.make(index)
        if fact.kind in ("primary key", "unique") and columns:
            if not set(columns).issuperset(table.partitioned):
                raise Stop(table.label)
            self.rows.new_key(table, columns)
        if fact.kind == "foreign key":
            target = stage.find("relation", fact.target_schema, fact.target)
            if target is not None:
                stage.uses(part, [target, *self._key_of(table, target, fact, part)])

    def _key_of(self, table: Thing, target: Thing, fact: f.ConstraintFact, part: Thing) -> Iterator[Thing]:
        """The key that a foreign key references: its columns are there, are unique and have types that compare."""
        stage = self.stage
        if target.kind in ("view", "materialized view"):
            raise Stop(target.label)
        if target.open or target.kind != "table":
            return
        columns = fact.target_columns
        for name in columns:
            stage.need_part(target, "column", name)
        keys = [
            thing
            for thing in target.parts.values()
            if thing.alive
            and (
                thing.shape in UNIQUE and set(thing.columns) == set(columns)
                if columns
                else thing.shape == "primary key"
            )
        ]
        if not keys:
            if target.shape == COPIED:
                return
            raise Stop(label("constraint", "", target.name), owner=target.label)
        columns = columns or keys[0].columns
        part.target = target, columns
        for own, other in zip(fact.columns, columns, strict=False):
            pair = stage.part(table, "column", own), stage.part(target, "column", other)
            if pair[0] is not None and pair[1] is not None and not comparable(pair[0].shape, pair[1].shape):
                raise Stop(pair[0].label, pair[1].label, owner=target.label)
        yield keys[0]


def primary_key(table: Thing) -> Thing | None:
    """The constraint, if the table has one."""
    return next((part for part in table.parts.values() if part.alive and part.shape == "primary key"), None)


__all__ = ["KEYS", "Tables", "primary_key"]
