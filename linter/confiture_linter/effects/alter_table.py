"""ALTER TABLE and its kin: which subcommand does what."""

from collections.abc import Callable

from confiture_linter.catalog import Index, Sequence, Table, View
from confiture_linter.catalog.alter import pass_of
from confiture_linter.effects import columns, constraints, options, partitions, retype
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.alter_locks import strongest
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.dependents import columns_of_type
from confiture_linter.effects.objects import (
    family,
    find,
    index_named,
    is_temporary,
    missing,
    unknown_table,
    written,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import AlterCommand, AlterTable

_SUBCOMMANDS: dict[str, Callable[[Alteration, AlterCommand], None]] = {
    "AddColumn": columns.add_column,
    "DropColumn": columns.drop_column,
    "AlterColumnType": retype.alter_type,
    "ColumnDefault": columns.set_default,
    "SetNotNull": columns.set_not_null,
    "DropNotNull": columns.drop_not_null,
    "SetExpression": columns.set_expression,
    "DropExpression": columns.drop_expression,
    "AddIdentity": columns.add_identity,
    "SetIdentity": columns.set_identity,
    "DropIdentity": columns.drop_identity,
    "SetStatistics": columns.recursive_option,
    "SetStorage": columns.recursive_option,
    "SetOptions": columns.plain_option,
    "ResetOptions": columns.plain_option,
    "SetCompression": columns.plain_option,
    "AddConstraint": constraints.add_constraint,
    "DropConstraint": constraints.drop_constraint,
    "ValidateConstraint": constraints.validate_constraint,
    "AlterConstraint": constraints.alter_constraint,
    "ChangeOwner": options.owner,
    "SetRelOptions": options.storage_parameters,
    "ResetRelOptions": options.storage_parameters,
    "SetTableSpace": options.table_space,
    "SetAccessMethod": options.access_method,
    "SetLogged": options.persistence,
    "SetUnLogged": options.persistence,
    "ClusterOn": options.cluster_on,
    "DropCluster": options.drop_cluster,
    "ReplicaIdentity": options.replica_identity,
    "AddOf": options.of_type,
    "DropOf": options.of_type,
    "AddInherit": options.inherit,
    "DropInherit": options.no_inherit,
    "AttachPartition": partitions.attach,
    "DetachPartition": partitions.detach,
    "DetachPartitionFinalize": partitions.finalize,
}
_TRIGGERS = frozenset(
    {"EnableTrig", "EnableAlwaysTrig", "EnableReplicaTrig", "EnableTrigAll", "EnableTrigUser", "DisableTrig",
     "DisableTrigAll", "DisableTrigUser"}
)  # fmt: skip
_RULES = frozenset({"EnableRule", "EnableAlwaysRule", "EnableReplicaRule", "DisableRule"})


def alter_table(account: Account, fact: AlterTable) -> None:
    """ALTER TABLE, ALTER VIEW, ALTER INDEX, ALTER SEQUENCE, ALTER TYPE with attributes."""
    if fact.kind == "type":
        _composite(account, fact)
        return
    mode = strongest(fact.commands)
    found = find(account, fact.schema, fact.name)
    if fact.kind == "index" or isinstance(found, Index):
        _index(account, fact, mode)
        return
    if found is None:
        _unknown(account, fact, mode)
        return
    account.lock(found, mode)
    if isinstance(found, View):
        _view(account, found, fact)
    elif isinstance(found, Sequence):
        _sequence(account, found, fact)
    else:
        _table(account, found, fact, mode)


def _table(account: Account, table: Table, fact: AlterTable, mode: LockMode) -> None:
    if fact.kind == "view":
        raise Refused(f'"{table.name}" is not a view')
    change = Alteration(account, table, mode, only=fact.only)
    for command in sorted(fact.commands, key=pass_of):
        handler = _SUBCOMMANDS.get(command.kind)
        if handler is not None:
            handler(change, command)
        elif command.kind in _TRIGGERS:
            options.triggers(change, command)
        elif command.kind in _RULES:
            options.rules(change, command)
    change.finish()


def _unknown(account: Account, fact: AlterTable, mode: LockMode) -> None:
    """A relation that is not in the catalog is locked all the same."""
    if is_temporary(account, fact.schema, fact.name):
        return
    if fact.if_exists:
        account.note("nothing happens if it does not exist")
        return
    name = written(account, fact.schema, fact.name)
    account.lock(name, mode)
    missing(account, fact.schema, fact.name)
    if fact.kind in ("table", "foreign table"):
        schema, _, table = name.rpartition(".")
        _table(account, unknown_table(schema, table), fact, mode)


_VIEW_COMMANDS = frozenset(
    {"ColumnDefault", "SetRelOptions", "ResetRelOptions", "ChangeOwner", "SetStatistics", "SetOptions", "ResetOptions",
     "SetStorage", "SetCompression", "ClusterOn", "DropCluster", "SetTableSpace", "SetAccessMethod"}
)  # fmt: skip
_PLAIN_VIEW_COMMANDS = frozenset({"ColumnDefault", "SetRelOptions", "ResetRelOptions", "ChangeOwner"})
_SHOWN = {
    "AlterColumnType": "ALTER COLUMN ... SET DATA TYPE",
    "AddColumn": "ADD COLUMN",
    "DropColumn": "DROP COLUMN",
    "AddConstraint": "ADD CONSTRAINT",
    "SetNotNull": "ALTER COLUMN ... SET NOT NULL",
}


def _view(account: Account, view: View, fact: AlterTable) -> None:
    allowed = _VIEW_COMMANDS if view.materialized else _PLAIN_VIEW_COMMANDS
    if fact.kind == "materialized view" and not view.materialized:
        raise Refused(f'"{view.name}" is not a materialized view')
    if fact.kind == "view" and view.materialized:
        raise Refused(f'"{view.name}" is not a view')
    for command in fact.commands:
        if command.kind not in allowed or (view.materialized and command.kind == "ColumnDefault"):
            shown = _SHOWN.get(command.kind, command.kind)
            raise Refused(f'ALTER action {shown} cannot be performed on relation "{view.name}"')
        if command.kind == "ChangeOwner":
            options.change_owner(account, view, command.text)
        elif command.kind == "SetTableSpace":
            account.rewrite(view, ())
        elif command.kind == "SetAccessMethod" and (command.name or "heap") != "heap":
            account.rewrite(view, (f"{view.schema}.{index.name}" for index in view.indexes))


def _sequence(account: Account, sequence: Sequence, fact: AlterTable) -> None:
    for command in fact.commands:
        if command.kind == "ChangeOwner":
            if sequence.owned_by is not None and sequence.owner != command.text:
                raise Refused(f'cannot change owner of sequence "{sequence.name}"')
        elif command.kind not in ("SetLogged", "SetUnLogged"):
            raise Refused(f'"{sequence.name}" is not a table')


def _index(account: Account, fact: AlterTable, mode: LockMode) -> None:
    view = index_named(account.catalog, fact.schema, fact.name)
    if view is None:
        if not fact.if_exists:
            account.lock(written(account, fact.schema, fact.name), mode)
            missing(account, fact.schema, fact.name)
        return
    account.lock(view.identity, mode)
    partitioned = isinstance(view.table, Table) and bool(view.table.partition_strategy)
    for command in fact.commands:
        if command.kind == "SetStatistics" and command.behaviour.isdecimal():
            number = int(command.behaviour) - 1
            if 0 <= number < len(view.columns) and view.columns[number]:
                raise Refused(
                    f'cannot alter statistics on non-expression column "{view.columns[number]}" of index "{view.name}"'
                )
        if partitioned and command.kind in ("SetRelOptions", "ResetRelOptions"):
            raise Refused(f'ALTER action SET cannot be performed on relation "{view.name}"')
        if command.kind == "SetTableSpace" and not partitioned:
            account.rebuilds.add(view.identity)
        elif command.kind == "AttachPartition" and command.target is not None:
            _attach_index(account, view.identity, command)


def _attach_index(account: Account, name: str, command: AlterCommand) -> None:
    """ALTER INDEX … ATTACH PARTITION opens both tables for reading."""
    if command.target is None:
        return
    child = index_named(account.catalog, *command.target[:2])
    if child is None:
        missing(account, *command.target[:2])
        return
    account.locks[name] = LockMode.SHARE_UPDATE_EXCLUSIVE
    account.lock(child.identity, LockMode.ACCESS_EXCLUSIVE)
    account.lock(child.table, LockMode.ACCESS_SHARE)
    parent = index_named(account.catalog, *name.split(".", 1))
    if parent is not None:
        account.lock(parent.table, LockMode.ACCESS_SHARE)
        inside = isinstance(child.table, Table) and child.table.partition_of is parent.table
        if not inside or not child.same_shape(parent):
            raise Refused(f'cannot attach index "{child.name}" as a partition of index "{parent.name}"')


def _composite(account: Account, fact: AlterTable) -> None:
    """ALTER TYPE … ATTRIBUTE; typed tables follow with CASCADE."""
    found = account.catalog.type(fact.schema, fact.name)
    if found is None:
        account.lock(written(account, fact.schema, fact.name), LockMode.ACCESS_EXCLUSIVE)
        missing(account, fact.schema, fact.name, "type")
        return
    account.lock(found.identity, LockMode.ACCESS_EXCLUSIVE)
    if any(command.kind == "ChangeOwner" for command in fact.commands):
        return
    typed = [
        table
        for table in account.catalog.tables
        if table.fact.of_type is not None
        and account.catalog.type(table.fact.of_type.schema, table.fact.of_type.name) is found
    ]
    for command in fact.commands:
        if command.kind == "AlterColumnType":
            using = [item for item in columns_of_type(account.catalog, found) if item[0] not in typed]
            if using:
                table, column = using[0]
                raise Refused(
                    f'cannot alter type "{found.name}" because column "{table.name}.{column}" uses it'
                )
        if command.kind == "AddColumn" and command.name in found.attributes:
            raise Refused(f'column "{command.name}" of relation "{found.name}" already exists')
        if command.kind in ("DropColumn", "AlterColumnType") and command.name not in found.attributes:
            if not command.missing_ok:
                raise Refused(f'column "{command.name}" of relation "{found.name}" does not exist')
            continue
        if typed and not command.cascade:
            raise Refused(f'cannot alter type "{found.name}" because it is the type of a typed table')
        for table in typed:
            account.lock_all(family(table), LockMode.ACCESS_EXCLUSIVE)
            if command.kind != "AlterColumnType":
                continue
            change = Alteration(account, table, LockMode.ACCESS_EXCLUSIVE, only=False)
            retype.retype(change, command)
            change.finish()
