from collections.abc import Iterator

from confiture_linter.catalog import Policy
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="policy-with-check-missing",
    subject=Policy,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_add ON w_order FOR INSERT;""",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_add ON w_order FOR INSERT WITH CHECK (owner_name = current_user);""",
    at="CREATE POLICY w_order_add",
    security=True,
)
def policy_with_check_missing(policy: Policy, ctx: Context) -> Iterator[Finding]:
    """A policy for INSERT says nothing about the rows it lets in.

    Without WITH CHECK such a permissive policy allows no row at all, and a restrictive one restricts
    nothing. (For UPDATE and ALL, PostgreSQL uses the USING condition for new rows too.)

    *When not:* never; the policy has no effect.

    *Instead:* `CREATE POLICY … FOR INSERT WITH CHECK (…)`.
    """
    if policy.command == "insert" and policy.check is None:
        yield policy.finding(
            f"policy {policy.name} for INSERT on {policy.table.name} has no WITH CHECK",
            help="add WITH CHECK with the condition that new rows must meet",
        )
