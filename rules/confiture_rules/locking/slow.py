"""Which statements take long on a table with many rows."""

from confiture_linter.effects import Change
from confiture_linter.statements.facts import CopyRows, CreateTable, CreateView, Execute


def slow_work(change: Change) -> str:
    """What a statement does that takes long; empty if it is quick, or works on what the change made itself."""
    effects, fact = change.effects, change.fact
    if effects.error:
        return ""
    for what, names in (
        ("written anew", effects.rewrites),
        ("read to the end", effects.scans),
    ):
        old = [name for name in names if not change.is_new(name)]
        if old:
            return f"{old[0]} is {what}"
    if effects.index_rebuilds:
        return f"{effects.index_rebuilds[0]} is built anew"
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
    word = {
        "insert": "rows are inserted into",
        "update": "rows are updated in",
        "delete": "rows are deleted from",
    }
    return "" if change.is_new(name) else f"{word.get(query.command, 'rows are merged into')} {name}"
