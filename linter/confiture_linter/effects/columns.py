"""ALTER TABLE on columns: ADD, DROP, SET DEFAULT, NOT NULL, identity, generated, statistics, storage."""

from confiture_linter.catalog import Column, Sequence, Table
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.dependents import column_dependents, dropped_views
from confiture_linter.effects.fks import add_foreign_key
from confiture_linter.effects.objects import (
    family,
    foreign_keys_of,
    owned_sequences,
    referencing,
    target_columns,
    target_of,
)
from confiture_linter.effects.type_change import constrained, require_type, resolve, unwrapped
from confiture_linter.effects.values import LockMode
from confiture_linter.effects.volatility import is_volatile
from confiture_linter.statements.facts import NULL, AlterCommand, ColumnFact, Expression


def add_column(change: Alteration, command: AlterCommand) -> None:
    """ADD COLUMN: a rewrite if the value differs from row to row, or a domain has to be checked."""
    fact = command.column
    if fact is None:
        return
    account, table = change.account, change.table
    known = fact.name in change.added or (fact.name in table.columns and fact.name not in change.dropped)
    if known:
        if command.missing_ok:
            account.note(f"column {fact.name} is there already: nothing is added")
            return
        raise Refused(f'column "{fact.name}" of relation "{table.name}" already exists')
    if table.partition_of is not None:
        raise Refused("cannot add column to a partition")
    if table.fact.of_type is not None:
        raise Refused("cannot add column to typed table")
    change.refuse_only("column must be added to child tables too")
    require_type(account, fact.type)
    refuse_default(fact.default if not fact.generated else None)
    tables = change.recurse()
    computed = _computed(account, fact)
    change.added[fact.name] = fact
    if computed:
        change.rewrite(tables)
    if (
        fact.not_null
        and not computed
        and (fact.default is None or fact.default.constant == NULL or fact.generated)
    ):
        change.verify(tables)
        if not fact.generated:
            account.note(f"fails if the table has rows: column {fact.name} is NOT NULL and has no default")
    filled = computed and any(not account.empty(part) for part in tables if not part.partition_strategy)
    mention_sequences(account, fact.default, evaluated=filled)
    for constraint in command.constraints:
        if constraint.kind == "foreign key":
            account.lock_all(tables, change.mode)
            validate = fact.default is not None or fact.serial
            add_foreign_key(account, table, constraint, validate=validate, types={fact.name: fact.type})
        elif constraint.kind == "check":
            if not constraint.not_enforced:
                change.verify(tables)
        else:
            if table.partition_strategy:
                raise Refused("unique constraint on partitioned table must include all partitioning columns")
            if constraint.kind == "primary key":
                _refuse_second_key(change)
                if not computed and fact.default is None:
                    account.note(f"fails if the table has rows: column {fact.name} would be null")
            change.verify(tables)


def refuse_default(expression: Expression | None) -> None:
    """A default names no columns and asks no queries."""
    if expression is None:
        return
    if expression.queries:
        raise Refused("cannot use subquery in DEFAULT expression")
    if expression.columns:
        raise Refused("cannot use column reference in DEFAULT expression")


def _refuse_second_key(change: Alteration) -> None:
    key = change.table.primary_key
    if key is not None and key.name not in change.dropped and change.dropped.isdisjoint(key.columns):
        raise Refused(f'multiple primary keys for table "{change.table.name}" are not allowed')


def _computed(account: Account, fact: ColumnFact) -> bool:
    """Whether a value has to be worked out for every row (ATExecAddColumn)."""
    if fact.generated:
        return fact.generated == "s"
    if fact.serial or fact.identity:
        return True
    own = resolve(account, fact.type)
    if own.own is not None and own.own.form == "domain" and not own.array:
        if constrained(account, own.own):
            return True
        if fact.default is None:
            return is_volatile(account, own.own.default)
    elif not own.known and own.name and not own.array:
        account.unsure(f"whether type {own.name} is a domain with constraints")
    return is_volatile(account, fact.default)


def mention_sequences(account: Account, expression: Expression | None, *, evaluated: bool) -> None:
    """Sequences that a default names: opened when it is stored (since 16), written when it is computed."""
    for ref in expression.refs if expression is not None else ():
        if ref.kind == "function" and ref.name in ("nextval", "currval", "setval") and ref.text:
            schema, _, name = ref.text.replace('"', "").rpartition(".")
        elif ref.kind == "relation" and ref.use == "registered":
            schema, name = ref.schema, ref.name
        else:
            continue
        found = account.catalog.relation(schema, name)
        if not isinstance(found, Sequence):
            continue
        if evaluated:
            account.lock(found, LockMode.ROW_EXCLUSIVE)
        elif account.postgres >= 16:
            account.lock(found, LockMode.ACCESS_SHARE)


