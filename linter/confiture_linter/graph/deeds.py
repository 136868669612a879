"""Carries statements out on a stage: what each needs, makes, changes and takes away, as far as names tell."""

from collections.abc import Iterator, Sequence
from typing import Any

from confiture_linter.catalog import SourceStatement
from confiture_linter.graph.creations import Creations
from confiture_linter.graph.makers import FAMILIES, Step, body_of, made
from confiture_linter.graph.mentioned import nested, run_refs, runs
from confiture_linter.graph.needed import OF_COLUMN
from confiture_linter.graph.stage import Stop, Thing, label
from confiture_linter.graph.stage_rows import COPIED
from confiture_linter.graph.table_deeds import KEYS, primary_key
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement

_TABLE_PARTS = ("trigger", "policy", "rule", "constraint")


class Deeds(Creations):
    """Runs statements."""

    def clear(self) -> None:
        """Nothing has run."""
        self.stage.clear()

    def file(self, path: str, file_steps: Sequence[Step]) -> None:
        """Run a file; raises `Stop` where it cannot."""
        self.stage.begin()
        self.path = path
        self.doubts = set()
        self.minded = set()
        self.doubtful.clear()
        self.missed = ()
        self.undone = 0
        self.copied.clear()
        self._asked: set[int] = set()
        self.checks_bodies = True
        for step, inner in _grouped(file_steps):
            try:
                self.statement(step.statement)
            except Stop as stop:
                self._pass_over(stop, sure=True)
            if step.body is not None:
                self._inside(step.body, inner)

    def _inside(self, routine: SourceStatement, inner: Sequence[Step]) -> None:
        """Run the body of a DO block, or of a function that is called: what is done under a condition may fail."""
        body = body_of(routine)
        mark = self.stage.mark()
        self._calls(body)
        for step in inner:
            try:
                self._body_queries(body, step.at)
                self.statement(step.statement, inside=not step.sure)
            except Stop as stop:
                self._pass_over(stop, sure=step.sure)
                if body.undone_whole:
                    self.stage.undo(mark)
                    self.undone += 1
                    return
        self._block(body)

    def _calls(self, body: f.Body) -> None:
        """Functions that a body calls in any case, and does not make itself."""
        own = {name for s in body.statements for family, _, name, _, _ in made(s.fact) if family == "routine"}
        for ref in body.refs:
            if ref.kind == "function" and ref.name not in own and body.surely(ref.at) and self._made(ref):
                try:
                    self.need_ref(ref)
                except Stop as stop:
                    self._pass_over(stop, sure=not body.undone_whole)

    def _pass_over(self, stop: Stop, *, sure: bool) -> None:
        if sure and not self.lenient:
            raise stop
        self.missed = self.missed or stop.names
        if not sure:
            self.doubts.add(stop.names[0])

    def force(self, path: str, file_steps: Sequence[Step]) -> None:
        """Run a file, passing over what is missing: that may come before it."""
        self.lenient = True
        self.file(path, file_steps)
        self.lenient = False

    def _block(self, body: f.Body) -> None:
        """What a body names besides the objects that it makes and changes: whether it is reached is not known."""
        for ref in body.refs:
            if self._made(ref) and not body.surely(ref.at):
                try:
                    self.need_ref(ref)
                except Stop as stop:
                    self.doubts.add(stop.names[0])
        self._body_queries(body, body.end)
        for dynamic in body.dynamic:
            self._names(dynamic.text)
        self._run(body.refs, 0, set())

    def _body_queries(self, body: f.Body, until: int) -> None:
        """Queries of a body that stand before `until` and have not been looked at."""
        for query in body.queries:
            if query.at >= until or id(query) in self._asked:
                continue
            self._asked.add(id(query))
            try:
                for _ in self.columns(body.variables).named([query]):
                    pass
                for level in nested([query]) if body.surely(query.at) else ():
                    for source in (level.target, *level.sources):
                        if source is not None and source.kind == "relation" and self._of_tree(source):
                            self.stage.need("relation", source.schema, source.name)
                    self._given_all(level)
            except Stop as stop:
                if body.surely(query.at) and not self.lenient:
                    raise
                self.doubts.add(stop.names[0])
            if query.target is not None:
                table = self.stage.find("relation", query.target.schema, query.target.name)
                if table is not None:
                    self.stage.set(table, "filled", True)

    def _of_tree(self, source: f.Source) -> bool:
        return bool(self.makers.of("relation", source.schema, source.name))

    def statement(self, statement: Statement, inside: bool = False) -> None:
        """Run one."""
        fact = statement.fact
        passed_over = getattr(fact, "if_exists", False) and type(fact) in (
            f.AlterTable,
            f.Rename,
            f.SetSchema,
        )
        if passed_over and self._target(fact) is None:
            return
        if type(fact) is f.CreateTable and fact.if_not_exists and self._there(fact.schema, fact.name):
            return
        for family, schema, name in self._wanted(statement):
            self._need(family, schema, name)
        for ref in self._mentions(statement):
            self.need_ref(ref)
        if statement.queries or type(fact) is f.CreateFunction:
            self._look_up(statement)
        elif type(fact) is not f.DoBlock:
            for table, column in self._columns_of(statement):
                self._need_column(table, column)
        self._need_labels(statement)
        act = _ACTS.get(type(fact))
        if act is not None:
            act(self, fact, statement, inside)
        if runs(statement):
            self._run(run_refs(statement), 0, set())

    def _drop(self, fact: f.Drop, statement: Statement, inside: bool) -> None:
        things: list[Thing] = []
        for target in fact.targets:
            thing = self._dropped(target, fact.if_exists or inside)
            if thing is not None:
                things.append(thing)
        for thing in things:
            if thing.family == "schema":
                self._drop_schema(thing, fact.cascade)
            elif thing.lives:
                self.stage.drop(thing, cascade=fact.cascade, along=things)

    def _dropped(self, target: f.ObjectPath, missing_ok: bool) -> Thing | None:
        if target.kind in _TABLE_PARTS and len(target.parts) > 1:
            owner = self.stage.find(
                "relation", target.parts[-3] if len(target.parts) > 2 else "", target.parts[-2]
            )
            if owner is None:
                if missing_ok or not self.makers.of("relation", "", target.parts[-2]):
                    return None
                raise Stop(label("relation", target.parts[-2]))
            part = self.stage.part(owner, target.kind, target.parts[-1])
            if (
                part is None
                and not missing_ok
                and self.makers.of(f"{target.kind} of {owner.name}", "", target.parts[-1])
            ):
                raise Stop(label(target.kind, target.parts[-1], owner.name))
            return part
        family = FAMILIES.get(target.kind)
        if not family or not target.parts:
            return None
        found = self._object(target)
        if family == "routine" and target.arguments is None and found is not None:
            schema = target.parts[-2] if len(target.parts) > 1 else ""
            if len(list(self.stage.all_of("routine", schema, target.parts[-1]))) > 1:
                raise Stop(found.label)  # the name alone does not say which
        if (
            found is not None
            and family == "relation"
            and target.kind != "relation"
            and _differs(found.kind, target.kind)
        ):
            raise Stop(label("relation", target.parts[-1]))
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        if found is None and not missing_ok and self.makers.of(family, schema, target.parts[-1]):
            raise Stop(label(family, target.parts[-1]))
        return found

    def _drop_schema(self, schema: Thing, cascade: bool) -> None:
        for thing in list(self.stage.all):
            if thing.schema == schema.name and thing.lives and thing.owner is None:
                if not cascade:
                    raise Stop(thing.label)
                self.stage.drop(thing, cascade=True)
        self.stage.set(schema, "alive", False)

    def _rename(self, fact: f.Rename, statement: Statement, inside: bool) -> None:
        if fact.kind in ("column", "table constraint", "trigger", "policy", "rule", "attribute"):
            target = fact.target
            owner = self._object(target._replace(kind="relation" if fact.kind != "attribute" else "type"))
            if owner is not None:
                self.stage.rename_part(owner, fact.kind.removeprefix("table "), fact.part, fact.new)
            if owner is not None and fact.kind == "table constraint":
                index = self.stage.variant("relation", owner.schema, fact.part)
                if index is not None and index.owner is owner:
                    self.stage.rename(index, fact.new, index.schema)
            return
        thing = self._object(fact.target)
        if thing is None and fact.kind == "index" and not (fact.if_exists or inside):
            for made, source in self.copied.items():
                if fact.target.parts[-1].startswith(f"{made}_"):  # LIKE would have brought it
                    raise Stop(label("relation", fact.target.parts[-1]), owner=source.label)
        if thing is not None:
            self.stage.rename(thing, fact.new, thing.schema)
            table = thing.owner
            if thing.kind == "index" and table is not None:  # its constraint is called the same
                old = fact.target.parts[-1]
                if self.stage.part(table, "constraint", old) is not None:
                    self.stage.rename_part(table, "constraint", old, fact.new)

    def _set_schema(self, fact: f.SetSchema, statement: Statement, inside: bool) -> None:
        thing = self._object(fact.target)
        if thing is not None:
            self.stage.rename(thing, thing.name, fact.schema)

    def _maintain(self, fact: f.Maintain, statement: Statement, inside: bool) -> None:
        for schema, name, _ in fact.relations if fact.command == "truncate" else ():
            table = self.stage.find("relation", schema, name)
            if table is not None:
                self.rows.empty(table)

    def _copy_rows(self, fact: f.CopyRows, statement: Statement, inside: bool) -> None:
        table = self.stage.find("relation", fact.schema, fact.name)
        if table is not None:
            self.stage.set(table, "filled", True)

    def _set_variable(self, fact: f.SetVariable, statement: Statement, inside: bool) -> None:
        if fact.name == "check_function_bodies":
            self.checks_bodies = fact.values[:1] not in (("off",), ("false",), ("no",), ("0",))
        if fact.name == "search_path" and not inside:
            values = [value for value in fact.values if value not in ("$user", "pg_catalog")]
            self.stage.path = values[0] if values and not fact.reset else self.stage.home

    def _alter_table(self, fact: f.AlterTable, statement: Statement, inside: bool) -> None:
        thing = self._target(fact)
        if thing is None:
            return
        if thing.kind in ("view", "materialized view") and any(c.kind in _OF_TABLES for c in fact.commands):
            raise Stop(thing.label)
        for command in sorted(fact.commands, key=_pass):
            self._command(thing, command, statement, inside)

    def _command(self, thing: Thing, command: f.AlterCommand, statement: Statement, inside: bool) -> None:
        stage, kind, name = self.stage, command.kind, command.name
        if kind == "AddColumn" and command.column is not None:
            self._add_column(thing, command.column, missing_ok=command.missing_ok or inside)
        elif kind in ("DropColumn", "DropConstraint"):
            family = "column" if kind == "DropColumn" else "constraint"
            part = stage.part(thing, family, name)
            if part is None:
                if not (command.missing_ok or inside or thing.open or thing.shape == COPIED):
                    raise Stop(label(family, name, thing.name))
                return
            stage.drop(part, cascade=command.cascade)
            if family == "constraint":
                index = stage.variant("relation", thing.schema, name)
                if index is not None and index.owner is thing:
                    stage.drop(index, cascade=True)
        elif kind in OF_COLUMN:
            self._alter_column(thing, command)
        elif kind == "SetRelOptions" and thing.partitioned:
            raise Stop(thing.label)
        elif kind == "Inherit" and command.target is not None:
            stage.need("relation", command.target[0], command.target[1])
        elif kind in ("ValidateConstraint", "AlterConstraint"):
            stage.need_part(thing, "constraint", name)
        elif kind in _OF_TRIGGER and self.makers.of(f"trigger of {thing.name}", "", name):
            stage.need_part(thing, "trigger", name)
        for constraint in command.constraints:
            for column in constraint.columns if constraint.kind in (*KEYS, "foreign key") else ():
                if column:
                    stage.need_part(thing, "column", column)
            if constraint.using_index:
                stage.need("relation", "", constraint.using_index)
            self._constraint(thing, constraint)

    def _add_column(self, table: Thing, column: f.ColumnFact, *, missing_ok: bool) -> None:
        stage = self.stage
        if missing_ok and stage.part(table, "column", column.name) is not None:
            return
        self._column(table, column)
        added = stage.part(table, "column", column.name)
        if added is not None:
            self.rows.new_column(table, added, column)
        for use in column.default.columns if column.generated and column.default is not None else ():
            if use.name in self._columns.get(table.name, ()):
                stage.need_part(table, "column", use.name)

    def _alter_column(self, thing: Thing, command: f.AlterCommand) -> None:
        part = self.stage.need_part(thing, "column", command.name)
        if part is None:
            return
        if command.kind == "AlterColumnType":
            for user in self.stage.users(part):
                raise Stop(user.label)
            self._retyped(thing, part, command.type)
        elif command.kind == "ColumnDefault":
            self._default(thing, command.name, command.expression)
        elif command.kind in _FILLED:
            if command.kind == "SetNotNull":
                self.rows.no_nulls(thing, part)
            key = primary_key(thing) if command.kind == "DropNotNull" else None
            if key is not None and command.name in key.columns:
                raise Stop(key.label, owner=thing.label)
            self.stage.set(part, "kind", _FILLED[command.kind])
            if command.kind == "AddIdentity":
                self._give_sequence(thing, command.name)
            elif command.kind == "DropIdentity":
                self._drop_sequence(thing, command.name)


