"""Dependencies between the objects of a catalog.

What a relation needs through its columns and its parts is read from what it is in the end, so that nothing
survives that a later ALTER took away; queries and function bodies are read from what they mention.
"""

from collections.abc import Iterator
from typing import Any

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Edge,
    Function,
    Index,
    Policy,
    Sequence,
    Shapes,
    Table,
    Trigger,
    View,
)
from confiture_linter.catalog.attachments import trigger_function
from confiture_linter.catalog.entities import Entity, Generic, Named, Type
from confiture_linter.catalog.inheritance import inherited_parts
from confiture_linter.graph.columns import ColumnUses, Used
from confiture_linter.graph.drafts import Draft
from confiture_linter.graph.mentions import Mentioned, Mentions, is_current, is_rule, living
from confiture_linter.graph.nodes import RuleEntry, node_id, objects, parts
from confiture_linter.graph.operator_classes import extensions_of
from confiture_linter.graph.order import extension_edges
from confiture_linter.graph.typed import TypeUses
from confiture_linter.graph.values import EdgeKind
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Expression, Ref, TypeName

_KINDS = {
    "read": EdgeKind.READS,
    **dict.fromkeys(("insert", "update", "delete", "merge", "truncate", "refresh"), EdgeKind.WRITES),
    "call": EdgeKind.CALLS,
    "type": EdgeKind.TYPE,
    "declare": EdgeKind.TYPE,
    "reference": EdgeKind.REFERENCES,
    "like": EdgeKind.COPIES,
}


def kind_of_use(ref: Ref) -> EdgeKind:
    """How a mention uses its target."""
    if ref.use == "define" and ref.kind == "function":
        return EdgeKind.CALLS
    return _KINDS.get(ref.use, EdgeKind.USES)


