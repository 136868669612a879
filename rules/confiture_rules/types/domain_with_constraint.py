from collections.abc import Iterator

from confiture_linter.catalog import Type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="domain-with-constraint",
    subject=Type,
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("create-domain-with-constraint",),
    bad="CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);",
    good="CREATE DOMAIN amount AS numeric;",
    at="CREATE DOMAIN",
)
def domain_with_constraint(kind: Type, ctx: Context) -> Iterator[Finding]:
    """A domain has a constraint, which is hard to change once tables use it.

    ADD CONSTRAINT reads every table that has a column of the domain, under a lock against writers, and adding such a
    column to a table writes it anew.

    *When not:* the constraint will never change; this is a policy.

    *Instead:* a CHECK on the tables, which can be added NOT VALID and validated one by one.
    """
    checks = [constraint for constraint in kind.constraints if constraint.kind == "check"]
    if kind.form == "domain" and (checks or kind.not_null):
        yield kind.finding(
            f"domain {kind.identity} has a constraint",
            help="put the CHECK on the tables instead",
        )
