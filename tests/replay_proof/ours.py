"""Our catalog as the same lines of text."""

from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Column, Constraint, Function, Index, Sequence, Table, View
from confiture_linter.catalog.types import format_type
from confiture_linter.statements.facts import TypeName

_KINDS = {"primary key": "p", "unique": "u", "foreign key": "f", "check": "c", "exclude": "x"}


def our_lines(catalog: Catalog) -> set[str]:
    """What exists after the replay, one line each."""
    return set(_lines(catalog))


def _lines(catalog: Catalog) -> Iterator[str]:
    yield from (f"schema {name}" for name in catalog.schemas)
    for relation in catalog.relations.values():
        if isinstance(relation, Table):
            yield from _table(catalog, relation)
        elif isinstance(relation, View):
            yield f"{'matview' if relation.materialized else 'view'} {relation.identity}"
        elif isinstance(relation, Sequence):
            yield f"sequence {relation.identity}"
            owner = relation.owned_by
            if owner is not None:
                yield f"owned {relation.identity} by {owner.table.identity}.{owner.name}"
        elif isinstance(relation, Index) and relation.constraint is None:
            unique = " unique" if relation.unique else ""
            columns = ",".join(relation.columns)
            yield f"index {relation.identity} on {relation.table.name} ({columns}){unique}"
        if isinstance(relation, Table | View):
            for trigger in relation.triggers:
                called = trigger.function.identity if trigger.function is not None else "?"
                yield f"trigger {relation.identity}.{trigger.name} {called}"
            yield from (f"policy {relation.identity}.{policy.name}" for policy in relation.policies)
    for found in catalog.types.values():
        if found.form == "enum":
            yield f"type {found.identity} enum {','.join(found.labels)}"
        elif found.form == "domain" and found.base is not None:
            end = " not null" if found.not_null else ""
            yield f"type {found.identity} domain {_spelt(catalog, found.base)}{end}"
        elif found.form == "composite":
            attributes = (f"{name} {_spelt(catalog, a.type)}" for name, a in found.attributes.items())
            yield f"type {found.identity} composite {','.join(attributes)}"
        else:
            yield f"type {found.identity} range"
    for group in catalog.functions.values():
        for function in group:
            end = ""
            if isinstance(function, Function):
                end = f" {function.volatility}" + (" definer" if function.security_definer else "")
            yield f"function {function.identity}({function.signature}){end}"


def _table(catalog: Catalog, table: Table) -> Iterator[str]:
    end = " rls" if table.rls_enabled else ""
    end += " forced" if table.rls_forced else ""
    end += " unlogged" if table.fact.persistence == "u" else ""
    end += " partition" if table.partition_of is not None else ""
    yield f"table {table.identity}{end}"
    for name, column in table.columns.items():
        spelt = _spelt(catalog, column.type) if column.type.name else "?"
        yield f"column {table.identity}.{name} {spelt}{_column_end(column)}"
    for constraint in table.constraints:
        if constraint.kind in _KINDS and constraint.table is table:
            yield f"constraint {table.identity} {constraint.name} {_constraint(constraint)}"


def _column_end(column: Column) -> str:
    end = " not null" if column.not_null else ""
    if column.identity_kind:
        return f"{end} identity {column.identity_kind}"
    if column.generated:
        return f"{end} generated {column.generated}"
    return f"{end} default" if column.default is not None or column.serial else end


def _constraint(constraint: Constraint) -> str:
    text = _KINDS[constraint.kind]
    if constraint.kind in ("primary key", "unique", "foreign key"):
        text += f" ({','.join(constraint.columns)})"
    if constraint.kind == "foreign key":
        text += f" -> {constraint.target.identity if constraint.target else '?'}"
    return text + (" not valid" if constraint.not_valid else "")


def _spelt(catalog: Catalog, written: TypeName) -> str:
    return format_type(catalog.type_schema(written), written)


__all__ = ["our_lines"]
