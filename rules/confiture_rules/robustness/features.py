"""Syntax by the PostgreSQL version that brought it (release notes, appendix E of the manual)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import ConstraintFact, Statement
from confiture_linter.statements.summarise import nested_queries

_COMMANDS = {
    "SetExpression": (17, "ALTER COLUMN … SET EXPRESSION"),
    "SetAccessMethod": (15, "SET ACCESS METHOD"),
    "SetCompression": (14, "SET COMPRESSION"),
}


def features(statement: Statement) -> Iterator[tuple[int, str, int]]:
    """Features of a statement that its facts tell: version, name, place."""
    read = _READERS.get(type(statement.fact))
    return read(statement, statement.fact) if read is not None else iter(())


def _execute(statement: Statement, fact: f.Execute) -> Iterator[tuple[int, str, int]]:
    if fact.command == "merge":
        yield 15, "MERGE", statement.start
        if any(query.returning for query in statement.queries[:1]):
            yield 17, "RETURNING of MERGE", statement.start
    for outer in statement.queries:
        for query in nested_queries(outer) if outer.returning or outer.children else ():
            aliases = {source.alias for source in (*query.sources, query.target) if source is not None}
            for output in query.returning:
                use = output.column
                if use is not None and use.qualifier in _OLD_AND_NEW - aliases:
                    yield 18, f"RETURNING {use.qualifier}", use.at


_OLD_AND_NEW = frozenset({"old", "new"})


def _trigger(statement: Statement, fact: f.CreateTrigger) -> Iterator[tuple[int, str, int]]:
    if fact.replace:
        yield 14, "CREATE OR REPLACE TRIGGER", statement.start


def _function(statement: Statement, fact: f.CreateFunction) -> Iterator[tuple[int, str, int]]:
    if fact.atomic:
        yield 14, "a standard SQL function body", statement.start


def _index(statement: Statement, fact: f.CreateIndex) -> Iterator[tuple[int, str, int]]:
    if fact.nulls_not_distinct:
        yield 15, "NULLS NOT DISTINCT", statement.start


def _view(statement: Statement, fact: f.CreateView) -> Iterator[tuple[int, str, int]]:
    if any(name == "security_invoker" for name, _ in fact.options):
        yield 15, "security_invoker", statement.start


def _publication(statement: Statement, fact: f.CreateOther) -> Iterator[tuple[int, str, int]]:
    if fact.kind == "publication":
        if any(name.startswith("column of ") for name, _ in fact.options):
            yield 15, "a column list or a row filter of a publication", statement.start
        if any(ref.kind == "schema" and ref.use == "publish" for ref in statement.refs):
            yield 15, "FOR TABLES IN SCHEMA", statement.start


def _table(_statement: Statement, fact: f.CreateTable) -> Iterator[tuple[int, str, int]]:
    for column in fact.columns:
        if column.generated == "v":
            yield 18, "a VIRTUAL generated column", column.at
    yield from _constraints(fact.constraints)


def _alter(statement: Statement, fact: f.AlterTable) -> Iterator[tuple[int, str, int]]:
    for command in fact.commands:
        if command.kind in _COMMANDS:
            yield *_COMMANDS[command.kind], statement.start
        if command.kind == "DetachPartition" and command.behaviour == "concurrently":
            yield 14, "DETACH PARTITION … CONCURRENTLY", statement.start
        if command.column is not None and command.column.generated == "v":
            yield 18, "a VIRTUAL generated column", command.column.at
        yield from _constraints(command.constraints)


def _constraints(constraints: tuple[ConstraintFact, ...]) -> Iterator[tuple[int, str, int]]:
    for constraint in constraints:
        if constraint.not_enforced:
            yield 18, "NOT ENFORCED", constraint.at
        if constraint.kind == "not null" and (constraint.not_valid or not constraint.inline):
            yield 18, "NOT NULL as a table constraint", constraint.at
        if constraint.nulls_not_distinct:
            yield 15, "NULLS NOT DISTINCT", constraint.at
        if constraint.kind == "foreign key" and constraint.delete_columns:
            yield 15, "ON DELETE SET … (columns)", constraint.at


_READERS: dict[type, Callable[[Statement, Any], Iterator[tuple[int, str, int]]]] = {
    f.Execute: _execute,
    f.CreateTrigger: _trigger,
    f.CreateFunction: _function,
    f.CreateIndex: _index,
    f.CreateView: _view,
    f.CreateOther: _publication,
    f.CreateTable: _table,
    f.AlterTable: _alter,
}

WORDED: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (14, "SEARCH … FIRST BY", ("search", "depth", "first")),
    (14, "SEARCH … FIRST BY", ("search", "breadth", "first")),
    (14, "GROUP BY DISTINCT", ("group", "by", "distinct")),
    (17, "JSON_TABLE", ("json_table", "(")),
    (17, "JSON_EXISTS", ("json_exists", "(")),
    (17, "JSON_QUERY", ("json_query", "(")),
    (17, "JSON_VALUE", ("json_value", "(")),
    (16, "JSON_ARRAYAGG", ("json_arrayagg", "(")),
    (16, "JSON_OBJECTAGG", ("json_objectagg", "(")),
    (16, "IS JSON", ("is", "json")),
    (16, "IS NOT JSON", ("is", "not", "json")),
    (18, "WITHOUT OVERLAPS", ("without", "overlaps")),
    (17, "ON_ERROR", ("on_error", "ignore")),
    (17, "WHEN NOT MATCHED BY SOURCE", ("not", "matched", "by", "source")),
    (18, "RETURNING WITH (OLD AS …)", ("returning", "with", "(")),
)
"""Features that only words tell: version, name, the words in a row."""

_MAY_CONTAIN = tuple(
    re.compile(words)
    for words in (
        rb"search\s+(?:depth|breadth)",
        rb"group\s+by\s+distinct",
        rb"json_(?:table|exists|query|value|arrayagg|objectagg)\s*\(",
        rb"is\s+(?:not\s+)?json",
        rb"without\s+overlaps",
        rb"on_error",
        rb"matched\s+by\s+source",
        rb"returning\s+with",
        rb"\d_\d",
    )
)
"""Each begins with plain letters: the search for those is ten times as fast as one for alternatives."""


def may_contain(text: bytes) -> bool:
    """A quick look whether a file can have any of them."""
    lowered = text.lower()
    return any(words.search(lowered) for words in _MAY_CONTAIN)