class EdgeReader:
    """Reads all edges of one catalog."""

    def __init__(self, catalog: Catalog, rules: list[RuleEntry]) -> None:
        self.catalog = catalog
        self.rules = rules
        self.mentions = Mentions(catalog)
        self.shapes = Shapes(catalog)
        self.uses = ColumnUses(catalog, self.shapes)
        self.type_uses = TypeUses(catalog, self.shapes)
        self._used: dict[int, dict[int, Used]] = {}

    def drafts(self) -> Iterator[Draft]:
        """Every dependency, several for one pair of objects where there are several mentions."""
        for entity in objects(self.catalog):
            if entity.schema in self.catalog.schemas:
                home = node_id(self.catalog.schemas[entity.schema])
                yield Draft(entity.id, home, EdgeKind.SCHEMA, entity.path, entity.span.start)
            if isinstance(entity, Table):
                yield from self._table(entity)
            if isinstance(entity, Table | View):
                for part in parts(entity, self.rules):
                    yield from self._part(entity, part)
            if isinstance(entity, Table) and (entity.parents or entity.partition_of):
                yield from self._inherited(entity)
            if isinstance(entity, Sequence):
                yield from self._sequence(entity)
            elif isinstance(entity, Generic):
                yield from self._aggregate_result(entity)
            elif isinstance(entity, Type) and entity.form == "composite":
                yield from self._attributes(entity)
            elif isinstance(entity, View | Function) or (
                isinstance(entity, Table) and entity.fact.from_query
            ):
                yield from self._implied_types(entity)
        for extension in self.catalog.extensions.values():
            for dependent in extension.dependents:
                if is_current(self.catalog, getattr(dependent, "table", dependent)):
                    place = dependent.path, dependent.span.start
                    yield Draft(node_id(dependent), extension.id, EdgeKind.USES, *place)
        for edge in (*self.catalog.edges, *extension_edges(self.catalog)):
            yield from self._mention(edge)

    # -- tables ------------------------------------------------------------------------------------

    def _table(self, table: Table) -> Iterator[Draft]:
        for column in table.columns.values():
            yield from self._column(table, column)
        place = table.path, table.span.start
        if table.of_type is not None:
            at = table.fact.of_type.at if table.fact.of_type is not None else table.span.start
            yield Draft(table.id, table.of_type.id, EdgeKind.TYPE, table.path, at)
        shape = self.shapes.relation(table) or ()
        if table.partition_of is not None:
            yield Draft(table.id, table.partition_of.id, EdgeKind.PARTITION, *place, shape)
        for parent in table.parents:
            columns = tuple(name for name in parent.columns if name in table.columns)
            yield Draft(table.id, parent.id, EdgeKind.INHERITS, *place, columns)

    def _column(self, table: Table, column: Column) -> Iterator[Draft]:
        through = f"column:{table.identity}.{column.name}"
        found = self.mentions.of_type(column.type, column.type_path)
        if found is not None:
            at = column.type.at if column.table is table else table.span.start
            path = found.path if column.table is table else table.path
            yield Draft(table.id, node_id(found.target), EdgeKind.TYPE, path, at, through=through)
        yield from self._expression(table, column.default, column.path, through)
        if column.sequence is not None and is_current(self.catalog, column.sequence):
            path, at = (
                (column.path, column.span.start) if column.table is table else (table.path, table.span.start)
            )
            yield Draft(table.id, column.sequence.id, EdgeKind.USES, path, at, through=through)
        if column.collation not in _COLLATIONS:
            for other in self.catalog.others:
                if other.what == "collation" and other.name == column.collation:
                    yield Draft(
                        table.id, other.id, EdgeKind.USES, column.path, column.span.start, through=through
                    )

    def _sequence(self, sequence: Sequence) -> Iterator[Draft]:
        column = sequence.owned_by
        if column is not None and is_current(self.catalog, column.table):
            owner = column.table
            yield Draft(
                sequence.id, owner.id, EdgeKind.OWNED_BY, sequence.path, sequence.span.start, (column.name,)
            )

    def _attributes(self, composite: Type) -> Iterator[Draft]:
        """The types that the attributes of a composite have in the end."""
        for attribute in composite.attributes.values():
            found = self.mentions.of_type(attribute.type, composite.path)
            if found is not None and found.target is not composite:
                at = attribute.type.at
                yield Draft(composite.id, node_id(found.target), EdgeKind.TYPE, found.path, at)

    def _aggregate_result(self, aggregate: Generic) -> Iterator[Draft]:
        """The type that an aggregate returns is that of its final function."""
        final = aggregate.function
        for function in self.catalog.overloads(*final, self.catalog.default_path) if final[1] else ():
            if isinstance(function, Function) and function.fact.returns is not None:
                for target in self.type_uses.known([function.fact.returns]):
                    yield Draft(
                        aggregate.id, node_id(target), EdgeKind.TYPE, aggregate.path, aggregate.span.start
                    )
                return

    def _implied_types(self, entity: Table | View | Function) -> Iterator[Draft]:
        """Types that a definition needs without naming them."""
        queries = entity.statement.queries
        found: list[Entity] = []
        if isinstance(entity, Table):
            found += self.type_uses.known(column.type for column in entity.columns.values())
        elif isinstance(entity, View):
            read = {ref.name for ref in entity.statement.refs if ref.kind == "relation"}
            types = self.type_uses.known(self.type_uses.types.relation(entity).values())
            found += (
                each for each in types if isinstance(each, Type) or getattr(each, "name", "") not in read
            )
        else:
            body = entity.fact.body
            queries = body.queries if body is not None and entity.fact.atomic else ()
            found += self.type_uses.known(_settled(entity))
        if not isinstance(entity, Table):
            found += self.type_uses.of_literals(queries)
            found += self.type_uses.of_rows(queries)
        for target in found:
            yield Draft(entity.id, node_id(target), EdgeKind.TYPE, entity.path, entity.span.start)

    # -- parts -------------------------------------------------------------------------------------

    def _part(self, relation: Table | View, part: Any) -> Iterator[Draft]:
        through = node_id(part)
        columns: list[str] = []
        exact = True
        for expression in _expressions(part):
            yield from self._expression(relation, expression, part.path, through)
            columns += [use.name for use in expression.columns if use.qualifier in ("", relation.name)]
        if isinstance(part, Constraint):
            columns += part.columns
            yield from self._foreign_key(relation, part)
        elif isinstance(part, Index):
            columns += [*part.columns, *part.include]
        elif isinstance(part, Trigger):
            yield from self._trigger(relation, part)
            used = _row_columns(part.function)
            columns += [*part.fact.columns, *used.columns]
            exact = used.exact
        if isinstance(part, Index | Constraint):
            for extension in extensions_of(self.catalog, part):
                yield Draft(
                    relation.id, extension.id, EdgeKind.USES, part.path, part.span.start, through=through
                )
        shape = self.shapes.relation(relation)
        known = [name for name in columns if name and (shape is None or name in shape)]
        own = tuple(dict.fromkeys(known))
        place = part.path, part.span.start
        yield Draft(through, relation.id, EdgeKind.PART_OF, *place, own, exact)

    def _inherited(self, table: Table) -> Iterator[Draft]:
        """What a table needs through constraints, indexes and triggers of its ancestors."""
        for inherited in inherited_parts(table):
            part = inherited.part
            for draft in self._part(part.table, part):
                if draft.source == part.table.id:
                    yield draft._replace(source=table.id, through="")

    def _foreign_key(self, relation: Table | View, part: Constraint) -> Iterator[Draft]:
        fact = part.fact
        mention = self.mentions.of(
            Ref("relation", fact.target_schema, fact.target, fact.target_at, "reference"), part.path
        )
        # The mention first: it knows a table that was renamed since.
        target = mention.target if mention else part.target and living(self.catalog, part.target)
        if target is not None:
            at = part.fact.target_at if part.fact.target_at >= 0 else part.span.start
            columns = tuple(part.target_columns)
            yield Draft(
                relation.id,
                target.id,
                EdgeKind.REFERENCES,
                part.path,
                at,
                columns,
                bool(columns),
                node_id(part),
            )

    def _trigger(self, relation: Table | View, trigger: Trigger) -> Iterator[Draft]:
        fact = trigger.fact
        path = self.catalog.default_path
        found: Any = trigger.function and living(self.catalog, trigger.function)
        if found is None:
            group = self.catalog.overloads(fact.function_schema, fact.function, path)
            found = trigger_function(group)
        if found is not None:
            yield Draft(
                relation.id,
                found.id,
                EdgeKind.TRIGGER,
                trigger.path,
                trigger.span.start,
                through=node_id(trigger),
            )

    def _expression(
        self, relation: Table | View, expression: Expression | None, path: str, through: str
    ) -> Iterator[Draft]:
        if expression is None:
            return
        used = self.uses.of(expression.queries)
        for target in (
            *self.type_uses.of_literals(expression.queries),
            *self.type_uses.of_rows(expression.queries),
        ):
            yield Draft(relation.id, node_id(target), EdgeKind.TYPE, path, expression.at, through=through)
        for ref in expression.refs:
            found = self.mentions.of(ref, path)
            if found is not None and found.target is not relation:
                yield self._draft(relation.id, found, used.get(ref.at), through)

    def _draft(self, source: str, found: Mentioned, used: Used | None, through: str = "") -> Draft:
        ref = found.ref
        columns: tuple[str, ...] = ()
        exact = used is not None or found.target.kind not in ("table", "view", "materialized_view")
        if used is not None:
            shape = self.shapes.relation(found.target) if isinstance(found.target, Table | View) else None
            columns = tuple(name for name in used.columns if shape is None or name in shape)
            exact = used.exact
        elif ref.use in ("type", "declare") and ref.kind == "relation" and ref.text:
            columns, exact = (ref.text,), True
        return Draft(
            source, node_id(found.target), kind_of_use(ref), found.path, ref.at, columns, exact, through
        )

    # -- queries, bodies, everything else ----------------------------------------------------------

    def _mention(self, edge: Edge) -> Iterator[Draft]:
        source: Any = edge.source
        target = living(self.catalog, edge.target)
        if target is None or target is source or not is_current(self.catalog, source):
            return
        fact = edge.where.statement.fact
        through, tracked = "", True
        if isinstance(source, Table | View) and is_rule(edge):
            through = self._rule(source, edge)
            if not through:
                return
        elif (
            type(fact) is f.CreateIndex and edge.ref.kind == "collation" and isinstance(source, Table | View)
        ):
            if not any(index.fact is fact for index in source.indexes):
                return
        elif isinstance(source, Type) and source.form == "composite" and edge.ref.kind == "type":
            return
        elif isinstance(source, Table):
            of_server = edge.ref.kind == "foreign server"
            if type(fact) is not f.CreateTable or not (of_server or _of_the_whole(edge, fact)):
                return
            tracked = edge.ref.use == "type" or of_server
        elif isinstance(source, Sequence | Index) or (
            isinstance(source, View) and type(fact) is not f.CreateView
        ):
            return
        elif isinstance(source, Function) and type(fact) is f.CreateFunction:
            # What table.column%TYPE means is settled when the function is made.
            tracked = (fact.atomic or not _in_body(fact, edge.ref)) and not _percent_type(edge.ref)
        elif type(fact) is f.CreateOther and fact.kind == "aggregate" and edge.ref.use == "type":
            tracked = _of_signature(fact, edge.ref)
        found = Mentioned(target, edge.ref, edge.where.path, edge.late)
        draft = self._draft(node_id(source), found, self.used(edge.where.statement).get(edge.ref.at), through)
        yield draft._replace(tracked=tracked, late=edge.late)

    def _rule(self, source: Table | View, edge: Edge) -> str:
        for rule in self.rules:
            if rule.table is source and rule.statement is edge.where.statement:
                return node_id(rule)
        return ""

    def used(self, statement: f.Statement) -> dict[int, Used]:
        """Columns used by the queries of a statement and of the body in it, by place of the relation."""
        known = self._used.get(id(statement))
        if known is None:
            body = getattr(statement.fact, "body", None)
            known = self.uses.of(statement.queries)
            if body is not None:
                known = {**known, **self.uses.of(body.queries, body.variables)}
            self._used[id(statement)] = known
        return known


