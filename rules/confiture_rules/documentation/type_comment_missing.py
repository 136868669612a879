from collections.abc import Iterator

from confiture_linter.catalog import Type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.documentation.coverage import OPTIONS, expected


@rule(
    name="type-comment-missing",
    subject=Type,
    severity=Severity.WARNING,
    bad="CREATE TYPE order_state AS ENUM ('open', 'paid');",
    good="CREATE TYPE order_state AS ENUM ('open', 'paid');\nCOMMENT ON TYPE order_state IS 'How far an order is.';",
    at="CREATE TYPE order_state",
    config="lint: {rules: {type-comment-missing: {options: {coverage: 0}}}}",
    options=OPTIONS,
)
def type_comment_missing(type: Type, ctx: Context) -> Iterator[Finding]:
    """A type has no comment.

    The values of an enum and the limits of a domain say what is allowed, not what it means.

    Reported where the team comments its types: at least ten, and at least the share `coverage` of them have
    one. With `coverage: 0` it is always reported.

    *When not:* types that only one function returns.

    *Instead:* `COMMENT ON TYPE … IS '…'`, or ON DOMAIN.
    """
    if not type.comment and expected(ctx, "type", lambda: (t.comment for t in ctx.catalog.types.values())):
        kind = "domain" if type.form == "domain" else "type"
        yield type.finding(
            f"{kind} {type.name} has no comment",
            help=f"COMMENT ON {kind.upper()} {type.qualified} IS 'what it means';",
        )
