from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule

_KINDS = frozenset({"unique", "foreign key", "check", "exclude"})


@rule(
    name="implicit-constraint-name",
    subject=Constraint,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric CHECK (total >= 0));",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric CONSTRAINT total_positive CHECK (total >= 0));",
    at="CHECK",
)
def implicit_constraint_name(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A constraint has no name of its own.

    PostgreSQL makes one up from table and columns and adds a number where it is taken: databases that were
    changed in another order have other names, and a later DROP CONSTRAINT fails on some of them.

    *When not:* the team relies on PostgreSQL's names.

    *Instead:* `CONSTRAINT name` in front of it.
    """
    fact = constraint.fact
    if fact.name or fact.using_index or constraint.kind not in _KINDS:
        return
    if any(like.at == fact.at for like in constraint.table.fact.like):
        return
    yield constraint.finding(
        f"{constraint.kind} constraint of table {constraint.table.name} has no name of its own",
        help=f"write CONSTRAINT {quote_identifier(constraint.name)} in front of it, or a better name",
    )
