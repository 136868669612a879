from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Edge, Function, Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.cqrs.effects import WRITES, Effects, effects, filled
from confiture_rules.cqrs.layer_dependency import CONFIG
from confiture_rules.cqrs.read_models import ReadModel, read_models

_TABLES = {
    "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY, total numeric);",
    "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY, total numeric);",
    "db/30.sql": "CREATE FUNCTION fn_refresh_r_order(p_id int) RETURNS void LANGUAGE sql AS\n"
    "    'INSERT INTO r_order SELECT id, total FROM w_order WHERE id = p_id';",
}
_COMMAND = (
    "CREATE FUNCTION fn_create_order(p_id int) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    INSERT INTO w_order VALUES (p_id, 0);\n"
)


@rule(
    name="projection-not-refreshed-after-write",
    subject=Catalog,
    severity=Severity.WARNING,
    config=CONFIG.replace("writes: [read]", "writes: [read], read_models: {r_order: [w_order]}"),
    bad={**_TABLES, "db/40.sql": _COMMAND + "END;\n$$;"},
    good={**_TABLES, "db/40.sql": _COMMAND + "    PERFORM fn_refresh_r_order(p_id);\nEND;\n$$;"},
    at="w_order VALUES",
)
def projection_not_refreshed_after_write(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A function writes a source of a read model and leaves the read model stale.

    `read_models` declares which tables a projection is made of. Neither the function, nor anything it calls,
    nor a trigger on the table refreshes it, and neither do all the functions that call this one.

    *When not:* a job refreshes the projection; then it is better a materialized view.

    *Instead:* call the refresh function at the end, or put a trigger on the table.
    """
    if not ctx.layers:
        return
    for model in read_models(ctx):
        target = model.relation
        if not isinstance(target, Table) or not filled(ctx, target):
            continue
        yield from _stale(model, target, effects(ctx), ctx)


def _stale(model: ReadModel, target: Table, known: Effects, ctx: Context) -> Iterator[Finding]:
    seen: set[int] = set()
    for _, source in model.sources:
        for edge in _writes(source, ctx):
            function = edge.source
            if not isinstance(function, Function) or id(function) in seen or _cascades(edge, target):
                continue
            seen.add(id(function))
            if not _refreshes(function, target, known, set()):
                yield function.finding(
                    f"{function.name} writes {edge.ref.name} and does not refresh {target.name}",
                    at=edge.ref.at,
                    help=f"call the function that refreshes {target.name}, or refresh it in a trigger on {edge.ref.name}",
                )


def _writes(source: Table | View | None, ctx: Context) -> Iterator[Edge]:
    if source is None:
        return
    for relation in (source, *(source.partitions if isinstance(source, Table) else ())):
        for edge in ctx.dependencies.on(relation):
            if edge.ref.use in WRITES:
                yield edge


def _refreshes(function: Function, target: Table, known: Effects, asked: set[int]) -> bool:
    """Whether a call of the function, or every function that calls it, writes the projection."""
    asked.add(id(function))
    reach = known.reach(function)
    if reach.opaque or id(target) in reach.relations:
        return True
    callers = [caller for caller in known.callers.get(id(function), ()) if id(caller) not in asked]
    return bool(callers) and all(_refreshes(caller, target, known, asked) for caller in callers)


def _cascades(edge: Edge, target: Table) -> bool:
    """Whether rows of the projection go with those that are deleted."""
    return edge.ref.use == "delete" and any(
        key.target is edge.target and key.fact.on_delete == "c" for key in target.foreign_keys
    )
