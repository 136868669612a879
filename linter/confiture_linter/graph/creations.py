"""Everything else that is created on the stage: views, routines, indexes, types, triggers, policies, …"""

from collections.abc import Iterator
from typing import Any

from confiture_linter.catalog.cast_volatility import given_mutably
from confiture_linter.graph.makers import index_name
from confiture_linter.graph.mentioned import other_columns
from confiture_linter.graph.needed import spelled
from confiture_linter.graph.stage import Stop, Thing, label
from confiture_linter.graph.stage_rows import PARTIAL
from confiture_linter.graph.table_deeds import Tables
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement


class Creations(Tables):
    """Creates objects."""

    def _create_view(self, fact: f.CreateView, statement: Statement, inside: bool) -> None:
        if fact.persistence == "t":
            self.stage.make_temporary(fact.name, "view")
            return
        stage = self.stage
        shape = self._shape(statement, fact.columns)
        old = self._there(fact.schema, fact.name)
        if old is not None:
            if fact.if_not_exists:
                return
            if not fact.replace or old.kind != "view":
                raise Stop(label("relation", fact.name))
            known = old.shape
            if shape is not None and known is not None and shape[: len(known)] != known:
                raise Stop(label("relation", fact.name))
            if self.types.retyped(old, statement):
                raise Stop(label("relation", fact.name))
            view = old
            stage.set(view, "shape", shape)
            stage.touched.add(view.label)
        else:
            kind = "materialized view" if fact.materialized else "view"
            view = Thing("relation", fact.schema or stage.path, fact.name, kind)
            view.open = True
            view.shape = shape
            stage.make(view)
        stage.set(view, "made", statement)
        stage.uses(view, self._with_columns(statement), only=True)

    def _with_columns(self, statement: Statement) -> Iterator[Thing]:
        """What a definition cannot be without, the columns that its queries name included."""
        yield from dict.fromkeys(self._used_things(statement.refs))
        yield from dict.fromkeys(self.columns().named(statement.queries))

    def _create_function(self, fact: f.CreateFunction, statement: Statement, inside: bool) -> None:
        stage = self.stage
        schema = fact.schema or stage.path
        given = list(fact.inputs)
        types = tuple(spelled(argument.type) for argument in given)
        names = tuple(argument.name for argument in given)
        row = tuple((each.name, spelled(each.type)) for each in fact.arguments if each.mode in "obt")
        returns = (spelled(fact.returns) if fact.returns is not None else "", row)
        self._whole_row(fact)
        least = sum(not argument.default and argument.mode != "v" for argument in given)
        most = 1000 if any(argument.mode == "v" for argument in given) else len(given)
        shape = ((least, most), (names, returns), statement, types, self.path)
        old = stage.variant("routine", schema, fact.name, types)
        if old is not None:
            if not fact.replace and not inside:
                raise Stop(label("routine", fact.name))
            if old.shape:
                (had, gave), before = old.shape[1], old.shape[0]
                if gave != returns or any(
                    one and one != other for one, other in zip(had, names, strict=False)
                ):
                    raise Stop(label("routine", fact.name))
                if least > before[0]:
                    raise Stop(label("routine", fact.name))
            stage.set(old, "shape", shape)
            stage.touched.add(old.label)
            return
        made = Thing("routine", schema, fact.name, "function")
        made.shape = shape
        stage.make(made, types)
        refs = [ref for ref in statement.refs if fact.atomic or ref.kind in ("type", "relation")]
        stage.uses(made, self._used_things(refs))

    def _whole_row(self, fact: f.CreateFunction) -> None:
        """An SQL function that returns rows of a table lists as many columns as the table has."""
        if fact.language != "sql" or fact.body is None or fact.returns is None or not fact.body.queries:
            return
        table = self.stage.find("relation", fact.returns.schema, fact.returns.name)
        outputs = [output.name for output in fact.body.queries[-1].outputs]
        if table is None or table.open or table.kind != "table" or len(outputs) < 2 or "*" in outputs:
            return
        columns = {part.name for part in table.parts.values() if part.family == "column" and part.alive}
        listed = columns & set(outputs)
        missing = [
            name for name in outputs if name not in columns and name in self._columns.get(table.name, ())
        ]
        if missing or 2 * len(listed) >= len(columns) > len(listed):
            raise Stop(*(label("column", name, table.name) for name in missing), table.label)

    def _create_index(self, fact: f.CreateIndex, statement: Statement, inside: bool) -> None:
        stage = self.stage
        table = stage.find("relation", fact.table_schema, fact.table)
        if table is None:
            return
        columns = tuple(column.name for column in fact.columns)
        name = fact.name
        if not name:
            name, number = index_name(fact, table.name), 0
            while stage.variant("relation", table.schema, name) is not None:
                number += 1
                name = index_name(fact, table.name, number)
        if stage.variant("relation", table.schema, name) is not None:
            if fact.if_not_exists or inside:
                return
            raise Stop(label("relation", name))
        index = Thing("relation", table.schema, name, "index", table)
        index.columns = columns
        if fact.unique and fact.predicate is None and all(columns):
            index.shape = "unique index"
            self.rows.new_key(table, columns)
        elif fact.unique:
            index.shape = PARTIAL
        for part in (*columns, *fact.include) if not table.open else ():
            if part in self._columns.get(table.name, ()):
                stage.need_part(table, "column", part)
        self._immutable(table, fact)
        stage.make(index)
        called = list(self._used_things(r for r in statement.refs if r.kind == "function"))
        for routine in called:
            if routine.shape and routine.shape[2].fact.volatility != "i":
                raise Stop(routine.label)
        stage.uses(index, called)

    def _immutable(self, table: Thing, fact: f.CreateIndex) -> None:
        """What a function of the tree is given must become its argument's type by an immutable cast."""
        for column in fact.columns:
            for item in column.expression.applied if column.expression is not None else ():
                routines = list(self.stage.all_of("routine", item.schema, item.name))
                parts = {name: self.stage.part(table, "column", name) for name in item.arguments if name}
                types = {name: part.shape for name, part in parts.items() if part is not None and part.shape}
                inputs = [routine.shape[2].fact.inputs for routine in routines if routine.shape]
                if not item.cast and given_mutably(self.catalog.builtin, item, types, inputs):
                    raise Stop(*(label("column", name, table.name) for name in types), routines[0].label)

    def _create_sequence(self, fact: f.CreateSequence, statement: Statement, inside: bool) -> None:
        if not fact.alter:
            self._new("relation", fact.schema, fact.name, "sequence", again=fact.if_not_exists or inside)
        if len(fact.owned_by) > 1:
            *of, table, column = fact.owned_by
            sequence = self.stage.find("relation", fact.schema, fact.name)
            owner = self.stage.find("relation", of[-1] if of else "", table)
            if sequence is not None and owner is not None:
                self.stage.give(sequence, owner, (column,))

    def _create_type(self, fact: f.CreateType, statement: Statement, inside: bool) -> None:
        made = self._new("type", fact.schema, fact.name, fact.kind, again=inside)
        if made is None:
            return
        for text in fact.labels:
            self.stage.add(made, "label", text)
        made.open = fact.kind != "enum"
        made.shape = fact.attributes
        self.stage.uses(made, self._used_things(statement.refs))

    def _alter_enum(self, fact: f.AlterEnum, statement: Statement, inside: bool) -> None:
        thing = self.stage.find("type", fact.schema, fact.name)
        if thing is None:
            return
        if fact.neighbour:
            self.stage.need_part(thing, "label", fact.neighbour)
        if fact.old:
            self.stage.rename_part(thing, "label", fact.old, fact.new)
        elif self.stage.part(thing, "label", fact.new) is None:
            self.stage.add(thing, "label", fact.new)
        elif not fact.if_not_exists:
            raise Stop(label("label", fact.new, thing.name))

    def _create_trigger(self, fact: f.CreateTrigger, statement: Statement, inside: bool) -> None:
        table = self.stage.find("relation", fact.table_schema, fact.table)
        if table is None:
            return
        if fact.replace and self.stage.part(table, "trigger", fact.name) is not None:
            return
        made = self.stage.add(table, "trigger", fact.name)
        made.shape = fact.events, fact.function_schema, fact.function
        self.stage.uses(made, self._used_things(r for r in statement.refs if r.kind == "function"))

    def _create_policy(self, fact: f.CreatePolicy, statement: Statement, inside: bool) -> None:
        table = self.stage.find("relation", fact.table_schema, fact.table)
        if table is None or fact.alter:
            return
        made = self.stage.add(table, "policy", fact.name)
        self.stage.uses(made, (*self._with_columns(statement), *self._own_columns(table, statement)))

    def _own_columns(self, table: Thing, statement: Statement) -> Iterator[Thing]:
        """Columns of its own table that an expression names."""
        for name in other_columns(statement):
            part = self.stage.part(table, "column", name)
            if part is not None:
                yield part

    def _create_named(self, fact: Any, statement: Statement, inside: bool) -> None:
        if type(fact) is f.CreateRole and fact.alter:
            return
        family = {f.CreateSchema: "schema", f.CreateRole: "role", f.CreateExtension: "extension"}[type(fact)]
        again = getattr(fact, "if_not_exists", False) or inside or family != "schema"
        if self.stage.variant(family, "", fact.name) is None:
            self.stage.make(Thing(family, "", fact.name, family))
        elif not again:
            raise Stop(label(family, fact.name))

    def _create_other(self, fact: f.CreateOther, statement: Statement, inside: bool) -> None:
        if fact.kind == "aggregate":
            types = tuple(spelled(argument) for argument in fact.arguments)
            schema = fact.schema or self.stage.path
            if self.stage.variant("routine", schema, fact.name, types) is None:
                made = Thing("routine", schema, fact.name, "aggregate")
                self.stage.make(made, types)
        elif fact.kind == "rule":
            table = self.stage.find("relation", fact.schema, fact.name)
            name = dict(fact.options).get("name", "")
            if table is not None and self.stage.part(table, "rule", name) is None:
                self.stage.add(table, "rule", name)
        else:
            self._new(fact.kind, fact.schema, fact.name, fact.kind, again=True)


__all__ = ["Creations"]