def _expressions(part: Any) -> list[Expression]:
    found: list[Expression | None] = []
    if isinstance(part, Constraint):
        found = [part.fact.expression, part.fact.predicate]
    elif isinstance(part, Index):
        found = [*(column.expression for column in part.fact.columns), part.predicate]
    elif isinstance(part, Policy):
        found = [part.using, part.check]
    elif isinstance(part, Trigger):
        found = [part.fact.when]
    return [expression for expression in found if expression is not None]


def _settled(function: Function) -> Iterator[TypeName]:
    """What `table.column%TYPE` meant when the function was made."""
    written = function.statement.fact
    if type(written) is f.CreateFunction:
        pairs = zip(written.arguments, function.fact.arguments, strict=False)
        yield from (known.type for argument, known in pairs if argument.type.percent_type)
        if written.returns is not None and written.returns.percent_type and function.fact.returns is not None:
            yield function.fact.returns


def _percent_type(ref: Ref) -> bool:
    return ref.kind == "relation" and ref.use == "type" and bool(ref.text)


def _of_signature(fact: f.CreateOther, ref: Ref) -> bool:
    """Whether an aggregate takes or returns a type; that of its state it needs through its functions only."""
    if any(argument.name == ref.name for argument in fact.arguments):
        return True
    given = dict(fact.options)
    return "finalfunc" not in given and given.get("stype", "").rpartition(".")[2] == ref.name


