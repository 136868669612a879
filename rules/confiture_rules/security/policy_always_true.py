from collections.abc import Iterator

from confiture_linter.catalog import Policy
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="policy-always-true",
    subject=Policy,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_all ON w_order USING (true);""",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);""",
    at="CREATE POLICY w_order_all",
    options={"roles": ("public", "anon", "authenticated")},
    security=True,
)
def policy_always_true(policy: Policy, ctx: Context) -> Iterator[Finding]:
    """A policy lets everybody write every row.

    `true` as the condition of a permissive policy switches row security off for its command, and with it
    every other permissive policy of the table.

    *When not:* a policy for one administrative role (`TO app_admin`) is not reported, nor is one that only
    reads (`FOR SELECT`), except under the presets strict and all. `roles` lists who counts as everybody.

    *Instead:* say who may write which rows, or give the policy to a role.
    """
    if not policy.permissive or policy.table.temporary:
        return
    expression = policy.using if policy.command == "delete" else policy.check or policy.using
    if policy.command == "select":
        expression = policy.using if ctx.config.lint.preset in ("strict", "all") else None
    if expression is None or expression.constant != "true":
        return
    if not policy.roles or not set(policy.roles).isdisjoint(ctx.options["roles"]):
        does = "read" if policy.command == "select" else "write"
        yield policy.finding(
            f"policy {policy.name} lets everybody {does} every row of {policy.table.name}",
            help="state a condition on the row, or restrict the policy to a role with TO",
        )
