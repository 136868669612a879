"""Carries statements out on a stage: what each needs, makes, changes and takes away, as far as names tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.constraint_names import constraint_name, object_name
from confiture_linter.graph.added import AddedColumns, columns_by_table
from confiture_linter.graph.makers import FAMILIES, Makers, Step, index_name
from confiture_linter.graph.mentioned import nested, run_refs, runs
from confiture_linter.graph.running import Running
from confiture_linter.graph.stage import Stage, Stop, Thing
from confiture_linter.graph.strings import names_in
from confiture_linter.graph.wants import wants
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement

_WRITES = {"insert": "insert", "update": "update", "delete": "delete", "merge": "insert"}
_TABLE_PARTS = ("trigger", "policy", "rule", "constraint")
_KEYS = frozenset({"primary key", "unique", "exclude"})
_DEPTH = 12
"""How far calls are followed into bodies."""


class Deeds:
    """Runs statements."""

    def __init__(
        self,
        catalog: Catalog,
        makers: Makers,
        added: AddedColumns,
        all_steps: Sequence[Step],
        text: Callable[[str], bytes] = lambda path: b"",
    ) -> None:
        self.catalog = catalog
        self.makers = makers
        self.added = added
        path = catalog.default_path
        self.stage = Stage(path[0] if path else "public")
        self.doubts: set[str] = set()
        """Names that bodies run by the file mention and that are not there: they may not be reached."""
        self.doubtful: set[str] = set()
        """Files that made those bodies."""
        self.path = ""
        """The file that is run."""
        self.lenient = False
        self.running = Running(all_steps, makers, added, text)
        """Whether what is missing is passed over."""
        self._columns = columns_by_table(all_steps)
        self._several: dict[tuple[str, str], bool] = {}
        self._refs: dict[int, list[Ref]] = {}
        self._used: dict[int, list[tuple[str, str]]] = {}
        self._wants: dict[int, list[tuple[str, str, str]]] = {}

    def clear(self) -> None:
        """Nothing has run."""
        self.stage = Stage(self.stage.home)

    def needed_keys(self, statement: Statement) -> Iterator[tuple[str, ...]]:
        """Names that must be there before a statement runs, as `touches` writes them."""
        for family, schema, name in self._wanted(statement):
            part, of, owner = family.partition(" of ")
            yield (part, owner, name) if of else self.key(family, schema, name)
        for ref in self._mentions(statement):
            yield self._key(ref)
        for table, column in self._columns_of(statement):
            yield "column", table, column
        fact = statement.fact
        if type(fact) is f.AlterTable and not fact.if_exists:
            for command in fact.commands:
                if command.kind in _OF_COLUMN and command.name in self._columns.get(fact.name, ()):
                    yield "column", fact.name, command.name

    def used_keys(self, statement: Statement) -> Iterator[tuple[str, ...]]:
        """Names that what a statement defines cannot be without."""
        fact = statement.fact
        if type(fact) is f.CreateView or (type(fact) is f.CreateFunction and fact.atomic):
            yield from (self._key(ref) for ref in self._mentions(statement))
            yield from (("column", *pair) for pair in self._columns_of(statement))
        elif type(fact) in (f.CreateFunction, f.CreateTable):
            yield from (self._key(ref) for ref in self._mentions(statement) if ref.kind == "type")
        elif type(fact) in (f.CreateTrigger, f.CreatePolicy):
            yield from (self._key(ref) for ref in self._mentions(statement) if ref.kind == "function")

    def key(self, family: str, schema: str, name: str) -> tuple[str, ...]:
        """How `touches` writes an object: with its schema where several have one of that name."""
        several = self._several.get((family, name))
        if several is None:
            makers = self.makers.by_key.get((family, name), ())
            several = self._several[family, name] = len({maker.schema for maker in makers}) > 1
        return (family, schema, name) if several else (family, name)

    def _key(self, ref: Ref) -> tuple[str, ...]:
        family = {"function": "routine", "sequence": "relation"}.get(ref.kind, ref.kind)
        return self.key(family, ref.schema, ref.name)

    def file(self, path: str, file_steps: Sequence[Step]) -> None:
        """Run a file; raises `Stop` where it cannot."""
        self.stage.begin()
        self.path = path
        self.doubts = set()
        self.doubtful.clear()
        for step in file_steps:
            try:
                self.statement(step.statement, step.inside)
            except Stop:
                if not (step.inside or self.lenient):
                    raise

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
        for table, column in self._columns_of(statement):
            self._need_column(table, column)
        act = _ACTS.get(type(fact))
        if act is not None:
            act(self, fact, statement, inside)
        if type(fact) is f.DoBlock and fact.body is not None and not inside:
            for ref in fact.body.refs:
                if self._made(ref):
                    try:
                        self.need_ref(ref)
                    except Stop as stop:
                        self.doubts.add(stop.name)
        if runs(statement) or type(fact) is f.DoBlock:
            self._run(run_refs(statement), 0, set())

    # -- what is needed ----------------------------------------------------------------------------

    def _mentions(self, statement: Statement) -> list[Ref]:
        """Mentions of what the tree makes."""
        known = self._refs.get(id(statement))
        if known is None:
            own = _own_names(statement.fact)
            refs = statement.refs if type(statement.fact) is f.DoBlock else run_refs(statement)
            if type(statement.fact) is f.CreateFunction and statement.fact.body is not None:
                refs = (*refs, *(ref for ref in statement.fact.body.refs if ref.use == "declare"))
            known = [ref for ref in refs if self._made(ref) and (ref.kind, ref.name) not in own]
            self._refs[id(statement)] = known
        return known

    def _made(self, ref: Ref) -> bool:
        if ref.kind == "function":
            if not self.makers.of("routine", ref.schema, ref.name):
                return False
            builtin = self.catalog.builtin
            if ref.schema or not builtin.has_function(ref.name):
                return True
            return ref.arguments >= 0 and not builtin.accepts(ref.name, ref.arguments)
        if ref.kind == "type":
            if not ref.schema and self.catalog.builtin.has_type(ref.name):
                return False
            return bool(self.makers.of_ref(ref))
        return ref.kind in ("relation", "sequence") and bool(self.makers.of("relation", ref.schema, ref.name))

    def need_ref(self, ref: Ref) -> Thing | None:
        """What a mention means; raises `Stop` where it is not there."""
        if ref.kind == "function":
            for thing in self.stage.all_of("routine", ref.schema, ref.name):
                if _takes(thing, ref.arguments):
                    return thing
            raise Stop(ref.name)
        family = "relation" if ref.kind == "sequence" else ref.kind
        found = self.stage.find(family, ref.schema, ref.name)
        if found is None and family == "type":
            found = self.stage.find("relation", ref.schema, ref.name)
        if found is None:
            raise Stop(ref.name)
        return found

    def _wanted(self, statement: Statement) -> list[tuple[str, str, str]]:
        known = self._wants.get(id(statement))
        if known is None:
            known = []
            if type(statement.fact) is not f.Drop:
                for want in wants(statement):
                    if type(statement.fact) is f.AlterTable and " of " in want.family:
                        continue
                    if self.makers.of(want.family, want.schema, want.name):
                        known.append((want.family, want.schema, want.name))
                fact = statement.fact
                if type(fact) is f.Comment and fact.target.kind == "column" and len(fact.target.parts) > 1:
                    table, column = fact.target.parts[-2:]
                    if column in self._columns.get(table, ()):
                        known.append((f"column of {table}", "", column))
            self._wants[id(statement)] = known
        return known

    def _need(self, family: str, schema: str, name: str) -> None:
        part, of, table = family.partition(" of ")
        if not of:
            self.stage.need(family, schema, name)
            return
        things = list(self.stage.all_of("relation", schema, table))
        if not any(thing.open or self.stage.part(thing, part, name) for thing in things):
            raise Stop(name)

    def _columns_of(self, statement: Statement) -> list[tuple[str, str]]:
        known = self._used.get(id(statement))
        if known is None:
            known = []
            if type(statement.fact) not in (f.AlterTable, f.CreateTable, f.Rename, f.Comment) or (
                type(statement.fact) is f.CreateTable and statement.fact.from_query
            ):
                touched = {ref.name for ref in run_refs(statement) if ref.kind == "relation"}
                if type(statement.fact) is f.CreateFunction and statement.fact.language != "sql":
                    touched = set()
                touched &= self._columns.keys()
                if touched:
                    used = self.added.used(statement, touched)
                    known = sorted(pair for pair in used if pair[1] in self._columns.get(pair[0], ()))
            self._used[id(statement)] = known
        return known

    def _need_column(self, table: str, column: str) -> None:
        things = list(self.stage.all_of("relation", "", table))
        if things and not any(thing.open or self.stage.part(thing, "column", column) for thing in things):
            raise Stop(column)

    def _there(self, schema: str, name: str) -> Thing | None:
        return self.stage.variant("relation", schema or self.stage.path, name)

    def _target(self, fact: Any) -> Thing | None:
        if type(fact) is f.AlterTable:
            return self.stage.find("type" if fact.kind == "type" else "relation", fact.schema, fact.name)
        return self._object(fact.target)

    def _object(self, target: f.ObjectPath) -> Thing | None:
        family = FAMILIES.get(target.kind, "relation")
        if not target.parts:
            return None
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        if family == "routine" and target.arguments is not None:
            types = tuple(_spelled(argument) for argument in target.arguments)
            things = list(self.stage.all_of("routine", schema, target.parts[-1]))
            exact = [thing for thing in things if _types_of(thing) == types]
            return exact[0] if exact else None
        return self.stage.find(family, schema, target.parts[-1])

    def _used_things(self, refs: Iterable[Ref]) -> Iterator[Thing]:
        """What a definition cannot be without; objects, and the columns of tables."""
        for ref in refs:
            if self._made(ref):
                try:
                    found = self.need_ref(ref)
                except Stop:
                    continue
                if found is not None:
                    yield found

    # -- what is run -------------------------------------------------------------------------------

    def _run(self, refs: Iterable[Ref], depth: int, seen: set[int]) -> None:
        """Follow calls and triggers that fire into bodies: what they mention should be there."""
        for ref in refs:
            called: list[Thing] = []
            if ref.kind == "function":
                called = [
                    thing
                    for thing in self.stage.all_of("routine", ref.schema, ref.name)
                    if _takes(thing, ref.arguments)
                ]
            elif ref.use in _WRITES:
                for table in self.stage.all_of("relation", ref.schema, ref.name):
                    called += self._fired(table, _WRITES[ref.use])
                for trigger in self.running.installed(ref.name):
                    called += self.stage.all_of("routine", trigger.schema, trigger.name)
            for thing in called:
                statement = thing.shape[2] if thing.shape else None
                if statement is not None and ref.kind == "function":
                    self._strings(ref, statement)
                if statement is None or id(thing) in seen or depth > _DEPTH:
                    continue
                seen.add(id(thing))
                self._run_body(thing, statement, depth, seen)

    def _run_body(self, routine: Thing, statement: Statement, depth: int, seen: set[int]) -> None:
        body = getattr(statement.fact, "body", None)
        if body is None:
            return
        for ref in body.refs:
            if self._made(ref):
                try:
                    self.need_ref(ref)
                except Stop as stop:
                    self._doubt(stop.name, routine)
        for table, column in self._body_columns(statement, body):
            try:
                self._need_column(table, column)
            except Stop as stop:
                self._doubt(stop.name, routine)
        self._run(body.refs, depth + 1, seen)

    def _doubt(self, name: str, routine: Thing) -> None:
        self.doubts.add(name)
        if routine.shape and routine.shape[4] != self.path:
            self.doubtful.add(routine.shape[4])

    def _strings(self, ref: Ref, called: Statement) -> None:
        """Names in what a function is given that puts SQL together."""
        body = getattr(called.fact, "body", None)
        if body is None or not body.dynamic:
            return
        for text in ref.strings or ((ref.text,) if ref.text else ()):
            for name in names_in(text):
                families = [
                    of for of in ("relation", "routine") if self.makers.of(of, name.schema, name.name)
                ]
                if families and not any(self.stage.find(of, name.schema, name.name) for of in families):
                    self.doubts.add(name.name)

    def _body_columns(self, statement: Statement, body: f.Body) -> list[tuple[str, str]]:
        known = self._used.get(id(body))
        if known is None:
            touched = {ref.name for ref in body.refs if ref.kind == "relation"} & self._columns.keys()
            used = self.added.used(statement, touched) if touched else set()
            known = self._used[id(body)] = sorted(
                pair for pair in used if pair[1] in self._columns.get(pair[0], ())
            )
        return known

    def _fired(self, table: Thing, event: str) -> Iterator[Thing]:
        for part in table.triggers:
            if part.alive and part.shape and event in part.shape[0]:
                yield from self.stage.all_of("routine", part.shape[1], part.shape[2])

    # -- what statements do ------------------------------------------------------------------------

    def _create_table(self, fact: f.CreateTable, statement: Statement, inside: bool) -> None:
        if fact.persistence == "t":
            return
        table = self._new("relation", fact.schema, fact.name, "table", again=fact.if_not_exists or inside)
        if table is None:
            return
        table.open = bool(
            fact.from_query or fact.like or fact.inherits or fact.partition_of or fact.of_type or fact.foreign
        )
        for column in fact.columns:
            self._column(table, column)
        for constraint in fact.constraints:
            self._constraint(table, constraint)
        self._typed(table, fact.of_type)

    def _new(self, family: str, schema: str, name: str, kind: str, *, again: bool = False) -> Thing | None:
        stage = self.stage
        schema = schema or stage.path
        if stage.variant(family, schema, name) is not None:
            if again:
                return None
            raise Stop(name)
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
            name = object_name(table.name, column.name, "seq")
            if self.stage.variant("relation", table.schema, name) is None:
                self.stage.make(Thing("relation", table.schema, name, "sequence", table))

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
        old = column.shape
        if (
            old is not None
            and written is not None
            and self.stage.part(table, "default", column.name) is not None
        ):
            ours = (written.schema, written.name) != (old.schema, old.name) and bool(
                self.makers.of("type", written.schema, written.name)
            )
            cast = self.catalog.builtin.cast(old.name, written.name)
            if ours or (cast is not None and cast.context == "e"):
                raise Stop(column.name)
        self._typed(column, written)

    def _default(self, table: Thing, column: str, default: f.Expression | None) -> None:
        """A column has this default, and no other."""
        stage = self.stage
        old = stage.part(table, "default", column)
        if old is not None:
            stage.set(old, "alive", False)
        if default is not None and default.constant != "null":
            made = stage.add(table, "default", column, columns=(column,))
            stage.uses(made, self._used_things(default.refs))
            self._label(stage.part(table, "column", column), default.constant)

    def _label(self, column: Thing | None, value: str | None) -> None:
        """A constant of an enum is one of its labels."""
        written = column.shape if column is not None else None
        if value is None or written is None or written.array:
            return
        enum = self.stage.find("type", written.schema, written.name)
        if enum is not None and enum.kind == "enum" and value not in ("null", f.NULL, f.DEFAULT):
            self.stage.need_part(enum, "label", value)

    def _execute(self, fact: f.Execute, statement: Statement, inside: bool) -> None:
        """Constants that rows are compared with, or given, and columns that must not be left out."""
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
            if query.command == "insert" and query.target_columns and not table.open:
                self._left_out(table, {use.name for use in query.target_columns})

    def _left_out(self, table: Thing, given: set[str]) -> None:
        if self.running.installed(table.name):
            return  # a trigger may fill it
        for part in table.parts.values():
            needed = part.family == "column" and part.kind == "not null" and part.alive
            if needed and part.name not in given and self.stage.part(table, "default", part.name) is None:
                raise Stop(part.name)

    def _constraint(self, table: Thing, fact: f.ConstraintFact) -> None:
        stage = self.stage
        if fact.kind == "not null" and not fact.name:
            return
        name = constraint_name(
            table.name,
            fact,
            lambda taken: (
                stage.part(table, "constraint", taken) is not None
                or (fact.kind in _KEYS and stage.variant("relation", table.schema, taken) is not None)
            ),
        )
        part = stage.add(table, "constraint", name, columns=() if fact.kind == "check" else fact.columns)
        part.shape = fact.kind
        if fact.kind in _KEYS and not fact.using_index:
            if stage.variant("relation", table.schema, name) is not None:
                raise Stop(name)
            index = Thing("relation", table.schema, name, "index", table)
            index.columns = fact.columns
            stage.make(index)
        if fact.kind == "foreign key":
            target = stage.find("relation", fact.target_schema, fact.target)
            if target is not None:
                stage.uses(part, [target])

    def _create_view(self, fact: f.CreateView, statement: Statement, inside: bool) -> None:
        if fact.persistence == "t":
            return
        stage = self.stage
        outputs = fact.columns or self._outputs(statement)
        old = self._there(fact.schema, fact.name)
        if old is not None:
            if fact.if_not_exists:
                return
            if not fact.replace or old.kind != "view":
                raise Stop(fact.name)
            known = old.shape
            if "*" not in outputs and known and "*" not in known and outputs[: len(known)] != known:
                raise Stop(fact.name)
            view = old
            stage.set(view, "shape", outputs)
        else:
            kind = "materialized view" if fact.materialized else "view"
            view = Thing("relation", fact.schema or stage.path, fact.name, kind)
            view.open = True
            view.shape = outputs
            stage.make(view)
        stage.uses(view, self._with_columns(statement), only=True)

    def _outputs(self, statement: Statement) -> tuple[str, ...]:
        """Names of the columns of a view as it is made now; `*` where they are not known."""
        if not statement.queries:
            return ()
        query, found = statement.queries[0], list[str]()
        for output in query.outputs:
            if output.name != "*":
                found.append(output.name)
                continue
            alias = output.column.qualifier if output.column is not None else ""
            for source in query.sources if not query.using else ():
                if alias in ("", source.alias):
                    found += self._column_names(source) if source.kind == "relation" else ["*"]
            if query.using:
                found.append("*")
        if "*" not in found:
            for name in found:
                if name and name != "?column?" and found.count(name) > 1:
                    raise Stop(name)
        return tuple(found)

    def _column_names(self, source: f.Source) -> list[str]:
        table = self.stage.find("relation", source.schema, source.name)
        if table is None or table.kind == "materialized view":
            return ["*"]
        if table.kind == "view":
            return list(table.shape or ("*",))
        if table.open or source.columns:
            return ["*"]
        return [part.name for part in table.parts.values() if part.family == "column" and part.alive]

    def _with_columns(self, statement: Statement) -> Iterator[Thing]:
        """What a definition cannot be without, the columns that it names included."""
        things = list(dict.fromkeys(self._used_things(statement.refs)))
        yield from things
        stars = {
            source.name
            for query in nested(statement.queries)
            if any(use.name == "*" for use in query.columns)
            for source in query.sources
        }
        named = set(self._columns_of(statement))
        for thing in things:
            for part in thing.parts.values():
                read = thing.name in stars or (thing.name, part.name) in named
                if read and part.family == "column" and part.alive:
                    yield part

    def _create_function(self, fact: f.CreateFunction, statement: Statement, inside: bool) -> None:
        stage = self.stage
        schema = fact.schema or stage.path
        given = [argument for argument in fact.arguments if argument.mode in "ibv"]
        types = tuple(_spelled(argument.type) for argument in given)
        names = tuple(argument.name for argument in given)
        returns = _spelled(fact.returns) if fact.returns is not None else ""
        self._whole_row(fact)
        least = sum(not argument.default and argument.mode != "v" for argument in given)
        most = 1000 if any(argument.mode == "v" for argument in given) else len(given)
        shape = ((least, most), (names, returns), statement, types, self.path)
        old = stage.variant("routine", schema, fact.name, types)
        if old is not None:
            if not fact.replace and not inside:
                raise Stop(fact.name)
            if old.shape:
                (had, gave), before = old.shape[1], old.shape[0]
                if gave != returns or any(
                    one and one != other for one, other in zip(had, names, strict=False)
                ):
                    raise Stop(fact.name)
                if least > before[0]:
                    raise Stop(fact.name)
            stage.set(old, "shape", shape)
            stage.touched.add(fact.name)
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
        if 2 * len(listed) >= len(columns) > len(listed):
            raise Stop(table.name)

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
            raise Stop(name)
        index = Thing("relation", table.schema, name, "index", table)
        index.columns = columns
        stage.make(index)
        stage.uses(index, self._used_things(r for r in statement.refs if r.kind == "function"))

    def _create_sequence(self, fact: f.CreateSequence, statement: Statement, inside: bool) -> None:
        if not fact.alter:
            self._new("relation", fact.schema, fact.name, "sequence", again=fact.if_not_exists or inside)

    def _create_type(self, fact: f.CreateType, statement: Statement, inside: bool) -> None:
        made = self._new("type", fact.schema, fact.name, fact.kind, again=inside)
        if made is None:
            return
        for label in fact.labels:
            self.stage.add(made, "label", label)
        made.open = fact.kind != "enum"
        self.stage.uses(made, self._used_things(statement.refs))

    def _alter_enum(self, fact: f.AlterEnum, statement: Statement, inside: bool) -> None:
        thing = self.stage.find("type", fact.schema, fact.name)
        if thing is None:
            return
        if fact.old:
            self.stage.rename_part(thing, "label", fact.old, fact.new)
        elif self.stage.part(thing, "label", fact.new) is None:
            self.stage.add(thing, "label", fact.new)
        elif not fact.if_not_exists:
            raise Stop(fact.new)

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
        self.stage.uses(made, self._with_columns(statement))

    def _create_named(self, fact: Any, statement: Statement, inside: bool) -> None:
        if type(fact) is f.CreateRole and fact.alter:
            return
        family = {f.CreateSchema: "schema", f.CreateRole: "role", f.CreateExtension: "extension"}[type(fact)]
        again = getattr(fact, "if_not_exists", False) or inside or family != "schema"
        if self.stage.variant(family, "", fact.name) is None:
            self.stage.make(Thing(family, "", fact.name, family))
        elif not again:
            raise Stop(fact.name)

    def _create_other(self, fact: f.CreateOther, statement: Statement, inside: bool) -> None:
        if fact.kind == "aggregate":
            types = tuple(_spelled(argument) for argument in fact.arguments)
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
                raise Stop(target.parts[-2])
            part = self.stage.part(owner, target.kind, target.parts[-1])
            if (
                part is None
                and not missing_ok
                and self.makers.of(f"{target.kind} of {owner.name}", "", target.parts[-1])
            ):
                raise Stop(target.parts[-1])
            return part
        family = FAMILIES.get(target.kind)
        if not family or not target.parts:
            return None
        found = self._object(target)
        if (
            found is not None
            and family == "relation"
            and target.kind != "relation"
            and _differs(found.kind, target.kind)
        ):
            raise Stop(target.parts[-1])
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        if found is None and not missing_ok and self.makers.of(family, schema, target.parts[-1]):
            raise Stop(target.parts[-1])
        return found

    def _drop_schema(self, schema: Thing, cascade: bool) -> None:
        for thing in list(self.stage.all):
            if thing.schema == schema.name and thing.lives and thing.owner is None:
                if not cascade:
                    raise Stop(thing.name)
                self.stage.drop(thing, cascade=True)
        self.stage.set(schema, "alive", False)

    def _rename(self, fact: f.Rename, statement: Statement, inside: bool) -> None:
        if fact.kind in ("column", "table constraint", "trigger", "policy", "rule", "attribute"):
            target = fact.target
            owner = self._object(target._replace(kind="relation" if fact.kind != "attribute" else "type"))
            if owner is not None:
                self.stage.rename_part(owner, fact.kind.removeprefix("table "), fact.part, fact.new)
            return
        thing = self._object(fact.target)
        if thing is not None:
            self.stage.rename(thing, fact.new, thing.schema)

    def _set_schema(self, fact: f.SetSchema, statement: Statement, inside: bool) -> None:
        thing = self._object(fact.target)
        if thing is not None:
            self.stage.rename(thing, thing.name, fact.schema)

    def _set_variable(self, fact: f.SetVariable, statement: Statement, inside: bool) -> None:
        if fact.name == "search_path" and not inside:
            values = [value for value in fact.values if value not in ("$user", "pg_catalog")]
            self.stage.path = values[0] if values and not fact.reset else self.stage.home

    def _alter_table(self, fact: f.AlterTable, statement: Statement, inside: bool) -> None:
        thing = self._target(fact)
        if thing is None:
            return
        if thing.kind in ("view", "materialized view") and any(c.kind in _OF_TABLES for c in fact.commands):
            raise Stop(thing.name)
        for command in sorted(fact.commands, key=_pass):
            self._command(thing, command, statement, inside)

    def _command(self, thing: Thing, command: f.AlterCommand, statement: Statement, inside: bool) -> None:
        stage, kind, name = self.stage, command.kind, command.name
        if kind == "AddColumn" and command.column is not None:
            if stage.part(thing, "column", command.column.name) is not None and (
                command.missing_ok or inside
            ):
                return
            self._column(thing, command.column)
        elif kind in ("DropColumn", "DropConstraint"):
            family = "column" if kind == "DropColumn" else "constraint"
            part = stage.part(thing, family, name)
            if part is None:
                if not (command.missing_ok or inside or thing.open):
                    raise Stop(name)
                return
            stage.drop(part, cascade=command.cascade)
            if family == "constraint":
                index = stage.variant("relation", thing.schema, name)
                if index is not None and index.owner is thing:
                    stage.drop(index, cascade=True)
        elif kind in _OF_COLUMN:
            self._alter_column(thing, command)
        elif kind == "Inherit" and command.target is not None:
            stage.need("relation", command.target[0], command.target[1])
        elif kind in ("ValidateConstraint", "AlterConstraint"):
            stage.need_part(thing, "constraint", name)
        elif kind in _OF_TRIGGER and self.makers.of(f"trigger of {thing.name}", "", name):
            stage.need_part(thing, "trigger", name)
        for constraint in command.constraints:
            for column in constraint.columns if constraint.kind in (*_KEYS, "foreign key") else ():
                if column:
                    stage.need_part(thing, "column", column)
            if constraint.using_index:
                stage.need("relation", "", constraint.using_index)
            self._constraint(thing, constraint)

    def _alter_column(self, thing: Thing, command: f.AlterCommand) -> None:
        part = self.stage.need_part(thing, "column", command.name)
        if part is None:
            return
        if command.kind == "AlterColumnType":
            for user in self.stage.users(part):
                raise Stop(user.name)
            self._retyped(thing, part, command.type)
        elif command.kind == "ColumnDefault":
            self._default(thing, command.name, command.expression)
        elif command.kind in _FILLED:
            self.stage.set(part, "kind", _FILLED[command.kind])


def _pass(command: f.AlterCommand) -> int:
    if command.kind == "ColumnDefault" and command.expression is None:
        return 0
    return _PASSES.get(command.kind, 3)


_FILLED = {"SetNotNull": "not null", "DropNotNull": "", "AddIdentity": "filled"}

_PASSES = {"DropColumn": 0, "DropConstraint": 0, "AlterColumnType": 1, "AddColumn": 2}
"""What ALTER TABLE does first, wherever it is written: the passes of tablecmds.c."""

_OF_COLUMN = frozenset({"AlterColumnType", "ColumnDefault", "SetNotNull", "DropNotNull", "AddIdentity", "DropIdentity",
                        "SetIdentity"})  # fmt: skip


_OF_TABLES = frozenset({"AddColumn", "DropColumn", "AddConstraint", "DropConstraint", "AlterColumnType"})
"""What cannot be done to a view."""

_OF_TRIGGER = frozenset({"EnableTrig", "DisableTrig", "EnableAlwaysTrig", "EnableReplicaTrig"})


def _own_names(fact: f.Fact) -> set[tuple[str, str]]:
    if type(fact) is f.CreateTable and not fact.from_query:
        return {("relation", fact.name), ("type", fact.name)}
    if type(fact) is f.CreateFunction:
        return {("function", fact.name)}
    return set()


def _takes(thing: Thing, arguments: int) -> bool:
    if arguments < 0 or not thing.shape:
        return True
    least, most = thing.shape[0]
    return bool(least <= arguments <= most)


def _types_of(thing: Thing) -> tuple[str, ...]:
    return thing.shape[3] if thing.shape else ()


def _spelled(written: f.TypeName) -> str:
    return written.name + "[]" * written.array


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
    f.Drop: Deeds._drop,
    f.Rename: Deeds._rename,
    f.SetSchema: Deeds._set_schema,
    f.SetVariable: Deeds._set_variable,
    f.AlterTable: Deeds._alter_table,
}

__all__ = ["Deeds"]
