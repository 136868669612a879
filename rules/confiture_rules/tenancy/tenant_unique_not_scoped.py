from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Table
from confiture_linter.catalog.entities import Column, Entity
from confiture_linter.catalog.types import canonical
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule

_SURROGATES = frozenset({"uuid", "ulid"})
_RANDOM = ("hash", "token", "digest", "nonce", "secret", "public_key", "secret_key", "api_key", "access_key")


@rule(
    name="tenant-unique-not-scoped",
    subject=Table,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_user (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, email text NOT NULL UNIQUE);",
    good="""CREATE TABLE w_user (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, email text NOT NULL,
    UNIQUE (tenant_id, email));""",
    at="UNIQUE",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_unique_not_scoped(table: Table, ctx: Context) -> Iterator[Finding]:
    """A unique key spans all tenants.

    One tenant then takes a value away from all others, and learns from the error that somebody has it.

    *When not:* surrogate keys (uuid, identity, serial, primary keys of one column) and keys that foreign
    keys refer to, that contain a reference to a tenant table, or that hold tokens and hashes are not reported; exempt the table if the value really is unique in the world.

    *Instead:* `UNIQUE (tenant_id, email)`.
    """
    column = ctx.tenancy.column
    if not column or table.partition_of is not None or not ctx.tenancy.is_tenant(table):
        return
    for kind, keys, element in _unique_keys(table):
        if column in keys or "" in keys or not keys or _is_surrogate(table, kind, keys):
            continue
        if not _scoped_by_reference(table, keys, ctx) and (id(table), frozenset(keys)) not in _referenced(
            ctx
        ):
            yield element.finding(
                f"{', '.join(keys)} of {table.name} must be unique across all tenants",
                object=table.identity,
                help=f"make it unique by tenant: ({', '.join((column, *keys))})",
            )


def _unique_keys(table: Table) -> Iterator[tuple[str, tuple[str, ...], Entity]]:
    for constraint in table.constraints:
        if constraint.kind in ("primary key", "unique"):
            yield constraint.kind, constraint.columns, constraint
    for index in table.indexes:
        if index.unique:
            yield "unique", index.columns, index


def _is_surrogate(table: Table, kind: str, keys: tuple[str, ...]) -> bool:
    """Whether a key is made up by the database: its values collide with nobody's."""
    columns = [table.columns[name] for name in keys if name in table.columns]
    if len(columns) < len(keys) or any(c.identity_kind or c.fact.serial or _drawn(c) for c in columns):
        return True
    if any(canonical(c.type.name) in _SURROGATES for c in columns):
        return True
    if len(keys) == 1 and (kind == "primary key" or keys[0].lower().endswith(_RANDOM)):
        return True
    identity = table.identity_columns
    return kind != "primary key" and bool(identity) and set(identity) <= set(keys)


def _scoped_by_reference(table: Table, keys: tuple[str, ...], ctx: Context) -> bool:
    """Whether a part of the key refers to a row that belongs to one tenant."""
    root = ctx.tenancy.root
    return any(
        not set(key.columns).isdisjoint(keys) and (key.target is root or ctx.tenancy.is_tenant(key.target))
        for key in table.foreign_keys
        if key.target is not None
    )


def _drawn(column: Column) -> bool:
    """Whether its default is computed by a function, such as nextval() or a generator of ids."""
    if column.default is None:
        return False
    return any(ref.kind == "function" for ref in column.default.refs)


def _referenced(ctx: Context) -> set[tuple[int, frozenset[str]]]:
    """Tables and the columns that foreign keys refer to."""

    def compute() -> set[tuple[int, frozenset[str]]]:
        return {
            (id(constraint.target), frozenset(constraint.target_columns))
            for constraint in ctx.catalog.constraints
            if constraint.target is not None
        }

    return cast("set[tuple[int, frozenset[str]]]", ctx.memo("tenancy.referenced", compute))
