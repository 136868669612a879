"""CREATE TABLE, VIEW, INDEX and SEQUENCE, and the constraints of tables."""

from typing import TYPE_CHECKING

from confiture_linter.catalog.catalog import Conflict
from confiture_linter.catalog.constraint_names import INDEXED, Names, constraint_name, object_name
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Index,
    Sequence,
    Table,
    View,
    given_default,
    redefine,
)
from confiture_linter.catalog.inheritance import hand_down
from confiture_linter.catalog.missing import TargetMissing, dotted
from confiture_linter.catalog.output_types import OutputTypes
from confiture_linter.catalog.shape import Shapes
from confiture_linter.catalog.view_columns import note_star
from confiture_linter.model import Span
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Relations:
    """Creates relations; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        self.replay = replay
        self.catalog = replay.catalog
        self.names = Names(self.catalog)

    def _relation_slot(self, schema: str, name: str, *, quiet: bool) -> bool:
        """Whether a relation of that name may be created now; a duplicate is noted."""
        known = self.catalog.relations.get((schema, name))
        if known is None:
            return True
        if not quiet or (known.path != self.replay.where.path and not self.replay.history):
            self.replay.conflict("duplicate-object", f"{schema}.{name}", known.kind, first=known)
        return False

    def table(self, fact: f.CreateTable) -> Entity | None:
        """CREATE TABLE."""
        catalog = self.catalog
        if fact.persistence == "t":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        if not self._relation_slot(schema, fact.name, quiet=fact.if_not_exists):
            known = catalog.relations.get((schema, fact.name))
            if isinstance(known, Table) and not self.replay.history and known.path != self.replay.where.path:
                known.unknown_columns = True  # which of the two holds is not known, and said once
            elif isinstance(known, Table) and {c.name for c in fact.columns} != {
                c.name for c in known.fact.columns
            }:
                catalog.contested.add(known.identity)
            return None
        parents = [self.replay.table(*parent) for parent in fact.inherits]
        partitioned = self.replay.table(*fact.partition_of) if fact.partition_of else None
        for like in fact.like:
            if catalog.relation(like.schema, like.name) is None:
                raise TargetMissing("relation", like.name, like.at)
        table = Table(schema, fact, self.replay.where.path, self.replay.where.statement)
        for parent in parents:
            hand_down(parent, table)
            table.parents.append(parent)
            parent.children.append(table)
        if partitioned is not None:
            table.partition_of = partitioned
            hand_down(partitioned, table)
            partitioned.partitions.append(table)
        catalog.relations[schema, fact.name] = table
        catalog.temporary.discard(fact.name)  # a function that makes it may have been run
        for like in fact.like:
            self._like(table, like)
        for column in fact.columns:
            if column.name in table.columns and not parents and partitioned is None:
                self.replay.conflict("duplicate-column", column.name, table.identity, Span(column.at, -2))
            self._own_column(table, column)
        if fact.of_type is not None:
            self._typed(table, fact.of_type)
        if fact.from_query:
            table.has_rows = fact.with_data
            self._query_columns(table)
        if fact.foreign and not fact.columns:
            table.unknown_columns = True
        catalog.ever.add((schema, fact.name))
        self._column_sequences(table)
        for constraint in distinct_keys(fact.constraints):
            self.add_constraint(table, constraint)
        if partitioned is not None:
            self._inherited_constraints(table, partitioned)
        return table

    def _typed(self, table: Table, kind: f.TypeName) -> None:
        """CREATE TABLE … OF type."""
        composite = self.catalog.type(kind.schema, kind.name)
        if composite is None:
            table.unknown_columns = True
            return
        table.of_type = composite
        for name, attribute in composite.attributes.items():
            table.columns[name] = Column(table, attribute, composite.path)

    def _column_sequences(self, table: Table) -> None:
        """Sequences of serial and identity columns, of those that LIKE copies too."""
        own = {column.name for column in table.fact.columns}
        copied = {like.at for like in table.fact.like}
        for column in table.columns.values():
            fact = column.fact
            if (column.name in own and (fact.serial or fact.identity)) or (
                column.identity_kind and fact.at in copied
            ):
                self.column_sequence(table, fact)

    def _own_column(self, table: Table, fact: f.ColumnFact) -> None:
        """A column that the statement writes; what it does not say of an inherited one stays inherited."""
        column = self.column(table, fact)
        known = table.columns.get(fact.name)
        if known is not None:
            column.not_null |= known.not_null
            if not fact.type.name:  # a partition may add a default or a constraint without naming the type
                column.type, column.type_path = known.type, known.type_path
            if column.default is None and not fact.serial and not fact.identity:
                column.default, column.serial = known.default, known.serial
                column.sequence = known.sequence
                column.generated = column.generated or known.generated
        table.columns[fact.name] = column

    def column(self, table: Table, fact: f.ColumnFact) -> Column:
        """A column whose type is the one that its name means now."""
        column = Column(table, fact, self.replay.where.path)
        column.type = self.catalog.resolved_type(fact.type)
        if fact.default is not None and column.default is None:
            column.default = self.default(fact.default, column.type)
        return column

    def default(self, written: f.Expression | None, kind: f.TypeName) -> f.Expression | None:
        """A default as PostgreSQL keeps it for a column of this type."""
        null = written is not None and written.constant == f.NULL
        return given_default(written, kept=null and (bool(kind.modifiers) or self._is_domain(kind)))

    def _is_domain(self, kind: f.TypeName) -> bool:
        found = self.catalog.type(kind.schema, kind.name) if not kind.array else None
        return found is not None and found.form == "domain"

    def _inherited_constraints(self, table: Table, parent: Table) -> None:
        for constraint in parent.constraints:
            if constraint.kind in ("primary key", "unique") and table.primary_key is None:
                table.constraints.append(constraint)

    def _like(self, table: Table, like: f.LikeClause) -> None:
        source = self.catalog.relation(like.schema, like.name)
        if not isinstance(source, Table):
            table.unknown_columns = True
            return
        table.unknown_columns |= source.unknown_columns
        for column in source.columns.values():
            fact = column.fact._replace(
                at=like.at,
                not_null=column.not_null,
                type=column.type,
                name=column.name,
                default=column.default if like.options & (16 if column.generated else 8) else None,
                generated=column.generated if like.options & 16 else "",
                identity=column.identity_kind if like.options & 32 else "",
            )
            table.columns[column.name] = Column(table, fact, self.replay.where.path)
            table.columns[column.name].comment = column.comment if like.options & 1 else ""
            table.columns[column.name].serial = column.serial and bool(like.options & 8)
            table.columns[column.name].sequence = column.sequence if like.options & 8 else None
        for constraint in (*source.constraints, *_checks_above(source)):
            keys = constraint.kind in INDEXED
            if like.options & 64 if keys else like.options & 4 and constraint.kind == "check":
                # A check keeps its name, an index gets one of its own.
                copied = constraint.fact._replace(
                    at=like.at, name="" if keys else constraint.name, using_index=""
                )
                self.add_constraint(table, copied._replace(columns=constraint.columns))
        if like.options & 64:
            for index in source.indexes:
                self.copy_index(table, index, like.at)

    def copy_index(self, table: Table, index: Index, at: int) -> None:
        """An index of another table, made again for this one under a name of PostgreSQL's choice."""
        copy = Index(
            table,
            index.fact._replace(name="", at=at, schema=table.schema),
            self.replay.where.path,
            self.replay.span(),
        )
        copy.columns, copy.include = index.columns, index.include
        base, number = copy.name, 0
        while self.names.relation_taken(table.schema, copy.name):
            number += 1
            copy.name = f"{base}{number}"
        self.catalog.relations[table.schema, copy.name] = copy
        table.indexes.append(copy)

    def _query_columns(self, table: Table) -> None:
        queries = self.replay.where.statement.queries
        shape = Shapes(self.catalog).query(queries[0], {}) if queries else None
        shapes = Shapes(self.catalog)
        types = OutputTypes(self.catalog, shapes).query(queries[0], {}, ()) if shape is not None else {}
        names = table.fact.column_names
        if shape is None and not names:
            table.unknown_columns = True
            return
        for place, name in enumerate((*names, *(shape or ())[len(names) :])):
            known = types.get(shape[place]) if shape is not None and place < len(shape) else None
            written = known._replace(at=-1) if known is not None else _UNKNOWN_TYPE
            fact = f.ColumnFact(name, written, False, None, "", "", False, "", table.fact.at)
            table.columns[name] = Column(table, fact, self.replay.where.path)

    def add_constraint(self, table: Table, fact: f.ConstraintFact) -> Constraint:
        """Add a constraint to a table, checking its columns."""
        constraint = Constraint(table, fact, self.replay.where.path)
        if fact.kind == "check" and fact.expression is not None and not fact.expression.columns:
            constraint.columns = ()  # it names no column, and so goes with none
        constraint.name = constraint_name(
            table.name, fact, lambda name: self._name_taken(table.schema, name, fact.kind)
        )
        same = [known for known in table.constraints if known.name == fact.name and known.table is table]
        if fact.name and same:
            if self.replay.lenient:
                return same[0]  # what may or may not run is there for the case that it is missing
            self.replay.conflict("duplicate-object", fact.name, "constraint", Span(fact.at, -1))
        if fact.using_index:
            index = self.catalog.relation(table.schema, fact.using_index)
            if isinstance(index, Index):
                constraint.columns = index.columns
                constraint.name = fact.name or index.name
                if index in table.indexes:
                    table.indexes.remove(index)
                self.catalog.relations.pop((index.schema, index.name), None)
                index.constraint = constraint
        if fact.kind == "primary key":
            if table.primary_key is not None and table.primary_key.table is table:
                self.replay.conflict(
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
        self.names.note(constraint)
        return constraint

    def _name_taken(self, schema: str, name: str, kind: str) -> bool:
        if self.names.constraint_taken(schema, name):
            return True
        return kind in INDEXED and self.names.relation_taken(schema, name)

    def _check_columns(self, table: Table, names: tuple[str, ...], fact: f.ConstraintFact) -> None:
        if table.unknown_columns:
            return
        for name in names:
            if name and name not in table.columns and not (fact.kind == "check" and name == table.name):
                self.replay.conflict(
                    "missing-column", f"{table.identity}.{name}", fact.kind, Span(fact.at, -1)
                )

    def link_foreign_keys(self) -> None:
        """Point every foreign key at its table, now that all exist."""
        catalog = self.catalog
        for constraint in list(catalog.constraints):
            fact = constraint.fact
            if fact.kind != "foreign key":
                continue
            target = constraint.target or catalog.relation(
                fact.target_schema, fact.target, self.replay.references.path_at(constraint)
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

    def view(self, fact: f.CreateView) -> Entity | None:
        """CREATE VIEW and CREATE MATERIALIZED VIEW."""
        catalog = self.catalog
        if fact.persistence == "t":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        known = catalog.relations.get((schema, fact.name))
        view = View(schema, fact, self.replay.where.path, self.replay.where.statement)
        if isinstance(known, View) and fact.replace:
            if known.path != self.replay.where.path and not self.replay.history:
                self.replay.conflict("duplicate-object", view.identity, view.kind, first=known)
            self.replay.references.disown(known, redefine(known, view))
            note_star(catalog, known)
            return known
        if known is not None:
            self._relation_slot(schema, fact.name, quiet=fact.if_not_exists)
            return None
        catalog.relations[schema, fact.name] = view
        catalog.ever.add((schema, fact.name))
        catalog.temporary.discard(fact.name)
        note_star(catalog, view)
        return view

    def index(self, fact: f.CreateIndex) -> Entity | None:
        """CREATE INDEX."""
        catalog = self.catalog
        if not fact.table_schema and fact.table in catalog.temporary:
            return None
        relation = catalog.relation(fact.table_schema, fact.table)
        if relation is None:
            raise TargetMissing("relation", dotted(fact.table_schema, fact.table), fact.at)
        if not isinstance(relation, Table | View):
            return None
        index = Index(relation, fact, self.replay.where.path, self.replay.span())
        number = 0
        while not fact.name and self.names.relation_taken(index.schema, index.name):
            number += 1
            index.name = Index.chosen_name(relation.name, fact, number)
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
                    self.replay.conflict(
                        "missing-column", f"{relation.identity}.{name}", "index", first=relation
                    )
        catalog.relations[index.schema, index.name] = index
        relation.indexes.append(index)
        return relation

    def sequence(self, fact: f.CreateSequence) -> Entity | None:
        """CREATE SEQUENCE and ALTER SEQUENCE."""
        catalog = self.catalog
        if fact.alter:
            known = catalog.relation(fact.schema, fact.name)
            if known is None:
                raise TargetMissing("sequence", dotted(fact.schema, fact.name), fact.at)
            if isinstance(known, Sequence):
                self._own(known, fact.owned_by)
                return known
            return None
        if fact.schema == "pg_temp":
            catalog.temporary.add(fact.name)
            return None
        schema = catalog.creation_schema(fact.schema)
        if not self._relation_slot(schema, fact.name, quiet=fact.if_not_exists):
            return None
        sequence = Sequence(schema, fact, self.replay.where.path, self.replay.span())
        catalog.relations[schema, fact.name] = sequence
        catalog.ever.add((schema, fact.name))
        self._own(sequence, fact.owned_by)
        return sequence

    def column_sequence(self, table: Table, column: f.ColumnFact) -> None:
        """The sequence behind a serial or identity column."""
        number = 0
        name = object_name(table.name, column.name, "seq")
        while self.names.relation_taken(table.schema, name):
            number += 1
            name = object_name(table.name, column.name, f"seq{number}")
        fact = f.CreateSequence(table.schema, name, column.at, "", (), False)
        sequence = Sequence(table.schema, fact, self.replay.where.path, Span(column.at, -1))
        sequence.owner = table.owner
        owner = sequence.owned_by = table.columns[column.name]
        if column.serial:
            owner.sequence = sequence
        self.catalog.relations[table.schema, name] = sequence
        self.catalog.ever.add((table.schema, name))

    def _own(self, sequence: Sequence, owned_by: tuple[str, ...]) -> None:
        if owned_by == ("none",):
            sequence.owned_by = None
        elif len(owned_by) > 1:
            table = self.catalog.table(owned_by[-3] if len(owned_by) > 2 else "", owned_by[-2])
            if table is not None:
                sequence.owned_by = table.columns.get(owned_by[-1])


def distinct_keys(constraints: tuple[f.ConstraintFact, ...]) -> list[f.ConstraintFact]:
    """The constraints of one statement without keys that are there twice (transformIndexConstraints).

    The primary key stays, else the first; if it has no name it takes that of the other.
    """
    kept: list[f.ConstraintFact] = []
    places: dict[tuple[object, ...], int] = {}
    for fact in sorted(constraints, key=lambda c: c.kind != "primary key"):
        if fact.kind in ("primary key", "unique") and not fact.using_index:
            key = (
                fact.columns,
                fact.include,
                fact.deferrable,
                fact.initially_deferred,
                fact.nulls_not_distinct,
            )
            place = places.setdefault(key, len(kept))
            if place < len(kept) and fact.kind == "unique":
                if not kept[place].name:
                    kept[place] = kept[place]._replace(name=fact.name)
                continue
        kept.append(fact)
    return kept


def _checks_above(table: Table) -> list[Constraint]:
    """CHECK constraints that a table has from those it inherits from or is a partition of."""
    found: list[Constraint] = []
    above = [*table.parents, *([table.partition_of] if table.partition_of is not None else [])]
    for parent in above:
        found += (c for c in parent.constraints if c.kind == "check" and c not in found)
        above += (grand for grand in parent.parents if grand not in above)
        if parent.partition_of is not None and parent.partition_of not in above:
            above.append(parent.partition_of)
    return found


_UNKNOWN_TYPE = f.TypeName("", "", (), False, False, False, -1)
