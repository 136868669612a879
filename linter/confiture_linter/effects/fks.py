"""Foreign keys: what adding, validating, dropping and changing one locks and reads."""

from confiture_linter.catalog import Constraint, Table
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.objects import (
    family,
    find,
    indexes_of,
    is_temporary,
    missing,
    target_of,
    written,
)
from confiture_linter.effects.type_change import resolve, unwrapped
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import ConstraintFact, TypeName


def add_foreign_key(
    account: Account,
    table: Table | None,
    fact: ConstraintFact,
    *,
    validate: bool,
    persistence: str = "p",
    types: dict[str, TypeName] | None = None,
) -> None:
    """ADD FOREIGN KEY, or one written in a new table (`table` is None).

    SHARE ROW EXCLUSIVE on both sides, so that no write happens while triggers are made (ATAddForeignKeyConstraint).
    """
    mode = LockMode.SHARE_ROW_EXCLUSIVE
    if table is not None:
        partitioned = bool(table.partition_strategy)
        if partitioned and fact.not_valid and not fact.not_enforced and account.postgres < 18:
            raise Refused(
                f'cannot add NOT VALID foreign key on partitioned table "{table.name}" referencing relation "{fact.target}"'
            )
        account.lock_all(family(table, only=not partitioned), mode)
    target = find(account, fact.target_schema, fact.target)
    if target is None:
        if not is_temporary(account, fact.target_schema, fact.target):
            account.lock(written(account, fact.target_schema, fact.target), mode)
            missing(account, fact.target_schema, fact.target)
        if table is not None and validate and not fact.not_valid and not fact.not_enforced:
            for part in family(table, only=not table.partition_strategy):
                account.scan(part)
        return
    if not isinstance(target, Table):
        raise Refused(f'referenced relation "{fact.target}" is not a table')
    account.lock_all(family(target, only=not target.partition_strategy), mode)
    if table is not None:
        persistence = table.fact.persistence
    if persistence == "t":
        raise Refused("constraints on temporary tables may reference only temporary tables")
    if persistence == "p" and target.fact.persistence != "p":
        raise Refused("constraints on permanent tables may reference only permanent tables")
    columns = fact.target_columns or target.identity_columns
    known = types if types is not None else {}
    if table is not None:
        known = {name: column.type for name, column in table.columns.items()} | known
    _check(account, target, fact, columns, known, unknown=table is not None and table.unknown_columns)
    if table is not None and validate and not fact.not_valid and not fact.not_enforced:
        for part in family(table, only=not table.partition_strategy):
            account.scan(part)


def _check(
    account: Account,
    target: Table,
    fact: ConstraintFact,
    columns: tuple[str, ...],
    types: dict[str, TypeName],
    *,
    unknown: bool,
) -> None:
    """What transformFkeyCheckAttrs and the search for an equality operator refuse."""
    if target.unknown_columns or unknown:
        return
    if not columns:
        raise Refused(f'there is no primary key for referenced table "{target.name}"')
    for name in fact.columns:
        if types and name not in types:
            raise Refused(f'column "{name}" referenced in foreign key constraint does not exist')
    for name in columns:
        if name not in target.columns:
            raise Refused(f'column "{name}" referenced in foreign key constraint does not exist')
    if len(columns) != len(fact.columns):
        raise Refused("number of referencing and referenced columns for foreign key disagree")
    keys = [
        view
        for view in indexes_of(account.catalog, target)
        if (view.unique or (view.constraint is not None and view.constraint.fact.without_overlaps))
        and not view.computed
    ]
    if not any(sorted(view.columns) == sorted(columns) for view in keys):
        raise Refused(
            f'there is no unique constraint matching given keys for referenced table "{target.name}"'
        )
    if any(
        view.constraint is not None and view.constraint.fact.deferrable
        for view in keys
        if sorted(view.columns) == sorted(columns)
    ) and all(
        view.constraint is not None and view.constraint.fact.deferrable
        for view in keys
        if sorted(view.columns) == sorted(columns)
    ):
        raise Refused(f'cannot use a deferrable unique constraint for referenced table "{target.name}"')
    for name, other in zip(fact.columns, columns, strict=True):
        if name in types and not comparable(account, types[name], target.columns[other].type):
            raise Refused(f'foreign key constraint "{fact.name or name}" cannot be implemented')


_FAMILIES = (
    frozenset({"int2", "int4", "int8"}),
    frozenset({"float4", "float8"}),
    frozenset({"text", "varchar", "name", "bpchar"}),
    frozenset({"date", "timestamp", "timestamptz"}),
    frozenset({"inet", "cidr"}),
)


def comparable(account: Account, one: TypeName, other: TypeName) -> bool:
    """Whether a foreign key may compare the two types: an index operator, or an implicit cast to the key's type."""
    first, second = unwrapped(account, resolve(account, one)), unwrapped(account, resolve(account, other))
    if not (first.known and second.known) or not first.name or not second.name:
        return True
    if first.array != second.array:
        return False
    if first.name == second.name:
        return True
    if first.own is not None or second.own is not None:
        return False
    if any({first.name, second.name} <= group for group in _FAMILIES):
        return True
    cast = account.catalog.builtin.cast(first.name, second.name)
    return cast is not None and cast.context == "i"


def validate_foreign_key(account: Account, table: Table, constraint: Constraint) -> None:
    """VALIDATE CONSTRAINT: the referenced rows are only kept from vanishing."""
    target = target_of(account.catalog, constraint)
    if target is not None:
        account.lock(target, LockMode.ROW_SHARE)
        account.lock_all(family(target, only=not target.partition_strategy), LockMode.ACCESS_SHARE)
    else:
        account.unsure(f"which table {constraint.fact.target} is")
    for part in family(table, only=not table.partition_strategy):
        account.scan(part)


def drop_foreign_key(account: Account, table: Table, constraint: Constraint) -> None:
    """Dropping one removes triggers on both sides, under ACCESS EXCLUSIVE."""
    exclusive = LockMode.ACCESS_EXCLUSIVE
    account.lock_all(family(table, only=not table.partition_strategy), exclusive)
    target = target_of(account.catalog, constraint)
    if target is not None:
        account.lock_all(family(target, only=not target.partition_strategy), exclusive)
