"""What a few system views would say of the catalog, for scripts that ask before they act.

Rows are dicts from column to text; an oid is the identity of its object. A view or a column that is not here is
not known.
"""

from collections.abc import Callable, Iterator

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Constraint, Function, Index, Table, View

Row = dict[str, str | bool]

_LETTERS = {"primary key": "p", "unique": "u", "foreign key": "f", "check": "c", "exclude": "x"}


def rows_of(catalog: Catalog, name: str) -> list[Row] | None:
    """The rows of a system view; None if it is none that is known."""
    schema, _, view = name.rpartition(".")
    if schema not in ("", "information_schema", "pg_catalog"):
        return None
    reader = _VIEWS.get(view)
    return list(reader(catalog)) if reader is not None else None


def _relations(catalog: Catalog) -> Iterator[Table | View]:
    return (relation for relation in catalog.relations.values() if isinstance(relation, Table | View))


def _tables(catalog: Catalog) -> Iterator[Row]:
    for relation in _relations(catalog):
        if relation.kind != "materialized_view":
            kind = "BASE TABLE" if isinstance(relation, Table) else "VIEW"
            yield {"table_schema": relation.schema, "table_name": relation.name, "table_type": kind}


def _columns(catalog: Catalog) -> Iterator[Row]:
    for table in catalog.tables:
        for number, column in enumerate(table.columns.values(), 1):
            yield {
                "table_schema": table.schema, "table_name": table.name, "column_name": column.name,
                "ordinal_position": str(number), "is_nullable": "NO" if column.not_null else "YES",
                "is_identity": "YES" if column.identity_kind else "NO",
            }  # fmt: skip


def _triggers(catalog: Catalog) -> Iterator[Row]:
    for trigger in catalog.triggers:
        yield {
            "event_object_schema": trigger.table.schema, "event_object_table": trigger.table.name,
            "tgrelid": trigger.table.identity,
            "trigger_schema": trigger.table.schema, "trigger_name": trigger.name, "tgname": trigger.name,
        }  # fmt: skip


def _sequences(catalog: Catalog) -> Iterator[Row]:
    for sequence in catalog.sequences:
        yield {"sequence_schema": sequence.schema, "sequence_name": sequence.name,
               "schemaname": sequence.schema, "sequencename": sequence.name}  # fmt: skip


def _routines(catalog: Catalog) -> Iterator[Row]:
    for group in catalog.functions.values():
        for function in group:
            kind = "PROCEDURE" if isinstance(function, Function) and function.fact.procedure else "FUNCTION"
            yield {"routine_schema": function.schema, "routine_name": function.name, "routine_type": kind,
                   "proname": function.name}  # fmt: skip


def _all_constraints(catalog: Catalog) -> Iterator[Constraint]:
    return (c for c in catalog.constraints if c.kind in _LETTERS)


def _constraints(catalog: Catalog) -> Iterator[Row]:
    for constraint in _all_constraints(catalog):
        table = constraint.table
        yield {
            "table_schema": table.schema, "table_name": table.name, "constraint_schema": table.schema,
            "constraint_name": constraint.name, "constraint_type": constraint.kind.upper(),
            "conrelid": table.identity, "conname": constraint.name, "contype": _LETTERS[constraint.kind],
            "convalidated": not constraint.not_valid,
        }  # fmt: skip


def _key_columns(catalog: Catalog) -> Iterator[Row]:
    for constraint in _all_constraints(catalog):
        table = constraint.table
        for column in constraint.columns:
            yield {"table_schema": table.schema, "table_name": table.name, "constraint_schema": table.schema,
                   "constraint_name": constraint.name, "column_name": column}  # fmt: skip


def _pg_tables(catalog: Catalog) -> Iterator[Row]:
    return ({"schemaname": table.schema, "tablename": table.name} for table in catalog.tables)


def _pg_views(catalog: Catalog) -> Iterator[Row]:
    for view in catalog.views:
        name = "matviewname" if view.materialized else "viewname"
        yield {
            "schemaname": view.schema,
            name: view.name,
            "table_schema": view.schema,
            "table_name": view.name,
        }


def _pg_policies(catalog: Catalog) -> Iterator[Row]:
    for policy in catalog.policies:
        yield {"schemaname": policy.table.schema, "tablename": policy.table.name, "policyname": policy.name,
               "polname": policy.name}  # fmt: skip


def _pg_indexes(catalog: Catalog) -> Iterator[Row]:
    for relation in catalog.relations.values():
        if isinstance(relation, Index):
            yield {
                "schemaname": relation.schema,
                "tablename": relation.table.name,
                "indexname": relation.name,
            }
    for constraint in _all_constraints(catalog):
        if constraint.kind in ("primary key", "unique", "exclude"):
            table = constraint.table
            yield {"schemaname": table.schema, "tablename": table.name, "indexname": constraint.name}


def _pg_type(catalog: Catalog) -> Iterator[Row]:
    for kind in catalog.types.values():
        yield {
            "oid": kind.identity,
            "typname": kind.name,
            "typtype": kind.form[:1],
            "typnamespace": kind.schema,
        }


def _pg_class(catalog: Catalog) -> Iterator[Row]:
    for relation in catalog.relations.values():
        kind = {"table": "r", "view": "v", "materialized_view": "m", "sequence": "S", "index": "i"}.get(
            relation.kind, ""
        )
        yield {
            "oid": relation.identity,
            "relname": relation.name,
            "relkind": kind,
            "relnamespace": relation.schema,
        }


def _schemas(catalog: Catalog) -> Iterator[Row]:
    names = {*catalog.schemas, "public", "pg_catalog", "information_schema", "pg_toast"}
    return ({"oid": name, "nspname": name, "schema_name": name} for name in sorted(names))


def _extensions(catalog: Catalog) -> Iterator[Row]:
    return ({"extname": name} for name in (*catalog.extensions, "plpgsql"))


_VIEWS: dict[str, Callable[[Catalog], Iterator[Row]]] = {
    "tables": _tables,
    "columns": _columns,
    "triggers": _triggers,
    "pg_trigger": _triggers,
    "sequences": _sequences,
    "pg_sequences": _sequences,
    "routines": _routines,
    "pg_proc": _routines,
    "table_constraints": _constraints,
    "pg_constraint": _constraints,
    "key_column_usage": _key_columns,
    "constraint_column_usage": _key_columns,
    "views": _pg_views,
    "pg_tables": _pg_tables,
    "pg_views": _pg_views,
    "pg_matviews": _pg_views,
    "pg_policies": _pg_policies,
    "pg_policy": _pg_policies,
    "pg_indexes": _pg_indexes,
    "pg_type": _pg_type,
    "pg_class": _pg_class,
    "pg_namespace": _schemas,
    "schemata": _schemas,
    "pg_extension": _extensions,
}
