from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="exception-when-others-swallow",
    subject=Function,
    severity=Severity.WARNING,
    bad="CREATE FUNCTION fn_bill(p_id int) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_invoice SET billed = true WHERE id = p_id;\n"
    "EXCEPTION\n    WHEN OTHERS THEN NULL;\nEND;\n$$;",
    good="CREATE FUNCTION fn_bill(p_id int) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_invoice SET billed = true WHERE id = p_id;\n"
    "EXCEPTION\n    WHEN unique_violation THEN NULL;\nEND;\n$$;",
    at="WHEN OTHERS",
)
def exception_when_others_swallow(function: Function, ctx: Context) -> Iterator[Finding]:
    """An exception handler catches every error and does nothing.

    The block is rolled back and nobody learns of it: a typing error, a lost connection to a foreign server
    and a full disk all look like success.

    *When not:* best-effort work whose failure is of no interest, such as writing a trace.

    *Instead:* name the conditions that are expected, or log the error with RAISE WARNING and SQLERRM.
    """
    body = function.fact.body
    if body is None:
        return
    for handler in body.handlers:
        if handler.empty and "others" in handler.conditions:
            yield function.finding(
                f"{function.name} catches every error and does nothing",
                at=handler.at,
                help="name the expected conditions (WHEN unique_violation THEN …), or RAISE WARNING '%', SQLERRM",
            )
