"""What depends on a table or on one of its columns, as pg_depend would list it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Function, Shapes, Table, Type, View
from confiture_linter.effects.objects import descendants
from confiture_linter.statements.facts import CreateOther, Expression, Query, Source, Statement


class Dependent(NamedTuple):
    """An object that keeps another from being dropped or retyped."""

    kind: str
    """`view`, `rule`, `policy`, `trigger`, `function` or `generated column`."""
    name: str
    relation: Table | View | None
    """The relation it is, or stands on."""


def views_on(catalog: Catalog, relation: Table | View) -> list[View]:
    """Views and materialized views that read a relation directly."""
    found: list[View] = []
    for edge in catalog.edges:
        source = edge.source
        if (
            edge.target is relation
            and isinstance(source, View)
            and source not in found
            and _alive(catalog, source)
        ):
            found.append(source)
    return found


def all_views_on(catalog: Catalog, relations: Iterable[Table | View]) -> list[View]:
    """Views on some relations, and the views on those."""
    found: list[View] = []
    queue: list[Table | View] = list(relations)
    for relation in queue:
        for view in views_on(catalog, relation):
            if view not in found:
                found.append(view)
                queue.append(view)
    return found


def _alive(catalog: Catalog, view: View) -> bool:
    return catalog.relations.get((view.schema, view.name)) is view


def functions_on(catalog: Catalog, relation: Table | View) -> list[Function]:
    """Functions whose SQL-standard body names a relation, or whose signature uses its row type."""
    found: list[Function] = []
    for edge in catalog.edges:
        source = edge.source
        if edge.target is not relation or not isinstance(source, Function) or source in found:
            continue
        if edge.late or not (source.fact.atomic or edge.ref.kind == "type"):
            continue
        if source in catalog.functions.get((source.schema, source.name), ()):
            found.append(source)
    return found


def calls(table: Table, function: str) -> bool:
    """Whether an expression that a table keeps calls a function; an index that was dropped keeps none."""
    return any(
        ref.kind == "function" and ref.name == function
        for expression in _kept(table)
        for ref in (expression.refs if expression is not None else ())
    )


def _kept(table: Table) -> Iterator[Expression | None]:
    for column in table.columns.values():
        yield column.default
    for constraint in table.constraints:
        yield constraint.fact.expression
        yield constraint.fact.predicate
    for index in table.indexes:
        yield index.predicate
        yield from (column.expression for column in index.fact.columns)
    for policy in table.policies:
        yield policy.using
        yield policy.check


def column_dependents(catalog: Catalog, table: Table, column: str) -> list[Dependent]:
    """What refuses to let a column change its type: views, rules, policies, triggers, functions."""
    found = [
        Dependent("view", view.name, view)
        for view in views_on(catalog, table)
        if uses_column(catalog, view.statement, table, column)
    ]
    found += [
        Dependent("rule", name, table)
        for name, rule in table.rules.items()
        if _rule_uses(rule.statement, table, column)
    ]
    found += [
        Dependent("policy", policy.name, table)
        for policy in table.policies
        if _names(policy.using, column) or _names(policy.check, column)
    ]
    found += [
        Dependent("trigger", trigger.name, table)
        for trigger in table.triggers
        if column in trigger.fact.columns or _names(trigger.fact.when, column)
    ]
    found += [
        Dependent("function", function.name, None)
        for function in functions_on(catalog, table)
        if function.fact.atomic and uses_column(catalog, function.statement, table, column)
    ]
    found += [
        Dependent("generated column", other.name, table)
        for other in table.columns.values()
        if other.generated and other.name != column and _names(other.default, column)
    ]
    return found


def uses_column(catalog: Catalog, statement: Statement, table: Table, column: str) -> bool:
    """Whether the queries of a statement use a column of a table; True where that is not known."""
    from confiture_linter.graph.columns import ColumnUses

    queries = statement.queries
    body = getattr(statement.fact, "body", None)
    if body is not None:
        queries = (*queries, *body.queries)
    uses = ColumnUses(catalog, Shapes(catalog)).of(queries)
    for query in nested(queries):
        for source in (*query.sources, *([query.target] if query.target is not None else [])):
            if source.kind != "relation" or catalog.relation(source.schema, source.name) is not table:
                continue
            used = uses.get(source.at)
            if used is None or not used.exact or _shown(source, table, column) in used.columns:
                return True
    return False


def _shown(source: Source, table: Table, column: str) -> str:
    """The name by which a query knows a column: FROM may give it another."""
    names = list(table.columns)
    position = names.index(column) if column in names else len(names)
    return source.columns[position] if position < len(source.columns) else column


def nested(queries: Iterable[Query]) -> list[Query]:
    """Queries and all inside them."""
    found = list(queries)
    for query in found:
        found.extend(query.children)
    return found


def _rule_uses(statement: Statement, table: Table, column: str) -> bool:
    for query in nested(statement.queries):
        if any(use.name == column and use.qualifier in ("old", "new") for use in query.columns):
            return True
    fact = statement.fact
    return isinstance(fact, CreateOther) and column in dict(fact.options).get("columns", "").split(",")


def _names(expression: Expression | None, column: str) -> bool:
    return expression is not None and any(use.name == column for use in expression.columns)


def columns_of_type(catalog: Catalog, wanted: Type) -> list[tuple[Table, str]]:
    """Columns of a type of the tree, or of a domain over it."""
    types = {id(wanted)}
    growing = True
    while growing:
        growing = False
        for other in catalog.types.values():
            if id(other) not in types and other.base is not None and other.form == "domain":
                base = catalog.type(other.base.schema, other.base.name)
                if base is not None and id(base) in types:
                    types.add(id(other))
                    growing = True
    found = []
    for table in catalog.tables:
        for column in table.columns.values():
            own = catalog.type(column.type.schema, column.type.name)
            if own is not None and id(own) in types:
                found.append((table, column.name))
    return found


def dropped_views(catalog: Catalog, table: Table, column: str) -> list[View]:
    """Views that DROP COLUMN … CASCADE takes along."""
    direct = [
        view
        for relation in (table, *descendants(table))
        for view in views_on(catalog, relation)
        if uses_column(catalog, view.statement, relation, column)
    ]
    return [*direct, *(view for view in all_views_on(catalog, direct) if view not in direct)]
