"""CREATE INDEX, DROP INDEX, REINDEX and CLUSTER."""

from confiture_linter.catalog import Table, View
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.objects import (
    IndexView,
    ancestors,
    family,
    find,
    index_named,
    index_names,
    indexes_of,
    is_temporary,
    missing,
    referencing,
    target_columns,
    target_of,
    written,
)
from confiture_linter.effects.values import LockMode
from confiture_linter.effects.volatility import is_mutable
from confiture_linter.statements.facts import CreateIndex, Maintain

_AX = LockMode.ACCESS_EXCLUSIVE
_SUX = LockMode.SHARE_UPDATE_EXCLUSIVE


def create_index(account: Account, fact: CreateIndex) -> None:
    """CREATE INDEX blocks writes for one scan; CONCURRENTLY lets them through, outside a transaction."""
    mode = _SUX if fact.concurrently else LockMode.SHARE
    if fact.concurrently:
        account.outside_transaction()
    found = find(account, fact.table_schema, fact.table)
    if found is None:
        if not is_temporary(account, fact.table_schema, fact.table):
            name = written(account, fact.table_schema, fact.table)
            account.lock(name, mode)
            missing(account, fact.table_schema, fact.table)
            if not fact.only:
                account.scans.add(name)
        return
    if not isinstance(found, Table | View) or (isinstance(found, View) and not found.materialized):
        raise Refused(f'cannot create index on relation "{found.name}"')
    account.lock(found, mode)
    if fact.name and _taken(account, found.schema, fact.name):
        if fact.if_not_exists:
            account.note(f"{fact.name} is there already: nothing is built")
            return
        raise Refused(f'relation "{fact.name}" already exists')
    _refuse_columns(account, found, fact)
    if isinstance(found, View):
        account.scan(found)
        return
    if not found.partition_strategy:
        account.scan(found)
        return
    if fact.concurrently:
        raise Refused(f'cannot create index on partitioned table "{found.name}" concurrently')
    names = tuple(column.name for column in fact.columns)
    if fact.unique and not set(found.fact.partition_key) <= set(names):
        raise Refused("unique constraint on partitioned table must include all partitioning columns")
    if fact.only:
        return
    tables = family(found)
    account.lock_all(tables, mode)
    ready: list[Table] = []
    for table in tables[1:]:
        if any(above in ready for above in ancestors(table)) or _ready(account, table, fact):
            ready.append(table)
        else:
            account.scan(table)


def _ready(account: Account, table: Table, fact: CreateIndex) -> bool:
    """Whether a partition has such an index already, not yet attached to another."""
    wanted = tuple(column.name for column in fact.columns)
    details = (*(column.detail for column in fact.columns), fact.condition)
    return any(
        (view.columns, view.include, view.unique, view.method, view.detail)
        == (wanted, fact.include, fact.unique, fact.method, details)
        and not view.inherited
        for view in indexes_of(account.catalog, table)
    )


def _taken(account: Account, schema: str, name: str) -> bool:
    return (schema, name) in account.catalog.relations or index_named(
        account.catalog, schema, name
    ) is not None


def _refuse_columns(account: Account, relation: Table | View, fact: CreateIndex) -> None:
    if isinstance(relation, Table) and not relation.unknown_columns:
        for name in (*(column.name for column in fact.columns), *fact.include):
            if name and name not in relation.columns and name not in ("ctid", "tableoid"):
                raise Refused(f'column "{name}" does not exist')
    types = (
        {name: column.type for name, column in relation.columns.items()}
        if isinstance(relation, Table)
        else {}
    )
    for expression in (column.expression for column in fact.columns):
        if is_mutable(account, expression, types):
            raise Refused("functions in index expression must be marked IMMUTABLE")
    if is_mutable(account, fact.predicate, types):
        raise Refused("functions in index predicate must be marked IMMUTABLE")


def drop_index(account: Account, schema: str, name: str, *, concurrently: bool, cascade: bool) -> bool:
    """DROP INDEX takes ACCESS EXCLUSIVE on the table too; False if there is no such index."""
    view = index_named(account.catalog, schema, name)
    if view is None:
        return False
    table = view.table
    partitioned = isinstance(table, Table) and bool(table.partition_strategy)
    if concurrently and partitioned:
        raise Refused(f'cannot drop partitioned index "{view.name}" concurrently')
    if concurrently and cascade:
        raise Refused("DROP INDEX CONCURRENTLY does not support CASCADE")
    if view.inherited:
        raise Refused(f"cannot drop index {view.name} because an index of the partitioned table requires it")
    if view.constraint is not None:
        raise Refused(
            f"cannot drop index {view.name} because constraint {view.constraint.name} on table {table.name} requires it"
        )
    if isinstance(table, Table):
        _foreign_keys_on(account, table, view, cascade=cascade)
    if concurrently:
        account.lock(table, _SUX)
        return True
    account.lock(view.identity, _AX)
    account.lock_all(family(table) if isinstance(table, Table) and partitioned else [table], _AX)
    return True


def _foreign_keys_on(account: Account, table: Table, view: IndexView, *, cascade: bool) -> None:
    """A foreign key hangs on the unique index that it found."""
    if not view.unique or view.computed:
        return
    catalog = account.catalog
    others = [
        other
        for other in indexes_of(catalog, table)
        if other.name != view.name and other.unique and sorted(other.columns) == sorted(view.columns)
    ]
    for constraint in referencing(catalog, table):
        if target_of(catalog, constraint) is not table or others:
            continue
        if sorted(target_columns(catalog, constraint)) == sorted(view.columns):
            if not cascade:
                raise Refused(f"cannot drop index {view.name} because other objects depend on it")
            account.lock(constraint.table, _AX)


