from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="select-into-without-strict",
    subject=Function,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE FUNCTION fn_owner(p_id int) RETURNS text LANGUAGE plpgsql AS $$\nDECLARE\n    v_owner text;\n"
    "BEGIN\n    SELECT owner INTO v_owner FROM w_machine WHERE id = p_id;\n    RETURN v_owner;\nEND;\n$$;",
    good="CREATE FUNCTION fn_owner(p_id int) RETURNS text LANGUAGE plpgsql AS $$\nDECLARE\n    v_owner text;\n"
    "BEGIN\n    SELECT owner INTO STRICT v_owner FROM w_machine WHERE id = p_id;\n    RETURN v_owner;\nEND;\n$$;",
    at="SELECT owner",
)
def select_into_without_strict(function: Function, ctx: Context) -> Iterator[Finding]:
    """SELECT … INTO takes any number of rows.

    No row leaves NULL in the variables, more than one leaves an arbitrary row; neither is an error.

    *When not:* the code asks FOUND afterwards, or NULL is the answer that is meant. A SELECT without FROM, which
    gives exactly one row, is not reported.

    *Instead:* INTO STRICT, which raises no_data_found and too_many_rows.
    """
    body = function.fact.body
    if body is None:
        return
    for place in body.into_loose:
        end = ctx.text(function.path).find(b";", place)
        if not any(place <= query.at < end and (query.sources or query.bound) for query in body.queries):
            continue
        yield function.finding(
            f"{function.name} selects into variables without STRICT",
            at=place,
            help="write INTO STRICT, or LIMIT 1 and IF NOT FOUND",
        )
