"""ALTER TABLE on constraints: ADD, DROP, VALIDATE, ALTER, RENAME."""

from confiture_linter.catalog import Constraint, Table
from confiture_linter.catalog.constraint_names import constraint_name, object_name
from confiture_linter.effects.account import Refused
from confiture_linter.effects.alteration import Alteration
from confiture_linter.effects.fks import add_foreign_key, drop_foreign_key, validate_foreign_key
from confiture_linter.effects.objects import (
    constraints_of,
    family,
    index_named,
    indexes_of,
    referencing,
    target_columns,
    target_of,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import AlterCommand, ConstraintFact


def add_constraint(change: Alteration, command: AlterCommand) -> None:
    """ADD CONSTRAINT of any kind. Since 18 all descendants are locked before anything is looked at (ATPrepCmd)."""
    if change.account.postgres >= 18 and not change.only:
        change.recurse()
    for fact in command.constraints:
        if fact.name and change.constraint(fact.name) is not None and fact.kind != "not null":
            raise Refused(f'constraint "{fact.name}" for relation "{change.table.name}" already exists')
        _columns_exist(change, fact)
        if fact.kind == "foreign key":
            table = change.table
            if change.only and table.partition_strategy and table.partitions:
                raise Refused(
                    f'cannot use ONLY for foreign key on partitioned table "{table.name}" referencing relation "{fact.target}"'
                )
            types = change.retyped | {name: added.type for name, added in change.added.items()}
            new = set(fact.columns) <= set(change.added) and all(
                added.default is None for name, added in change.added.items() if name in fact.columns
            )
            add_foreign_key(change.account, table, fact, validate=True, types=types)
            if new:
                change.account.note("the columns of the foreign key are new and null")
        elif fact.kind == "check":
            _check(change, fact)
        elif fact.kind == "not null":
            _not_null(change, fact)
        else:
            _key(change, fact)
        if fact.name:
            change.constraints[fact.name] = fact


def _columns_exist(change: Alteration, fact: ConstraintFact) -> None:
    table = change.table
    if table.unknown_columns or fact.using_index:
        return
    for name in (*fact.columns, *fact.include):
        known = (name in table.columns and name not in change.dropped) or name in change.added
        if name and name != "*" and not known and not (fact.kind == "check" and name == table.name):
            raise Refused(f'column "{name}" does not exist')


def _check(change: Alteration, fact: ConstraintFact) -> None:
    table = change.table
    if fact.expression is not None and fact.expression.queries:
        raise Refused("cannot use subquery in check constraint")
    if fact.no_inherit and table.partition_strategy:
        raise Refused(f'cannot add NO INHERIT constraint to partitioned table "{table.name}"')
    if not fact.no_inherit:
        change.refuse_only("constraint must be added to child tables too")
    tables = [table] if fact.no_inherit else change.recurse()
    if not fact.not_valid and not fact.not_enforced:
        change.verify(tables)


def _not_null(change: Alteration, fact: ConstraintFact) -> None:
    """NOT NULL as a named constraint (18)."""
    table = change.table
    if fact.no_inherit and table.partition_strategy:
        raise Refused("not-null constraints on partitioned tables cannot be NO INHERIT")
    if not fact.no_inherit:
        change.refuse_only("constraint must be added to child tables too")
    tables = [table] if fact.no_inherit else change.recurse()
    for name in fact.columns:
        column = table.columns.get(name)
        known = not_null_name(table, name) if column is not None and column.not_null else ""
        if known and fact.name and fact.name != known:
            raise Refused(
                f'cannot create not-null constraint "{fact.name}" on column "{name}" of table "{table.name}"'
            )
        if fact.not_valid or (column is not None and column.not_null):
            continue
        change.verify_not_null(tables, name)


def not_null_name(table: Table, column: str) -> str:
    """The name of the constraint behind a column's NOT NULL (18)."""
    for constraint in constraints_of(table):
        if constraint.kind == "not null" and constraint.columns == (column,):
            return constraint.name
    return object_name(table.name, column, "not_null")


def _key(change: Alteration, fact: ConstraintFact) -> None:
    """PRIMARY KEY, UNIQUE and EXCLUDE build an index, or take one over."""
    account, table = change.account, change.table
    if fact.kind == "primary key":
        key = table.primary_key
        gone = key is not None and (key.name in change.dropped or not change.dropped.isdisjoint(key.columns))
        if key is not None and not gone:
            raise Refused(f'multiple primary keys for table "{table.name}" are not allowed')
    if fact.using_index:
        _take_index(change, fact)
        return
    if table.partition_strategy:
        missing = [name for name in table.fact.partition_key if name not in fact.columns]
        if missing or "" in table.fact.partition_key:
            raise Refused("unique constraint on partitioned table must include all partitioning columns")
        if fact.kind == "exclude" and account.postgres < 17:
            raise Refused("exclusion constraints are not supported on partitioned tables")
        if change.only and table.partitions:
            _key_only(change, fact)
            return
    tables = family(table, only=change.only or not table.partition_strategy)
    nullable = [
        name
        for name in fact.columns
        if fact.kind == "primary key" and name in table.columns and not table.columns[name].not_null
    ]
    strict = account.postgres >= 18 or bool(nullable)
    for constraint in constraints_of(table):
        if constraint.kind == "not null" and constraint.not_valid and set(constraint.columns) & set(nullable):
            raise Refused(f'cannot create primary key on column "{constraint.columns[0]}"')
    name = constraint_name(table.name, fact, lambda _name: False)
    if name in change.dropped_indexes:
        change.rebuilt.add(f"{table.schema}.{name}")
    account.lock_all(tables[1:], change.mode if strict else LockMode.SHARE)
    if nullable and not change.only:
        inheriting = family(table)
        account.lock_all(inheriting, change.mode)
        for name in nullable:
            change.verify_not_null(inheriting, name)
    for part in tables:
        free = [
            view
            for view in indexes_of(account.catalog, part)
            if view.constraint is not None and not view.inherited
        ]
        ready = part is not table and any(
            view.columns == fact.columns
            and view.include == fact.include
            and view.constraint is not None
            and view.constraint.kind == fact.kind
            for view in free
        )
        if not ready:
            change.verify([part])


def _key_only(change: Alteration, fact: ConstraintFact) -> None:
    """ONLY makes an invalid index on the parent; partitions get theirs later."""
    if fact.kind == "primary key" and any(
        name in change.table.columns and not change.table.columns[name].not_null for name in fact.columns
    ):
        raise Refused("constraint must be added to child tables too")


def _take_index(change: Alteration, fact: ConstraintFact) -> None:
    account, table = change.account, change.table
    if table.partition_strategy:
        raise Refused("ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables")
    view = index_named(account.catalog, table.schema, fact.using_index)
    if view is None:
        if table.unknown_columns:
            account.unsure(f"what index {fact.using_index} is")
            return
        raise Refused(f'index "{fact.using_index}" does not exist')
    if view.table is not table:
        raise Refused(f'index "{view.name}" does not belong to table "{table.name}"')
    if view.constraint is not None:
        raise Refused(f'index "{view.name}" is already associated with a constraint')
    if not view.unique:
        raise Refused(f'"{view.name}" is not a unique index')
    if "" in view.columns:
        raise Refused(f'index "{view.name}" contains expressions')
    if view.computed:
        raise Refused(f'"{view.name}" is a partial index')
    if view.method != "btree" or any(view.opclasses) or any(view.detail):
        raise Refused(f'index "{view.name}" column number 1 does not have default sorting behavior')
    if fact.kind == "primary key":
        for name in view.columns:
            column = table.columns.get(name)
            if column is not None and not column.not_null and name not in change.proven:
                change.verify_not_null([table], name)


def drop_constraint(change: Alteration, command: AlterCommand) -> None:
    """DROP CONSTRAINT."""
    account, table, name = change.account, change.table, command.name
    constraint = change.constraint(name)
    if constraint is None:
        if name in change.constraints:
            return
        if command.missing_ok:
            account.note(f"there is no constraint {name}: nothing is dropped")
        elif table.unknown_columns:
            account.unsure(f"what constraint {name} is")
        elif not _implicit(table, name):
            raise Refused(f'constraint "{name}" of relation "{table.name}" does not exist')
        else:
            _drop_implicit(change, name)
        return
    if constraint.table is not table:
        raise Refused(f'cannot drop inherited constraint "{name}" of relation "{table.name}"')
    change.dropped.add(name)
    if constraint.kind == "foreign key":
        drop_foreign_key(account, table, constraint)
    elif constraint.kind in ("check", "not null"):
        if not constraint.fact.no_inherit:
            if table.partition_strategy and account.postgres < 18:
                change.refuse_only(
                    "cannot remove constraint from only the partitioned table when partitions exist"
                )
            # With ONLY the children keep theirs, which is marked as their own.
            account.lock_all([*table.partitions, *table.children], change.mode)
            change.recurse()
    else:
        _drop_key(change, constraint, cascade=command.cascade)


def _implicit(table: Table, name: str) -> bool:
    """Whether a name is that of a not-null constraint which the server named itself (18)."""
    return any(
        name == f"{table.name}_{column.name}_not_null" and column.not_null
        for column in table.columns.values()
    )


def _drop_implicit(change: Alteration, name: str) -> None:
    """DROP CONSTRAINT of a NOT NULL that the server named (18)."""
    table = change.table
    if change.account.postgres < 18:
        raise Refused(f'constraint "{name}" of relation "{table.name}" does not exist')
    column = next(c for c in table.columns.values() if name == object_name(table.name, c.name, "not_null"))
    if column.identity_kind:
        raise Refused(f'column "{column.name}" of relation "{table.name}" is an identity column')
    key = table.primary_key
    if key is not None and column.name in key.columns and key.name not in change.dropped:
        raise Refused(f'column "{column.name}" is in a primary key')
    change.recurse()


def _drop_key(change: Alteration, constraint: Constraint, *, cascade: bool) -> None:
    account, table = change.account, change.table
    account.lock_all(family(table, only=not table.partition_strategy), change.mode)
    change.dropped_indexes.add(constraint.name)
    for other in referencing(account.catalog, table):
        if target_of(account.catalog, other) is not table:
            continue
        if sorted(target_columns(account.catalog, other)) != sorted(constraint.columns):
            continue
        if (
            any(
                view.unique and not view.computed and sorted(view.columns) == sorted(constraint.columns)
                for view in indexes_of(account.catalog, table)
                if view.name != constraint.name
            )
            and constraint.kind != "primary key"
        ):
            account.unsure(f"which of two equal keys {other.name} hangs on")
            continue
        if not cascade:
            raise Refused(
                f"cannot drop constraint {constraint.name} on table {table.name} because other objects depend on it"
            )
        account.lock_all(
            family(other.table, only=not other.table.partition_strategy), LockMode.ACCESS_EXCLUSIVE
        )


def validate_constraint(change: Alteration, command: AlterCommand) -> None:
    """VALIDATE CONSTRAINT reads the table under a lock that lets writes through."""
    account, table, name = change.account, change.table, command.name
    added = change.constraints.get(name)
    if added is not None:
        if added.kind == "check":
            change.verify(change.recurse())
        elif added.kind == "foreign key":
            change.verify(family(table, only=not table.partition_strategy))
        return
    constraint = change.constraint(name)
    if constraint is None:
        if table.unknown_columns:
            account.unsure(f"what constraint {name} is")
            return
        if _implicit(table, name):
            return
        raise Refused(f'constraint "{name}" of relation "{table.name}" does not exist')
    if constraint.kind not in ("check", "foreign key", "not null"):
        raise Refused(
            f'constraint "{name}" of relation "{table.name}" is not a foreign key or check constraint'
        )
    if constraint.kind == "not null" and account.postgres < 18:
        raise Refused(f'constraint "{name}" of relation "{table.name}" does not exist')
    if constraint.fact.not_enforced:
        raise Refused("cannot validate NOT ENFORCED constraint")
    if not constraint.not_valid:
        return
    if constraint.kind == "foreign key":
        if table.partition_strategy:
            account.lock_all(family(table), change.mode)
        validate_foreign_key(account, table, constraint)
        return
    tables = [table]
    if not constraint.fact.no_inherit:
        if change.only and (table.partitions or table.children):
            raise Refused("constraint must be validated on child tables too")
        tables = change.recurse()
    if constraint.kind == "check":
        change.verify(tables)
        return
    for column in constraint.columns:
        change.verify_not_null(tables, column)


def alter_constraint(change: Alteration, command: AlterCommand) -> None:
    """ALTER CONSTRAINT: deferrability is a mark; enforcing a foreign key checks it (18)."""
    account, table, name = change.account, change.table, command.name
    constraint = change.constraint(name)
    if constraint is None:
        if table.unknown_columns:
            account.unsure(f"what constraint {name} is")
            return
        raise Refused(f'constraint "{name}" of relation "{table.name}" does not exist')
    if "inherit" in command.alters:
        if constraint.kind != "not null":
            raise Refused(f'constraint "{name}" of relation "{table.name}" is not a not-null constraint')
        tables = change.recurse()
        for column in constraint.columns:
            if constraint.fact.no_inherit:
                change.verify_not_null([part for part in tables if part is not table], column)
        return
    if constraint.kind != "foreign key":
        raise Refused(f'constraint "{name}" of relation "{table.name}" is not a foreign key constraint')
    target = target_of(account.catalog, constraint)
    own = family(table, only=not table.partition_strategy)
    account.lock_all(own, change.mode)
    other = family(target, only=not target.partition_strategy) if target is not None else []
    if "enforced" in command.alters and constraint.fact.not_enforced:
        account.lock_all(other, LockMode.SHARE_ROW_EXCLUSIVE)
        change.verify(own)
    elif "not enforced" in command.alters and not constraint.fact.not_enforced:
        account.lock_all(other, LockMode.ACCESS_EXCLUSIVE)
