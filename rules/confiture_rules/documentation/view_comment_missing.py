from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.documentation.coverage import OPTIONS, expected


@rule(
    name="view-comment-missing",
    subject=View,
    severity=Severity.WARNING,
    bad="CREATE VIEW v_answer AS SELECT 42 AS answer;",
    good="CREATE VIEW v_answer AS SELECT 42 AS answer;\nCOMMENT ON VIEW v_answer IS 'The answer.';",
    at="CREATE VIEW v_answer",
    config="lint: {rules: {view-comment-missing: {options: {coverage: 0}}}}",
    options=OPTIONS,
)
def view_comment_missing(view: View, ctx: Context) -> Iterator[Finding]:
    """A view has no comment.

    What a view leaves out, and for whom it is made, is not visible in its columns.

    Reported where the team comments its views: at least ten, and at least the share `coverage` of them have
    one. With `coverage: 0` it is always reported.

    *When not:* views that a tool generates.

    *Instead:* `COMMENT ON VIEW … IS '…'`, or ON MATERIALIZED VIEW.
    """
    if not view.comment and expected(ctx, "view", lambda: (v.comment for v in ctx.catalog.views)):
        kind = view.kind.replace("_", " ")
        yield view.finding(
            f"{kind} {view.name} has no comment",
            help=f"COMMENT ON {kind.upper()} {view.qualified} IS 'what one row is';",
        )
