from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule


@rule(
    name="ambiguous-overload",
    subject=Function,
    severity=Severity.WARNING,
    bad="CREATE FUNCTION fn_price(p_id int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
    "CREATE FUNCTION fn_price(p_id int, p_year int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    good="CREATE FUNCTION fn_price(p_id int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
    "CREATE FUNCTION fn_price(p_id int, p_year int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    at="fn_price(p_id int, p_year",
)
def ambiguous_overload(function: Function, ctx: Context) -> Iterator[Finding]:
    """Two overloads fit the same call because of their defaults.

    PostgreSQL prefers neither: the call fails with "function is not unique" (42725). It happens unnoticed
    when CREATE OR REPLACE adds a parameter, which makes a second function.

    *When not:* every caller gives the arguments that tell them apart.

    *Instead:* drop the overload that is no longer meant, or take the default away.
    """
    if ctx.history:
        return
    group = ctx.catalog.functions.get((function.schema, function.name), ())
    if len(group) < 2:
        return
    for other in group:
        if other is function:
            return
        if isinstance(other, Function) and (count := _shared_call(other, function)) is not None:
            yield function.finding(
                f"a call of {function.name} with {count} argument{'' if count == 1 else 's'}"
                " is ambiguous: two overloads fit",
                at=ctx.name_place(function).at,
                help=f"DROP FUNCTION {other.identity}({other.signature}), or take the defaults away",
                related=(Related(other.path, other.span, "the other overload"),),
            )


def _shared_call(first: Function, second: Function) -> int | None:
    """The smallest number of positional arguments, of the same types, that both accept."""
    bounds = [_bounds(first), _bounds(second)]
    if None in bounds:
        return None
    (least, most, types), (least2, most2, types2) = (item for item in bounds if item is not None)
    for count in range(max(least, least2), min(most, most2) + 1):
        if types[:count] == types2[:count]:
            return count
    return None


def _bounds(function: Function) -> tuple[int, int, list[object]] | None:
    """Fewest and most arguments of a call, and the types; None for variadic functions and procedures with OUT."""
    arguments = function.fact.arguments
    if any(a.mode == "v" or (a.mode == "o" and function.fact.procedure) for a in arguments):
        return None
    inputs = [a for a in arguments if a.mode in "ib"]
    types = function.signature.split(",") if function.signature else []
    if len(types) != len(inputs):
        return None
    return len(inputs) - sum(a.default for a in inputs), len(inputs), [text.strip() for text in types]
