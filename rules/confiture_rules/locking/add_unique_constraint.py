from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints, constraint_finding


@rule(
    name="add-unique-constraint",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, reference text);\nCREATE UNIQUE INDEX ref ON w_order (reference);",
    bad="ALTER TABLE w_order ADD CONSTRAINT w_order_reference UNIQUE (reference);",
    good="ALTER TABLE w_order ADD CONSTRAINT w_order_reference UNIQUE USING INDEX ref;",
    at="CONSTRAINT w_order_reference",
)
def add_unique_constraint(change: Change, ctx: Context) -> Iterator[Finding]:
    """A UNIQUE constraint is added and its index built under the lock.

    Nobody can read or write the table (ACCESS EXCLUSIVE) until the whole index is there.

    *When not:* the table is made by the same change, or the index exists already (USING INDEX).

    *Instead:* CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.
    """
    for added in added_constraints(change, "unique"):
        if added.fact.using_index:
            continue
        columns = ", ".join(map(quote_identifier, added.fact.columns))
        name = added.name or quote_identifier(
            "_".join([added.identity.rpartition(".")[2], *added.fact.columns, "key"])[:63]
        )
        partitioned = added.entity is not None and added.entity.partition_strategy
        way = (
            f"`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {added.table} ({columns})`, then "
            f"`ALTER TABLE {added.table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{added.timing}`"
        )
        if partitioned:
            way = "build a unique index on each partition CONCURRENTLY, then attach them to one made ON ONLY the parent"
        yield constraint_finding(
            change,
            added,
            f"the index of {added.called} is built on all of {added.table} while nobody can read or write it",
            way,
        )
