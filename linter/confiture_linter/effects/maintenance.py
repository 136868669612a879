"""TRUNCATE, LOCK, VACUUM, ANALYZE and REFRESH MATERIALIZED VIEW."""

from confiture_linter.catalog import Table, View
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.objects import (
    family,
    find,
    index_names,
    indexes_of,
    is_temporary,
    missing,
    owned_sequences,
    referencing,
    written,
)
from confiture_linter.effects.queries import read_view
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import Maintain

_AX = LockMode.ACCESS_EXCLUSIVE
_SUX = LockMode.SHARE_UPDATE_EXCLUSIVE
_FALSE = frozenset({"false", "off", "0", "no"})
_MODES = dict(enumerate(LockMode, start=1))
"""LOCKMODE numbers of PostgreSQL, AccessShareLock = 1."""


def truncate(account: Account, fact: Maintain) -> None:
    """TRUNCATE gives every table and index a new, empty file."""
    tables: list[Table] = []
    for number, (schema, name, _) in enumerate(fact.relations):
        found = find(account, schema, name)
        if found is None:
            if not is_temporary(account, schema, name):
                account.lock(written(account, schema, name), _AX)
                missing(account, schema, name)
            continue
        if not isinstance(found, Table):
            raise Refused(f'"{found.name}" is not a table')
        only = number < len(fact.only) and fact.only[number]
        if only and found.partition_strategy:
            raise Refused("cannot truncate only a partitioned table")
        tables += [table for table in family(found, only=only) if table not in tables]
    for table in tables:
        for constraint in referencing(account.catalog, table):
            if constraint.table in tables:
                continue
            if not fact.cascade:
                raise Refused("cannot truncate a table referenced in a foreign key constraint")
            tables += [part for part in family(constraint.table) if part not in tables]
    account.lock_all(tables, _AX)
    for table in tables:
        account.rewrite(table, index_names(account.catalog, table))
        if fact.restart:
            account.lock_all(owned_sequences(account.catalog, table), _AX)


def lock_table(account: Account, fact: Maintain) -> None:
    """LOCK TABLE; a view passes the lock on to what it reads."""
    word = fact.options[0] if fact.options else ""
    mode = _MODES.get(int(word), _AX) if word.isdecimal() else _AX
    for number, (schema, name, _) in enumerate(fact.relations):
        found = find(account, schema, name)
        only = number < len(fact.only) and fact.only[number]
        if found is None:
            if not is_temporary(account, schema, name):
                account.lock(written(account, schema, name), mode)
                missing(account, schema, name)
        elif isinstance(found, Table):
            account.lock_all(family(found, only=only), mode)
        elif isinstance(found, View) and not found.materialized:
            read_view(account, found, mode, everywhere=True)
        else:
            raise Refused(f'cannot lock relation "{found.name}"')


def vacuum(account: Account, fact: Maintain) -> None:
    """VACUUM works beside reads and writes; FULL writes the table anew."""
    account.outside_transaction()
    given = dict(fact.settings)
    full = "full" in given and given["full"] not in _FALSE
    mode = _AX if full else _SUX
    if any(fact.only) and account.postgres < 18:
        raise Refused('syntax error at or near "ONLY"')
    for relation in _targets(account, fact, mode):
        account.lock(relation, mode)
        if full and not (isinstance(relation, Table) and relation.partition_strategy):
            account.rewrite(relation, index_names(account.catalog, relation))
            account.scan(relation)


def analyze(account: Account, fact: Maintain) -> None:
    """ANALYZE reads a sample."""
    if any(fact.only) and account.postgres < 18:
        raise Refused('syntax error at or near "ONLY"')
    for relation in _targets(account, fact, _SUX, inherited=True):
        account.lock(relation, _SUX)
        for view in indexes_of(account.catalog, relation):
            account.lock(view.identity, LockMode.ACCESS_SHARE)


def _targets(
    account: Account, fact: Maintain, mode: LockMode, *, inherited: bool = False
) -> list[Table | View]:
    """The named relations with their partitions; all of the database if none is named."""
    if not fact.relations:
        return [
            relation
            for relation in account.catalog.relations.values()
            if isinstance(relation, Table) or (isinstance(relation, View) and relation.materialized)
        ]
    found: list[Table | View] = []
    for number, (schema, name, _) in enumerate(fact.relations):
        relation = find(account, schema, name)
        only = number < len(fact.only) and fact.only[number] and account.postgres >= 18
        if relation is None:
            if not is_temporary(account, schema, name):
                account.lock(written(account, schema, name), mode)
                missing(account, schema, name)
        elif isinstance(relation, Table):
            if only:
                found.append(relation)
                if inherited:
                    account.lock_all(_partitions(relation), LockMode.ACCESS_SHARE)
            else:
                found += [relation, *_partitions(relation)]
                if (account.postgres >= 18 or inherited) and not relation.partition_strategy:
                    _inheriting(account, relation, found, inherited=inherited)
        elif isinstance(relation, View) and relation.materialized:
            found.append(relation)
        else:
            account.note(f"{relation.identity} is skipped: it stores no rows")
    return found


def _inheriting(account: Account, table: Table, found: list[Table | View], *, inherited: bool) -> None:
    """Children by inheritance: worked on since 18, before only read for the parent's statistics."""
    children = family(table)[1:]
    if account.postgres >= 18:
        found += children
    elif inherited:
        account.lock_all(children, LockMode.ACCESS_SHARE)


def _partitions(table: Table) -> list[Table]:
    found = list(table.partitions)
    for part in found:
        found += part.partitions
    return found


def refresh(account: Account, fact: Maintain) -> None:
    """REFRESH runs the query; CONCURRENTLY compares the result with what is there."""
    for schema, name, _ in fact.relations:
        found = find(account, schema, name)
        mode = LockMode.EXCLUSIVE if fact.concurrently else _AX
        if found is None:
            account.lock(written(account, schema, name), mode)
            missing(account, schema, name)
            continue
        if not isinstance(found, View) or not found.materialized:
            raise Refused(f'"{found.name}" is not a materialized view')
        account.lock(found, mode)
        if fact.concurrently:
            if fact.no_data:
                raise Refused("REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together")
            if not any(
                index.unique and index.predicate is None and "" not in index.columns
                for index in found.indexes
            ):
                raise Refused(f'cannot refresh materialized view "{found.identity}" concurrently')
            account.scan(found)
        else:
            account.rewrite(found, index_names(account.catalog, found))
            if found.indexes and not fact.no_data:
                account.scan(found)
        if not fact.no_data:
            read_view(account, found, LockMode.ACCESS_SHARE, body_only=True, scan=True)
