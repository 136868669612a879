from collections.abc import Iterator

from confiture_linter.catalog import Function, Policy
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Ref


@rule(
    name="policy-initplan",
    subject=Policy,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_id text NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_id = current_setting('app.user_id'));""",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_id text NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_id = (SELECT current_setting('app.user_id')));""",
    at="current_setting",
)
def policy_initplan(policy: Policy, ctx: Context) -> Iterator[Finding]:
    """A policy calls a function for every row that is the same for all rows.

    A sequential scan evaluates `current_setting()` or `auth.uid()` once a row; inside a scalar sub-select it
    is evaluated once a query (an InitPlan).

    *When not:* small tables, where nobody will notice.

    *Instead:* `(SELECT current_setting('app.tenant_id'))`.
    """
    for expression in (policy.using, policy.check):
        for ref in expression.refs if expression is not None else ():
            if ref.kind == "function" and not ref.nested and _constant(ref, ctx):
                name = f"{ref.schema}.{ref.name}" if ref.schema else ref.name
                yield policy.finding(
                    f"policy {policy.name} on {policy.table.name} calls {name}() for every row",
                    path=policy.path,
                    at=ref.at,
                    help=f"wrap the call in a scalar sub-select: (SELECT {name}(…))",
                )
                return


def _constant(ref: Ref, ctx: Context) -> bool:
    if ref.name == "current_setting":
        return ref.schema in ("", "pg_catalog") and bool(ref.text)
    if ref.arguments != 0:
        return False
    if ref.schema == "auth" and ref.name in ("uid", "jwt", "role", "email"):
        return True
    found = ctx.catalog.overloads(ref.schema, ref.name, ctx.catalog.default_path)
    return bool(found) and all(isinstance(f, Function) and f.volatility == "s" for f in found)
