"""Which statements take long on a table with many rows."""

from collections.abc import Callable

from confiture_linter.catalog import Table
from confiture_linter.effects import Change, LockMode
from confiture_linter.statements.facts import AlterTable, CopyRows, CreateTable, CreateView, Execute, Query


def slow_work(change: Change) -> str:
    """What a statement does that takes long; empty if it is quick, or works on what the change made itself."""
    effects, fact = change.effects, change.fact
    if effects.error:
        return ""
    # What blocks writers by itself has a rule of its own: the lock that is held makes it little worse.
    scanned = [name for name in effects.scans if not change.is_new(name) and not _blocks(change, name)]
    if scanned and isinstance(fact, AlterTable):
        return f"{scanned[0]} is read to the end"
    if isinstance(fact, Execute) and fact.command in ("update", "delete", "merge", "insert"):
        return _written(change)
    if isinstance(fact, CopyRows) and fact.inward:
        name = change.identity_of(fact.schema, fact.name)
        return "" if change.is_new(name) else f"rows are copied into {name}"
    if isinstance(fact, CreateTable) and fact.from_query:
        return f"{fact.name} is filled"
    if isinstance(fact, CreateView) and fact.materialized and fact.with_data:
        return f"{fact.name} is filled"
    return ""


def _written(change: Change) -> str:
    """What DML writes: rows given by VALUES are few."""
    query = change.statement.queries[0] if change.statement.queries else None
    if query is None or query.target is None:
        return ""
    if query.command == "insert" and query.insert_query < 0:
        return ""
    if query.command == "insert":
        source = query.children[query.insert_query]
        if source.command == "values" or not source.sources:
            return ""
    target = query.target
    name = change.identity_of(target.schema, target.name)
    if query.command in ("update", "delete") and _by_key(change, query):
        return ""
    word = {
        "insert": "rows are inserted into",
        "update": "rows are updated in",
        "delete": "rows are deleted from",
    }
    return "" if change.is_new(name) else f"{word.get(query.command, 'rows are merged into')} {name}"


def _by_key(change: Change, query: Query) -> bool:
    """Whether constants say which rows, by a key of the table: they are few and found at once."""
    target = query.target
    table = change.relation(target.schema, target.name) if target is not None else None
    given = {item.column.name for item in query.comparisons if item.operator == "="}
    return isinstance(table, Table) and any(given.issuperset(key) for key in table.unique_keys)


def _blocks(change: Change, name: str) -> bool:
    mode = change.effects.lock(name)
    return mode is not None and mode.blocks_writes


def said_before(change: Change, blocks: Callable[[LockMode], bool]) -> bool:
    """Whether an earlier statement of the transaction wrote rows under such a lock: one word about it is enough."""
    held = False
    for step in change.earlier:
        if step.transaction != change.transaction:
            continue
        fact = step.where.statement.fact
        if (
            held
            and isinstance(fact, Execute)
            and fact.command in ("update", "delete", "merge")
            and step.existing
        ):
            return True
        held = held or any(blocks(mode) for _, mode in step.existing)
    return False
