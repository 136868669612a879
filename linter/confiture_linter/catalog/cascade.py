"""CASCADE: everything that cannot be without what is dropped, as pg_depend knows it.

Only asked where a statement says CASCADE, so it may look at everything: rounds over the catalog until a round finds
nothing more.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Cascade:
    """The closure of one DROP … CASCADE."""

    def __init__(self, replay: "Replay", dropped: Iterable[Any]) -> None:
        self.replay = replay
        self.catalog = replay.catalog
        self.gone: dict[int, Any] = {}
        """By identity: objects, columns, constraints, triggers, policies."""
        self.columns: set[tuple[int, str]] = set()
        """Columns that go, by the table that defines them: its partitions and children have copies."""
        self.names: set[str] = set()
        self.defaults: list[Column] = []
        """Columns that keep existing and lose their default."""
        self.attributes: list[tuple[Type, str]] = []
        self.rules: dict[tuple[int, str], Table | View] = {}
        """Relations that keep existing and lose a rule, by identity and name of the rule."""
        for entity in dropped:
            self._add(entity)

    def close(self) -> "Cascade":
        """Find all that goes with what is dropped."""
        size = -1
        while size != len(self.gone) + len(self.attributes) + len(self.rules):
            size = len(self.gone) + len(self.attributes) + len(self.rules)
            for relation in list(self.catalog.relations.values()):
                if isinstance(relation, Table):
                    self._table(relation)
                elif isinstance(relation, View):
                    self._parts(relation)
            self._functions()
            self._types()
            self._queries()
        return self

    def _add(self, entity: Any) -> None:
        if id(entity) in self.gone:
            return
        self.gone[id(entity)] = entity
        self.names.add(entity.name)
        if isinstance(entity, Table):
            for part in (*entity.constraints, *entity.indexes, *entity.partitions):
                self._add(part)
            for column in entity.columns.values():
                if column.table is entity:
                    self._owned(column)
        elif isinstance(entity, Column):
            self.names.add(entity.fact.name)
            self.columns.add((id(entity.table), entity.name))
            self._owned(entity)
        elif entity.kind == "schema":
            stores: Any = (self.catalog.relations, self.catalog.types)
            for store in stores:
                for inside in list(store.values()):
                    if inside.schema == entity.name:
                        self._add(inside)
            for group in list(self.catalog.functions.values()):
                for function in group:
                    if function.schema == entity.name:
                        self._add(function)

    def _owned(self, column: Column) -> None:
        for relation in self.catalog.relations.values():
            if isinstance(relation, Sequence) and relation.owned_by is column:
                self._add(relation)

    def _has(self, entity: Any) -> bool:
        if type(entity) is Column and (id(entity.table), entity.name) in self.columns:
            return True
        return id(entity) in self.gone

    # -- what is looked at -----------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if self._has(table):
            return
        if (table.partition_of is not None and self._has(table.partition_of)) or any(
            map(self._has, (*table.parents, *((table.of_type,) if table.of_type is not None else ())))
        ):
            self._add(table)
            return
        for column in table.columns.values():
            if column.table is table and not self._has(column):
                self._column(column)
        doomed = {name for name, column in table.columns.items() if self._has(column)}
        for constraint in table.constraints:
            if not self._has(constraint) and self._constraint(constraint, doomed):
                self._add(constraint)
        self._parts(table, doomed)

    def _column(self, column: Column) -> None:
        if self._typed(column.type):
            self._add(column)
        elif column.default is not None and self._expression(column.default, column.table):
            if column.generated:
                self._add(column)
            else:
                self.defaults.append(column)
        elif column.sequence is not None and self._has(column.sequence):
            self.defaults.append(column)

    def _constraint(self, constraint: Constraint, doomed: set[str]) -> bool:
        if doomed.intersection(constraint.columns):
            return True
        fact = constraint.fact
        if constraint.kind == "foreign key" and constraint.target is not None:
            target = constraint.target
            if self._has(target):
                return True
            wanted = set(fact.target_columns)
            for key in target.constraints:
                fits = set(key.columns) == wanted if wanted else key.kind == "primary key"
                if self._has(key) and key.kind in ("primary key", "unique") and fits:
                    return True
        return any(
            self._expression(expression, constraint.table)
            for expression in (fact.expression, fact.predicate)
            if expression is not None
        )

    def _parts(self, relation: Table | View, doomed: Iterable[str] = ()) -> None:
        if self._has(relation):
            return
        for index in relation.indexes:
            if not self._has(index) and any(_uses(index, name) for name in doomed):
                self._add(index)
        parts: list[Index | Policy | Trigger] = [*relation.indexes, *relation.policies, *relation.triggers]
        for part in parts:
            if self._has(part):
                continue
            called = part.function if isinstance(part, Trigger) else None
            if (called is not None and self._has(called)) or any(
                self._expression(expression, relation) for expression in _expressions(part)
            ):
                self._add(part)

    def _functions(self) -> None:
        for group in self.catalog.functions.values():
            for function in group:
                if self._has(function) or not isinstance(function, Function):
                    continue
                types = [argument.type for argument in function.fact.arguments]
                if function.fact.returns is not None:
                    types.append(function.fact.returns)
                if any(map(self._typed, types)):
                    self._add(function)

    def _types(self) -> None:
        for found in self.catalog.types.values():
            if self._has(found):
                continue
            if found.base is not None and self._typed(found.base):
                self._add(found)
            for name, attribute in found.attributes.items():
                if self._typed(attribute.type) and (found, name) not in self.attributes:
                    self.attributes.append((found, name))

    def _queries(self) -> None:
        """Views, and functions with a body of standard SQL."""
        for edge in self.catalog.edges:
            source: Any = edge.source
            if source is None or edge.late or self._has(source):
                continue
            if type(edge.where.statement.fact) is f.CreateOther and isinstance(source, Table | View):
                if self._has(edge.target) or (
                    isinstance(edge.target, Table)
                    and self._reads_gone_column(edge.target, edge.where.statement)
                ):
                    self._rule(source, edge.where.statement)
                continue
            if not self._lives(source) or source.statement is not edge.where.statement:
                continue
            if isinstance(source, Function) and not source.fact.atomic:
                continue
            if self._has(edge.target) or (
                isinstance(edge.target, Table) and self._reads_gone_column(edge.target, edge.where.statement)
            ):
                self._add(source)

    def _rule(self, relation: Table | View, statement: f.Statement) -> None:
        for name, rule in relation.rules.items():
            if rule.statement is statement:
                self.rules[id(relation), name] = relation

    def _lives(self, source: Any) -> bool:
        if isinstance(source, View):
            return self.catalog.relations.get((source.schema, source.name)) is source
        return isinstance(source, Function) and source in self.catalog.overloads(source.schema, source.name)

    def _reads_gone_column(self, table: Table, statement: f.Statement) -> bool:
        doomed = [column for column in table.columns.values() if self._has(column)]
        if not doomed:
            return False
        used = column_names(statement)
        return "*" in used or any(column.name in used or column.fact.name in used for column in doomed)

    # -- what a type or an expression needs ------------------------------------------------------------

    def _typed(self, written: f.TypeName) -> bool:
        if written.name not in self.names or written.percent_type:
            return False
        catalog = self.catalog
        found: Any = catalog.type(written.schema, written.name) or catalog.relation(
            written.schema, written.name
        )
        return found is not None and self._has(found)

    def _expression(self, expression: f.Expression, relation: Table | View) -> bool:
        for ref in expression.refs:
            if ref.kind == "function" and ref.name == "nextval":
                schema, _, name = ref.text.replace('"', "").rpartition(".")
                if name in self.names and self._has(self.catalog.relation(schema, name)):
                    return True
            if ref.name in self.names:
                target, _ = self.replay.references.find(ref, self.catalog.search_path)
                if target is not None and self._has(target):
                    return True
        if not isinstance(relation, Table):
            return False
        return any(
            use.name in self.names
            and use.qualifier in ("", relation.name)
            and (column := relation.columns.get(use.name)) is not None
            and self._has(column)
            for use in expression.columns
        )


def column_names(statement: f.Statement) -> set[str]:
    """Every column that the queries of a statement, and of the body in it, name."""
    names: set[str] = set()
    body = getattr(statement.fact, "body", None)
    queue = [*statement.queries, *(body.queries if body is not None else ())]
    while queue:
        query = queue.pop()
        names.update(use.name for use in query.columns)
        names.update(query.using)
        queue += query.children
    return names


def _expressions(part: Index | Policy | Trigger) -> Iterator[f.Expression]:
    found: list[f.Expression | None] = []
    if isinstance(part, Index):
        found = [*(column.expression for column in part.fact.columns), part.predicate]
    elif isinstance(part, Policy):
        found = [part.using, part.check]
    else:
        found = [part.fact.when]
    return (expression for expression in found if expression is not None)


def _uses(index: Index, column: str) -> bool:
    if column in index.columns or column in index.include:
        return True
    return any(use.name == column for expression in _expressions(index) for use in expression.columns)


__all__ = ["Cascade", "column_names"]
