"""Plans for changes that no edit of one statement makes safe: expand, move over, contract.

Each plan is a list of stages. What is in one stage may be deployed together; between stages the application is
released or time passes. Every statement of a plan is one that PostgreSQL takes (tests/effects/test_plans.py runs them).
"""

from typing import NamedTuple

from confiture_linter.catalog import Column, Table
from confiture_linter.catalog.types import format_type
from confiture_linter.effects.change import Change
from confiture_linter.model import quote_identifier
from confiture_linter.statements.facts import AlterCommand, AlterTable, ConstraintFact, Rename


class Stage(NamedTuple):
    """What is done together."""

    title: str
    statements: tuple[str, ...]
    """SQL without the closing semicolon."""
    transaction: bool = True
    """False: each statement by itself, outside of a transaction block."""


class Plan(NamedTuple):
    """A way to the same schema that nobody has to wait for."""

    title: str
    stages: tuple[Stage, ...]


def plans_of(change: Change) -> tuple[Plan, ...]:
    """The plans for a statement: one for every part of it that needs one."""
    fact = change.fact
    found: list[Plan | None] = []
    if isinstance(fact, Rename):
        found.append(_rename(change, fact))
    elif isinstance(fact, AlterTable):
        found += [_altered(change, fact, command) for command in fact.commands]
    return tuple(plan for plan in found if plan is not None)


def _altered(change: Change, fact: AlterTable, command: AlterCommand) -> Plan | None:
    table = change.quoted(fact.schema, fact.name)
    entity = change.relation(fact.schema, fact.name)
    known = entity if isinstance(entity, Table) else None
    if command.kind == "SetNotNull":
        return Plan(f"Make {command.name} NOT NULL", _not_null(change, fact.name, table, command.name))
    if command.kind == "AlterColumnType" and command.type is not None:
        new = format_type(change.catalog.type_schema(command.type), command.type)
        return _retype(fact.name, table, command.name, new, known)
    if command.kind == "AddConstraint" and command.constraints:
        return _constraint(change, fact, table, command.constraints[0], known)
    return None


# -- NOT NULL --------------------------------------------------------------------------------------


def _not_null(change: Change, name: str, table: str, column: str) -> tuple[Stage, ...]:
    quoted, proof = quote_identifier(column), quote_identifier(f"{name}_{column}_not_null"[:63])
    if change.postgres >= 18:
        return (
            Stage("Hold new rows to it", (f"ALTER TABLE {table} ADD CONSTRAINT {proof} NOT NULL {quoted} NOT VALID",)),
            Stage("Mend the old rows, then test them; others read and write meanwhile", (
                f"ALTER TABLE {table} VALIDATE CONSTRAINT {proof}",
            )),
        )  # fmt: skip
    return (
        Stage("Hold new rows to it", (
            f"ALTER TABLE {table} ADD CONSTRAINT {proof} CHECK ({quoted} IS NOT NULL) NOT VALID",
        )),
        Stage("Mend the old rows, then test them; others read and write meanwhile", (
            f"ALTER TABLE {table} VALIDATE CONSTRAINT {proof}",
        )),
        Stage("Say it to PostgreSQL, which now knows it without reading the table", (
            f"ALTER TABLE {table} ALTER COLUMN {quoted} SET NOT NULL",
            f"ALTER TABLE {table} DROP CONSTRAINT {proof}",
        )),
    )  # fmt: skip


# -- type, rename ----------------------------------------------------------------------------------


def _retype(name: str, table: str, column: str, new: str, known: Table | None) -> Plan:
    shadow = f"{column}_new"[:63]
    old, fresh, kept = (
        quote_identifier(column),
        quote_identifier(shadow),
        quote_identifier(f"{column}_old"[:63]),
    )
    stages = [
        Stage(f"Add {shadow} and keep it in step", (
            f"ALTER TABLE {table} ADD COLUMN {fresh} {new}",
            *_keeping(name, table, ((shadow, f"NEW.{old}::{new}"),), column),
        )),
        Stage("Fill the old rows; repeat until it changes none", (
            _batch(table, f"{fresh} = {old}::{new}", f"{fresh} IS DISTINCT FROM {old}::{new}", known),
        ), transaction=False),
        *_indexes(known, column, shadow),
        Stage("Swap the names", (
            f"ALTER TABLE {table} RENAME COLUMN {old} TO {kept}",
            f"ALTER TABLE {table} RENAME COLUMN {fresh} TO {old}",
            f"DROP TRIGGER {_trigger(name, column)} ON {table}",
            f"DROP FUNCTION {_function(table, name, column)}()",
        )),
        Stage("A release later, when nobody needs the old values", (f"ALTER TABLE {table} DROP COLUMN {kept}",)),
    ]  # fmt: skip
    return Plan(f"Change {column} to {new} without writing the table anew under a lock", tuple(stages))


