from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Rename
from confiture_rules.compatibility.renames import renamed


@rule(
    name="rename-column",
    subject=Change,
    facts=(Rename,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order RENAME COLUMN total TO amount;",
    good="CREATE TABLE w_import (total numeric);\nALTER TABLE w_import RENAME COLUMN total TO amount;",
    at="ALTER TABLE",
)
def rename_column(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column of a table in use gets another name.

    The version of the application that still runs asks for the old name and fails; so do functions whose bodies are
    strings, at their next call. Views follow the rename, and keep publishing the old name.

    *When not:* the table or the column is made by the same change.

    *Instead:* add a column of the new name, write both, fill it, switch the readers, drop the old one.
    """
    for name, fact in renamed(change, "column"):
        if change.is_new_column(name, fact.part):
            continue
        yield change.finding(
            f"whoever asks {name} for {fact.part} fails from now on",
            object=f"{name}.{fact.part}",
            help=f"add {fact.new} beside it, write both, switch the readers, drop {fact.part} a release later",
        )
