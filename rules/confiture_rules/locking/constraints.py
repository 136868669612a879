"""What the rules about added constraints share."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Table
from confiture_linter.effects import Change, Effects
from confiture_linter.model import Finding, quote_identifier
from confiture_linter.statements.facts import AlterTable, ConstraintFact


class Added(NamedTuple):
    """A constraint that is added to a table in use."""

    fact: ConstraintFact
    table: str
    """As SQL writes it."""
    entity: Table | None
    effects: Effects
    identity: str

    @property
    def name(self) -> str:
        """Its name as SQL writes it; empty where PostgreSQL chooses one."""
        return quote_identifier(self.fact.name) if self.fact.name else ""

    @property
    def called(self) -> str:
        """What a message calls it."""
        unnamed = "UNIQUE constraint" if self.fact.kind == "unique" else self.fact.kind
        return f"{self.fact.kind} {self.fact.name}" if self.fact.name else f"the {unnamed}"

    @property
    def timing(self) -> str:
        """DEFERRABLE and INITIALLY DEFERRED as they are written behind a constraint."""
        words = " DEFERRABLE" if self.fact.deferrable else ""
        return words + (" INITIALLY DEFERRED" if self.fact.initially_deferred else "")


def added_constraints(change: Change, *kinds: str) -> Iterator[Added]:
    """Constraints of some kinds that ALTER TABLE adds to a table in use; those PostgreSQL refuses are left out."""
    fact = change.fact
    if not isinstance(fact, AlterTable):
        return
    found = change.relation(fact.schema, fact.name)
    for command in change.commands("AddConstraint"):
        for constraint in command.constraints:
            if constraint.kind not in kinds:
                continue
            effects = change.effects_of_command(command)
            if not effects.error:
                yield Added(
                    constraint,
                    change.quoted(fact.schema, fact.name),
                    found if isinstance(found, Table) else None,
                    effects,
                    change.identity_of(fact.schema, fact.name),
                )


def constraint_finding(change: Change, added: Added, message: str, help: str) -> Finding:
    """A finding at an added constraint."""
    return change.finding(message, at=added.fact.at, object=added.identity, help=help)
