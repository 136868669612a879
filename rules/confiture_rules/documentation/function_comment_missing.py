from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.documentation.coverage import OPTIONS, expected


@rule(
    name="function-comment-missing",
    subject=Function,
    severity=Severity.WARNING,
    bad="CREATE FUNCTION fn_answer() RETURNS integer LANGUAGE sql AS $$ SELECT 42 $$;",
    good=(
        "CREATE FUNCTION fn_answer() RETURNS integer LANGUAGE sql AS $$ SELECT 42 $$;\n"
        "COMMENT ON FUNCTION fn_answer() IS 'The answer.';"
    ),
    at="fn_answer()",
    config="lint: {rules: {function-comment-missing: {options: {coverage: 0}}}}",
    options=OPTIONS,
)
def function_comment_missing(function: Function, ctx: Context) -> Iterator[Finding]:
    """A function has no comment.

    Its signature does not say what it changes, when it returns nothing, or who is to call it.

    Reported where the team comments its functions: at least ten, and at least the share `coverage` of them
    have one. With `coverage: 0` it is always reported.

    *When not:* trigger functions, which nobody calls.

    *Instead:* `COMMENT ON FUNCTION … IS '…'`.
    """
    if (
        not function.comment
        and not _of_trigger(function)
        and expected(ctx, "function", lambda: _comments(ctx))
    ):
        place = ctx.name_place(function)
        yield function.finding(
            f"{function.kind} {function.name} has no comment",
            at=place.at,
            path=place.path,
            help=f"COMMENT ON {function.kind.upper()} {function.qualified}({function.signature}) "
            "IS 'what it does and returns';",
        )


def _of_trigger(function: Function) -> bool:
    returns = function.fact.returns
    return returns is not None and returns.name in ("trigger", "event_trigger")


def _comments(ctx: Context) -> Iterator[str]:
    return (f.comment for f in ctx.catalog.routines if not _of_trigger(f))