def _rename(change: Change, fact: Rename) -> Plan | None:
    parts = fact.target.parts
    if not parts:
        return None
    schema, name = (parts[-2] if len(parts) > 1 else ""), parts[-1]
    table = change.quoted(schema, name)
    found = change.relation(schema, name)
    known = found if isinstance(found, Table) else None
    if fact.kind == "table":
        prefix = f"{table.rpartition('.')[0]}." if "." in table else ""
        new = quote_identifier(fact.new)
        invoker = " WITH (security_invoker = true)" if change.postgres >= 15 else ""
        return Plan(f"Call {name} {fact.new} and keep the old name working", (
            Stage("Rename it and leave a view", (
                f"ALTER TABLE {table} RENAME TO {new}",
                f"CREATE VIEW {table}{invoker} AS SELECT * FROM {prefix}{new}",
            )),
            Stage("A release later, when nobody asks for the old name", (f"DROP VIEW {table}",)),
        ))  # fmt: skip
    column = known.columns.get(fact.part) if known is not None else None
    if fact.kind != "column" or column is None:
        return None
    return _rename_column(change, fact, table, name, column, known)


def _rename_column(
    change: Change, fact: Rename, table: str, name: str, column: Column, known: Table | None
) -> Plan:
    old, new = quote_identifier(fact.part), quote_identifier(fact.new)
    kind = format_type(change.catalog.type_schema(column.type), column.type)
    both = ((fact.new, f"NEW.{old}"),)
    return Plan(f"Call {fact.part} {fact.new} without breaking who asks for the old name", (
        Stage(f"Add {fact.new} and keep it in step", (
            f"ALTER TABLE {table} ADD COLUMN {new} {kind}",
            *_keeping(name, table, both, fact.part),
        )),
        Stage("Fill the old rows; repeat until it changes none", (
            _batch(table, f"{new} = {old}", f"{new} IS DISTINCT FROM {old}", known),
        ), transaction=False),
        *_indexes(known, fact.part, fact.new),
        Stage("Release an application that reads and writes the new name, then stop keeping them in step", (
            f"DROP TRIGGER {_trigger(name, fact.part)} ON {table}",
            f"DROP FUNCTION {_function(table, name, fact.part)}()",
        )),
        Stage("A release later", (f"ALTER TABLE {table} DROP COLUMN {old}",)),
    ))  # fmt: skip


def _keeping(name: str, table: str, values: tuple[tuple[str, str], ...], column: str) -> tuple[str, ...]:
    """A trigger that writes the new column whenever a row is written."""
    sets = " ".join(f"NEW.{quote_identifier(target)} := {source};" for target, source in values)
    function = _function(table, name, column)
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {sets} RETURN NEW; END $$",
        f"CREATE TRIGGER {_trigger(name, column)} BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


def _trigger(name: str, column: str) -> str:
    return quote_identifier(f"{name}_{column}_in_step"[:63])


def _function(table: str, name: str, column: str) -> str:
    schema = f"{table.rpartition('.')[0]}." if "." in table else ""
    return schema + _trigger(name, column)


def _batch(table: str, sets: str, wanted: str, known: Table | None) -> str:
    """One batch of an UPDATE, by primary key where there is one."""
    keys = known.identity_columns if known is not None else ()
    if not keys:
        return f"UPDATE {table} SET {sets} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {wanted} LIMIT 10000))"
    columns = ", ".join(map(quote_identifier, keys))
    return (
        f"UPDATE {table} SET {sets} WHERE ({columns}) IN "
        f"(SELECT {columns} FROM {table} WHERE {wanted} LIMIT 10000)"
    )


def _indexes(known: Table | None, column: str, fresh: str) -> tuple[Stage, ...]:
    """The plain indexes of a column, built again on the new one."""
    if known is None:
        return ()
    statements = []
    for index in known.indexes:
        plain = index.predicate is None and "" not in index.columns and not index.constraint
        if column in index.columns and plain and not known.partition_strategy:
            columns = ", ".join(quote_identifier(fresh if name == column else name) for name in index.columns)
            unique = "UNIQUE " if index.unique else ""
            name = quote_identifier(f"{index.name}_new"[:63])
            statements.append(f"CREATE {unique}INDEX CONCURRENTLY {name} ON {known.qualified} ({columns})")
    return (Stage("Build its indexes", tuple(statements), transaction=False),) if statements else ()


# -- constraints -----------------------------------------------------------------------------------


def _constraint(
    change: Change, fact: AlterTable, table: str, constraint: ConstraintFact, known: Table | None
) -> Plan | None:
    columns = ", ".join(map(quote_identifier, constraint.columns))
    if known is not None and known.partition_strategy:
        return None
    if constraint.kind in ("unique", "primary key") and not constraint.using_index:
        primary = constraint.kind == "primary key"
        default = f"{fact.name}_pkey" if primary else "_".join([fact.name, *constraint.columns, "key"])
        name = quote_identifier(constraint.name or default[:63])
        nullable = [
            column
            for column in constraint.columns
            if primary
            and known is not None
            and column in known.columns
            and not known.columns[column].not_null
        ]
        proofs = [stage for column in nullable for stage in _not_null(change, fact.name, table, column)]
        word = "PRIMARY KEY" if primary else "UNIQUE"
        return Plan(f"Add {word} ({', '.join(constraint.columns)}) without a long lock", (
            Stage("Build its index; if it fails, drop the invalid one and look for duplicates", (
                f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})",
            ), transaction=False),
            *proofs,
            Stage("Make the index the constraint's", (
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name}",
            )),
        ))  # fmt: skip
    return None


__all__ = ["Plan", "Stage", "plans_of"]
