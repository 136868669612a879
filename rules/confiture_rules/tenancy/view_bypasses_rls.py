from collections.abc import Iterator

from confiture_linter.catalog import Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="view-bypasses-rls",
    subject=View,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);
CREATE VIEW v_order AS SELECT id FROM w_order;""",
    good="""CREATE TABLE w_order (id bigint PRIMARY KEY, owner_name name NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY w_order_own ON w_order USING (owner_name = current_user);
CREATE VIEW v_order WITH (security_invoker = true) AS SELECT id FROM w_order;""",
    at="CREATE VIEW v_order",
    security=True,
)
def view_bypasses_rls(view: View, ctx: Context) -> Iterator[Finding]:
    """A view reads a table with row security as the view's owner.

    Policies are applied to the owner of the view, who usually owns the table and passes them all: whoever
    may read the view sees every row.

    *When not:* the view exists to show more than the policies allow, and its own WHERE clause is the check.
    Before PostgreSQL 15 there is no remedy but another owner, and nothing is reported.

    *Instead:* `CREATE VIEW … WITH (security_invoker = true)`.
    """
    if view.materialized or ctx.postgres < 15 or _is_invoker(view):
        return
    for ref in view.statement.refs:
        if ref.kind == "relation" and ref.use == "read":
            table = ctx.catalog.relation(ref.schema, ref.name, ctx.catalog.default_path)
            if isinstance(table, Table) and table.rls_enabled:
                yield view.finding(
                    f"view {view.name} reads {table.name} as its owner, past the row security of the table",
                    help=f"ALTER VIEW {view.identity} SET (security_invoker = true)",
                )
                return


def _is_invoker(view: View) -> bool:
    return view.options.get("security_invoker", "false").lower() in ("true", "on", "yes", "1", "t", "y")
