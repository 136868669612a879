from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.catalog.types import canonical
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule

_TEXT = frozenset({"text", "varchar", "bpchar", "name", "citext"})


@rule(
    name="dynamic-sql-injection",
    subject=Function,
    severity=Severity.WARNING,
    security=True,
    bad="CREATE FUNCTION fn_count(p_table text) RETURNS bigint LANGUAGE plpgsql AS $$\n"
    "DECLARE\n    v_rows bigint;\n"
    "BEGIN\n    EXECUTE 'SELECT count(*) FROM ' || p_table INTO v_rows;\n    RETURN v_rows;\nEND;\n$$;",
    good="CREATE FUNCTION fn_count(p_table text) RETURNS bigint LANGUAGE plpgsql AS $$\n"
    "DECLARE\n    v_rows bigint;\n"
    "BEGIN\n    EXECUTE format('SELECT count(*) FROM %I', p_table) INTO v_rows;\n    RETURN v_rows;\nEND;\n$$;",
    at="'SELECT count(*) FROM '",
)
def dynamic_sql_injection(function: Function, ctx: Context) -> Iterator[Finding]:
    """A text parameter is glued into dynamic SQL unquoted.

    Whoever may call the function may run any SQL as the one it runs as, the owner under SECURITY DEFINER. A
    name with a quote or a capital letter also breaks it.

    *When not:* parameters that are SQL by design. A function that does nothing but execute one is reported
    only if it is SECURITY DEFINER.

    *Instead:* format() with %I for names and %L for values, or EXECUTE … USING.
    """
    body = function.fact.body
    if body is None or not body.dynamic:
        return
    texts = {
        argument.name
        for argument in function.fact.arguments
        if argument.mode in "ibv" and not argument.type.array and canonical(argument.type.name) in _TEXT
    }
    for dynamic in body.dynamic:
        glued = [name for name in dynamic.concatenates if name in texts]
        if glued and (dynamic.text.strip() or function.security_definer):
            names = ", ".join(glued)
            yield function.finding(
                f"{function.name} executes SQL into which {names} is glued unquoted",
                at=dynamic.at,
                help=f"use format('… %I …', {glued[0]}) for a name, %L or EXECUTE … USING {glued[0]} for a value",
            )
