from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="function-language-mismatch",
    subject=Function,
    severity=Severity.ERROR,
    aliases=("wrong-language-for-inline-body",),
    bad="CREATE FUNCTION fn_two() RETURNS int LANGUAGE plpgsql BEGIN ATOMIC SELECT 2; END;",
    good="CREATE FUNCTION fn_two() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 2; END;",
    at="fn_two",
)
def function_language_mismatch(function: Function, ctx: Context) -> Iterator[Finding]:
    """A function in another language has a standard SQL body.

    BEGIN ATOMIC … END and RETURN are bodies of LANGUAGE sql alone: CREATE FUNCTION fails with "inline SQL
    function body only valid for language SQL".

    *When not:* never.

    *Instead:* LANGUAGE sql, or a quoted body: AS $$ BEGIN … END $$.
    """
    fact = function.fact
    if fact.atomic and fact.language != "sql":
        yield function.finding(
            f"{function.name} is LANGUAGE {fact.language} but has a standard SQL body",
            at=ctx.name_place(function).at,
            help="declare it LANGUAGE sql, or quote the body: AS $$ BEGIN … END $$",
        )
