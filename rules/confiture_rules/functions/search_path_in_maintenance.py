from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Function, Table, View
from confiture_linter.catalog.catalog import Edge
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import CreateIndex, Ref

_SAFE = frozenset({"pg_catalog", "pg_temp", "information_schema", ""})


@rule(
    name="search-path-in-maintenance",
    subject=Catalog,
    severity=Severity.WARNING,
    aliases=("server-default-change",),
    bad=(
        "CREATE TABLE w_alias (name text PRIMARY KEY, known_as text);\nCREATE TABLE w_item (id bigint PRIMARY KEY, name text);\n"
        "CREATE FUNCTION fn_name(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS\n"
        "'BEGIN RETURN (SELECT known_as FROM w_alias WHERE name = given); END';\n"
        "CREATE INDEX w_item_name ON w_item (fn_name(name));"
    ),
    good=(
        "CREATE TABLE w_alias (name text PRIMARY KEY, known_as text);\nCREATE TABLE w_item (id bigint PRIMARY KEY, name text);\n"
        "CREATE FUNCTION fn_name(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS\n"
        "'BEGIN RETURN (SELECT known_as FROM public.w_alias WHERE name = given); END';\n"
        "CREATE INDEX w_item_name ON w_item (fn_name(name));"
    ),
    at="fn_name(name)",
)
def search_path_in_maintenance(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A function of an index or materialized view finds names by search_path only.

    From PostgreSQL 17 on CREATE INDEX, REINDEX, CREATE and REFRESH MATERIALIZED VIEW, CLUSTER, VACUUM FULL and ANALYZE
    run with `search_path = pg_catalog, pg_temp` (release notes of 17, "safe search_path"). A function whose body is a
    string and that names tables or functions without a schema then fails: "relation … does not exist". A restore
    of the dump fails, too.

    *When not:* `postgres` says that the target is older than 17, the body names schemas, the function has SET search_path, or its body is
    standard SQL (BEGIN ATOMIC), whose names are resolved when it is made.

    *Instead:* write the schemas in the body, or SET search_path on the function.
    """
    if catalog.postgres_declared and catalog.postgres < 17:
        return
    by_function: dict[int, list[Edge]] = {}
    users: list[Edge] = []
    for edge in catalog.edges:
        if isinstance(edge.source, Function):
            by_function.setdefault(id(edge.source), []).append(edge)
        elif isinstance(edge.target, Function) and edge.ref.kind == "function" and _maintained(catalog, edge):
            users.append(edge)
    said: set[tuple[str, int]] = set()
    for edge in users:
        function = _now(catalog, edge.target)
        place = (edge.where.path, edge.ref.at)
        found = _by_path(catalog, function, by_function, ()) if function is not None else None
        if found is None or function is None or place in said or edge.source is None:
            continue
        said.add(place)
        reader, ref = found
        yield edge.source.finding(
            f"{function.identity} needs {ref.name} to be found by search_path; from PostgreSQL 17 on that is "
            f"pg_catalog, pg_temp when {_what(edge)} is built",
            path=edge.where.path,
            at=edge.ref.at,
            object=function.identity,
            help=f"write the schema of {ref.name} in the body of {reader.identity}, or SET search_path on the function",
            related=(Related(reader.path, Span(ref.at, -2), "found by search_path here"),),
        )


def _maintained(catalog: Catalog, edge: Edge) -> bool:
    """Whether the call is one of an index, or of the query of a materialized view, that is still there."""
    fact, holder = edge.where.statement.fact, edge.source
    if isinstance(fact, CreateIndex):
        return isinstance(holder, Table | View) and any(index.fact is fact for index in holder.indexes)
    if not isinstance(holder, View) or not holder.materialized:
        return False
    return catalog.relations.get((holder.schema, holder.name)) is holder


def _now(catalog: Catalog, function: object) -> Function | None:
    """The function as the last CREATE OR REPLACE left it; None where it was dropped."""
    if not isinstance(function, Function):
        return None
    group = catalog.functions.get((function.schema, function.name), [])
    return next((f for f in group if isinstance(f, Function) and f.signature == function.signature), None)


def _what(edge: Edge) -> str:
    fact = edge.where.statement.fact
    if isinstance(fact, CreateIndex):
        return f"index {fact.name}" if fact.name else "the index"
    return f"materialized view {edge.source.identity}" if edge.source is not None else "it"


def _by_path(
    catalog: Catalog, function: Function, edges: dict[int, list[Edge]], above: tuple[Function, ...]
) -> tuple[Function, Ref] | None:
    """The first name that a function, or one that it calls, leaves to search_path, and the function that does."""
    if function in above or function.fact.atomic or "search_path" in function.settings:
        return None
    if function.language not in ("sql", "plpgsql"):
        return None
    for edge in edges.get(id(function), ()):
        schema = getattr(edge.target, "schema", "")
        if (
            not edge.ref.schema
            and schema not in _SAFE
            and edge.ref.kind in ("relation", "function", "sequence")
        ):
            return function, edge.ref
    for missing in catalog.unresolved:
        if missing.source is function and missing.reason == "external" and not missing.ref.schema:
            extension = catalog.extensions.get(missing.hint.removeprefix("extension "))
            if extension is not None and extension.fact_schema != "pg_catalog":
                return function, missing.ref
    for edge in edges.get(id(function), ()):
        called = _now(catalog, edge.target) if edge.ref.kind == "function" else None
        if called is not None:
            found = _by_path(catalog, called, edges, (*above, function))
            if found is not None:
                return found
    return None
