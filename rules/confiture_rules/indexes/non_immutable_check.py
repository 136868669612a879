from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.indexes.volatility import mutable_part


@rule(
    name="non-immutable-check",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    aliases=("volatile-check-constraint",),
    bad="CREATE TABLE w_offer (id bigint PRIMARY KEY, ends_on date CHECK (ends_on > current_date));",
    good="CREATE TABLE w_offer (id bigint PRIMARY KEY, begins_on date, ends_on date CHECK (ends_on > begins_on));",
    at="current_date",
)
def non_immutable_check(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A CHECK asks for something that changes while the row does not.

    PostgreSQL looks when a row is written, and takes the constraint for true ever after: the row breaks it tomorrow,
    and then a restore of the dump, a VALIDATE, or an UPDATE of another column fails.

    *When not:* what is true once stays true, as with `born_on <= current_date`; the rule cannot tell.

    *Instead:* compare with a column, or look in a trigger when the row is written.
    """
    expression = constraint.fact.expression
    if constraint.kind != "check" or expression is None:
        return
    part = mutable_part(ctx.catalog, constraint.table.columns, expression)
    if part is not None:
        yield constraint.finding(
            f"{constraint.name or 'CHECK'} of {constraint.table.identity} uses {part.what}, which is not IMMUTABLE",
            at=part.at,
            help="compare with a column, or look in a trigger when the row is written",
        )
