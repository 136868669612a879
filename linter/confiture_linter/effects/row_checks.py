"""What the triggers of foreign keys lock when rows are written."""

from confiture_linter.catalog import Column, Constraint, Table
from confiture_linter.effects.account import Account
from confiture_linter.effects.implication import compare
from confiture_linter.effects.objects import (
    family,
    foreign_keys_of,
    referencing,
    target_columns,
    target_of,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import NULL, Query

_RS = LockMode.ROW_SHARE
_RX = LockMode.ROW_EXCLUSIVE


def check_references(account: Account, table: Table, query: Query) -> None:
    """What the triggers of foreign keys read: the referenced row, or the rows that reference it."""
    command = query.command
    if command == "insert":
        given = {use.name for use in query.target_columns}
        for constraint in foreign_keys_of(table):
            if given and not set(constraint.columns) & given and not _defaults(table, constraint):
                continue
            if _null(query, table, constraint):
                continue
            touch(account, target_of(account.catalog, constraint), _RS)
        return
    if command not in ("update", "delete"):
        return
    changed = {use.name for use in query.target_columns}
    if command == "update":
        for constraint in foreign_keys_of(table):
            if set(constraint.columns) & changed and not constraint.fact.not_enforced:
                if _surely_changed(query, constraint.columns):
                    if not _null(query, table, constraint):
                        touch(account, target_of(account.catalog, constraint), _RS)
                else:
                    target = target_of(account.catalog, constraint)
                    shown = target.identity if target is not None else constraint.fact.target
                    account.note(f"ROW SHARE on {shown} too, if {', '.join(constraint.columns)} changes")
    _check_referencing(account, table, query, changed, set())


def _check_referencing(
    account: Account, table: Table, query: Query, changed: set[str], seen: set[int]
) -> None:
    """ON DELETE and ON UPDATE: NO ACTION locks rows, CASCADE and SET write them, and so on from there."""
    if id(table) in seen or account.empty(table):
        return
    seen.add(id(table))
    deleting = query.command == "delete"
    for constraint in referencing(account.catalog, table):
        if constraint.fact.not_enforced:
            continue
        keys = target_columns(account.catalog, constraint)
        if not deleting and not (set(keys) & changed and _surely_changed(query, keys)):
            continue
        action = constraint.fact.on_delete if deleting else constraint.fact.on_update
        touch(account, constraint.table, _RS if action in ("a", "r") else _RX)
        if action == "c" and deleting:
            _check_referencing(account, constraint.table, query, set(), seen)


def touch(account: Account, table: Table | None, mode: LockMode) -> None:
    """Lock the other side of a foreign key, with its partitions."""
    if table is not None:
        account.lock_all(family(table, only=not table.partition_strategy), mode)


def _defaults(table: Table, constraint: Constraint) -> bool:
    columns: list[Column] = [table.columns[name] for name in constraint.columns if name in table.columns]
    return any(column.default is not None or column.serial for column in columns)


def _null(query: Query, table: Table, constraint: Constraint) -> bool:
    """Whether one of the columns is given NULL, so that nothing is checked."""
    names = [use.name for use in query.target_columns] or list(table.columns)
    values = dict(zip(names, query.assigned, strict=False))
    if any(values.get(name) == NULL for name in constraint.columns):
        return True
    if query.command == "insert" and query.assigned and not query.target_columns:
        return any(name in names[len(query.assigned) :] for name in constraint.columns)
    return False


def _surely_changed(query: Query, columns: tuple[str, ...]) -> bool:
    """Whether an UPDATE gives one of the columns another value than it has."""
    values = dict(zip((use.name for use in query.target_columns), query.assigned, strict=False))
    for name in columns:
        if name not in values:
            continue
        value = values[name]
        if value is None or not query.filtered:
            return True
        for item in query.comparisons:
            if item.column.name == name and item.operator == "=":
                return all(compare(known, value) != 0 for known in item.values)
    return False
