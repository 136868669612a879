from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.whole_table import rewriting_commands, table_finding


@rule(
    name="set-access-method",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order SET ACCESS METHOD columnar;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nALTER TABLE w_note SET ACCESS METHOD columnar;",
    at="ALTER TABLE",
)
def set_access_method(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table gets another access method, which writes it anew.

    Table and indexes are written anew under ACCESS EXCLUSIVE (PostgreSQL 15 and later).

    *When not:* the table is made by the same change, or nothing changes.

    *Instead:* make a new table with the access method, and fill it in batches
    """
    for table, _ in rewriting_commands(change, "SetAccessMethod"):
        yield table_finding(
            change,
            f"{table} is written anew by another access method: nobody can read or write it meanwhile",
            "make a new table with the access method, and fill it in batches",
        )
