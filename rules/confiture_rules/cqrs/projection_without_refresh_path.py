from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Body, CreateFunction, DoBlock
from confiture_rules.cqrs.effects import filled
from confiture_rules.cqrs.layer_dependency import CONFIG
from confiture_rules.cqrs.read_models import projections

_SCHEDULERS = frozenset({"cron", "timetable"})
"""Schemas of pg_cron and pg_timetable, whose jobs are strings."""


@rule(
    name="projection-without-refresh-path",
    subject=Catalog,
    severity=Severity.WARNING,
    config=CONFIG.replace("writes: [read]", "writes: [read], read_models: {r_order: [w_order]}"),
    bad={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY);",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY);\n"
        "CREATE FUNCTION fn_refresh() RETURNS void LANGUAGE sql AS 'INSERT INTO r_order SELECT id FROM w_order';",
    },
    at="r_order",
)
def projection_without_refresh_path(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Nothing in the tree fills a stored projection.

    It stays empty, or as old as the day it was filled by hand. Projections are the tables that `read_models`
    declares, the tables of a layer that only reads a written one, and materialized views.

    *When not:* the application fills it; functions, triggers, DO blocks, hooks and pg_cron jobs are seen.

    *Instead:* a function that inserts or updates it, or REFRESH MATERIALIZED VIEW.
    """
    if not ctx.layers:
        return
    stored = [*projections(ctx).values()]
    stored += [view for view in catalog.views if view.materialized and id(view) not in projections(ctx)]
    for relation in stored:
        if _given(relation) or filled(ctx, relation) or _elsewhere(relation, ctx):
            continue
        verb = "refreshes" if isinstance(relation, View) else "fills"
        yield relation.finding(
            f"no function, trigger or hook {verb} {relation.name}",
            at=relation.fact.at,
            help=f"add a function that {verb} {relation.identity}, and call it after writes or from a job",
        )


def _given(relation: Table | View) -> bool:
    """Whether its rows come from elsewhere by definition."""
    if isinstance(relation, View):
        return not relation.materialized
    fact = relation.fact
    return bool(fact.foreign or fact.from_query or relation.partition_of or fact.inherits)


def _elsewhere(relation: Table | View, ctx: Context) -> bool:
    """Whether a hook or a job names it, or dynamic SQL may fill it."""
    if ctx.memo(f"cqrs-dynamic-{type(relation).__name__}", lambda: _dynamic(type(relation) is View, ctx)):
        return True
    name = relation.name.encode().lower()
    if any(name in job for job in ctx.memo("cqrs-jobs", lambda: list(_jobs(ctx)))):
        return True
    hooks = [hook for group in ctx.config.hooks.values() for hook in group]
    return any(relation.name in str(hook.config) and hook.type != "analyze_statistics" for hook in hooks)


def _jobs(ctx: Context) -> Iterator[bytes]:
    for where in ctx.catalog.statements:
        statement = where.statement
        if any(ref.kind == "function" and ref.schema in _SCHEDULERS for ref in statement.refs):
            yield ctx.text(where.path)[statement.start : statement.end].lower()


def _dynamic(view: bool, ctx: Context) -> bool:
    """Whether some body puts a REFRESH or an INSERT together at run time."""
    wanted = (b"refresh materialized",) if view else (b"'insert into", b"insert into %", b"$insert into")
    for where in ctx.catalog.statements:
        fact = where.statement.fact
        body: Body | None = fact.body if isinstance(fact, CreateFunction | DoBlock) else None
        if body is not None and body.dynamic:
            text = ctx.text(where.path)[body.start : body.end].lower()
            if any(words in text for words in wanted):
                return True
    return False
