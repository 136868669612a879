"""What statements need when they are tried on a stage, and where it is found there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.constraint_names import object_name
from confiture_linter.graph.added import AddedColumns, columns_by_table
from confiture_linter.graph.comparable import TEXTS
from confiture_linter.graph.key_columns import KEY, PRIMARY, KeyColumns
from confiture_linter.graph.late_labels import LateLabels
from confiture_linter.graph.makers import FAMILIES, Makers, Step
from confiture_linter.graph.mentioned import nested, run_refs
from confiture_linter.graph.running import Running
from confiture_linter.graph.stage import Stage, Stop, Thing, label
from confiture_linter.graph.stage_columns import StageColumns, StageShapes
from confiture_linter.graph.stage_rows import UNIQUE, StageRows
from confiture_linter.graph.stage_types import StageTypes
from confiture_linter.graph.wants import wants
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement

OF_COLUMN = frozenset({"AlterColumnType", "ColumnDefault", "SetNotNull", "DropNotNull", "AddIdentity", "DropIdentity",
                        "SetIdentity"})  # fmt: skip
"""What ALTER TABLE does to a column that must be there."""


DOUBTS_OF_A_FILE = 4
"""So many doubts weigh as much as a file that does not run."""

PARTS = frozenset({"column", "constraint", "trigger", "policy", "rule", "label", KEY})
"""Families of what belongs to a relation, or to a type."""


class Needed:
    """Looks up what statements need."""

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
        self.missed: tuple[str, ...] = ()
        """Names of what was passed over first."""
        self.copied: dict[str, Thing] = {}
        """Tables that the file makes LIKE another one, with its indexes, and that one."""
        self.minded: set[str] = set()
        """Names in the bodies that the file runs: whether they are there makes up the doubts."""
        self.undone = 0
        """How many of its blocks were undone, for something in them failed and was caught."""
        self.path = ""
        """The file that is run."""
        self.lenient = False
        """Whether what is missing is passed over."""
        self.checks_bodies = True
        """Whether check_function_bodies is on."""
        self.running = Running(all_steps, makers, added, text)
        self._columns = columns_by_table(all_steps)
        self._columns[""] = _output_names(all_steps)
        self.shapes = StageShapes(catalog, self.stage)
        self.labels = LateLabels(all_steps, text)
        self.types = StageTypes(catalog, self.shapes, makers, all_steps)
        self.text = text
        self.rows = StageRows(self.stage, all_steps, text)
        self.keys = KeyColumns(all_steps)
        self._several: dict[tuple[str, str], bool] = {}
        self._refs: dict[int, list[Ref]] = {}
        self._used: dict[int, list[tuple[str, str]]] = {}
        self._wants: dict[int, list[tuple[str, str, str]]] = {}

    @property
    def doubtfulness(self) -> int:
        """How many doubts there are about the file that was run; an undone block counts for as many as a lost file."""
        return len(self.doubts) + DOUBTS_OF_A_FILE * self.undone

    def key(self, family: str, schema: str, name: str) -> tuple[str, ...]:
        """How `touches` writes an object: with its schema where several have one of that name."""
        several = self._several.get((family, name))
        if several is None:
            makers = self.makers.by_key.get((family, name), ())
            several = self._several[family, name] = len({maker.schema for maker in makers}) > 1
        return (family, schema, name) if several else (family, name)

    def _key(self, ref: Ref) -> tuple[str, ...]:
        return self.key(family_of(ref), ref.schema, ref.name)

    # -- what is needed ----------------------------------------------------------------------------

    def _mentions(self, statement: Statement) -> list[Ref]:
        """Mentions of what the tree makes."""
        known = self._refs.get(id(statement))
        if known is None:
            own = own_names(statement.fact)
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
                if takes(thing, ref.arguments):
                    return thing
            raise Stop(label("routine", ref.name))
        family = "relation" if ref.kind == "sequence" else ref.kind
        found = self.stage.find(family, ref.schema, ref.name)
        if found is None and family == "type":
            found = self.stage.find("relation", ref.schema, ref.name)
        if found is None:
            raise Stop(label(family, ref.name))
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
                known += (("extension", "", name) for name in self._extensions(statement))
                fact = statement.fact
                if type(fact) is f.Comment and fact.target.kind == "column" and len(fact.target.parts) > 1:
                    table, column = fact.target.parts[-2:]
                    if column in self._columns.get(table, ()):
                        known.append((f"column of {table}", "", column))
            self._wants[id(statement)] = known
        return known

    def _extensions(self, statement: Statement) -> Iterator[str]:
        """Extensions that the tree creates and that bring what a statement mentions."""
        builtin = self.catalog.builtin
        for ref in statement.refs if type(statement.fact) is f.DoBlock else run_refs(statement):
            if ref.kind not in ("type", "function") or self._made(ref):
                continue
            if ref.kind == "type":
                providers = () if builtin.has_type(ref.name) else builtin.extension_providing_type(ref.name)
            else:
                known = builtin.has_function(ref.name)
                providers = () if known else builtin.extension_providing_function(ref.name)
            yield from (name for name in providers if self.makers.of("extension", "", name))

    def _need(self, family: str, schema: str, name: str) -> None:
        part, of, table = family.partition(" of ")
        if not of:
            self.stage.need(family, schema, name)
            return
        things = list(self.stage.all_of("relation", schema, table))
        if not any(thing.open or self.stage.part(thing, part, name) for thing in things):
            raise Stop(label(part, name, table), owner=label("relation", table))

    def columns(self, variables: Collection[str] = ()) -> StageColumns:
        """Looks up columns on the stage as it is now."""
        return StageColumns(self.shapes, self._columns, variables)

    def _shape(self, statement: Statement, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """Names of the columns that the query of a statement returns now; `names` go before its own."""
        shape = self.shapes.query(statement.queries[0], {}) if statement.queries else None
        if shape is None:
            return None
        shape = (*names, *shape[len(names) :])
        for name in shape:
            if name and name != "?column?" and shape.count(name) > 1:
                sources = [s for s in statement.queries[0].sources if s.kind == "relation"]
                raise Stop(*(label("column", name, source.name) for source in sources))
        return shape

    def _look_up(self, statement: Statement) -> None:
        """Every column that the queries of a statement name must be there."""
        fact = statement.fact
        queries, variables = statement.queries, tuple[str, ...]()
        if type(fact) is f.CreateFunction:
            checked = fact.language == "sql" and fact.body is not None and self.checks_bodies
            queries = fact.body.queries if checked and fact.body is not None else ()
            variables = tuple(argument.name for argument in fact.arguments)
        for _ in self.columns(variables).named(queries):
            pass
        if not variables:
            self.types.check(statement, queries)

    def _need_labels(self, statement: Statement) -> None:
        """Constants that are labels of an enum are there, as far as it gets them later; some column can take each."""
        for written, text in self.labels.of_parameters(self.path, statement):
            enum = self.stage.find("type", written.schema, written.name)
            if enum is not None and enum.kind == "enum" and self.checks_bodies:
                self.stage.need_part(enum, "label", text)
        for text, columns in self.labels.named(self.path, statement).items():
            blocked: dict[str, None] = {}
            for table in self._tables_of(statement):
                for column in columns:
                    part = self.stage.part(table, "column", column)
                    names = self._without_label(table, part, text) if part is not None else None
                    if names == ():
                        blocked = {}
                        break
                    blocked.update(dict.fromkeys(names or ()))
                else:
                    continue
                break
            if blocked:
                raise Stop(*blocked)

    def _without_label(self, table: Thing, column: Thing, text: str) -> tuple[str, ...] | None:
        """What would have to come for a column to take a label; nothing if it does, None if it never will."""
        enums = [each for each in column.used if each.family == "type" and each.kind == "enum" and each.lives]
        if any(self.stage.part(each, "label", text) for each in enums):
            return ()
        if not self.labels.types[text] & self.labels.columns.get((table.name, column.name), set()):
            return None
        if enums:
            return (label("label", text, enums[0].name), column.label)
        written = column.shape
        return () if written is None or written.name in TEXTS else (column.label, table.label)

    def _tables_of(self, statement: Statement) -> Iterator[Thing]:
        """The tables that a statement names, and the one an index is on."""
        names = [(ref.schema, ref.name) for ref in statement.refs if ref.kind == "relation"]
        fact = statement.fact
        if type(fact) is f.CreateIndex:
            names.append((fact.table_schema, fact.table))
        for schema, name in dict.fromkeys(names):
            table = self.stage.find("relation", schema, name)
            if table is not None and table.kind == "table":
                yield table

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
            raise Stop(label("column", column, table), owner=label("relation", table))

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
            types = tuple(spelled(argument) for argument in target.arguments)
            things = list(self.stage.all_of("routine", schema, target.parts[-1]))
            exact = [thing for thing in things if types_of(thing) == types]
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


def _output_names(all_steps: Iterable[Step]) -> set[str]:
    """What columns of queries are called anywhere, and columns of tables."""
    found: set[str] = set()
    for step in all_steps:
        fact = step.statement.fact
        for query in nested(step.statement.queries):
            found.update(output.name for output in query.outputs)
        if type(fact) is f.CreateView:
            found.update(fact.columns)
        elif type(fact) is f.CreateTable:
            found.update(column.name for column in fact.columns)
            found.update(fact.column_names)
        elif type(fact) is f.AlterTable:
            found.update(command.column.name for command in fact.commands if command.column is not None)
        elif type(fact) is f.Rename and fact.kind == "column":
            found.add(fact.new)
    return found


def family_of(ref: Ref) -> str:
    """The family of what a mention means."""
    return {"function": "routine", "sequence": "relation"}.get(ref.kind, ref.kind)


def own_names(fact: f.Fact) -> set[tuple[str, str]]:
    if type(fact) is f.CreateTable and not fact.from_query:
        numbered = [column.name for column in fact.columns if column.serial or column.identity]
        names = [object_name(fact.name, column, "seq") for column in numbered]
        sequences = {(kind, name) for name in names for kind in ("sequence", "relation")}
        return {("relation", fact.name), ("type", fact.name)} | sequences
    if type(fact) is f.CreateFunction:
        return {("function", fact.name)}
    return set()


def has_key(table: Thing, columns: str) -> bool:
    """Whether a table has a key over columns, as `key_columns` writes them."""
    keys = [part for part in table.parts.values() if part.alive and part.shape in UNIQUE]
    if columns == PRIMARY:
        return any(key.shape == "primary key" for key in keys)
    return any(",".join(sorted(key.columns)) == columns for key in keys)


def takes(thing: Thing, arguments: int) -> bool:
    """Whether a routine can be called with so many arguments."""
    if arguments < 0 or not thing.shape:
        return True
    least, most = thing.shape[0]
    return bool(least <= arguments <= most)


def types_of(thing: Thing) -> tuple[str, ...]:
    """Types of the arguments of a routine, as `spelled`."""
    return thing.shape[3] if thing.shape else ()


def spelled(written: f.TypeName) -> str:
    """A type by its plain name, to compare signatures."""
    return written.name + "[]" * written.array


__all__ = ["OF_COLUMN", "PARTS", "Needed", "family_of", "has_key", "spelled", "takes", "types_of"]