_COLLATIONS = frozenset({"", "C", "POSIX", "default"})


def _of_the_whole(edge: Edge, fact: f.CreateTable) -> bool:
    """Whether a CREATE TABLE mentions it for the table itself, not for a column or a constraint."""
    if edge.ref.use == "like":
        return True
    return fact.from_query and edge.ref.use != "inherit"


def _in_body(fact: f.CreateFunction, ref: Ref) -> bool:
    return fact.body is not None and fact.body.start <= ref.at < fact.body.end


def _row_columns(function: Named | None) -> Used:
    """Columns of the row that a trigger function reads or sets."""
    used = Used()
    body = function.fact.body if isinstance(function, Function) else None
    if body is None or body.problem:
        used.exact = False
        return used
    from confiture_linter.statements.summarise import nested_queries

    for query in (inner for top in body.queries for inner in nested_queries(top)):
        for use in query.columns:
            if use.qualifier in ("new", "old"):
                used.columns[use.name] = None
            elif not use.qualifier and use.name in ("new", "old"):
                used.exact = False
    for name in body.assigns:
        head, _, tail = name.partition(".")
        if head in ("new", "old") and tail:
            used.columns[tail] = None
    used.exact = used.exact and "*" not in used.columns and not body.dynamic
    used.columns.pop("*", None)
    return used
