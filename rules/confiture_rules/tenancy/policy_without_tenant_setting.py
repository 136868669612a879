from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Function, Policy
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements import nested_queries
from confiture_linter.statements.facts import Expression, Ref


@rule(
    name="policy-without-tenant-setting",
    subject=Policy,
    severity=Severity.ERROR,
    bad="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_tenant ON w_order USING (pg_has_role('app_writer', 'MEMBER'));""",
    good="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_tenant ON w_order
    USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));""",
    at="CREATE POLICY w_order_tenant",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant, setting: app.tenant_id}",
    security=True,
)
def policy_without_tenant_setting(policy: Policy, ctx: Context) -> Iterator[Finding]:
    """A policy on a tenant table does not compare the tenant with the session's.

    Permissive policies are alternatives: one that forgets the tenant opens the table, whatever the others
    say.

    *When not:* a policy for a role that serves all tenants, such as the one of backups; suppress it there.
    A RESTRICTIVE policy that checks the tenant covers the permissive ones.

    *Instead:* `USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))`.
    """
    setting = ctx.tenancy.setting
    if not setting or not policy.permissive or not ctx.tenancy.is_tenant(policy.table):
        return
    if not _checks_tenant(policy, ctx) and not _restricted(policy, ctx):
        column = ctx.tenancy.column
        yield policy.finding(
            f"policy {policy.name} on {policy.table.name} does not compare {column} with {setting}",
            help=f"USING ({column} = (SELECT current_setting('{setting}')::{ctx.tenancy.type}))",
        )


def _restricted(policy: Policy, ctx: Context) -> bool:
    return any(
        not other.permissive and other.command in ("all", policy.command) and _checks_tenant(other, ctx)
        for other in policy.table.policies
    )


def _checks_tenant(policy: Policy, ctx: Context) -> bool:
    return all(_compares(e, ctx) for e in (policy.using, policy.check) if e is not None) and not (
        policy.using is None and policy.check is None
    )


def _compares(expression: Expression, ctx: Context) -> bool:
    uses = [
        *expression.columns,
        *(u for q in expression.queries for n in nested_queries(q) for u in n.columns),
    ]
    if expression.constant == "false":
        return True
    return any(use.name == ctx.tenancy.column for use in uses) and any(
        _reads(r, ctx) for r in expression.refs
    )


def _reads(ref: Ref, ctx: Context) -> bool:
    """Whether a call reads the setting, itself or in the function it calls."""
    if ref.kind != "function":
        return False
    if ref.name == "current_setting":
        return ref.text in ("", ctx.tenancy.setting)
    readers = cast("frozenset[int]", ctx.memo("tenancy.readers", lambda: _readers(ctx)))
    found = ctx.catalog.overloads(ref.schema, ref.name, ctx.catalog.default_path)
    return any(id(function) in readers for function in found)


def _readers(ctx: Context) -> frozenset[int]:
    """Functions of the tree that read the setting, or whose body is not known; through one another."""
    found: set[int] = set()
    waiting: list[Function] = []
    for function in ctx.catalog.routines:
        body = function.fact.body
        if body is None or any(
            r.name == "current_setting" and r.text in ("", ctx.tenancy.setting) for r in body.refs
        ):
            waiting.append(function)
    while waiting:
        function = waiting.pop()
        if id(function) not in found:
            found.add(id(function))
            callers = ctx.dependencies.on(function)
            waiting += [edge.source for edge in callers if isinstance(edge.source, Function)]
    return frozenset(found)
