"""What a statement mentions, as far as the order of files may hang on it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Query, Ref, Source, Statement, TypeName


def runs(statement: Statement) -> bool:
    """Whether a query runs with it, so that functions are called and triggers fire."""
    fact = statement.fact
    if type(fact) is f.CreateTable:
        return fact.from_query
    return type(fact) is f.Execute or (type(fact) is f.CreateView and fact.materialized and fact.with_data)


def calls(statement: Statement) -> bool:
    """Whether functions may be called by name when it runs."""
    return runs(statement) or type(statement.fact) is f.DoBlock


def run_refs(statement: Statement) -> tuple[Ref, ...]:
    """What is mentioned by a statement and by a body that is looked at when the statement runs."""
    fact = statement.fact
    if type(fact) is f.DoBlock and fact.body is not None:
        return (*statement.refs, *fact.body.refs)
    if type(fact) is f.CreateFunction and fact.language == "sql" and fact.body is not None:
        return (*statement.refs, *fact.body.refs)
    return statement.refs


def all_refs(statement: Statement) -> tuple[Ref, ...]:
    """Every mention in a statement and in the body in it."""
    body = getattr(statement.fact, "body", None)
    return (*statement.refs, *body.refs) if body is not None else statement.refs


class Use(NamedTuple):
    """A column as a query names it."""

    name: str
    levels: tuple[tuple[str, ...], ...]
    """Relations it may belong to, by level, the innermost first; the first one to have such a column has it."""


def query_columns(statement: Statement) -> Iterator[Use]:
    """Every column that a query of a statement, or of the body in it, names."""
    body = getattr(statement.fact, "body", None)
    queue: list[tuple[Query, tuple[tuple[Source, ...], ...]]] = [
        (query, ()) for query in (*statement.queries, *(body.queries if body is not None else ()))
    ]
    while queue:
        query, outer = queue.pop()
        frame = query.sources if query.target is None else (query.target, *query.sources)
        frames = (frame, *outer)
        levels = tuple(tuple(s.name for s in level if s.kind == "relation") for level in frames)
        for use in query.columns:
            if not use.qualifier:
                yield Use(use.name, levels)
            else:
                yield from _qualified(use.qualifier, use.name, frames)
        for use in query.target_columns:
            yield Use(use.name, levels if query.target is None else ((query.target.name,),))
        yield from (Use(name, levels[:1]) for name in query.using)
        inner = outer if query.command == "insert" else frames
        queue += ((child, inner) for child in query.children)


def nested(queries: Iterable[Query]) -> Iterator[Query]:
    """Queries and what stands in them."""
    for query in queries:
        yield query
        yield from nested(query.children)


def _qualified(alias: str, name: str, frames: tuple[tuple[Source, ...], ...]) -> Iterator[Use]:
    for frame in frames:
        for source in frame:
            if source.alias == alias:
                if source.kind == "relation":
                    yield Use(name, ((source.name,),))
                return


def column_names(statement: Statement) -> set[str]:
    """Every column that a statement, or the body in it, names."""
    return {use.name for use in query_columns(statement)} | other_columns(statement)


def other_columns(statement: Statement) -> set[str]:
    """Columns that are named elsewhere than in queries."""
    names: set[str] = set()
    fact = statement.fact
    for expression in _expressions(fact):
        names.update(use.name for use in expression.columns)
    if type(fact) is f.AlterTable:
        for command in fact.commands:
            if command.kind != "AddColumn" and not command.missing_ok:
                names.add(command.name)
            for constraint in command.constraints:
                names.update(constraint.columns)
                names.update(constraint.target_columns)
    elif type(fact) is f.CreateTable:
        for constraint in fact.constraints:
            names.update(constraint.target_columns)
    elif type(fact) is f.CreateIndex:
        names.update(column.name for column in fact.columns)
        names.update(fact.include)
    elif type(fact) is f.Comment and fact.target.kind == "column":
        names.add(fact.target.parts[-1])
    elif type(fact) is f.Rename and fact.kind == "column":
        names.add(fact.part)
    elif isinstance(fact, f.CreateTrigger | f.CopyRows):
        names.update(fact.columns)
    return names


def _expressions(fact: f.Fact) -> list[f.Expression]:
    found: list[f.Expression | None] = []
    if type(fact) is f.CreateIndex:
        found = [*(column.expression for column in fact.columns), fact.predicate]
    elif type(fact) is f.CreatePolicy:
        found = [fact.using, fact.check]
    elif type(fact) is f.CreateTrigger:
        found = [fact.when]
    elif type(fact) is f.AlterTable:
        found = [c.expression for command in fact.commands for c in command.constraints]
    return [expression for expression in found if expression is not None]


def wanted_keys(statement: Statement) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Table and columns that must be unique for a statement to run; none: the primary key; None: any key."""
    fact = statement.fact
    if type(fact) is f.Maintain and fact.command == "refresh" and fact.concurrently:
        yield from ((name, None) for _, name, _ in fact.relations)
    for constraint in constraints_of(fact):
        if constraint.kind == "foreign key":
            yield constraint.target, constraint.target_columns
    for query in statement.queries:
        if query.conflict and query.target is not None:
            yield query.target.name, query.conflict


def typed_columns(fact: f.Fact) -> Iterator[tuple[str, str, TypeName]]:
    """Table, column and type, where CREATE TABLE and ALTER TABLE give a column a type."""
    if type(fact) is f.CreateTable:
        for column in fact.columns:
            if column.type is not None:
                yield fact.name, column.name, column.type
    elif type(fact) is f.AlterTable:
        for command in fact.commands:
            if command.column is not None:
                if command.column.type is not None:
                    yield fact.name, command.column.name, command.column.type
            elif command.kind == "AlterColumnType" and command.type is not None:
                yield fact.name, command.name, command.type


def input_types(fact: f.CreateFunction) -> tuple[str, ...]:
    """What tells a routine from others of its name, as it is written: the plain names of its parameters' types."""
    return tuple(argument.type.name for argument in fact.inputs)


def constraints_of(fact: f.Fact) -> list[f.ConstraintFact]:
    """Constraints that CREATE TABLE and ALTER TABLE make."""
    if type(fact) is f.CreateTable:
        return list(fact.constraints)
    if type(fact) is f.AlterTable:
        return [constraint for command in fact.commands for constraint in command.constraints]
    return []


def partition_of(fact: f.Fact) -> Iterator[tuple[str, str]]:
    """Partitioned table and partition that a statement brings together."""
    if type(fact) is f.CreateTable and fact.partition_of is not None:
        yield fact.partition_of[1], fact.name
    elif type(fact) is f.AlterTable:
        for command in fact.commands:
            if command.kind == "AttachPartition" and command.target is not None:
                yield fact.name, command.target[1]


def references(statement: Statement) -> Iterator[tuple[str, str]]:
    """Tables and the tables that their foreign keys reference."""
    fact = statement.fact
    for constraint in constraints_of(fact):
        if constraint.kind == "foreign key" and isinstance(fact, f.CreateTable | f.AlterTable):
            yield fact.name, constraint.target


__all__ = [
    "Use",
    "all_refs",
    "calls",
    "column_names",
    "constraints_of",
    "input_types",
    "nested",
    "other_columns",
    "partition_of",
    "query_columns",
    "references",
    "run_refs",
    "runs",
    "typed_columns",
    "wanted_keys",
]
