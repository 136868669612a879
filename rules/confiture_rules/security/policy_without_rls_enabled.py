from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.security.row_security import dynamic_row_security


@rule(
    name="policy-without-rls-enabled",
    subject=Table,
    severity=Severity.ERROR,
    bad="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);""",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);""",
    at="CREATE POLICY w_order_own",
    security=True,
)
def policy_without_rls_enabled(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table has policies, but row security is not enabled on it.

    A policy does nothing until row security is enabled: everybody with the privilege sees every row.

    *When not:* row security is enabled by something outside the tree.

    *Instead:* `ALTER TABLE … ENABLE ROW LEVEL SECURITY`.
    """
    if table.policies and not table.rls_enabled and not dynamic_row_security(ctx):
        policy = table.policies[0]
        yield policy.finding(
            f"policy {policy.name} has no effect: row security is not enabled on {table.name}",
            help=f"ALTER TABLE {table.identity} ENABLE ROW LEVEL SECURITY",
        )
