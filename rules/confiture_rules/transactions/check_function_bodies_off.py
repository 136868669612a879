from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateFunction, SetVariable


@rule(
    name="check-function-bodies-off",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad=(
        "SET check_function_bodies = off;\n"
        "CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM w_order';"
    ),
    good="CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM w_order';",
    at="SET check_function_bodies",
)
def check_function_bodies_off(change: Change, ctx: Context) -> Iterator[Finding]:
    """Functions are made without PostgreSQL looking at their bodies.

    A body that cannot work is taken, and fails when it is called.

    *When not:* no function follows; dumps set it, for they restore functions before the tables they need.

    *Instead:* leave it on, and make what the functions need before them.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable) or fact.name.lower() != "check_function_bodies" or fact.reset:
        return
    off = fact.values[:1] and fact.values[0].lower() in ("off", "false", "0", "no")
    if off and any(isinstance(statement.fact, CreateFunction) for statement in change.ahead):
        yield change.finding("the functions that follow are not looked at by PostgreSQL", help="leave it on")
