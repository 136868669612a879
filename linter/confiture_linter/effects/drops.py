"""DROP: what goes, what goes with it, and what keeps it from going."""

from confiture_linter.catalog import Function, Sequence, Table, View
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.dependents import (
    all_views_on,
    calls,
    column_dependents,
    columns_of_type,
    dropped_views,
    functions_on,
    views_on,
)
from confiture_linter.effects.indexes import drop_index
from confiture_linter.effects.objects import (
    default_partition,
    family,
    find,
    foreign_keys_of,
    indexes_of,
    is_temporary,
    missing,
    owned_sequences,
    referencing,
    target_of,
    written,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import Drop, ObjectPath

_AX = LockMode.ACCESS_EXCLUSIVE
_TABLES = frozenset({"table", "foreign table"})
_VIEWS = frozenset({"view", "materialized view"})
_ON_TABLES = frozenset({"trigger", "policy", "rule"})
_ROUTINES = frozenset({"function", "procedure", "routine", "aggregate"})


def drop(account: Account, fact: Drop) -> None:
    """DROP of any kind."""
    if fact.concurrently:
        account.outside_transaction()
        if len(fact.targets) > 1:
            raise Refused("DROP INDEX CONCURRENTLY does not support dropping multiple objects")
    together = [found for target in fact.targets if (found := _relation(account, target)) is not None]
    for target in fact.targets:
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        name = target.parts[-1] if target.parts else ""
        if target.kind in _TABLES or target.kind in _VIEWS or target.kind == "sequence":
            _drop_relation(account, fact, target, schema, name, together)
        elif target.kind == "index":
            known = drop_index(account, schema, name, concurrently=fact.concurrently, cascade=fact.cascade)
            if not known and not fact.if_exists:
                account.lock(written(account, schema, name), _AX)
                missing(account, schema, name, "index")
        elif target.kind in _ON_TABLES:
            _drop_part(account, fact, target)
        elif target.kind in ("type", "domain"):
            _drop_type(account, fact, schema, name)
        elif target.kind == "statistics":
            _drop_statistics(account, fact, schema, name)
        elif target.kind == "schema":
            _drop_schema(account, fact, name)
        elif target.kind in _ROUTINES:
            _drop_routine(account, fact, target, schema, name)
        elif target.kind == "extension" and fact.cascade:
            account.unsure(f"what depends on extension {name}")


def _relation(account: Account, target: ObjectPath) -> Table | View | None:
    if target.kind not in _TABLES and target.kind not in _VIEWS:
        return None
    found = find(account, target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
    return found if isinstance(found, Table | View) else None


def _drop_relation(
    account: Account, fact: Drop, target: ObjectPath, schema: str, name: str, together: list[Table | View]
) -> None:
    found = find(account, schema, name)
    if found is None:
        if is_temporary(account, schema, name):
            return
        if fact.if_exists:
            account.note(f"nothing happens if {written(account, schema, name)} does not exist")
            return
        account.lock(written(account, schema, name), _AX)
        missing(account, schema, name, target.kind)
        return
    if isinstance(found, Sequence):
        if target.kind != "sequence":
            raise Refused(f'"{name}" is not a {target.kind}')
        _drop_sequence(account, found, cascade=fact.cascade)
    elif isinstance(found, Table):
        if target.kind not in _TABLES:
            raise Refused(f'"{name}" is not a {target.kind}')
        drop_table(account, found, cascade=fact.cascade, together=together)
    elif isinstance(found, View):
        if target.kind != ("materialized view" if found.materialized else "view"):
            raise Refused(f'"{name}" is not a {target.kind}')
        _drop_view(account, found, cascade=fact.cascade, together=together)


def drop_table(account: Account, table: Table, *, cascade: bool, together: list[Table | View]) -> None:
    """DROP TABLE: its partitions, sequences and foreign keys go too; the tables these point at are locked."""
    catalog = account.catalog
    if table.partition_of is not None:
        account.lock(table.partition_of, _AX)
        default = default_partition(table.partition_of)
        if default is not None:
            account.lock(default, _AX)
    gone = [table, *_partitions(table)]
    if table.children and not cascade and not all(child in together for child in table.children):
        raise Refused(f"cannot drop table {table.name} because other objects depend on it")
    if cascade:
        gone += [part for part in family(table) if part not in gone]
    views = [view for view in all_views_on(catalog, gone) if view not in together]
    pointing = [
        constraint
        for part in gone
        for constraint in referencing(catalog, part)
        if constraint.table not in gone and constraint.table not in together
    ]
    blocked = bool(views) or any(functions_on(catalog, part) for part in gone)
    if not cascade and (blocked or pointing):
        raise Refused(f"cannot drop table {table.name} because other objects depend on it")
    account.lock_all([*gone, *views], _AX)
    for part in gone:
        account.lock_all(owned_sequences(catalog, part), _AX)
        for constraint in foreign_keys_of(part):
            if constraint.table not in gone:
                continue
            target = target_of(catalog, constraint)
            if target is not None:
                account.lock_all(family(target, only=not target.partition_strategy), _AX)
    for constraint in pointing:
        account.lock_all(family(constraint.table, only=not constraint.table.partition_strategy), _AX)


def _partitions(table: Table) -> list[Table]:
    found = list(table.partitions)
    for part in found:
        found += part.partitions
    return found


def _drop_view(account: Account, view: View, *, cascade: bool, together: list[Table | View]) -> None:
    others = [other for other in all_views_on(account.catalog, [view]) if other not in together]
    if not cascade and (others or functions_on(account.catalog, view)):
        kind = "materialized view" if view.materialized else "view"
        raise Refused(f"cannot drop {kind} {view.name} because other objects depend on it")
    account.lock_all([view, *others], _AX)
    if view.materialized:
        for index in indexes_of(account.catalog, view):
            account.lock(index.identity, _AX)


def _drop_sequence(account: Account, sequence: Sequence, *, cascade: bool) -> None:
    """The default that calls nextval depends on it; an identity column cannot do without it."""
    account.lock(sequence, _AX)
    owner = sequence.owned_by
    if owner is not None and owner.identity_kind:
        raise Refused(
            f"cannot drop sequence {sequence.name} because column {owner.name} of table requires it"
        )
    users = []
    for table in account.catalog.tables:
        for column in table.columns.values():
            mentions = column.default is not None and any(
                ref.text and ref.text.replace('"', "").rpartition(".")[2] == sequence.name
                for ref in column.default.refs
            )
            if mentions or (column is owner and column.serial):
                users.append(table)
    if users and not cascade:
        raise Refused(f"cannot drop sequence {sequence.name} because other objects depend on it")
    account.lock_all(users, _AX)


def _drop_part(account: Account, fact: Drop, target: ObjectPath) -> None:
    """DROP TRIGGER, POLICY and RULE … ON table."""
    if len(target.parts) < 2:
        return
    schema = target.parts[-3] if len(target.parts) > 2 else ""
    table_name, name = target.parts[-2], target.parts[-1]
    found = find(account, schema, table_name)
    if found is None:
        if is_temporary(account, schema, table_name):
            return
        if not fact.if_exists:
            account.lock(written(account, schema, table_name), _AX)
            missing(account, schema, table_name)
        return
    if not isinstance(found, Table | View):
        return
    if target.kind == "rule":
        if isinstance(found, View) and name == "_RETURN":
            raise Refused(f"cannot drop rule _RETURN on view {found.name} because the view requires it")
        known = isinstance(found, View) or name in found.rules
    else:
        parts = found.triggers if target.kind == "trigger" else found.policies
        known = any(part.name == name for part in parts)
    if not known:
        if fact.if_exists:
            account.note(f"there is no {target.kind} {name}: nothing is dropped")
            return
        if not (isinstance(found, Table) and found.unknown_columns):
            raise Refused(f'{target.kind} "{name}" for table "{table_name}" does not exist')
    copied = any(trigger.fact.row for trigger in found.triggers if trigger.name == name)
    if target.kind == "trigger" and isinstance(found, Table) and found.partition_strategy and copied:
        account.lock_all(family(found), _AX)
    account.lock(found, _AX)


def _drop_type(account: Account, fact: Drop, schema: str, name: str) -> None:
    """A type keeps its columns, functions and domains; CASCADE drops the columns."""
    catalog = account.catalog
    found = catalog.type(schema, name)
    if found is None:
        if not fact.if_exists and catalog.relation(schema, name) is None:
            missing(account, schema, name, "type")
        return
    using = columns_of_type(catalog, found)
    if found.form == "composite":
        typed = [
            table
            for table in catalog.tables
            if table.fact.of_type is not None
            and catalog.type(table.fact.of_type.schema, table.fact.of_type.name) is found
        ]
        using += [(table, "") for table in typed]
        account.lock(found.identity, _AX)
    functions = [
        edge.source
        for edge in catalog.edges
        if edge.target is found
        and not edge.late
        and isinstance(edge.source, Function)
        and edge.source in catalog.functions.get((edge.source.schema, edge.source.name), ())
    ]
    domains = [
        other
        for other in catalog.types.values()
        if other.base is not None
        and other is not found
        and catalog.type(other.base.schema, other.base.name) is found
    ]
    if not fact.cascade and (using or functions or domains):
        raise Refused(f"cannot drop type {name} because other objects depend on it")
    for table, column in using:
        if not column:
            drop_table(account, table, cascade=True, together=[])
            continue
        account.lock_all(family(table), _AX)
        account.lock_all(dropped_views(catalog, table, column), _AX)
        for dependent in column_dependents(catalog, table, column):
            if dependent.relation is not None:
                account.lock(dependent.relation, _AX)


def _drop_statistics(account: Account, fact: Drop, schema: str, name: str) -> None:
    """The table is only kept from changing shape."""
    for edge in account.catalog.edges:
        source = edge.source
        if source is None or getattr(source, "what", "") != "statistics" or edge.ref.use != "statistics":
            continue
        if getattr(source, "name", "") == name and schema in ("", getattr(source, "schema", "")):
            if isinstance(edge.target, Table | View):
                account.lock(edge.target, LockMode.SHARE_UPDATE_EXCLUSIVE)
            return
    if not fact.if_exists:
        missing(account, schema, name, "statistics object")


def _drop_schema(account: Account, fact: Drop, name: str) -> None:
    catalog = account.catalog
    inside: list[Table | View] = []
    sequences: list[Sequence] = []
    for relation in catalog.relations.values():
        if relation.schema == name:
            if isinstance(relation, Table | View):
                inside.append(relation)
            elif isinstance(relation, Sequence):
                sequences.append(relation)
    if name not in catalog.schemas and not inside:
        if not fact.if_exists:
            if catalog.schemas and not catalog.partial:
                raise Refused(f'schema "{name}" does not exist')
            account.unsure(f"what schema {name} holds")
        return
    filled = (
        inside
        or sequences
        or any(key[0] == name for store in (catalog.types, catalog.functions) for key in store)
    )
    if filled and not fact.cascade:
        raise Refused(f"cannot drop schema {name} because other objects depend on it")
    account.lock_all(sequences, _AX)
    for relation in inside:
        if isinstance(relation, Table):
            drop_table(account, relation, cascade=True, together=inside)
        else:
            _drop_view(account, relation, cascade=True, together=inside)


def _drop_routine(account: Account, fact: Drop, target: ObjectPath, schema: str, name: str) -> None:
    """Triggers, defaults, policies and views hang on functions."""
    catalog = account.catalog
    group = catalog.overloads(schema, name)
    if not group:
        if not fact.if_exists:
            missing(account, schema, name, target.kind)
        return
    functions = [item for item in group if isinstance(item, Function)]
    if len(group) != 1:
        account.unsure(f"which {name}() is dropped and what hangs on it")
        return
    triggers = [
        relation
        for relation in catalog.relations.values()
        if isinstance(relation, Table | View)
        and any(
            trigger.function in functions and trigger.function is not None for trigger in relation.triggers
        )
    ]
    users = [
        edge.source
        for edge in catalog.edges
        if edge.target in group and not edge.late and edge.ref.kind == "function" and edge.ref.use == "call"
    ]
    relations = [
        source
        for source in users
        if isinstance(source, Table | View)
        and catalog.relations.get((source.schema, source.name)) is source
        and (isinstance(source, View) or calls(source, name))
    ]
    if (triggers or relations) and not fact.cascade:
        raise Refused(f"cannot drop function {name} because other objects depend on it")
    for relation in (*triggers, *relations):
        account.lock(relation, _AX)
        if isinstance(relation, View):
            account.lock_all(views_on(catalog, relation), _AX)
