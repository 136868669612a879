from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints, constraint_finding


@rule(
    name="add-exclusion-constraint",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_booking (id bigint PRIMARY KEY, during tstzrange);",
    bad="ALTER TABLE w_booking ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);",
    good=(
        "CREATE TABLE w_stay (id bigint PRIMARY KEY, during tstzrange);\n"
        "ALTER TABLE w_stay ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);"
    ),
    at="CONSTRAINT no_overlap",
)
def add_exclusion_constraint(change: Change, ctx: Context) -> Iterator[Finding]:
    """An exclusion constraint is added, whose index is built under the lock.

    Nobody can read or write the table (ACCESS EXCLUSIVE) until the whole index is there. There is no way around:
    PostgreSQL takes neither NOT VALID nor USING INDEX for it.

    *When not:* the table is made by the same change.

    *Instead:* a new table with the constraint, filled in batches and swapped; or a maintenance window.
    """
    for added in added_constraints(change, "exclude"):
        yield constraint_finding(
            change,
            added,
            f"the index of {added.called} is built on all of {added.table} while nobody can read or write it",
            "fill a new table that has the constraint and swap them, or wait for a maintenance window",
        )
