from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="trigger-function-missing-return",
    subject=Function,
    severity=Severity.ERROR,
    bad="CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    NEW.updated_at := now();\nEND;\n$$;",
    good="CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n$$;",
    at="fn_touch",
)
def trigger_function_missing_return(function: Function, ctx: Context) -> Iterator[Finding]:
    """A trigger function can reach its end without RETURN.

    The statement that fires the trigger then fails: "control reached end of trigger procedure without
    RETURN" (2F005). PostgreSQL does not notice it before that.

    *When not:* the last statement calls a function that always raises.

    *Instead:* RETURN NEW in BEFORE triggers (OLD for DELETE), RETURN NULL in AFTER triggers.
    """
    fact = function.fact
    if fact.language != "plpgsql" or fact.returns is None or fact.returns.name != "trigger":
        return
    body = fact.body
    if body is None or body.problem or body.ends_in_return:
        return
    yield function.finding(
        f"trigger function {function.name} can reach its end without RETURN",
        at=ctx.name_place(function).at,
        help="end the body with RETURN NEW (BEFORE), RETURN OLD (BEFORE DELETE) or RETURN NULL (AFTER)",
    )
