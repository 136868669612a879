from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, rule
from confiture_linter.statements.facts import Output, Query, Source

Shape = tuple[str, ...] | None


@rule(
    name="select-star-in-view",
    subject=View,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_user (id int PRIMARY KEY, email text);\nCREATE VIEW v_user AS SELECT u.* FROM w_user AS u;",
    good="CREATE TABLE w_user (id int PRIMARY KEY, email text);\n"
    "CREATE VIEW v_user AS SELECT u.id, u.email FROM w_user AS u;",
    at="u.*",
)
def select_star_in_view(view: View, ctx: Context) -> Iterator[Finding]:
    """A view publishes all columns of a relation by a star.

    PostgreSQL expands the star once, when the view is created: a column added later is missing until the view is
    made anew, and is then published without anybody having decided it.

    *When not:* a star over a sub-query whose own columns are listed is not reported.

    *Instead:* list the columns.
    """
    query = view.query
    if query is None or view.fact.columns:
        return
    for level in _branches(query):
        for output in level.outputs:
            if output.column is not None and output.column.name == "*":
                covered = [s for s in level.sources if output.column.qualifier in ("", s.alias)]
                if any(_open(source, level) for source in covered):
                    yield _finding(view, level, output, covered, ctx)


def _branches(query: Query) -> Iterator[Query]:
    """The query itself, or the branches of a set operation."""
    if query.command != "union":
        yield query
        return
    for child in query.children[len(query.bound) :][:2]:
        yield from _branches(child)


def _open(source: Source, query: Query) -> bool:
    """Whether the columns of a FROM item are listed nowhere in the query."""
    if source.kind == "relation":
        return not source.columns
    if source.kind not in ("query", "cte") or not 0 <= source.query < len(query.children):
        return False
    for level in _branches(query.children[source.query]):
        for output in level.outputs:
            if output.column is not None and output.column.name == "*":
                covered = [s for s in level.sources if output.column.qualifier in ("", s.alias)]
                if any(_open(inner, level) for inner in covered):
                    return True
    return False


def _finding(view: View, query: Query, output: Output, covered: list[Source], ctx: Context) -> Finding:
    star = ctx.text(view.path).find(b"*", output.at)
    span = Span(output.at, star + 1)
    of = ", ".join(source.name or source.alias for source in covered)
    fix = None
    shapes = [ctx.shapes.source(source, query, {}) for source in covered]
    if not query.using and not query.natural:
        columns = _listed(covered, shapes, ctx)
        if columns:
            fix = Fix("list the columns", (Edit(view.path, span, columns),), safe=False)
    return view.finding(
        f"{view.name} publishes all columns of {of} by a star",
        span=span,
        help="list the columns, so that a new one is published by decision",
        fix=fix,
    )


def _listed(covered: list[Source], shapes: list[Shape], ctx: Context) -> str:
    names = []
    for source, shape in zip(covered, shapes, strict=True):
        if shape is None or not source.alias:
            return ""
        names += [f"{_quoted(source.alias, ctx)}.{_quoted(name, ctx)}" for name in shape]
    return ", ".join(names)


def _quoted(name: str, ctx: Context) -> str:
    plain = name.isascii() and name.isidentifier() and name == name.lower()
    if plain and ctx.catalog.builtin.keyword_class(name) in (None, "unreserved"):
        return name
    return '"' + name.replace('"', '""') + '"'
