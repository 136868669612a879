from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Function
from confiture_linter.catalog.kinds import Kind
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_rules.dependencies.calls import refused_calls


@rule(
    name="function-argument-types",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE FUNCTION net(price numeric) RETURNS numeric LANGUAGE sql AS 'SELECT price / 1.2';\n"
    "CREATE TABLE a (id int PRIMARY KEY, name text);\nCREATE VIEW v_a AS SELECT net(name) AS net FROM a;",
    good="CREATE FUNCTION net(price numeric) RETURNS numeric LANGUAGE sql AS 'SELECT price / 1.2';\n"
    "CREATE TABLE a (id int PRIMARY KEY, price int);\nCREATE VIEW v_a AS SELECT net(price) AS net FROM a;",
    at="net(name)",
)
def function_argument_types(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A function of the tree is called with types that none of its versions takes.

    PostgreSQL refuses the view, or the SQL function; in PL/pgSQL the first call fails: "No function matches the given
    name and argument types", or several do and it is not unique.

    *When not:* one of the types is not known, such as that of a local variable; the number of arguments does not fit,
    which is a missing-object.

    *Instead:* cast the argument, or add a version of the function that takes it.
    """
    for call in refused_calls(catalog):
        ref, given = call.edge.ref, ", ".join(map(_spelled, call.given))
        versions = [f for f in catalog.overloads(ref.schema, ref.name) if isinstance(f, Function)]
        yield call.entity.finding(
            f"no function {ref.name} takes ({given})",
            at=ref.at,
            path=call.edge.where.path,
            help=f"there is {' and '.join(f'{f.name}({f.signature})' for f in versions[:3])}",
            related=tuple(Related(f.path, f.span, f"{f.name}({f.signature})") for f in versions[:3]),
        )


def _spelled(kind: Kind) -> str:
    return (f"{kind.schema}.{kind.name}" if kind.schema else kind.name) + "[]" * kind.array
