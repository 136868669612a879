from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.whole_table import rewriting_commands, table_finding


@rule(
    name="set-logged-unlogged",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order SET UNLOGGED;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nALTER TABLE w_note SET UNLOGGED;",
    at="ALTER TABLE",
)
def set_logged_unlogged(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table is made logged or unlogged, which writes it anew.

    Table and indexes are written anew under ACCESS EXCLUSIVE. An unlogged table is empty after a crash and on no replica.

    *When not:* the table is made by the same change, or nothing changes.

    *Instead:* make a new table that is as it should be, and fill it in batches
    """
    for table, _ in rewriting_commands(change, "SetLogged", "SetUnLogged"):
        yield table_finding(
            change,
            f"{table} is written anew to change whether it is logged: nobody can read or write it meanwhile",
            "make a new table that is as it should be, and fill it in batches",
        )
