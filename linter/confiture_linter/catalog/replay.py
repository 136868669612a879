"""Carries statements out on the catalog, in build order, as PostgreSQL would.

A statement whose target does not exist yet is kept and tried again when everything else has run: a tree
need not be in path order. What never finds its target ends as a conflict.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.alter import Alter
from confiture_linter.catalog.attachments import Attachments
from confiture_linter.catalog.catalog import Catalog, Conflict, SourceStatement
from confiture_linter.catalog.constraint_names import multirange_name, named_checks, object_name
from confiture_linter.catalog.drop import Drops
from confiture_linter.catalog.entities import (
    Entity,
    Extension,
    Function,
    Generic,
    Schema,
    Table,
    Type,
    View,
    redefine,
)
from confiture_linter.catalog.missing import TargetMissing, dotted
from confiture_linter.catalog.references import References
from confiture_linter.catalog.relations import Relations
from confiture_linter.catalog.rename import Rename
from confiture_linter.catalog.rows import note_copied, note_maintained, note_rows
from confiture_linter.catalog.shape import qualified_query
from confiture_linter.catalog.transactions import lasting
from confiture_linter.catalog.types import format_bare
from confiture_linter.model import Span
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement

if TYPE_CHECKING:
    from confiture_linter.catalog.evaluate import Evaluator


class Replay:
    """Builds one catalog out of statements."""

    def __init__(self, catalog: Catalog, *, history: bool = False) -> None:
        self.catalog = catalog
        self.history = history
        """Whether CREATE OR REPLACE in a later file is a change, not a second definition."""
        self.references = References(catalog)
        self.alter = Alter(self)
        self.renames = Rename(self)
        self.drops = Drops(catalog)
        self.relations = Relations(self)
        self.attachments: Attachments = Attachments(self)
        self._evaluator: Evaluator | None = None
        self.deferred: list[tuple[SourceStatement, tuple[str, ...], TargetMissing]] = []
        self.where: SourceStatement = SourceStatement("", Statement(0, 0, f.Other("")), 0)
        self.lenient = False
        self.dynamic: list[str] = []
        """Texts of the statements that DO blocks put together."""
        self.references.held_by_constraint = self.relations.names.index_named
        self.before: Callable[[SourceStatement, bool], None] | None = None
        """Called with every statement just before it is carried out, and whether it stands in a DO block."""

    @property
    def evaluator(self) -> "Evaluator":
        """Runs scripts; most trees have none."""
        if self._evaluator is None:
            from confiture_linter.catalog.evaluate import Evaluator

            self._evaluator = Evaluator(self)
        return self._evaluator

    # -- driving -----------------------------------------------------------------------------------

    def file(self, path: str, statements: tuple[Statement, ...], position: int) -> None:
        """Run the statements of one file; every file starts with the configured search_path."""
        catalog = self.catalog
        catalog.search_path = catalog.default_path
        home: Statement | None = None
        for statement in lasting(statements):
            if home is not None and statement.start == home.start and statement.end == home.end:
                self._inside(home, SourceStatement(path, statement, position))
                continue
            self.statement(SourceStatement(path, statement, position))
            home = statement if type(statement.fact) is f.CreateSchema else None

    def _inside(self, home: Statement, where: SourceStatement) -> None:
        """An element of CREATE SCHEMA is created in it and finds what lies in it."""
        catalog = self.catalog
        outside = catalog.search_path
        if isinstance(home.fact, f.CreateSchema):
            catalog.search_path = (home.fact.name, *outside)
        self.statement(where)
        catalog.search_path = outside

    def statement(self, where: SourceStatement) -> None:
        """Run one statement: resolve what it names, then carry it out."""
        catalog = self.catalog
        if self.before is not None:
            self.before(where, False)
        if catalog.search_path != catalog.default_path and where.statement.queries:
            queries = tuple(qualified_query(query, catalog) for query in where.statement.queries)
            where = where._replace(statement=where.statement._replace(queries=queries))
        catalog.statements.append(where)
        fact = where.statement.fact
        if type(fact) is f.AlterTable:
            if fact.if_exists and self._passed_over(fact):
                return
            if any(command.missing_ok and command.column is not None for command in fact.commands):
                where = self._without_known_columns(where, fact)
        there = type(fact) is f.CreateTable and fact.if_not_exists and self._is_there(fact)
        resolved = [] if there else self.references.resolve(where)
        self.where = where
        try:
            entity = self.apply(where.statement.fact)
        except TargetMissing as missing:
            self.deferred.append((where, catalog.search_path, missing))
            entity = None
        self.references.keep(where, entity, resolved)

    def _is_there(self, fact: f.CreateTable) -> bool:
        """Whether IF NOT EXISTS finds the table, so that nothing it names is looked at."""
        schema = self.catalog.creation_schema(fact.schema)
        return (schema, fact.name) in self.catalog.relations

    def _passed_over(self, fact: f.AlterTable) -> bool:
        """Whether IF EXISTS finds nothing, so that nothing else in the statement is looked at."""
        if fact.kind == "type":
            return self.catalog.type(fact.schema, fact.name) is None
        return self.catalog.relation(fact.schema, fact.name) is None

    def _without_known_columns(self, where: SourceStatement, fact: f.AlterTable) -> SourceStatement:
        """The statement without what ADD COLUMN IF NOT EXISTS names for columns that exist: nobody looks at that."""
        table = self.catalog.relation(fact.schema, fact.name)
        if not isinstance(table, Table):
            return where
        known, refs = set(table.columns), list(where.statement.refs)
        known.difference_update(c.name for c in fact.commands if c.kind == "DropColumn")
        skipped: set[int] = set()
        for command in fact.commands:
            if command.column is not None and command.missing_ok and command.name in known:
                skipped.update(range(*command.refs))
            known.add(command.name)
        kept = tuple(ref for number, ref in enumerate(refs) if number not in skipped)
        return where._replace(statement=where.statement._replace(refs=kept))

    def finish(self) -> None:
        """Try the deferred statements until nothing moves, then settle what is left unresolved."""
        catalog = self.catalog
        progress = True
        while progress and self.deferred:
            progress = False
            waiting, self.deferred = self.deferred, []
            for where, path, _ in waiting:
                catalog.search_path = path
                self.where = where
                try:
                    entity = self.apply(where.statement.fact)
                except TargetMissing as still:
                    self.deferred.append((where, path, still))
                else:
                    progress = True
                    self.references.adopt(where, entity)
        catalog.search_path = catalog.default_path
        existed = {name for _, name in catalog.ever}
        for where, _, missing in self.deferred:
            last = missing.name.partition("(")[0].rpartition(".")[2]
            if any(last in text for text in self.dynamic):
                continue
            if last in existed and not (self.history and catalog.path_declared):
                # It was there once, or lies in a schema that an unknown search_path leads to.
                continue
            span = (
                Span(missing.at, -2) if missing.at >= 0 else Span(where.statement.start, where.statement.end)
            )
            catalog.conflicts.append(Conflict("missing-object", where.path, span, missing.name, missing.kind))
        self.relations.link_foreign_keys()
        self.references.finish()
        if any(len(group) > 1 for group in catalog.functions.values()):
            from confiture_linter.catalog.called import settle_calls

            settle_calls(catalog)

    def apply(self, fact: Any) -> Entity | None:
        """Carry one statement out; raises `TargetMissing`."""
        handler = _HANDLERS.get(type(fact))
        return handler(self, fact) if handler is not None else None

    def span(self) -> Span:
        """The place of the statement that is being carried out."""
        statement = self.where.statement
        return Span(statement.start, statement.end)

    def conflict(
        self, kind: str, name: str, detail: str, span: Span | None = None, first: Entity | None = None
    ) -> None:
        """Note that PostgreSQL would refuse the statement."""
        if not self.lenient:
            place = (first.path, first.span) if first is not None else None
            self.catalog.conflicts.append(
                Conflict(kind, self.where.path, span or self.span(), name, detail, place)
            )

    # -- functions, types --------------------------------------------------------------------------

    def signature(self, types: list[f.TypeName]) -> str:
        """Argument types as format_type writes them without modifiers, which functions do not keep."""
        catalog = self.catalog
        return ",".join(
            format_bare(t.schema or catalog.type_schema(t), t) for t in map(catalog.resolved_type, types)
        )

    def _function(self, fact: f.CreateFunction) -> Entity | None:
        catalog = self.catalog
        if fact.schema == "pg_temp":
            return None
        schema = catalog.creation_schema(fact.schema)
        returns = fact.returns and catalog.resolved_type(fact.returns)
        types = [catalog.resolved_type(argument.type) for argument in fact.arguments]
        if returns is not fact.returns or any(
            argument.type is not known for argument, known in zip(fact.arguments, types, strict=True)
        ):
            arguments = tuple(a._replace(type=t) for a, t in zip(fact.arguments, types, strict=True))
            fact = fact._replace(returns=returns, arguments=arguments)
        signature = self.signature([argument.type for argument in fact.inputs])
        function = Function(schema, fact, self.where.path, self.where.statement, signature)
        group = catalog.functions.setdefault((schema, fact.name), [])
        catalog.ever.add((schema, fact.name))
        for index, known in enumerate(group):
            if known.signature == signature:
                if not fact.replace or (known.path != self.where.path and not self.history):
                    self.conflict(
                        "duplicate-object", f"{function.identity}({signature})", known.kind, first=known
                    )
                self._note_created_tables(fact)
                if isinstance(known, Function):
                    self.references.disown(known, redefine(known, function))
                    for (
                        extension
                    ) in catalog.extensions.values():  # DEPENDS ON EXTENSION ends with the definition
                        extension.dependents = [item for item in extension.dependents if item is not known]
                    return known
                group[index] = function
                return function
        group.append(function)
        self._note_created_tables(fact)
        return function

    def _note_created_tables(self, fact: f.CreateFunction) -> None:
        """Tables that a body creates exist when it runs; nothing more is known of them."""
        body = fact.body
        if body is None:
            return
        for statement in body.statements:
            inner = statement.fact
            if type(inner) is f.CreateTable or type(inner) is f.CreateView:
                self.catalog.temporary.add(inner.name)
        for ref in body.refs:
            if ref.kind == "into":
                self.catalog.temporary.add(ref.name)

    def _type(self, fact: f.CreateType) -> Entity | None:
        catalog = self.catalog
        if fact.schema == "pg_temp":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        known = catalog.types.get((schema, fact.name))
        if known is not None and known.form != "shell":
            self.conflict("duplicate-object", known.identity, "type", first=known)
            return None
        if fact.kind == "range":
            catalog.multiranges[schema, multirange_name(fact.name)] = (schema, fact.name)
        created = Type(schema, _resolved(fact, catalog), self.where.path, self.span())
        if created.base is not None:
            created.default = self.relations.default(fact.default, created.base)
        catalog.types[schema, fact.name] = created
        catalog.ever.add((schema, fact.name))
        return created

    def _schema(self, fact: f.CreateSchema) -> Entity | None:
        known = self.catalog.schemas.get(fact.name)
        if known is not None:
            if not fact.if_not_exists:
                self.conflict("duplicate-object", fact.name, "schema", first=known)
            return known
        if fact.name == "public" and fact.if_not_exists and fact.name not in self.catalog.former_schemas:
            return None  # every database has it
        schema = Schema(fact.name, self.where.path, self.span())
        schema.owner = fact.owner
        self.catalog.schemas[fact.name] = schema
        return schema

    def _extension(self, fact: f.CreateExtension) -> Entity | None:
        if fact.name in self.catalog.extensions:
            return self.catalog.extensions[fact.name]
        extension = Extension(fact.name, fact.schema, self.where.path, self.span())
        self.catalog.extensions[fact.name] = extension
        return extension

    def _other(self, fact: f.CreateOther) -> Entity | None:
        catalog = self.catalog
        if fact.kind == "rule":
            relation = catalog.relation(fact.schema, fact.name)
            if isinstance(relation, Table | View):
                relation.rules[dict(fact.options).get("name", "")] = self.where
            return relation
        schema = catalog.creation_schema(fact.schema) if fact.kind in _IN_SCHEMA else fact.schema
        generic = Generic(fact.kind, schema, fact.name, self.where.path, self.span())
        given = dict(fact.options)
        behind = given.get("finalfunc" if fact.kind == "aggregate" else "function") or given.get("procedure")
        if behind and fact.kind in ("aggregate", "operator"):
            written, _, name = behind.rpartition(".")
            found = catalog.overloads(written, name)
            generic.function = (found[0].schema if found else written, name)
        if fact.kind == "aggregate":
            state, _, name = given.get("sfunc", "").rpartition(".")
            generic.state, generic.arguments = (state, name), fact.arguments
            generic.signature = self.signature(list(fact.arguments))
            catalog.functions.setdefault((schema, fact.name), []).append(generic)
            return generic
        if fact.kind == "statistics":
            self._about(generic, fact)
        catalog.others.append(generic)
        return generic

    def _about(self, statistics: Generic, fact: f.CreateOther) -> None:
        """The table of statistics, and the name that PostgreSQL chooses (statscmds.c, ChooseExtendedStatisticName)."""
        catalog = self.catalog
        for ref in self.where.statement.refs:
            found = catalog.relation(ref.schema, ref.name) if ref.use == "statistics" else None
            if isinstance(found, Table | View):
                statistics.relation = found
        statistics.columns = tuple(value for option, value in fact.options if option == "column")
        if fact.name or statistics.relation is None:
            return
        statistics.schema = statistics.relation.schema
        taken = {other.name for other in catalog.others if other.schema == statistics.schema}
        columns = "_".join(name or "expr" for name in statistics.columns)
        number = 0
        while not statistics.name or statistics.name in taken:
            statistics.name = object_name(statistics.relation.name, columns, f"stat{number or ''}")
            number += 1

    # -- things on relations -----------------------------------------------------------------------

    def table(self, schema: str, name: str, at: int) -> Table:
        """The table a statement changes; raises `TargetMissing`."""
        found = self.catalog.relation(schema, name)
        if found is None:
            raise TargetMissing("relation", dotted(schema, name), at)
        if not isinstance(found, Table):
            raise TargetMissing("table", dotted(schema, name), at)
        return found

    def find(self, target: f.ObjectPath) -> Entity | None:
        """The object a path names; None if it does not exist or is of a kind that is not tracked."""
        catalog, parts = self.catalog, target.parts
        if not parts:
            return None
        schema, name = (parts[-2] if len(parts) > 1 else ""), parts[-1]
        if target.kind in _RELATION_KINDS:
            return catalog.relation(schema, name)
        if target.kind in ("function", "procedure", "routine", "aggregate"):
            return self.routine(target)
        if target.kind in ("type", "domain"):
            return catalog.type(schema, name)
        if target.kind == "schema":
            return catalog.schemas.get(name)
        if target.kind == "extension":
            return catalog.extensions.get(name)
        homes = (schema,) if schema else ("", *catalog.search_path)
        same = [o for o in catalog.others if o.what == target.kind and o.name == name and o.schema in homes]
        return same[0] if len(same) == 1 else None

    def routine(self, target: f.ObjectPath) -> Function | Generic | None:
        """The routine a path names, by its argument types where they are given."""
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        group = self.catalog.overloads(schema, target.parts[-1])
        if target.arguments is None:
            return group[0] if group else None
        signature = self.signature(list(target.arguments))
        for function in group:
            if function.signature == signature:
                return function
        bare = [_bare(s) for s in signature.split(",")]
        for function in group:
            if [_bare(s) for s in function.signature.split(",")] == bare:
                return function
        return None

    # -- session -----------------------------------------------------------------------------------

    def _set(self, fact: f.SetVariable) -> Entity | None:
        if fact.name == "search_path":
            catalog = self.catalog
            values = tuple(v for v in fact.values if v and v != "$user")
            if fact.reset or (fact.values and not values):
                values = catalog.default_path
            catalog.search_path = values
        elif fact.name == "check_function_bodies":
            self.references.bodies_checked = fact.reset or fact.values[:1] in (("on",), ("true",), ("1",))
        return None

    def _do(self, fact: f.DoBlock) -> Entity | None:
        """DO runs at once; under IF or a loop its DDL may or may not happen, so nothing it does conflicts."""
        if fact.body is None:
            return None
        if fact.body.script and not (fact.body.plain and self.before is not None):
            # While changes are judged both ways of a condition are: it may hold on the server they are for.
            self.evaluator.block(fact.body)
            return None
        outer, self.lenient = self.where, True
        if fact.body.dynamic:
            self.dynamic += (dynamic.text for dynamic in fact.body.dynamic)
            # What it runs is not known, so no table of the tree is from here on.
            for relation in self.catalog.relations.values():
                if isinstance(relation, Table):
                    relation.unknown_columns = True
        for ref in fact.body.refs:
            if ref.kind == "function":
                self._dynamic_call(ref)
        try:
            for statement in fact.body.statements:
                self.where = SourceStatement(outer.path, statement, outer.position)
                if self.before is not None:
                    self.before(self.where, True)
                self.attempt()
        finally:
            self.where, self.lenient = outer, False
        return None

    def attempt(self) -> None:
        """Carry out a statement of a script, whose names are known or not: what is missing there is no mistake."""
        where = self.where
        resolved = [item for item in self.references.resolve(where) if item.target is not None]
        try:
            entity = self.apply(where.statement.fact)
        except TargetMissing:
            entity = None
        self.references.keep(where, entity, resolved)

    def _execute(self, fact: f.Execute) -> Entity | None:
        """A query at top level may call a function that runs DDL it puts together itself."""
        note_rows(self.catalog, self.where.statement.queries)
        evaluated = [self.evaluator.call(call, {}) for call in fact.calls]
        if evaluated and all(evaluated):
            return None
        for ref in self.where.statement.refs:
            if ref.kind == "function":
                self._dynamic_call(ref)
        return None

    def _dynamic_call(self, ref: f.Ref) -> None:
        """Tables that a call names in strings are no longer fully known if what is called runs dynamic SQL."""
        for function in self.catalog.overloads(ref.schema, ref.name):
            body = function.fact.body if isinstance(function, Function) else None
            if body is None or not (
                body.dynamic or any(r.kind == "function" and r.strings for r in body.refs)
            ):
                continue
            for text in ref.strings or (ref.text,):
                schema, _, name = text.replace('"', "").rpartition(".")
                for relation in self.catalog.relations.values():
                    if (
                        isinstance(relation, Table)
                        and relation.name == name
                        and schema in ("", relation.schema)
                    ):
                        relation.unknown_columns = True


def _resolved(fact: f.CreateType, catalog: Catalog) -> f.CreateType:
    """A type whose parts are those that their names mean now, and whose checks have names."""
    attributes = tuple(a._replace(type=catalog.resolved_type(a.type)) for a in fact.attributes)
    base = fact.base and catalog.resolved_type(fact.base)
    return fact._replace(
        attributes=attributes, base=base, constraints=named_checks(fact.name, fact.constraints)
    )


def _bare(spelling: str) -> str:
    """A type without schema and modifiers, for matching signatures whose types were not all known."""
    return spelling.rpartition(".")[2].partition("(")[0]


_IN_SCHEMA = frozenset(
    {
        "aggregate",
        "operator",
        "collation",
        "conversion",
        "statistics",
        "operator class",
        "operator family",
        "text search configuration",
        "text search dictionary",
        "text search parser",
        "text search template",
    }
)
_RELATION_KINDS = frozenset(
    {"table", "view", "materialized view", "sequence", "index", "foreign table", "relation"}
)

_HANDLERS: dict[type, Callable[[Replay, Any], Entity | None]] = {
    f.CreateTable: lambda replay, fact: replay.relations.table(fact),
    f.CreateView: lambda replay, fact: replay.relations.view(fact),
    f.CreateIndex: lambda replay, fact: replay.relations.index(fact),
    f.CreateSequence: lambda replay, fact: replay.relations.sequence(fact),
    f.CreateFunction: Replay._function,
    f.CreateType: Replay._type,
    f.CreateSchema: Replay._schema,
    f.CreateExtension: Replay._extension,
    f.CreateOther: Replay._other,
    f.CreateTrigger: lambda replay, fact: replay.attachments.trigger(fact),
    f.CreatePolicy: lambda replay, fact: replay.attachments.policy(fact),
    f.Comment: lambda replay, fact: replay.attachments.comment(fact),
    f.Grant: lambda replay, fact: replay.attachments.grant(fact),
    f.SetVariable: Replay._set,
    f.DoBlock: Replay._do,
    f.CopyRows: lambda replay, fact: note_copied(replay.catalog, fact),
    f.Maintain: lambda replay, fact: note_maintained(replay.catalog, fact),
    f.Execute: Replay._execute,
    f.AlterTable: lambda replay, fact: replay.alter.table(fact),
    f.Rename: lambda replay, fact: replay.renames.rename(fact),
    f.SetSchema: lambda replay, fact: replay.renames.set_schema(fact),
    f.AlterOwner: lambda replay, fact: replay.alter.owner(fact),
    f.DependsOnExtension: lambda replay, fact: replay.alter.depends(fact),
    f.AlterEnum: lambda replay, fact: replay.alter.enum(fact),
    f.AlterFunction: lambda replay, fact: replay.alter.function(fact),
    f.AlterDomain: lambda replay, fact: replay.alter.domain(fact),
    f.Drop: lambda replay, fact: replay.drops.drop(fact, replay),
    f.DropOwned: lambda replay, fact: replay.drops.owned(fact, replay),
    f.ReassignOwned: lambda replay, fact: replay.drops.reassign(fact),
}