# -- REINDEX and CLUSTER -----------------------------------------------------------------------------


def reindex(account: Account, fact: Maintain) -> None:
    """REINDEX reads each table once for every index; CONCURRENTLY builds beside the old one."""
    given = dict(fact.settings)
    concurrently = fact.concurrently and given.get("concurrently", "true") not in ("false", "off", "0")
    whole = fact.kind in ("schema", "system", "database")
    if concurrently or whole:
        account.outside_transaction()
    if fact.kind == "system" and concurrently:
        raise Refused("cannot reindex system catalogs concurrently")
    mode = _SUX if concurrently else LockMode.SHARE
    if whole:
        _reindex_all(account, fact, mode)
        return
    for schema, name, _ in fact.relations:
        if fact.kind == "index":
            view = index_named(account.catalog, schema, name)
            if view is None:
                missing(account, schema, name)
                continue
            _reindex_index(account, view, mode, concurrently=concurrently)
            continue
        relation = find(account, schema, name)
        if relation is None:
            if not is_temporary(account, schema, name):
                account.lock(written(account, schema, name), mode)
                missing(account, schema, name)
            continue
        if not isinstance(relation, Table | View) or (
            isinstance(relation, View) and not relation.materialized
        ):
            raise Refused(f'"{relation.name}" is not a table or materialized view')
        if isinstance(relation, Table) and relation.partition_strategy:
            account.outside_transaction()
            for part in family(relation):
                account.lock(part, mode)
                _reindex_table(account, part)
        else:
            account.lock(relation, mode)
            _reindex_table(account, relation)


def _reindex_table(account: Account, relation: Table | View) -> None:
    if isinstance(relation, Table) and relation.partition_strategy:
        return
    names = index_names(account.catalog, relation)
    if names:
        account.scan(relation)
        account.rebuilds.update(names)


def _reindex_index(account: Account, view: IndexView, mode: LockMode, *, concurrently: bool) -> None:
    table = view.table
    if isinstance(table, Table) and table.partition_strategy:
        account.outside_transaction()
        for part in family(table):
            account.lock(part, mode)
            if not part.partition_strategy:
                account.scan(part)
                account.rebuilds.update(
                    child.identity
                    for child in indexes_of(account.catalog, part)
                    if child.inherited and child.columns == view.columns and child.detail == view.detail
                )
        return
    account.lock(table, mode)
    account.lock(view.identity, _SUX if concurrently else _AX)
    account.scan(table)
    account.rebuilds.add(view.identity)


def _reindex_all(account: Account, fact: Maintain, mode: LockMode) -> None:
    """One transaction for every table of the schema or database."""
    if fact.kind == "system":
        return
    catalog = account.catalog
    if (
        fact.kind == "schema"
        and catalog.schemas
        and not catalog.partial
        and fact.name not in (*catalog.schemas, "public")
    ):
        raise Refused(f'schema "{fact.name}" does not exist')
    for relation in list(account.catalog.relations.values()):
        if not isinstance(relation, Table | View) or (
            isinstance(relation, View) and not relation.materialized
        ):
            continue
        if fact.kind == "schema" and relation.schema != fact.name:
            continue
        if isinstance(relation, Table) and (relation.partition_strategy or relation.fact.foreign):
            continue
        account.lock(relation, mode)
        _reindex_table(account, relation)


def cluster(account: Account, fact: Maintain) -> None:
    """CLUSTER writes the table anew in the order of an index."""
    if not fact.relations:
        account.outside_transaction()
        for table in list(account.catalog.tables):
            if table.clustered_on:
                _cluster_table(account, table)
        return
    schema, name, _ = fact.relations[0]
    found = find(account, schema, name)
    if found is None:
        if not is_temporary(account, schema, name):
            account.lock(written(account, schema, name), _AX)
            missing(account, schema, name)
        return
    if not isinstance(found, Table | View) or (isinstance(found, View) and not found.materialized):
        raise Refused(f'"{found.name}" is not a table or materialized view')
    partitioned = isinstance(found, Table) and bool(found.partition_strategy)
    if partitioned:
        account.outside_transaction()
        if account.postgres < 15:
            raise Refused("cannot cluster a partitioned table")
    _refuse_index(account, found, fact.name)
    if partitioned and isinstance(found, Table):
        for part in family(found):
            account.lock(part, _AX)
            _cluster_table(account, part)
    else:
        _cluster_table(account, found)


def _refuse_index(account: Account, relation: Table | View, name: str) -> None:
    if not name:
        if isinstance(relation, Table) and not relation.clustered_on:
            raise Refused(f'there is no previously clustered index for table "{relation.name}"')
        return
    view = index_named(account.catalog, relation.schema, name)
    if view is None or view.table is not relation:
        raise Refused(f'index "{name}" for table "{relation.name}" does not exist')
    if view.method not in ("btree", "gist"):
        raise Refused(f'cannot cluster on index "{name}" because access method does not support clustering')
    if "" not in view.detail[-1:] and view.computed:
        raise Refused(f'cannot cluster on partial index "{name}"')


def _cluster_table(account: Account, relation: Table | View) -> None:
    account.lock(relation, _AX)
    account.rewrite(relation, index_names(account.catalog, relation))
    account.scan(relation)
