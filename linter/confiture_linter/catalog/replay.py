"""Carries statements out on the catalog, in build order, as PostgreSQL would.

A statement whose target does not exist yet is kept and tried again when everything else has run: a tree
need not be in path order. What never finds its target ends as a conflict.
"""

from collections.abc import Callable
from typing import Any

from confiture_linter.catalog.alter import Alter
from confiture_linter.catalog.catalog import Catalog, Conflict, SourceStatement
from confiture_linter.catalog.constraint_names import constraint_name, object_name
from confiture_linter.catalog.drop import Drops
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Extension,
    Function,
    Generic,
    GrantEntry,
    Index,
    Policy,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.references import References
from confiture_linter.catalog.shape import Shapes
from confiture_linter.catalog.types import format_type
from confiture_linter.model import Span
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement


class TargetMissing(Exception):
    """The object that a statement changes does not exist (yet)."""

    def __init__(self, kind: str, name: str, at: int) -> None:
        super().__init__(kind, name, at)
        self.kind = kind
        self.name = name
        self.at = at


class Replay:
    """Builds one catalog out of statements."""

    def __init__(self, catalog: Catalog, *, history: bool = False) -> None:
        self.catalog = catalog
        self.history = history
        """Whether CREATE OR REPLACE in a later file is a change, not a second definition."""
        self.references = References(catalog)
        self.alter = Alter(self)
        self.drops = Drops(catalog)
        self.deferred: list[tuple[SourceStatement, tuple[str, ...], TargetMissing]] = []
        self.where: SourceStatement = SourceStatement("", Statement(0, 0, f.Other("")), 0)
        self.lenient = False
        self._constraint_names: dict[int, set[str]] = {}

    # -- driving -----------------------------------------------------------------------------------

    def file(self, path: str, statements: tuple[Statement, ...], position: int) -> None:
        """Run the statements of one file; every file starts with the configured search_path."""
        catalog = self.catalog
        catalog.search_path = catalog.default_path
        for statement in statements:
            self.statement(SourceStatement(path, statement, position))

    def statement(self, where: SourceStatement) -> None:
        """Run one statement: resolve what it names, then carry it out."""
        catalog = self.catalog
        catalog.statements.append(where)
        resolved = self.references.resolve(where)
        self.where = where
        try:
            entity = self._apply(where.statement.fact)
        except TargetMissing as missing:
            self.deferred.append((where, catalog.search_path, missing))
            entity = None
        self.references.keep(where, entity, resolved)

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
                    entity = self._apply(where.statement.fact)
                except TargetMissing as still:
                    self.deferred.append((where, path, still))
                else:
                    progress = True
                    self.references.adopt(where, entity)
        catalog.search_path = catalog.default_path
        existed = {name for _, name in catalog.ever}
        for where, _, missing in self.deferred:
            last = missing.name.partition("(")[0].rpartition(".")[2]
            if last in existed and not (self.history and catalog.path_declared):
                # It was there once, or lies in a schema that an unknown search_path leads to.
                continue
            span = (
                Span(missing.at, -2) if missing.at >= 0 else Span(where.statement.start, where.statement.end)
            )
            catalog.conflicts.append(Conflict("missing-object", where.path, span, missing.name, missing.kind))
        self._link_foreign_keys()
        self.references.finish()

    def _apply(self, fact: Any) -> Entity | None:
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

    # -- relations ---------------------------------------------------------------------------------

    def _relation_slot(self, schema: str, name: str, *, quiet: bool) -> bool:
        """Whether a relation of that name may be created now; a duplicate is noted."""
        known = self.catalog.relations.get((schema, name))
        if known is None:
            return True
        if not quiet or (known.path != self.where.path and not self.history):
            self.conflict("duplicate-object", f"{schema}.{name}", known.kind, first=known)
        return False

    def _table(self, fact: f.CreateTable) -> Entity | None:
        catalog = self.catalog
        if fact.persistence == "t":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        if not self._relation_slot(schema, fact.name, quiet=fact.if_not_exists):
            return None
        parents = [self.table(*parent) for parent in fact.inherits]
        partitioned = self.table(*fact.partition_of) if fact.partition_of else None
        table = Table(schema, fact, self.where.path, self.where.statement)
        for parent in parents:
            table.columns.update(parent.columns)
            table.unknown_columns |= parent.unknown_columns
            table.parents.append(parent)
        if partitioned is not None:
            table.partition_of = partitioned
            table.columns.update(partitioned.columns)
            table.unknown_columns |= partitioned.unknown_columns
            partitioned.partitions.append(table)
        for like in fact.like:
            self._like(table, like)
        for column in fact.columns:
            if column.name in table.columns and not parents and partitioned is None:
                self.conflict("duplicate-column", column.name, table.identity, Span(column.at, -2))
            table.columns[column.name] = Column(table, column, self.where.path)
        if fact.of_type is not None:
            composite = catalog.type(fact.of_type.schema, fact.of_type.name)
            if composite is None:
                table.unknown_columns = True
            else:
                for attribute in composite.attributes.values():
                    table.columns[attribute.name] = Column(table, attribute, composite.path)
        if fact.from_query:
            self._query_columns(table)
        if fact.foreign and not fact.columns:
            table.unknown_columns = True
        catalog.relations[schema, fact.name] = table
        catalog.ever.add((schema, fact.name))
        for column in fact.columns:
            if column.serial or column.identity:
                self.column_sequence(table, column)
        for constraint in fact.constraints:
            self.add_constraint(table, constraint)
        if partitioned is not None:
            self._inherited_constraints(table, partitioned)
        return table

    def _inherited_constraints(self, table: Table, parent: Table) -> None:
        for constraint in parent.constraints:
            if constraint.kind in ("primary key", "unique") and table.primary_key is None:
                table.constraints.append(constraint)

    def _like(self, table: Table, like: f.LikeClause) -> None:
        source = self.catalog.relation(like.schema, like.name)
        if not isinstance(source, Table):
            if source is None:
                raise TargetMissing("relation", like.name, like.at)
            table.unknown_columns = True
            return
        table.unknown_columns |= source.unknown_columns
        for column in source.columns.values():
            fact = column.fact._replace(
                at=like.at,
                not_null=column.not_null,
                type=column.type,
                name=column.name,
                default=column.default if like.options & 8 else None,
                generated=column.generated if like.options & 16 else "",
                identity=column.identity_kind if like.options & 32 else "",
            )
            table.columns[column.name] = Column(table, fact, self.where.path)
        for constraint in source.constraints:
            copied = like.options & 64 if constraint.kind in ("primary key", "unique") else like.options & 4
            if copied and constraint.kind in ("primary key", "unique", "check"):
                self.add_constraint(table, constraint.fact._replace(at=like.at, name=""))
        if like.options & 64:
            for index in source.indexes:
                copy = index.fact._replace(name="", at=like.at)
                table.indexes.append(Index(table, copy, self.where.path, self.span()))

    def _query_columns(self, table: Table) -> None:
        queries = self.where.statement.queries
        shape = Shapes(self.catalog).query(queries[0], {}) if queries else None
        names = table.fact.column_names
        if shape is None and not names:
            table.unknown_columns = True
            return
        for name in (*names, *(shape or ())[len(names) :]):
            fact = f.ColumnFact(name, _UNKNOWN_TYPE, False, None, "", "", False, "", table.fact.at)
            table.columns[name] = Column(table, fact, self.where.path)

    def add_constraint(self, table: Table, fact: f.ConstraintFact) -> Constraint:
        """Add a constraint to a table, checking its columns."""
        taken = self._constraint_names.setdefault(id(table), set())
        constraint = Constraint(table, fact, self.where.path)
        constraint.name = constraint_name(table.name, fact, taken)
        if fact.name and fact.name in taken:
            self.conflict("duplicate-object", fact.name, "constraint", Span(fact.at, -1))
        taken.add(constraint.name)
        if fact.using_index:
            index = self.catalog.relation(table.schema, fact.using_index)
            if isinstance(index, Index):
                constraint.columns = index.columns
                constraint.name = fact.name or index.name
                if index in table.indexes:
                    table.indexes.remove(index)
                index.constraint = constraint
        if fact.kind == "primary key":
            if table.primary_key is not None and table.primary_key.table is table:
                self.conflict(
                    "multiple-primary-keys", table.identity, "", Span(fact.at, -1), first=table.primary_key
                )
            for name in constraint.columns:
                if name in table.columns:
                    table.columns[name].not_null = True
        elif fact.kind == "not null":
            for name in constraint.columns:
                if name in table.columns and not fact.not_valid:
                    table.columns[name].not_null = True
        if fact.kind == "foreign key":
            # The end links what comes later; what is here now may be renamed until then.
            target = self.catalog.relation(fact.target_schema, fact.target)
            if isinstance(target, Table):
                constraint.target = target
        self._check_columns(table, constraint.columns + fact.include, fact)
        table.constraints.append(constraint)
        return constraint

    def free_constraint_name(self, table: Table, name: str) -> None:
        """A dropped constraint's name may be used again."""
        self._constraint_names.setdefault(id(table), set()).discard(name)

    def _check_columns(self, table: Table, names: tuple[str, ...], fact: f.ConstraintFact) -> None:
        if table.unknown_columns:
            return
        for name in names:
            if name and name not in table.columns and not (fact.kind == "check" and name == table.name):
                self.conflict("missing-column", f"{table.identity}.{name}", fact.kind, Span(fact.at, -1))

    def _link_foreign_keys(self) -> None:
        catalog = self.catalog
        for constraint in list(catalog.constraints):
            fact = constraint.fact
            if fact.kind != "foreign key":
                continue
            target = constraint.target or catalog.relation(
                fact.target_schema, fact.target, self.references.path_at(constraint)
            )
            if not isinstance(target, Table):
                continue
            constraint.target = target
            constraint.target_columns = fact.target_columns or target.identity_columns
            if target.unknown_columns:
                continue
            for name in fact.target_columns:
                if name not in target.columns:
                    catalog.conflicts.append(
                        Conflict(
                            "missing-column",
                            constraint.path,
                            Span(fact.at, -1),
                            f"{target.identity}.{name}",
                            "foreign key",
                            (target.path, target.span),
                        )
                    )

    def _view(self, fact: f.CreateView) -> Entity | None:
        catalog = self.catalog
        if fact.persistence == "t":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        known = catalog.relations.get((schema, fact.name))
        view = View(schema, fact, self.where.path, self.where.statement)
        if isinstance(known, View) and fact.replace:
            if known.path != self.where.path and not self.history:
                self.conflict("duplicate-object", view.identity, view.kind, first=known)
            view.triggers, view.grants, view.comment = known.triggers, known.grants, known.comment
            view.column_comments = known.column_comments
        elif known is not None:
            self._relation_slot(schema, fact.name, quiet=fact.if_not_exists)
            return None
        catalog.relations[schema, fact.name] = view
        catalog.ever.add((schema, fact.name))
        return view

    def _index(self, fact: f.CreateIndex) -> Entity | None:
        catalog = self.catalog
        if not fact.table_schema and fact.table in catalog.temporary:
            return None
        relation = catalog.relation(fact.table_schema, fact.table)
        if relation is None:
            raise TargetMissing("relation", _dotted(fact.table_schema, fact.table), fact.at)
        if not isinstance(relation, Table | View):
            return None
        index = Index(relation, fact, self.where.path, self.span())
        number = 0
        base = index.name
        while not fact.name and (index.schema, index.name) in catalog.relations:
            number += 1
            index.name = f"{base}{number}"
        if not self._relation_slot(index.schema, index.name, quiet=fact.if_not_exists):
            return relation
        if isinstance(relation, Table) and not relation.unknown_columns:
            used = [*index.columns, *fact.include]
            for column in fact.columns:
                if column.expression is not None:
                    used += [use.name for use in column.expression.columns if not use.qualifier]
            if fact.predicate is not None:
                used += [use.name for use in fact.predicate.columns if not use.qualifier]
            for name in used:
                if name and name != "*" and name not in relation.columns and name != relation.name:
                    self.conflict("missing-column", f"{relation.identity}.{name}", "index", first=relation)
        catalog.relations[index.schema, index.name] = index
        relation.indexes.append(index)
        return relation

    def _sequence(self, fact: f.CreateSequence) -> Entity | None:
        catalog = self.catalog
        if fact.alter:
            known = catalog.relation(fact.schema, fact.name)
            if known is None:
                raise TargetMissing("sequence", _dotted(fact.schema, fact.name), fact.at)
            if isinstance(known, Sequence):
                self._own(known, fact.owned_by)
                return known
            return None
        schema = catalog.creation_schema(fact.schema)
        if not self._relation_slot(schema, fact.name, quiet=fact.if_not_exists):
            return None
        sequence = Sequence(schema, fact, self.where.path, self.span())
        catalog.relations[schema, fact.name] = sequence
        catalog.ever.add((schema, fact.name))
        self._own(sequence, fact.owned_by)
        return sequence

    def column_sequence(self, table: Table, column: f.ColumnFact) -> None:
        """The sequence behind a serial or identity column."""
        name = object_name(table.name, column.name, "seq")
        if (table.schema, name) not in self.catalog.relations:
            fact = f.CreateSequence(table.schema, name, column.at, "", (), False)
            sequence = Sequence(table.schema, fact, self.where.path, Span(column.at, -1))
            sequence.owned_by = table.columns[column.name]
            self.catalog.relations[table.schema, name] = sequence
            self.catalog.ever.add((table.schema, name))

    def _own(self, sequence: Sequence, owned_by: tuple[str, ...]) -> None:
        if owned_by == ("none",):
            sequence.owned_by = None
        elif len(owned_by) > 1:
            table = self.catalog.table(owned_by[-3] if len(owned_by) > 2 else "", owned_by[-2])
            if table is not None:
                sequence.owned_by = table.columns.get(owned_by[-1])

    # -- functions, types --------------------------------------------------------------------------

    def signature(self, types: list[f.TypeName]) -> str:
        """Argument types as format_type writes them; PostgreSQL drops their modifiers."""
        return ",".join(format_type(self.catalog.type_schema(t), t._replace(modifiers=())) for t in types)

    def _function(self, fact: f.CreateFunction) -> Entity | None:
        catalog = self.catalog
        if fact.schema == "pg_temp":
            return None
        schema = catalog.creation_schema(fact.schema)
        signature = self.signature([a.type for a in fact.arguments if a.mode in "ibv"])
        function = Function(schema, fact, self.where.path, self.where.statement, signature)
        group = catalog.functions.setdefault((schema, fact.name), [])
        catalog.ever.add((schema, fact.name))
        for index, known in enumerate(group):
            if known.signature == signature:
                if not fact.replace or (known.path != self.where.path and not self.history):
                    self.conflict(
                        "duplicate-object", f"{function.identity}({signature})", known.kind, first=known
                    )
                function.grants, function.comment = known.grants, known.comment
                if isinstance(known, Function):
                    function.revoked_public = known.revoked_public
                group[index] = function
                self._note_created_tables(fact)
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
        schema = catalog.creation_schema(fact.schema)
        known = catalog.types.get((schema, fact.name))
        if known is not None and known.form != "shell":
            self.conflict("duplicate-object", known.identity, "type", first=known)
            return None
        created = Type(schema, fact, self.where.path, self.span())
        catalog.types[schema, fact.name] = created
        catalog.ever.add((schema, fact.name))
        return created

    def _schema(self, fact: f.CreateSchema) -> Entity | None:
        known = self.catalog.schemas.get(fact.name)
        if known is not None:
            if not fact.if_not_exists:
                self.conflict("duplicate-object", fact.name, "schema", first=known)
            return known
        schema = Schema(fact.name, self.where.path, self.span())
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
            return catalog.relation(fact.schema, fact.name)
        schema = catalog.creation_schema(fact.schema) if fact.kind in _IN_SCHEMA else fact.schema
        generic = Generic(fact.kind, schema, fact.name, self.where.path, self.span())
        if fact.kind == "aggregate":
            generic.signature = self.signature(list(fact.arguments))
            catalog.functions.setdefault((schema, fact.name), []).append(generic)
        else:
            catalog.others.append(generic)
        return generic

    # -- things on relations -----------------------------------------------------------------------

    def table(self, schema: str, name: str, at: int) -> Table:
        """The table a statement changes; raises `TargetMissing`."""
        found = self.catalog.relation(schema, name)
        if found is None:
            raise TargetMissing("relation", _dotted(schema, name), at)
        if not isinstance(found, Table):
            raise TargetMissing("table", _dotted(schema, name), at)
        return found

    def _trigger(self, fact: f.CreateTrigger) -> Entity | None:
        found = self.catalog.relation(fact.table_schema, fact.table)
        if found is None:
            if fact.table in self.catalog.temporary:
                return None
            raise TargetMissing("relation", _dotted(fact.table_schema, fact.table), fact.at)
        if not isinstance(found, Table | View):
            return None
        trigger = Trigger(found, fact, self.where.path, self.span())
        self.catalog.temporary.update(fact.transitions)
        candidates = self.catalog.overloads(fact.function_schema, fact.function)
        trigger.function = next((c for c in candidates if isinstance(c, Function)), None)
        same = [t for t in found.triggers if t.name == fact.name]
        if same and not fact.replace:
            self.conflict("duplicate-object", trigger.identity, "trigger", first=same[0])
            return found
        found.triggers = [t for t in found.triggers if t.name != fact.name]
        found.triggers.append(trigger)
        if isinstance(found, Table) and not found.unknown_columns:
            for name in fact.columns:
                if name not in found.columns:
                    self.conflict("missing-column", f"{found.identity}.{name}", "trigger", first=found)
        return found

    def _policy(self, fact: f.CreatePolicy) -> Entity | None:
        found = self.table(fact.table_schema, fact.table, fact.at)
        if fact.alter:
            for policy in found.policies:
                if policy.name == fact.name:
                    policy.using = fact.using or policy.using
                    policy.check = fact.check or policy.check
                    policy.roles = fact.roles or policy.roles
            return found
        if any(p.name == fact.name for p in found.policies):
            first = next(p for p in found.policies if p.name == fact.name)
            self.conflict("duplicate-object", f"{found.identity}.{fact.name}", "policy", first=first)
            return found
        found.policies.append(Policy(found, fact, self.where.path, self.span()))
        self._policy_columns(found, fact)
        return found

    def _policy_columns(self, table: Table, fact: f.CreatePolicy) -> None:
        if table.unknown_columns:
            return
        for expression in (fact.using, fact.check):
            for use in expression.columns if expression is not None else ():
                if use.qualifier in ("", table.name) and use.name != "*" and use.name not in table.columns:
                    self.conflict(
                        "missing-column",
                        f"{table.identity}.{use.name}",
                        "policy",
                        Span(use.at, -2),
                        first=table,
                    )

    def _comment(self, fact: f.Comment) -> Entity | None:
        target = fact.target
        entity = self.find(target)
        if target.kind == "column":
            relation = self._column_owner(target)
            if isinstance(relation, Table):
                column = relation.columns.get(target.parts[-1])
                if column is not None:
                    column.comment = fact.text
                elif not relation.unknown_columns:
                    self.conflict(
                        "missing-column", f"{relation.identity}.{target.parts[-1]}", "comment", first=relation
                    )
            elif isinstance(relation, View):
                relation.column_comments[target.parts[-1]] = fact.text
                shape = Shapes(self.catalog).view(relation)
                if shape is not None and target.parts[-1] not in shape:
                    self.conflict(
                        "missing-column", f"{relation.identity}.{target.parts[-1]}", "comment", first=relation
                    )
            return None
        if isinstance(entity, Named_):
            entity.comment = fact.text
        elif entity is None and target.kind in _FINDABLE:
            raise TargetMissing(target.kind, _path_text(target), -1)
        return None

    def _column_owner(self, target: f.ObjectPath) -> Any:
        if len(target.parts) < 2:
            return None
        schema = target.parts[-3] if len(target.parts) > 2 else ""
        found = self.catalog.relation(schema, target.parts[-2])
        if found is None:
            composite = self.catalog.type(schema, target.parts[-2])
            if composite is None and target.parts[-2] not in self.catalog.temporary:
                raise TargetMissing("relation", ".".join(target.parts[:-1]), target.at)
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
        return None

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

    def _grant(self, fact: f.Grant) -> Entity | None:
        catalog = self.catalog
        catalog.grants.append((self.where, fact))
        for target in fact.targets:
            if fact.all_in_schema:
                for relation in list(catalog.relations.values()):
                    if (
                        relation.schema == target.parts[-1]
                        and not isinstance(relation, Index)
                        and fact.kind == "table"
                    ):
                        self._granted(relation, fact)
                continue
            entity = self.find(target)
            if entity is None and fact.kind in _FINDABLE and not fact.revoke:
                known = fact.kind not in ("table", "sequence") or target.parts[-1] not in catalog.temporary
                system = len(target.parts) > 1 and target.parts[-2] in ("pg_catalog", "information_schema")
                if known and not system and target.parts and not self.references.is_external(target):
                    raise TargetMissing(fact.kind, _path_text(target), target.at)
            if entity is not None:
                self._granted(entity, fact)
        return None

    def _granted(self, entity: Any, fact: f.Grant) -> None:
        if hasattr(entity, "grants"):
            if fact.revoke:
                if isinstance(entity, Function) and "public" in fact.grantees:
                    entity.revoked_public = True
                entity.grants = [g for g in entity.grants if not set(g.fact.grantees) <= set(fact.grantees)]
            else:
                entity.grants.append(GrantEntry(entity.identity, fact, self.where.path, self.span()))

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
        outer, self.lenient = self.where, True
        if fact.body.dynamic:
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
                try:
                    self._apply(statement.fact)
                except TargetMissing:
                    continue
        finally:
            self.where, self.lenient = outer, False
        return None

    def _execute(self, _fact: f.Execute) -> Entity | None:
        """A query at top level may call a function that runs DDL it puts together itself."""
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


