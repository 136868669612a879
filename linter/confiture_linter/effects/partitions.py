"""ATTACH and DETACH PARTITION, CREATE TABLE … PARTITION OF."""

from confiture_linter.catalog import Table
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.implication import bound_test, compare, implied, known_of
from confiture_linter.effects.objects import (
    ancestors,
    default_partition,
    family,
    find,
    foreign_keys_of,
    indexes_of,
    missing,
    referencing,
    target_of,
    written,
)
from confiture_linter.effects.options import matches_parent
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import MAXVALUE, MINVALUE, AlterCommand, Bound, Test
from confiture_linter.statements.logic import negated

_AX = LockMode.ACCESS_EXCLUSIVE


def attach(change: Alteration, command: AlterCommand) -> None:
    """ATTACH PARTITION reads the new partition unless its constraints prove that all rows belong there."""
    account, parent, bound = change.account, change.table, command.bound
    if command.target is None:
        return
    table = find(account, *command.target[:2])
    if not isinstance(table, Table):
        account.lock(written(account, *command.target[:2]), _AX)
        missing(account, *command.target[:2])
        return
    if not parent.partition_strategy and not parent.unknown_columns:
        raise Refused(f'table "{parent.name}" is not partitioned')
    if table.partition_of is not None:
        raise Refused(f'"{table.name}" is already a partition')
    if table.children or table.parents:
        raise Refused("cannot attach inheritance child or parent as partition")
    if table in (parent, *ancestors(parent)):
        raise Refused("circular inheritance not allowed")
    for name in table.columns:
        if name not in parent.columns and not (parent.unknown_columns or table.unknown_columns):
            raise Refused(
                f'table "{table.name}" contains column "{name}" not found in parent "{parent.name}"'
            )
    matches_parent(account, table, parent)
    _refuse_bound(parent, bound)
    account.lock_all(family(table), _AX)
    account.lock_all(ancestors(parent), LockMode.ACCESS_SHARE)
    default = default_partition(parent)
    if default is not None:
        account.lock_all(family(default), _AX)
    wanted = _wanted(parent, bound)
    _prove(account, table, wanted)
    if default is not None:
        _prove(account, default, negated(_own_test(parent, bound)))
    _build_indexes(account, parent, table)
    _foreign_keys(account, parent, table)


def _own_test(parent: Table, bound: Bound | None) -> Test:
    """The condition of one bound; that of a default partition is what the others leave."""
    if bound is None:
        return Test("other")
    if bound.strategy != "default":
        return bound_test(parent.fact.partition_key, bound)
    others = [partition.bound for partition in parent.partitions]
    tests = tuple(bound_test(parent.fact.partition_key, other) for other in others if other is not None)
    return negated(Test("or", parts=tests))


def _wanted(parent: Table, bound: Bound | None) -> Test:
    """The bound itself, and those of the partitioned tables above."""
    parts = [_own_test(parent, bound)]
    current = parent
    for above in ancestors(parent):
        parts.append(_own_test(above, current.bound))
        current = above
    return Test("and", parts=tuple(parts))


def _prove(account: Account, table: Table, wanted: Test) -> None:
    """Read what cannot be proven, partition by partition (QueuePartitionConstraintValidation)."""
    if implied(wanted, known_of(table)):
        return
    if not table.partition_strategy:
        account.scan(table)
        return
    for partition in table.partitions:
        _prove(account, partition, wanted)


def _refuse_bound(parent: Table, bound: Bound | None) -> None:
    """Overlapping bounds, a second default, the wrong kind (check_new_partition_bound)."""
    if bound is None:
        return
    if bound.strategy == "default":
        if default_partition(parent) is not None:
            raise Refused(f'partition would conflict with existing default partition "{parent.name}"')
        return
    if parent.partition_strategy and bound.strategy and bound.strategy != parent.partition_strategy:
        raise Refused(f"invalid bound specification for a {parent.partition_strategy} partition")
    for partition in parent.partitions:
        other = partition.bound
        if other is not None and bound.exact and other.exact and _overlap(bound, other):
            raise Refused(f'partition would overlap partition "{partition.name}"')


def _overlap(one: Bound, other: Bound) -> bool:
    if one.strategy != other.strategy:
        return False
    if one.strategy == "list":
        return bool(set(one.values) & set(other.values))
    if one.strategy == "hash":
        small, large = sorted((one, other), key=lambda bound: bound.modulus)
        return small.modulus > 0 and large.remainder % small.modulus == small.remainder
    return _before(one.lower, other.upper) and _before(other.lower, one.upper)


