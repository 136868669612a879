from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="row-security-switched",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    aliases=("rls-toggle-lock",),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nALTER TABLE w_note ENABLE ROW LEVEL SECURITY;",
    at="ALTER TABLE",
)
def row_security_switched(change: Change, ctx: Context) -> Iterator[Finding]:
    """Row security of a table in use is switched on or off.

    It takes ACCESS EXCLUSIVE, and from then on everyone sees other rows: none at all until there is a policy, or all.

    *When not:* the table is made by the same change.

    *Instead:* make the policies first, set lock_timeout, and switch it on in a transaction of its own.
    """
    fact = change.fact
    kinds = ("EnableRowSecurity", "DisableRowSecurity", "ForceRowSecurity", "NoForceRowSecurity")
    for command in change.commands(*kinds):
        if isinstance(fact, AlterTable):
            word = "off" if command.kind in ("DisableRowSecurity", "NoForceRowSecurity") else "on"
            yield change.finding(
                f"row security of {change.quoted(fact.schema, fact.name)} is switched {word} for everyone who uses it",
                object=change.identity_of(fact.schema, fact.name),
                help=_HELP[word],
            )


_HELP = {
    "on": "make its policies first, and set lock_timeout: without one nobody but the owner sees a row",
    "off": "see that nothing else lets everyone read it: its policies count for nothing from now on",
}
