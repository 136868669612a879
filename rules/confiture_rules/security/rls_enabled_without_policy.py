from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.security.row_security import dynamic_row_security


@rule(
    name="rls-enabled-without-policy",
    subject=Table,
    severity=Severity.INFO,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nALTER TABLE w_order ENABLE ROW LEVEL SECURITY;",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);""",
    at="ALTER TABLE w_order ENABLE",
    security=True,
)
def rls_enabled_without_policy(table: Table, ctx: Context) -> Iterator[Finding]:
    """Row security is enabled on a table that has no policy.

    Nobody but the owner then sees or writes a single row: PostgreSQL denies what no policy allows.

    *When not:* a table that only its owner, or a role with BYPASSRLS, is meant to use; partitions, which
    are protected so that nobody goes around the policies of their parent.

    *Instead:* `CREATE POLICY`, or leave row security off and revoke the privileges.
    """
    if not table.rls_enabled or table.policies or table.rls_span is None:
        return
    if table.partition_of is None and not dynamic_row_security(ctx):
        path, span = table.rls_span
        yield table.finding(
            f"row security is enabled on {table.name}, which has no policy",
            path=path,
            span=span,
            help="create a policy, or disable row security and revoke the privileges",
        )
