"""ALTER TABLE on the table as a whole: owner, storage, triggers, rules, inheritance, replica identity."""

from itertools import zip_longest

from confiture_linter.catalog import Table, Trigger, View
from confiture_linter.effects.account import Account, Refused, Relation
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.objects import (
    constraints_of,
    find,
    foreign_keys_of,
    index_named,
    indexes_of,
    missing,
    owned_sequences,
    referencing,
    target_of,
    written,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import AlterCommand

CURRENT = frozenset({"current_user", "current_role", "session_user"})


def change_owner(account: Account, relation: Relation, owner: str) -> None:
    """OWNER TO: indexes and owned sequences follow, if the owner really changes (ATExecChangeOwner)."""
    exclusive = LockMode.ACCESS_EXCLUSIVE
    account.lock(relation, exclusive)
    before = relation.owner
    if before == owner or (owner in CURRENT and before in ("", *CURRENT)):
        return
    if isinstance(relation, Table | View):
        for view in indexes_of(account.catalog, relation):
            account.lock(view.identity, exclusive)
    if isinstance(relation, Table):
        account.lock_all(owned_sequences(account.catalog, relation), exclusive)


def owner(change: Alteration, command: AlterCommand) -> None:
    """OWNER TO as a subcommand."""
    change_owner(change.account, change.table, command.text)


def storage_parameters(change: Alteration, command: AlterCommand) -> None:
    """SET and RESET of storage parameters."""
    if change.table.partition_strategy:
        raise Refused("cannot specify storage parameters for a partitioned table")


def table_space(change: Alteration, command: AlterCommand) -> None:
    """SET TABLESPACE copies the files; a partitioned table has none. Its indexes stay where they are."""
    if change.table.partition_strategy:
        return
    if command.name == "pg_default":
        change.account.note("nothing is copied if the table lies in pg_default already")
        return
    change.moved.append(change.table)


def access_method(change: Alteration, command: AlterCommand) -> None:
    """SET ACCESS METHOD writes every row anew, unless it is the one the table has."""
    table = change.table
    before = table.fact.access_method or "heap"
    if table.partition_strategy:
        if change.account.postgres < 17:
            raise Refused("cannot change access method of a partitioned table")
        return
    if (command.name or "heap") != before:
        change.rewrite([table])


def persistence(change: Alteration, command: AlterCommand) -> None:
    """SET LOGGED and SET UNLOGGED write every row anew (ATPrepChangePersistence)."""
    account, table = change.account, change.table
    logged = command.kind == "SetLogged"
    action = "SET LOGGED" if logged else "SET UNLOGGED"
    if table.partition_strategy:
        if account.postgres >= 18:
            raise Refused(f'ALTER action {action} cannot be performed on relation "{table.name}"')
        return
    if table.fact.persistence == ("p" if logged else "u"):
        return
    catalog = account.catalog
    if logged:
        for constraint in foreign_keys_of(table):
            target = target_of(catalog, constraint)
            if target is not None and target is not table:
                account.lock(target, LockMode.ACCESS_SHARE)
                if target.fact.persistence == "u":
                    raise Refused(
                        f'could not change table "{table.name}" to logged because it references unlogged table "{target.name}"'
                    )
    else:
        for constraint in referencing(catalog, table):
            other = constraint.table
            if other is not table:
                account.lock(other, LockMode.ACCESS_SHARE)
                if other.fact.persistence == "p":
                    raise Refused(
                        f'could not change table "{table.name}" to unlogged because it references logged table "{other.name}"'
                    )
    change.rewrite([table])
    if account.postgres >= 15:
        account.lock_all(owned_sequences(catalog, table), LockMode.ACCESS_EXCLUSIVE)


def triggers(change: Alteration, command: AlterCommand) -> None:
    """ENABLE and DISABLE TRIGGER; partitions have copies of row triggers."""
    table = change.table
    known = not command.name or any(trigger.name == command.name for trigger in _all_triggers(table))
    if not known and not table.unknown_columns:
        raise Refused(f'trigger "{command.name}" for table "{table.name}" does not exist')
    if table.partition_strategy and _copied(change, command):
        change.recurse()


def _copied(change: Alteration, command: AlterCommand) -> bool:
    """Whether one of the triggers that are meant has copies on the partitions."""
    table = change.table
    if any(trigger.fact.row for trigger in table.triggers if command.name in ("", trigger.name)):
        return True
    catalog = change.account.catalog
    return command.kind.endswith("All") and bool(foreign_keys_of(table) or referencing(catalog, table))


def _all_triggers(table: Table) -> list[Trigger]:
    found: list[Trigger] = []
    current: Table | None = table
    while current is not None:
        found += current.triggers
        current = current.partition_of
    return found


def rules(change: Alteration, command: AlterCommand) -> None:
    """ENABLE and DISABLE RULE."""
    if command.name not in change.table.rules and not change.table.unknown_columns:
        raise Refused(f'rule "{command.name}" for relation "{change.table.name}" does not exist')


def cluster_on(change: Alteration, command: AlterCommand) -> None:
    """CLUSTER ON only remembers the index."""
    table = change.table
    if table.partition_strategy:
        raise Refused("cannot mark index clustered in partitioned table")
    _own_index(change, command.name)
    view = index_named(change.account.catalog, table.schema, command.name)
    if view is not None and view.detail[-1]:
        raise Refused(f'cannot cluster on partial index "{view.name}"')


def drop_cluster(change: Alteration, _command: AlterCommand) -> None:
    """SET WITHOUT CLUSTER."""
    if change.table.partition_strategy:
        raise Refused("cannot mark index clustered in partitioned table")


def _own_index(change: Alteration, name: str) -> None:
    account, table = change.account, change.table
    view = index_named(account.catalog, table.schema, name)
    if view is None and table.unknown_columns:
        return
    if view is None:
        raise Refused(f'index "{name}" for table "{table.name}" does not exist')
    if view.table is not table:
        raise Refused(f'"{name}" is not an index for table "{table.name}"')


def replica_identity(change: Alteration, command: AlterCommand) -> None:
    """REPLICA IDENTITY USING INDEX wants a unique, total, plain index on NOT NULL columns."""
    if command.text != "i":
        return
    table = change.table
    _own_index(change, command.name)
    view = index_named(change.account.catalog, table.schema, command.name)
    if view is None:
        return
    if not view.unique:
        raise Refused(f'cannot use non-unique index "{view.name}" as replica identity')
    if "" in view.columns:
        raise Refused(f'cannot use expression index "{view.name}" as replica identity')
    if view.computed:
        raise Refused(f'cannot use partial index "{view.name}" as replica identity')
    if view.constraint is not None and view.constraint.fact.deferrable:
        raise Refused(f'cannot use non-immediate index "{view.name}" as replica identity')
    for name in view.columns:
        if name in table.columns and not table.columns[name].not_null:
            raise Refused(
                f'index "{view.name}" cannot be used as replica identity because column "{name}" is nullable'
            )


def inherit(change: Alteration, command: AlterCommand) -> None:
    """INHERIT: the child must have the columns and constraints of its parent."""
    account, table = change.account, change.table
    if command.target is None:
        return
    parent = find(account, *command.target[:2])
    if not isinstance(parent, Table):
        account.lock(written(account, *command.target[:2]), LockMode.SHARE_UPDATE_EXCLUSIVE)
        missing(account, *command.target[:2])
        return
    account.lock(parent, LockMode.SHARE_UPDATE_EXCLUSIVE)
    if table.partition_of is not None:
        raise Refused("cannot change inheritance of a partition")
    if parent.partition_strategy:
        raise Refused(f'cannot inherit from partitioned table "{parent.name}"')
    if table.partition_strategy:
        raise Refused("cannot change inheritance of partitioned table")
    if parent in table.parents:
        raise Refused(f'relation "{parent.name}" would be inherited from more than once')
    matches_parent(account, table, parent)


def matches_parent(account: Account, table: Table, parent: Table) -> None:
    """MergeAttributesIntoExisting and MergeConstraintsIntoExisting."""
    if table.unknown_columns or parent.unknown_columns:
        return
    for name, column in parent.columns.items():
        own = table.columns.get(name)
        if own is None:
            raise Refused(f'child table is missing column "{name}"')
        if own.type._replace(at=-1) != column.type._replace(at=-1):
            raise Refused(f'child table "{table.name}" has different type for column "{name}"')
        if column.not_null and not own.not_null:
            raise Refused(f'column "{name}" in child table "{table.name}" must be marked NOT NULL')
    names = {constraint.name for constraint in constraints_of(table)}
    for constraint in constraints_of(parent):
        if constraint.kind == "check" and not constraint.fact.no_inherit and constraint.name not in names:
            raise Refused(f'child table is missing constraint "{constraint.name}"')


def of_type(change: Alteration, command: AlterCommand) -> None:
    """OF and NOT OF: the columns must be those of the type already."""
    table = change.table
    if command.kind == "DropOf":
        if table.fact.of_type is None and not table.unknown_columns:
            raise Refused(f'"{table.name}" is not a typed table')
        return
    if command.type is None or table.unknown_columns:
        return
    own = change.account.catalog.type(command.type.schema, command.type.name)
    if own is None:
        missing(change.account, command.type.schema, command.type.name, "type")
        return
    change.account.lock(own.identity, LockMode.ACCESS_SHARE)
    for column, attribute in zip_longest(table.columns, own.attributes):
        if column != attribute:
            raise Refused(f'table has column "{column}" where type requires "{attribute}"')


def no_inherit(change: Alteration, command: AlterCommand) -> None:
    """NO INHERIT."""
    account = change.account
    if command.target is None:
        return
    parent = find(account, *command.target[:2])
    if not isinstance(parent, Table):
        account.lock(written(account, *command.target[:2]), LockMode.ACCESS_SHARE)
        missing(account, *command.target[:2])
        return
    account.lock(parent, LockMode.ACCESS_SHARE)
    if parent not in change.table.parents and not change.table.unknown_columns:
        raise Refused(f'relation "{parent.name}" is not a parent of relation "{change.table.name}"')