def _dotted(schema: str, name: str) -> str:
    return f"{schema}.{name}" if schema else name


def _path_text(target: f.ObjectPath) -> str:
    text = ".".join(target.parts)
    if target.arguments is not None:
        text += "(" + ", ".join(format_type("", a) for a in target.arguments) + ")"
    return text


def _bare(spelling: str) -> str:
    """A type without schema and modifiers, for matching signatures whose types were not all known."""
    return spelling.rpartition(".")[2].partition("(")[0]


Named_ = (Table, View, Sequence, Type, Function, Schema, Extension, Generic, Index)
_UNKNOWN_TYPE = f.TypeName("", "", (), False, False, False, -1)
_IN_SCHEMA = frozenset(
    {"aggregate", "operator", "collation", "statistics", "operator class", "operator family"}
)
_RELATION_KINDS = frozenset(
    {"table", "view", "materialized view", "sequence", "index", "foreign table", "relation"}
)
_FINDABLE = frozenset(
    {
        "table",
        "view",
        "materialized view",
        "sequence",
        "foreign table",
        "function",
        "procedure",
        "type",
        "domain",
    }
)

_HANDLERS: dict[type, Callable[[Replay, Any], Entity | None]] = {
    f.CreateTable: Replay._table,
    f.CreateView: Replay._view,
    f.CreateIndex: Replay._index,
    f.CreateSequence: Replay._sequence,
    f.CreateFunction: Replay._function,
    f.CreateType: Replay._type,
    f.CreateSchema: Replay._schema,
    f.CreateExtension: Replay._extension,
    f.CreateOther: Replay._other,
    f.CreateTrigger: Replay._trigger,
    f.CreatePolicy: Replay._policy,
    f.Comment: Replay._comment,
    f.Grant: Replay._grant,
    f.SetVariable: Replay._set,
    f.DoBlock: Replay._do,
    f.Execute: Replay._execute,
    f.AlterTable: lambda replay, fact: replay.alter.table(fact),
    f.Rename: lambda replay, fact: replay.alter.rename(fact),
    f.SetSchema: lambda replay, fact: replay.alter.set_schema(fact),
    f.AlterOwner: lambda replay, fact: replay.alter.owner(fact),
    f.AlterEnum: lambda replay, fact: replay.alter.enum(fact),
    f.AlterFunction: lambda replay, fact: replay.alter.function(fact),
    f.AlterDomain: lambda replay, fact: replay.alter.domain(fact),
    f.Drop: lambda replay, fact: replay.drops.drop(fact, replay),
}