def mention_default(account: Account, table: Table, column: Column) -> None:
    """The sequence of a default that is copied or stored anew."""
    if column.serial and account.postgres >= 16:
        account.lock_all(owned_sequences(account.catalog, table, column.name), LockMode.ACCESS_SHARE)
    mention_sequences(account, column.default, evaluated=False)


def drop_column(change: Alteration, command: AlterCommand) -> None:
    """DROP COLUMN: only the catalog changes; what depends on it goes with CASCADE, or refuses."""
    account, table, name = change.account, change.table, command.name
    column = change.column(name, missing_ok=command.missing_ok)
    if column is None:
        if name not in change.added and not table.unknown_columns:
            account.note(f"there is no column {name}: nothing is dropped")
            return
        change.recurse()
        return
    _refuse_inherited(table, name, "drop")
    if table.fact.of_type is not None:
        raise Refused("cannot drop column from typed table")
    if table.partition_strategy and change.only and table.partitions:
        raise Refused("cannot drop column from only the partitioned table when partitions exist")
    _refuse_partition_key(table, name, "drop")
    tables = change.family()
    account.lock_all([*tables, *table.children], change.mode)
    others = list(column_dependents(account.catalog, table, name))
    pointing = [
        constraint
        for constraint in referencing(account.catalog, table)
        if name in target_columns(account.catalog, constraint) and constraint.table is not table
    ]
    if not command.cascade and (others or pointing):
        raise Refused(f"cannot drop column {name} of table {table.name} because other objects depend on it")
    exclusive = LockMode.ACCESS_EXCLUSIVE
    account.lock_all(dropped_views(account.catalog, table, name), exclusive)
    for constraint in pointing:
        account.lock_all(family(constraint.table, only=not constraint.table.partition_strategy), exclusive)
    for constraint in foreign_keys_of(table):
        if name in constraint.columns:
            target = target_of(account.catalog, constraint)
            if target is not None:
                account.lock_all(family(target, only=not target.partition_strategy), exclusive)
            change.dropped.add(constraint.name)
    account.lock_all(owned_sequences(account.catalog, table, name), exclusive)
    change.dropped.add(name)
    for part in tables:
        change.dropped_indexes.update(view.name for view in change.live_indexes(part) if name in view.used)
    for constraint in table.constraints:
        if name in constraint.columns:
            change.dropped.add(constraint.name)


def _refuse_inherited(table: Table, name: str, what: str) -> None:
    """A column that comes from a parent can only be changed there."""
    parents = [*table.parents, *([table.partition_of] if table.partition_of is not None else [])]
    if any(name in parent.columns for parent in parents):
        raise Refused(f'cannot {what} inherited column "{name}"')


def _refuse_partition_key(table: Table, name: str, what: str) -> None:
    for owner in family(table):
        if owner.partition_strategy and name in owner.fact.partition_key:
            raise Refused(
                f'cannot {what} column "{name}" because it is part of the partition key of relation "{owner.name}"'
            )


def refuse_retyping(table: Table, name: str) -> None:
    """What ALTER COLUMN … TYPE shares with DROP COLUMN."""
    _refuse_inherited(table, name, "alter")
    _refuse_partition_key(table, name, "alter")


def set_default(change: Alteration, command: AlterCommand) -> None:
    """SET DEFAULT and DROP DEFAULT touch no row."""
    column = change.column(command.name)
    if column is None and command.expression is None and command.name in change.added:
        # DROP DEFAULT comes before the columns that the statement adds.
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" does not exist')
    if column is not None and column.identity_kind:
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" is an identity column')
    if column is not None and column.generated:
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" is a generated column')
    refuse_default(command.expression)
    if command.expression is None:
        change.undefaulted.add(command.name)
    change.recurse()
    mention_sequences(change.account, command.expression, evaluated=False)


def set_not_null(change: Alteration, command: AlterCommand) -> None:
    """SET NOT NULL reads the table unless it is known already, or a valid CHECK proves it."""
    column = change.column(command.name)
    if column is not None and column.not_null:
        return
    if column is not None and change.only and change.table.partitions:
        parts = change.table.partitions
        if change.account.postgres >= 18 or not all(_is_not_null(part, command.name) for part in parts):
            raise Refused("constraint must be added to child tables too")
        change.account.lock_all(family(change.table), change.mode)
    tables = change.recurse()
    if column is None and command.name in change.added:
        return
    if column is None:
        change.account.unsure(f"whether column {command.name} is NOT NULL already, or a CHECK proves it")
    change.proven.add(command.name)
    change.verify_not_null(tables, command.name)


def _is_not_null(table: Table, name: str) -> bool:
    return name in table.columns and table.columns[name].not_null