def _before(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one end of a range lies before another."""
    for first, second in zip(one, other, strict=False):
        if first == second:
            continue
        if first == MINVALUE or second == MAXVALUE:
            return True
        if first == MAXVALUE or second == MINVALUE:
            return False
        order = compare(first, second)
        if order is None:
            return False
        if order:
            return order < 0
    return False


def _build_indexes(account: Account, parent: Table, table: Table) -> None:
    """An index of the parent that the partition lacks is built on it (AttachPartitionEnsureIndexes)."""
    free = indexes_of(account.catalog, table)
    for above in indexes_of(account.catalog, parent):
        match = next((view for view in free if view.same_shape(above)), None)
        if match is not None:
            free.remove(match)
            continue
        for part in family(table):
            account.scan(part)


def _foreign_keys(account: Account, parent: Table, table: Table) -> None:
    """Foreign keys of the parent come to hold for the partition, and those that point at it."""
    mode = LockMode.SHARE_ROW_EXCLUSIVE
    own = {(c.columns, id(target_of(account.catalog, c))) for c in foreign_keys_of(table)}
    for constraint in foreign_keys_of(parent):
        target = target_of(account.catalog, constraint)
        if target is not None:
            account.lock_all(family(target, only=not target.partition_strategy), mode)
        if (constraint.columns, id(target)) not in own and not constraint.not_valid:
            for part in family(table):
                account.scan(part)
    for constraint in referencing(account.catalog, parent):
        account.lock(constraint.table, mode)


def create_partition(account: Account, parent: Table, bound: Bound | None) -> None:
    """CREATE TABLE … PARTITION OF: ACCESS EXCLUSIVE on the parent, and the default partition is read."""
    if not parent.partition_strategy:
        raise Refused(f'"{parent.name}" is not partitioned')
    account.lock(parent, _AX)
    _refuse_bound(parent, bound)
    default = default_partition(parent)
    if default is not None:
        account.lock_all(family(default), _AX)
        _prove(account, default, negated(_own_test(parent, bound)))
    mode = LockMode.SHARE_ROW_EXCLUSIVE
    for constraint in foreign_keys_of(parent):
        target = target_of(account.catalog, constraint)
        if target is not None:
            account.lock_all(family(target, only=not target.partition_strategy), mode)
    for constraint in referencing(account.catalog, parent):
        account.lock(constraint.table, mode)


def detach(change: Alteration, command: AlterCommand) -> None:
    """DETACH PARTITION, in one go or CONCURRENTLY in two transactions."""
    account, parent = change.account, change.table
    concurrently = command.behaviour == "concurrently"
    if concurrently:
        account.outside_transaction()
    table = _partition(change, command)
    if table is None:
        return
    default = default_partition(parent)
    if concurrently and default is not None:
        raise Refused("cannot detach partitions concurrently when a default partition exists")
    account.lock_all(family(table), _AX)
    if default is not None:
        account.lock_all(family(default, only=True), _AX)
    for constraint in referencing(account.catalog, parent):
        account.lock(constraint.table, _AX)
        account.scan(constraint.table)
    for constraint in foreign_keys_of(table):
        target = target_of(account.catalog, constraint)
        if constraint.table is not table and target is not None:
            account.lock_all(family(target, only=not target.partition_strategy), LockMode.SHARE_ROW_EXCLUSIVE)


def finalize(change: Alteration, command: AlterCommand) -> None:
    """DETACH … FINALIZE completes a CONCURRENTLY that was interrupted; no file can tell whether one was."""
    account = change.account
    table = _partition(change, command)
    if table is None:
        return
    pending = any(
        query.target is not None and query.target.name == "pg_inherits"
        for item in account.catalog.statements
        for query in item.statement.queries
    )
    if not pending and not parent_unknown(change):
        raise Refused(f'cannot complete detaching partition "{table.name}"')
    account.lock_all(family(table), _AX)


def parent_unknown(change: Alteration) -> bool:
    """Whether nothing is known of the partitioned table."""
    return change.table.unknown_columns


def _partition(change: Alteration, command: AlterCommand) -> Table | None:
    account, parent = change.account, change.table
    if command.target is None:
        return None
    table = find(account, *command.target[:2])
    if not isinstance(table, Table):
        account.lock(written(account, *command.target[:2]), _AX)
        missing(account, *command.target[:2])
        return None
    if table.partition_of is not parent and not parent.unknown_columns:
        raise Refused(f'relation "{table.name}" is not a partition of relation "{parent.name}"')
    return table
