from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, CreatePolicy


@rule(
    name="row-security-switched",
    subject=ChangeSet,
    severity=Severity.INFO,
    aliases=("rls-toggle-lock",),
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\nALTER TABLE w_order ENABLE ROW LEVEL SECURITY;\n"
        "CREATE POLICY own ON w_order USING (id > 0);"
    ),
    bad="ALTER TABLE w_order DISABLE ROW LEVEL SECURITY;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nALTER TABLE w_note DISABLE ROW LEVEL SECURITY;",
    at="ALTER TABLE",
)
def row_security_switched(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """Row security of a table in use is switched on or off.

    It takes ACCESS EXCLUSIVE, and from then on everyone sees other rows: none at all until there is a policy, or all.

    *When not:* the table is made by the same change, or the same file makes the policies.

    *Instead:* make the policies first, set lock_timeout, and switch it on in a transaction of its own.
    """
    for step in changes.steps:
        fact = step.where.statement.fact
        if not isinstance(fact, AlterTable) or step.effects.error:
            continue
        table = next((name for name, _ in step.existing if name.rpartition(".")[2] == fact.name), "")
        for command in fact.commands if table else ():
            word = _KINDS.get(command.kind, "")
            if not word or (word == "on" and _provided(changes, step, fact)):
                continue
            yield Finding(
                step.where.path,
                Span(step.where.statement.start, step.where.statement.end),
                f"row security of {table} is switched {word} for everyone who uses it",
                table,
                _HELP[word],
            )


_KINDS = {
    "EnableRowSecurity": "on",
    "ForceRowSecurity": "on",
    "DisableRowSecurity": "off",
    "NoForceRowSecurity": "off",
}


def _provided(changes: ChangeSet, step: Step, fact: AlterTable) -> bool:
    """Whether the file makes policies for it."""
    return any(
        isinstance(other.where.statement.fact, CreatePolicy)
        and other.where.statement.fact.table == fact.name
        and other.migration is step.migration
        for other in changes.steps
    )


_HELP = {
    "on": "make its policies first, and set lock_timeout: without one nobody but the owner sees a row",
    "off": "see that nothing else lets everyone read it: its policies count for nothing from now on",
}