def drop_not_null(change: Alteration, command: AlterCommand) -> None:
    """DROP NOT NULL; a key, an identity or a parent keeps it."""
    table, name = change.table, command.name
    column = change.column(name)
    if column is not None and column.not_null:
        if column.identity_kind:
            raise Refused(f'column "{name}" of relation "{table.name}" is an identity column')
        key = table.primary_key
        if key is not None and name in key.columns and key.name not in change.dropped:
            raise Refused(f'column "{name}" is in a primary key')
        parents = [*table.parents, *([table.partition_of] if table.partition_of is not None else [])]
        if any(name in parent.columns and parent.columns[name].not_null for parent in parents):
            raise Refused(f'column "{name}" is marked NOT NULL in parent table')
    if change.account.postgres < 18:
        if table.partition_strategy:
            change.refuse_only(
                "cannot remove constraint from only the partitioned table when partitions exist"
            )
        change.recurse()
    elif column is None or column.not_null:
        # The constraint of each child is told that it is on its own now.
        change.account.lock_all([*table.partitions, *table.children], change.mode)
        change.recurse()


def set_expression(change: Alteration, command: AlterCommand) -> None:
    """SET EXPRESSION computes a stored column anew; a virtual one is computed when it is read."""
    account, name = change.account, command.name
    column = change.column(name)
    if column is not None and not column.generated:
        raise Refused(f'column "{name}" of relation "{change.table.name}" is not a generated column')
    tables = change.recurse()
    if column is None or column.generated == "s":
        change.rewrite(tables)
    elif any(
        constraint.kind == "check" and name in constraint.columns for constraint in change.table.constraints
    ):
        raise Refused(
            "ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables with check constraints"
        )
    if column is None:
        account.unsure(f"whether column {name} is stored")


def drop_expression(change: Alteration, command: AlterCommand) -> None:
    """DROP EXPRESSION keeps the values that are stored."""
    column = change.column(command.name)
    if column is not None and not column.generated and not command.missing_ok:
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" is not a generated column')
    if column is not None and column.generated == "v":
        raise Refused("ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns")
    if column is not None and column.generated:
        change.refuse_only("ALTER TABLE / DROP EXPRESSION must be applied to child tables too")
    change.recurse()


def add_identity(change: Alteration, command: AlterCommand) -> None:
    """ADD GENERATED … AS IDENTITY counts new rows only."""
    table, name = change.table, command.name
    column = change.column(name)
    if column is not None:
        if not column.not_null and name not in change.proven:
            raise Refused(
                f'column "{name}" of relation "{table.name}" must be declared NOT NULL before identity can be added'
            )
        if column.identity_kind:
            raise Refused(f'column "{name}" of relation "{table.name}" is already an identity column')
        if column.default is not None or column.serial:
            raise Refused(f'column "{name}" of relation "{table.name}" already has a default value')
    _recurse_identity(change)


def set_identity(change: Alteration, command: AlterCommand) -> None:
    """SET GENERATED, RESTART and the other options go to the sequence."""
    column = change.column(command.name)
    if column is not None and not column.identity_kind:
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" is not an identity column')
    _recurse_identity(change)
    sequences = owned_sequences(change.account.catalog, change.table, command.name)
    change.account.lock_all(sequences, LockMode.SHARE_ROW_EXCLUSIVE)


def drop_identity(change: Alteration, command: AlterCommand) -> None:
    """DROP IDENTITY drops the sequence."""
    column = change.column(command.name)
    if column is not None and not column.identity_kind:
        if command.missing_ok:
            return
        raise Refused(f'column "{command.name}" of relation "{change.table.name}" is not an identity column')
    _recurse_identity(change)
    sequences = owned_sequences(change.account.catalog, change.table, command.name)
    change.account.lock_all(sequences, LockMode.ACCESS_EXCLUSIVE)


def _recurse_identity(change: Alteration) -> None:
    """Partitions have the identity of their parent since 17."""
    if change.table.partition_strategy and change.account.postgres >= 17:
        change.recurse()


def recursive_option(change: Alteration, command: AlterCommand) -> None:
    """SET STATISTICS and SET STORAGE go down to the children."""
    column = change.column(command.name)
    if (
        column is not None
        and command.kind == "SetStorage"
        and command.text.lower() not in ("plain", "default")
    ):
        own = unwrapped(change.account, resolve(change.account, column.type))
        if own.base and own.known and own.name in _FIXED_LENGTH:
            raise Refused(f"column data type {own.name} can only have storage PLAIN")
    change.recurse()


_FIXED_LENGTH = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "date", "time", "timetz", "timestamp", "timestamptz", "interval",
     "uuid", "oid", "money", "name", "macaddr", "macaddr8", "char"}
)  # fmt: skip
"""Types that are never stored out of line."""


def plain_option(change: Alteration, command: AlterCommand) -> None:
    """Column options that stay on the table itself."""
    change.column(command.name)
