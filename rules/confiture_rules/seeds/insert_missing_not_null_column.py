from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Column, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_rules.seeds.inserts import RESHAPING, Insert, inserts, widths

NULLABILITY = RESHAPING | {"SetNotNull", "AddConstraint", "ColumnDefault", "AddIdentity", "DropIdentity",
                           "DropExpression", "AlterColumnType"}  # fmt: skip


@rule(
    name="insert-missing-not-null-column",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, name text NOT NULL);\nINSERT INTO a (id) VALUES (1);",
    good="CREATE TABLE a (id int PRIMARY KEY, name text NOT NULL);\nINSERT INTO a (id, name) VALUES (1, 'one');",
    at="a (id) VALUES",
)
def insert_missing_not_null_column(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An INSERT leaves out a NOT NULL column that has no default.

    The column is set to NULL and PostgreSQL refuses the row; in a function body only when it is reached.

    *When not:* a BEFORE INSERT trigger fills the column, which is seen and not reported.

    *Instead:* give the column a value, or a default.
    """
    for insert in inserts(ctx):
        if insert.later & NULLABILITY:
            continue
        omitted = _omitted(insert, ctx)
        missing = [c for c in omitted if c.table is insert.table and _needs_value(c, ctx)]
        if missing:
            filled = _filled_by_triggers(insert.table)
            missing = [] if filled is None else [column for column in missing if column.name not in filled]
        if missing:
            names = ", ".join(column.name for column in missing)
            yield insert.table.finding(
                f"INSERT into {insert.table.identity} leaves out {names}, NOT NULL without a default",
                path=insert.path,
                at=insert.at,
                object=insert.identity,
                help=f"give {names} a value",
                related=tuple(
                    Related(column.path, Span(column.fact.at, column.fact.at), f"{column.name} is NOT NULL")
                    for column in missing
                ),
            )


def _omitted(insert: Insert, ctx: Context) -> list[Column]:
    """Columns of the table that the INSERT gives no value."""
    columns = insert.table.columns
    listed = {column.name for column in insert.query.target_columns}
    if listed or not insert.gives_rows:
        return [column for name, column in columns.items() if name not in listed]
    given = widths(insert, ctx)
    return list(columns.values())[given[0] :] if len(given) == 1 else []


def _needs_value(column: Column, ctx: Context) -> bool:
    if column.default is not None or column.generated or column.identity_kind or column.fact.serial:
        return False
    written = column.type
    if written.schema in ("", "pg_catalog") and ctx.catalog.builtin.has_type(written.name):
        return column.not_null
    found = ctx.catalog.type(written.schema, written.name, ctx.catalog.default_path)
    if found is None or found.default is not None:
        return False
    return column.not_null or (found.form == "domain" and found.not_null and not written.array)


def _filled_by_triggers(table: Table) -> set[str] | None:
    """Columns that BEFORE INSERT triggers assign; None where they may assign any."""
    filled: set[str] = set()
    owner: Table | None = table
    while owner is not None:
        for part in (owner, *owner.partitions):
            for trigger in part.triggers:
                if trigger.fact.timing != "before" or "insert" not in trigger.fact.events:
                    continue
                body = trigger.function.fact.body if trigger.function is not None else None
                if body is None or body.problem or body.dynamic:
                    return None
                assigned = set(body.assigns)
                if "new" in assigned:
                    return None
                filled |= {name.removeprefix("new.") for name in assigned if name.startswith("new.")}
        owner = owner.partition_of
    return filled