def _grouped(file_steps: Sequence[Step]) -> Iterator[tuple[Step, Sequence[Step]]]:
    """Each statement, with those that stand in the body which runs with it."""
    at = 0
    while at < len(file_steps):
        end = at + 1
        while end < len(file_steps) and file_steps[end].inside:
            end += 1
        yield file_steps[at], file_steps[at + 1 : end]
        at = end


def _pass(command: f.AlterCommand) -> int:
    if command.kind == "ColumnDefault" and command.expression is None:
        return 0
    if any(constraint.kind == "foreign key" for constraint in command.constraints):
        return 4 if command.kind == "AddConstraint" else 2
    return _PASSES.get(command.kind, 3)


_FILLED = {"SetNotNull": "not null", "DropNotNull": "", "AddIdentity": "filled", "DropIdentity": "not null"}

_PASSES = {"DropColumn": 0, "DropConstraint": 0, "AlterColumnType": 1, "AddColumn": 2}
"""What ALTER TABLE does first, wherever it is written: the passes of tablecmds.c; foreign keys come last."""


_OF_TABLES = frozenset({"AddColumn", "DropColumn", "AddConstraint", "DropConstraint", "AlterColumnType"})
"""What cannot be done to a view."""

_OF_TRIGGER = frozenset({"EnableTrig", "DisableTrig", "EnableAlwaysTrig", "EnableReplicaTrig"})


def _differs(kind: str, asked: str) -> bool:
    return {kind.replace("_", " "), asked} in ({"view", "table"}, {"view", "materialized view"})


_ACTS: dict[type, Any] = {
    f.CreateTable: Deeds._create_table,
    f.CreateView: Deeds._create_view,
    f.CreateFunction: Deeds._create_function,
    f.CreateIndex: Deeds._create_index,
    f.CreateSequence: Deeds._create_sequence,
    f.CreateType: Deeds._create_type,
    f.AlterEnum: Deeds._alter_enum,
    f.CreateTrigger: Deeds._create_trigger,
    f.CreatePolicy: Deeds._create_policy,
    f.CreateSchema: Deeds._create_named,
    f.CreateRole: Deeds._create_named,
    f.CreateExtension: Deeds._create_named,
    f.CreateOther: Deeds._create_other,
    f.Execute: Deeds._execute,
    f.Maintain: Deeds._maintain,
    f.CopyRows: Deeds._copy_rows,
    f.Drop: Deeds._drop,
    f.Rename: Deeds._rename,
    f.SetSchema: Deeds._set_schema,
    f.SetVariable: Deeds._set_variable,
    f.AlterTable: Deeds._alter_table,
}


__all__ = ["Deeds"]
