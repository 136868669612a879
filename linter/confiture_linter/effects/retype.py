"""ALTER COLUMN … TYPE: the rewrite, and everything on the column that has to be built or checked anew."""

from confiture_linter.catalog import Constraint, Table
from confiture_linter.effects.account import Refused
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.columns import mention_default, refuse_retyping
from confiture_linter.effects.dependents import column_dependents
from confiture_linter.effects.fks import comparable
from confiture_linter.effects.objects import (
    IndexView,
    constraints_of,
    family,
    owned_sequences,
    referencing,
    target_columns,
    target_of,
)
from confiture_linter.effects.type_change import (
    keeps_index,
    require_default_cast,
    require_type,
    requires_rewrite,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import AlterCommand, TypeName

_USES = {
    "view": "used by a view or rule",
    "rule": "used by a view or rule",
    "policy": "used in a policy definition",
    "trigger": "used in a trigger definition",
    "function": "used by a function or procedure",
    "generated column": "used by a generated column",
}


def alter_type(change: Alteration, command: AlterCommand) -> None:
    """One ALTER COLUMN … TYPE."""
    if change.table.fact.of_type is not None:
        raise Refused("cannot alter column type of typed table")
    retype(change, command)


def retype(change: Alteration, command: AlterCommand) -> None:
    """The work of it; ALTER TYPE … CASCADE comes here for typed tables."""
    account, table, name, new = change.account, change.table, command.name, command.type
    column = change.column(name)
    if column is None or new is None:
        change.recurse()
        if table.unknown_columns:
            account.unsure(f"what type column {name} has, and what hangs on it: a rewrite is assumed")
            change.rewrite(change.family())
        return
    if change.only and (table.partitions or table.children):
        raise Refused(f'type of inherited column "{name}" must be changed in child tables too')
    refuse_retyping(table, name)
    require_type(account, new)
    for dependent in column_dependents(account.catalog, table, name):
        raise Refused(f"cannot alter type of a column {_USES[dependent.kind]}")
    if name in change.retyped:
        raise Refused(f'cannot alter type of column "{name}" twice')
    tables = change.recurse()
    old = column.type
    if not old.name:
        account.unsure(f"what type column {name} has: a rewrite is assumed")
        rewritten = True
    elif column.generated:
        rewritten = column.generated == "s" and requires_rewrite(account, name, old, new, command.using)
    else:
        rewritten = requires_rewrite(account, name, old, new, command.using)
    change.retyped[name] = new
    if not column.identity_kind and not column.generated and name not in change.undefaulted:
        require_default_cast(account, column.default, name, old, new)
    _default(change, name)
    if rewritten:
        change.rewrite(tables)
    collation = (column.collation or "default") != (command.text or "default")
    for part in tables:
        _indexes(change, part, name, old, new, collation=collation)
        _checks(change, part, name)
    _foreign_keys(change, name, old, new, rewritten=rewritten)


def _default(change: Alteration, name: str) -> None:
    """The default is stored anew, the sequence of an identity changes its type."""
    account, table = change.account, change.table
    column = table.columns[name]
    if column.identity_kind:
        account.lock_all(owned_sequences(account.catalog, table, name), LockMode.SHARE_ROW_EXCLUSIVE)
        return
    mention_default(account, table, column)


def _indexes(
    change: Alteration, table: Table, name: str, old: TypeName, new: TypeName, *, collation: bool
) -> None:
    for view in change.live_indexes(table):
        if name in view.used and not _kept(change, view, name, old, new, collation=collation):
            if not table.partition_strategy:
                change.rebuilt.add(view.identity)
            change.verify([table])


def _kept(
    change: Alteration, view: IndexView, name: str, old: TypeName, new: TypeName, *, collation: bool
) -> bool:
    """Whether the index is taken over as it is (TryReuseIndex); an expression or a predicate never is."""
    if view.computed or view.inherited:
        # That of a partition is made by its parent's, from nothing.
        return False
    if name not in view.columns:
        return True
    position = view.columns.index(name)
    opclass = view.opclasses[position] if position < len(view.opclasses) else ""
    return not collation and keeps_index(change.account, view.method, opclass, old, new)


def _checks(change: Alteration, table: Table, name: str) -> None:
    """A CHECK on the column is added anew, and checked if it was valid."""
    for constraint in constraints_of(table):
        if (
            (
                constraint.kind == "check"
                and name in constraint.columns
                and constraint.name not in change.dropped
            )
            and not constraint.not_valid
            and not constraint.fact.not_enforced
        ):
            change.verify([table])


def _foreign_keys(change: Alteration, name: str, old: TypeName, new: TypeName, *, rewritten: bool) -> None:
    """Foreign keys on either side are dropped and added again, under ACCESS EXCLUSIVE on both tables.

    They are checked again unless the same operator compares the same bits as before (TryReuseForeignKey).
    """
    account, table = change.account, change.table
    catalog, exclusive = account.catalog, LockMode.ACCESS_EXCLUSIVE
    found: list[Constraint] = [
        c
        for c in constraints_of(table)
        if c.kind == "foreign key" and name in c.columns and c.name not in change.dropped
    ]
    found += [c for c in referencing(catalog, table) if name in target_columns(catalog, c) and c not in found]
    for constraint in found:
        target = target_of(catalog, constraint)
        _comparable(change, constraint, name, new)
        sides = [constraint.table, *([target] if target is not None else [])]
        for side in sides:
            account.lock_all(family(side, only=not side.partition_strategy), exclusive)
        same = not rewritten and keeps_index(account, "btree", "", old, new)
        if not same and not constraint.not_valid:
            change.verify(family(constraint.table, only=not constraint.table.partition_strategy))


def _comparable(change: Alteration, constraint: Constraint, name: str, new: TypeName) -> None:
    """The two sides must still compare after the change."""
    catalog = change.account.catalog
    target = target_of(catalog, constraint)
    if target is None:
        return
    for own, other in zip(constraint.columns, target_columns(catalog, constraint), strict=False):
        left, right = constraint.table.columns.get(own), target.columns.get(other)
        if left is None or right is None:
            continue
        first = new if constraint.table is change.table and own == name else left.type
        second = new if target is change.table and other == name else right.type
        if not comparable(change.account, first, second):
            raise Refused(f'foreign key constraint "{constraint.name}" cannot be implemented')
