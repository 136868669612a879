"""Lineage through expressions: sqlglot parses the query, names are resolved here as PostgreSQL resolves them.

sqlglot's own `qualify` knows no NATURAL JOIN, whole rows or columns of functions, and takes what it cannot resolve
for a column; here each name is looked up in the catalog's relations, and what is not found is unknown and says why.
"""

from typing import TYPE_CHECKING

from confiture_linter.catalog import Table, View
from confiture_linter.graph.lineage_facts import position_of
from confiture_linter.graph.lineage_text import Excerpt, defining_query, excerpt, insert_at
from confiture_linter.graph.lineage_values import Place, Step, nearest, unknown
from confiture_linter.statements.facts import CreateFunction, DoBlock

if TYPE_CHECKING:
    from confiture_linter.graph.lineage import Filling, Tracer
    from confiture_linter.graph.lineage_outputs import Outputs
    from confiture_linter.graph.lineage_select import Reader


def view_columns(tracer: "Tracer", view: View) -> tuple[str, ...] | None:
    """The columns of a view whose shape the facts do not give."""
    read = _view(tracer, view)
    return None if isinstance(read, str) else _names(view, read[1])


def view_column(tracer: "Tracer", view: View, column: str) -> Step:
    """Where a column of a view comes from."""
    place = Place(*tracer.places.of(view))
    read = _view(tracer, view)
    if isinstance(read, str):
        return unknown(read, place)
    outputs = read[1]
    names = tracer.shapes.view(view) or _names(view, outputs)
    if outputs.columns is None or names is None:
        return unknown(outputs.reason, place)
    if len(names) != len(outputs.columns):
        return unknown("sqlglot reads other columns than PostgreSQL", place)
    if names.count(column) != 1:
        return unknown(f"{view.identity} has no column {column}", place)
    return outputs.columns[names.index(column)].step()


def filling_column(tracer: "Tracer", filling: "Filling", table: Table, column: str) -> Step | None:
    """What a query puts into a column of a table; None if it leaves the column to its default."""
    place = tracer.place(filling.where.path, max(filling.query.at, filling.where.statement.start))
    position = position_of(filling, table, column)
    if position is None:
        return None
    piece = _filling_text(tracer, filling)
    read = _outputs(tracer, piece, filling.where.path, frozenset(filling.variables))
    if isinstance(read, str):
        return unknown(read, place, filling.writer, column)
    outputs = read[1]
    if outputs.columns is None or position >= len(outputs.columns):
        return unknown(outputs.reason or "the query has too few columns", place, filling.writer, column)
    return outputs.columns[position].step()._replace(relation=filling.writer, column=column)


def used_columns(tracer: "Tracer", view: View) -> set[tuple[str, str]] | str:
    """Every column that the query of a view names anywhere, by node id and name; or why it is not known."""
    read = _view(tracer, view)
    if isinstance(read, str):
        return read
    found = set(read[0].used)
    for step in read[0].everything():
        found |= {(source.relation, source.column) for source in nearest(step)}
    return found


def _names(view: View, outputs: "Outputs") -> tuple[str, ...] | None:
    if outputs.columns is None:
        return None
    given = view.fact.columns
    return (*given, *(output.name for output in outputs.columns[len(given) :]))


def _view(tracer: "Tracer", view: View) -> "tuple[Reader, Outputs] | str":
    known = tracer.read.get(view.id)
    if known is None:
        statement = excerpt(tracer.text(view.path), view.statement.start, view.statement.end)
        known = tracer.read[view.id] = _outputs(tracer, defining_query(statement), view.path, frozenset())
    return known


def _filling_text(tracer: "Tracer", filling: "Filling") -> Excerpt | None:
    statement, query = filling.where.statement, filling.query
    data = tracer.text(filling.where.path)
    fact = statement.fact
    if query.command != "insert" or query.target is None:
        return defining_query(excerpt(data, statement.start, statement.end))
    body = fact.body if isinstance(fact, CreateFunction | DoBlock) else None
    start, end = (statement.start, statement.end) if body is None else (body.start, body.end)
    return insert_at(excerpt(data, start, end), query.target.at)


def _outputs(
    tracer: "Tracer", piece: Excerpt | None, path: str, variables: frozenset[str]
) -> "tuple[Reader, Outputs] | str":
    from sqlglot import exp

    from confiture_linter.graph.lineage_parse import parse
    from confiture_linter.graph.lineage_select import Reader

    parsed = "its query was not found in the text" if piece is None else parse(piece.text)
    if isinstance(parsed, str) or piece is None:
        return str(parsed)
    reader = Reader(tracer, piece, path, variables)
    if isinstance(parsed, exp.Insert):
        if not isinstance(parsed.expression, exp.Query | exp.Values):
            return "the INSERT has no query"
        query = parsed.expression.copy()
        own = parsed.args.get("with_")
        if own is not None:
            outer = query.args.get("with_")
            query.set(
                "with_", exp.With(expressions=[*own.expressions, *(outer.expressions if outer else ())])
            )
        parsed = query
    return reader, reader.query(parsed, (), {})
