from collections.abc import Iterator

from confiture_linter.catalog import Trigger
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule


@rule(
    name="trigger-function-wrong-type",
    subject=Trigger,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id int PRIMARY KEY);\n"
    "CREATE FUNCTION fn_check() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;\n"
    "CREATE TRIGGER trg_check BEFORE INSERT ON w_order FOR EACH ROW EXECUTE FUNCTION fn_check();",
    good="CREATE TABLE w_order (id int PRIMARY KEY);\n"
    "CREATE FUNCTION fn_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n"
    "CREATE TRIGGER trg_check BEFORE INSERT ON w_order FOR EACH ROW EXECUTE FUNCTION fn_check();",
    at="void",
)
def trigger_function_wrong_type(trigger: Trigger, ctx: Context) -> Iterator[Finding]:
    """A trigger calls a function that does not return trigger.

    CREATE TRIGGER fails with "function must return type trigger".

    *When not:* never.

    *Instead:* declare the function RETURNS trigger and return NEW, OLD or NULL.
    """
    function = trigger.function
    if function is None or function.input_count:
        return
    returns = function.fact.returns
    if returns is None or (returns.name == "trigger" and not returns.set_of and not returns.array):
        return
    if returns.percent_type or ctx.catalog.overloads(function.schema, function.name)[1:]:
        return
    yield function.finding(
        f"{function.name} returns {returns.name}, but trigger {trigger.name} needs a function that returns trigger",
        at=returns.at,
        help=f"declare {function.name} RETURNS trigger and return NEW, OLD or NULL",
        related=(Related(trigger.path, trigger.span, f"trigger {trigger.name} calls it"),),
    )
