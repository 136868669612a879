"""What renaming a type or a column, and taking a column over from a parent, changes elsewhere."""

from collections.abc import Callable

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Column, Function, Table, Type, View
from confiture_linter.statements.facts import Expression, TypeName


def own_column(table: Table, name: str) -> Column:
    """The column of a table, made its own where the table that it is a partition or child of defines it."""
    shared = table.columns[name]
    if shared.table is table:
        return shared
    column = shared.handed_down()
    column.table, column.comment, column.identity_kind = table, shared.comment, shared.identity_kind
    table.columns[name] = column
    return column


def renamed_uses(expression: Expression | None, old: str, new: str) -> Expression | None:
    """An expression after a column it uses was renamed."""
    if expression is None or all(use.name != old for use in expression.columns):
        return expression
    return expression._replace(
        columns=tuple(use._replace(name=new) if use.name == old else use for use in expression.columns)
    )


def renamed_type(catalog: Catalog, found: Type | Table | View, schema: str, name: str) -> None:
    """Give a type, or the row type of a relation, that is about to be renamed or moved its new name wherever it is used."""

    def fresh(written: TypeName) -> TypeName:
        if written.name != found.name or written.percent_type:
            return written
        meant = catalog.type(written.schema, written.name) or catalog.relation(written.schema, written.name)
        if meant is not found:
            return written
        return written._replace(name=name, schema=schema if written.schema or schema != found.schema else "")

    for relation in catalog.relations.values():
        if isinstance(relation, Table):
            for column in relation.columns.values():
                column.type = fresh(column.type)
    for other in catalog.types.values():
        if other.base is not None:
            other.base = fresh(other.base)
        for key, attribute in other.attributes.items():
            other.attributes[key] = attribute._replace(type=fresh(attribute.type))
    _signatures(catalog, fresh, f"{found.schema}.{found.name}", f"{schema}.{name}")


def _signatures(catalog: Catalog, fresh: Callable[[TypeName], TypeName], old: str, new: str) -> None:
    for group in catalog.functions.values():
        for function in group:
            parts = function.signature.split(",")
            if any(part in (old, f"{old}[]") for part in parts):
                function.signature = ",".join(
                    part.replace(old, new) if part in (old, f"{old}[]") else part for part in parts
                )
            if isinstance(function, Function):
                _result(function, fresh)


def _result(function: Function, fresh: Callable[[TypeName], TypeName]) -> None:
    """Parameters of every mode, and what the function returns."""
    fact = function.fact
    types = [argument.type for argument in fact.arguments]
    changed = [fresh(written) for written in types]
    returns = fresh(fact.returns) if fact.returns is not None else None
    if returns is fact.returns and all(one is other for one, other in zip(types, changed, strict=True)):
        return
    arguments = (a._replace(type=t) for a, t in zip(fact.arguments, changed, strict=True))
    function.fact = fact._replace(arguments=tuple(arguments), returns=returns)


__all__ = ["own_column", "renamed_type", "renamed_uses"]
