"""What the rules about statements that rewrite a whole table share."""

from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.model import Finding
from confiture_linter.statements.facts import AlterCommand, AlterTable


def rewriting_commands(change: Change, *kinds: str) -> Iterator[tuple[str, AlterCommand]]:
    """Subcommands of some kinds that write a table in use anew, with the table as SQL writes it."""
    fact = change.fact
    if isinstance(fact, AlterTable):
        for command in change.commands(*kinds):
            effects = change.effects_of_command(command)
            if effects.rewrites and not effects.error:
                yield change.quoted(fact.schema, fact.name), command


def table_finding(change: Change, message: str, help: str) -> Finding:
    """A finding about the table that a statement alters."""
    fact = change.fact
    name = change.identity_of(fact.schema, fact.name) if isinstance(fact, AlterTable) else ""
    return change.finding(message, object=name, help=help)
