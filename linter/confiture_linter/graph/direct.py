"""What depends directly on an object or a column of a catalog at any moment: one pass over edges and parts."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from confiture_linter.catalog import (
    Catalog,
    Constraint,
    Function,
    Index,
    Policy,
    Table,
    Trigger,
    View,
)
from confiture_linter.catalog.entities import Entity, Generic, Sequence, Type
from confiture_linter.graph.column_history import History
from confiture_linter.graph.describe import described
from confiture_linter.graph.nodes import RuleEntry, rules_of
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Expression, Ref
from confiture_linter.statements.summarise import nested_queries

_SEQUENCE_CALLS = frozenset({"nextval", "currval", "setval"})
"""Their constant argument is a `regclass`, which PostgreSQL records."""


class Found(NamedTuple):
    """One direct dependent."""

    entity: Entity
    on: str
    certain: bool = True
    tracked: bool = True
    owned: bool = False
    """Whether it is a part that goes with what it depends on (pg_depend's `a`)."""
    never: str = ""
    """Why the action is refused whatever else is dropped: `partition key`, `inherited column`."""
    path: str = ""
    at: int = -1


class Direct:
    """One catalog at one moment; make it, ask it, and let it go before the replay moves on."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.history = History(catalog)
        self._bodies_by_name: dict[str, list[tuple[Function, Ref]]] | None = None
        self._incoming: dict[int, list[int]] = {}
        for number, edge in enumerate(catalog.edges):
            self._incoming.setdefault(id(edge.target), []).append(number)

    @cached_property
    def rules(self) -> list[RuleEntry]:
        """The rewrite rules there are now."""
        return rules_of(self.catalog)

    def direct(self, entity: Entity, column: str | None) -> Iterator[Found]:
        """What depends on an object, or on one column of it."""
        on = described(entity, self.catalog.default_path)
        if column is not None and isinstance(entity, Table | View):
            on = f"column {column} of {on}"
        yield from self._mentions(entity, column, on)
        if isinstance(entity, Table | View):
            yield from self._parts(entity, column, on)
        if isinstance(entity, Table):
            yield from self._referencing(entity, column, on)
        if isinstance(entity, Constraint | Index):
            yield from self._of_key(entity, on)
        if column is None:
            yield from self._expressions(entity, on)
            yield from self.typed(entity, on)
        if isinstance(entity, Table) and column is None:
            yield from (
                Found(child, on, owned=child.partition_of is entity) for child in self._children(entity)
            )
        if column is not None and isinstance(entity, Table | View):
            yield from self._policies(entity, column, on)
        for item in self._bodies(entity, column):
            yield Found(item[0], on, item[1], tracked=False)

    def _mentions(self, entity: Entity, column: str | None, on: str) -> Iterator[Found]:
        """Queries that were parsed when their object was made: views, rules, standard bodies; column types."""
        seen: set[int] = set()
        for number in self._incoming.get(id(entity), ()):
            edge = self.catalog.edges[number]
            source: Any = edge.source
            fact = edge.where.statement.fact
            if isinstance(source, View) and type(fact) is f.CreateView:
                holder: Any = (
                    source if self._lives(source) and source.statement is edge.where.statement else None
                )
            elif type(fact) is f.CreateOther and fact.kind == "rule":
                holder = next((r for r in self.rules if r.statement is edge.where.statement), None)
            elif isinstance(source, Function) and type(fact) is f.CreateFunction:
                parsed = fact.atomic or not _in_body(fact, edge.ref)
                current = self._lives(source) and source.statement is edge.where.statement
                holder = source if parsed and current else None
            elif isinstance(source, Generic):
                holder = source if source in self.catalog.others else None
            else:
                holder = None
            if holder is None or holder is entity or id(holder) in seen:
                continue
            used = self._used(edge.where.statement, edge.ref, entity, column, edge.where.path)
            if used is not None:
                seen.add(id(holder))
                kept = isinstance(holder, Generic) and (
                    holder.what == "statistics" or (holder.what == "publication" and column is None)
                )
                owned = kept or (isinstance(holder, RuleEntry) and holder.table is entity and column is None)
                through_type = isinstance(holder, Function) and not fact.atomic  # type: ignore[union-attr]
                yield Found(holder, f"type {_last(on)}" if through_type else on, used, owned=owned)

    def _used(
        self, statement: f.Statement, ref: Ref, entity: Entity, column: str | None, path: str
    ) -> bool | None:
        """Whether a mention needs the column: True, False for "cannot be told", None for no."""
        if column is None or not isinstance(entity, Table | View):
            return True
        if type(statement.fact) is f.CreateFunction and not statement.fact.atomic:
            return None  # a parameter type needs the row type alone
        fact = statement.fact
        if type(fact) is f.CreateOther and fact.kind in ("statistics", "publication"):
            return self._listed(fact, entity, column, path, statement.start)
        return self.history.uses(statement, ref, entity, column, path)

    def _listed(
        self, fact: f.CreateOther, entity: Table | View, column: str, path: str, at: int
    ) -> bool | None:
        """Whether statistics or a publication name a column; what they compute is not looked into."""
        key = "column" if fact.kind == "statistics" else f"column of {entity.name}"
        names = {value for option, value in fact.options if option == key}
        if column in self.history.now(entity, names - {""}, path, at):
            return True
        return False if "" in names else None

    def _parts(self, relation: Table | View, column: str | None, on: str) -> Iterator[Found]:
        """Constraints, indexes, triggers, policies, rules, defaults and generated columns of its own."""
        constraints = relation.constraints if isinstance(relation, Table) else []
        for part in (*constraints, *relation.indexes, *relation.triggers, *relation.policies):
            if isinstance(part, Index) and part.constraint is not None:
                continue
            if column is None:
                if not isinstance(part, Constraint) or part.table is relation:
                    yield Found(part, on, owned=True)
                continue
            names = self._columns(relation, part)
            if column in names:
                yield Found(part, on, owned=isinstance(part, Constraint | Index))
        if isinstance(relation, Table):
            for other in relation.columns.values():
                expression = other.default if other.generated and other.name != column else None
                if expression is not None and column in self._named(relation, expression, other.path):
                    yield Found(other, on)
            if column is not None and column in relation.fact.partition_key:
                yield Found(relation, on, never="partition key")
        for rule in self.rules:
            if rule.table is relation and (column is None or column in self._row(rule)):
                yield Found(rule, on, owned=column is None)
        for sequence in self.catalog.relations.values() if isinstance(relation, Table) else ():
            owner = sequence.owned_by if isinstance(sequence, Sequence) else None
            if owner is not None and owner.table is relation and column in (None, owner.name):
                yield Found(sequence, on, owned=True)

    def _row(self, rule: RuleEntry) -> set[str]:
        """Columns of OLD and NEW in a rule."""
        names = {
            use.name
            for top in rule.statement.queries
            for query in nested_queries(top)
            for use in query.columns
            if use.qualifier in ("old", "new")
        }
        return self.history.now(rule.table, names, rule.path, rule.span.start)

    def _columns(self, relation: Table | View, part: Any) -> set[str]:
        """Columns of its relation that a part names outside sub-queries, as they are called now."""
        names: set[str] = set()
        expressions: list[Expression | None] = []
        if isinstance(part, Constraint):
            names |= set(part.columns)
            expressions = [part.fact.expression, part.fact.predicate]
        elif isinstance(part, Index):
            names |= {*part.columns, *part.include}
            expressions = [*(c.expression for c in part.fact.columns), part.predicate]
        elif isinstance(part, Trigger):
            names |= self.history.now(relation, set(part.fact.columns), part.path, part.span.start)
            expressions = [part.fact.when]
        elif isinstance(part, Policy):
            expressions = [part.using, part.check]
        for expression in expressions:
            if expression is not None:
                names |= self._named(relation, expression, part.path)
        return names - {""}

    def _named(self, relation: Table | View, expression: Expression, path: str) -> set[str]:
        used = {use.name for use in expression.columns if use.qualifier in ("", relation.name, "new", "old")}
        for query in expression.queries:
            used |= self.history.outer_names(query, relation)
        if "*" in used:
            used |= set(relation.columns) if isinstance(relation, Table) else set()
        return self.history.now(relation, used, path, expression.at)

    def _referencing(self, table: Table, column: str | None, on: str) -> Iterator[Found]:
        """Foreign keys of other tables."""
        for other in self.catalog.tables:
            for part in other.constraints:
                if part.kind != "foreign key" or part.table is not other or not self._targets(part, table):
                    continue
                if other is table and (column is None or column in part.columns):
                    continue  # a part of its own
                key = table.primary_key
                columns = part.target_columns or (key.columns if key is not None else ())
                if column is None or column in columns:
                    yield Found(part, on)

    def _of_key(self, key: Constraint | Index, on: str) -> Iterator[Found]:
        """Foreign keys that reference the columns of a key; of two such keys they need the primary one."""
        table = key.table
        if not isinstance(table, Table):
            return
        if isinstance(key, Constraint) and key.kind not in ("primary key", "unique"):
            return
        if isinstance(key, Index) and (
            not key.unique or key.predicate is not None or set(key.columns) in _keys(table)
        ):
            return
        primary = table.primary_key
        for other in self.catalog.tables:
            for part in other.constraints:
                if part.kind == "foreign key" and part.table is other and self._targets(part, table):
                    columns = part.target_columns or (primary.columns if primary is not None else ())
                    rival = (
                        primary is not None and primary is not key and set(primary.columns) == set(columns)
                    )
                    if set(columns) == set(key.columns) and not rival:
                        yield Found(part, _key_name(key, on))

    def _targets(self, part: Constraint, table: Table) -> bool:
        if part.target is not None:
            return part.target is table
        fact = part.fact
        return self.catalog.relation(fact.target_schema, fact.target, self.catalog.default_path) is table

    def _expressions(self, entity: Entity, on: str) -> Iterator[Found]:
        """Defaults, checks, index expressions, policies and triggers of any relation that name an object."""
        if isinstance(entity, Table | View):  # only a sub-query names one, and only policies have sub-queries
            for policy in self.catalog.policies:
                if policy.table is not entity and any(
                    self._mentioned(expression, entity) for expression in (policy.using, policy.check)
                ):
                    yield Found(policy, on)
            return
        for relation in list(self.catalog.relations.values()):
            if isinstance(relation, Table):
                for column in relation.columns.values():
                    if column.table is relation and self._mentioned(column.default, entity):
                        yield Found(column, on)
            if isinstance(relation, Table | View):
                for part in _parts(relation):
                    runs = isinstance(part, Trigger) and part.function is entity
                    if runs or any(self._mentioned(e, entity) for e in _expressions_of(part)):
                        yield Found(part, on)

    def _policies(self, entity: Table | View, column: str, on: str) -> Iterator[Found]:
        """Policies whose sub-queries read the column."""
        for policy in self.catalog.policies:
            uses = [
                self.history.expression_uses(expression, ref, entity, column, policy.path)
                for expression in (policy.using, policy.check)
                if expression is not None and expression.queries
                for ref in expression.refs
                if ref.kind == "relation" and self._means(ref) is entity
            ]
            known = [use for use in uses if use is not None]
            if known:
                yield Found(policy, on, any(known))

    def _mentioned(self, expression: Expression | None, entity: Entity) -> bool:
        name = getattr(entity, "name", "")
        return expression is not None and any(
            self._means(ref) is entity
            for ref in expression.refs
            if ref.name == name or (ref.name in _SEQUENCE_CALLS and name in ref.text)
        )

    def _means(self, ref: Ref) -> Entity | None:
        path = self.catalog.default_path
        if ref.kind == "function" and ref.name in _SEQUENCE_CALLS and ref.text:
            schema, _, name = ref.text.replace('"', "").rpartition(".")
            return self.catalog.relation(schema, name, path)
        if ref.kind in ("relation", "sequence"):
            return self.catalog.relation(ref.schema, ref.name, path)
        if ref.kind == "type":
            return self.catalog.type(ref.schema, ref.name, path) or self.catalog.relation(
                ref.schema, ref.name, path
            )
        if ref.kind == "function":
            group = self.catalog.overloads(ref.schema, ref.name, path)
            return next(
                (item for item in group if not isinstance(item, Function) or item.accepts(ref.arguments)),
                None,
            )
        return None

    def typed(self, entity: Entity, on: str) -> Iterator[Found]:
        """Columns of a type, or of the row type of a relation."""
        if not isinstance(entity, Type | Table | View):
            return
        mentions = (self.catalog.edges[number] for number in self._incoming.get(id(entity), ()))
        if not any(edge.ref.kind == "type" or edge.ref.use == "type" for edge in mentions):
            return
        path = self.catalog.default_path
        for column in self.catalog.columns:
            written = column.type
            if written.percent_type or written.name.removeprefix("_") != entity.name:
                continue
            name = written.name.removeprefix("_")
            means: Entity | None = self.catalog.type(written.schema, name, path)
            if means is None:
                means = self.catalog.relation(written.schema, name, path)
            if means is entity and column.table is not entity:
                yield Found(column, on if isinstance(entity, Type) else f"type {entity.name}")

    def _children(self, table: Table) -> list[Table]:
        return [
            t
            for t in self.catalog.relations.values()
            if isinstance(t, Table) and (t.partition_of is table or table in t.parents)
        ]

    def _bodies(self, entity: Entity, column: str | None) -> Iterator[tuple[Function, bool]]:
        """Functions whose string body names it: by name, since it is looked up when they run."""
        found: dict[int, tuple[Function, list[bool | None]]] = {}
        for function, ref in self._named_in_bodies(getattr(entity, "name", "")):
            if function is not entity and self._means(ref) is entity:
                uses = found.setdefault(id(function), (function, []))[1]
                uses.append(self._body_uses(function, ref, entity, column))
        if isinstance(entity, Table) and column is not None:
            for trigger in entity.triggers:
                runs = self._as_it_is(trigger.function)
                if runs is not None and id(runs) not in found:
                    found[id(runs)] = runs, [self._row_use(runs, column)]
        for function, uses in found.values():
            known = [use for use in uses if use is not None]
            if known:
                yield function, any(known)

    def _as_it_is(self, function: Function | None) -> Function | None:
        """A trigger function as the last OR REPLACE has left it."""
        if function is None or self._lives(function):
            return function
        group = self.catalog.functions.get((function.schema, function.name), ())
        return next(
            (item for item in group if isinstance(item, Function) and item.signature == function.signature),
            None,
        )

    def _named_in_bodies(self, name: str) -> list[tuple[Function, Ref]]:
        """What string bodies mention under a name."""
        if self._bodies_by_name is None:
            self._bodies_by_name = {}
            for function in self.catalog.routines:
                body = function.fact.body
                for ref in body.refs if body is not None and not function.fact.atomic else ():
                    self._bodies_by_name.setdefault(ref.name, []).append((function, ref))
        return self._bodies_by_name.get(name, [])

    def _body_uses(self, function: Function, ref: Ref, entity: Entity, column: str | None) -> bool | None:
        if column is None or not isinstance(entity, Table | View):
            return True
        if ref.kind != "relation" or ref.use in ("type", "declare"):
            return True if ref.text == column else None
        return self.history.body_uses(function, ref, entity, column)

    def _row_use(self, function: Function, column: str) -> bool | None:
        """Whether a trigger function names NEW.column or OLD.column."""
        return True if column in self.history.row_columns(function) else None

    def _lives(self, entity: Any) -> bool:
        if isinstance(entity, Function):
            return entity in self.catalog.functions.get((entity.schema, entity.name), ())
        return self.catalog.relations.get((entity.schema, entity.name)) is entity


def _last(described_name: str) -> str:
    return described_name.rpartition(" ")[2]


def _in_body(fact: f.CreateFunction, ref: Ref) -> bool:
    return fact.body is not None and fact.body.start <= ref.at < fact.body.end


def _keys(table: Table) -> list[set[str]]:
    return [set(c.columns) for c in table.constraints if c.kind in ("primary key", "unique")]


def _key_name(key: Constraint | Index, on: str) -> str:
    """A foreign key depends on the index of a key, which has the key's name."""
    return f"index {key.name}" if isinstance(key, Constraint) else on


def _parts(relation: Table | View) -> Iterator[Constraint | Index | Trigger | Policy]:
    if isinstance(relation, Table):
        yield from (part for part in relation.constraints if part.table is relation)
    yield from (part for part in relation.indexes if part.constraint is None)
    yield from relation.triggers
    yield from relation.policies


def _expressions_of(part: Any) -> list[Expression]:
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
