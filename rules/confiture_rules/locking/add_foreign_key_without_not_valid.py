from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints
from confiture_rules.locking.not_valid import not_valid_fix, not_valid_help


@rule(
    name="add-foreign-key-without-not-valid",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint);"
    ),
    bad="ALTER TABLE w_order ADD CONSTRAINT w_order_customer FOREIGN KEY (customer_id) REFERENCES w_customer;",
    good=(
        "ALTER TABLE w_order ADD CONSTRAINT w_order_customer FOREIGN KEY (customer_id) REFERENCES w_customer "
        "NOT VALID;"
    ),
    at="CONSTRAINT w_order_customer",
)
def add_foreign_key_without_not_valid(change: Change, ctx: Context) -> Iterator[Finding]:
    """A foreign key is added and tested on every old row at once.

    Both tables are locked against writing (SHARE ROW EXCLUSIVE) while every row of the referencing one is looked up.

    *When not:* the referencing table is made by the same change. A partitioned table takes NOT VALID since
    PostgreSQL 18 only.

    *Instead:* add it NOT VALID, which needs the locks for a moment, then VALIDATE CONSTRAINT in another transaction,
    which lets others write.
    """
    for added in added_constraints(change, "foreign key"):
        if added.fact.not_valid or added.fact.not_enforced or not added.effects.scans:
            continue
        partitioned = added.entity is not None and added.entity.partition_strategy
        if partitioned and change.postgres < 18:
            continue
        yield change.finding(
            f"{added.called} is tested on every row of {added.table} while nobody can write to it or the table it "
            "references",
            at=added.fact.at,
            object=added.identity,
            help=not_valid_help(added),
            fix=not_valid_fix(change, ctx),
        )
