from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule

_FIRST = 14
"""The first major that has BEGIN ATOMIC."""


@rule(
    name="string-body-hides-dependency",
    subject=Function,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id int PRIMARY KEY);\n"
    "CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM w_order $$;",
    good="CREATE TABLE w_order (id int PRIMARY KEY);\n"
    "CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM w_order; END;",
    at="w_order $$",
)
def string_body_hides_dependency(function: Function, ctx: Context) -> Iterator[Finding]:
    """A LANGUAGE sql function names its tables in a string.

    PostgreSQL does not see the dependency: a table or column can be dropped beneath the function, which then
    fails at its next call.

    *When not:* before PostgreSQL 14; functions that create what they use.

    *Instead:* BEGIN ATOMIC … END.
    """
    fact = function.fact
    if fact.language != "sql" or fact.atomic or ctx.postgres < _FIRST or fact.body is None:
        return
    if fact.body.statements or fact.body.problem:
        return
    start, end = fact.body.start, fact.body.end
    for edge in ctx.dependencies.of(function):
        if edge.ref.kind == "relation" and start <= edge.ref.at < end:
            yield function.finding(
                f"{function.name} names {edge.ref.name} in a string, where PostgreSQL sees no dependency",
                at=edge.ref.at,
                help="write the body as BEGIN ATOMIC … END",
            )
            return
