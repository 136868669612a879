"""Which statements take data, or what protects it, away."""

from collections.abc import Iterator

from confiture_linter.effects import Step
from confiture_linter.risk.values import Level
from confiture_linter.statements import facts as f

Loss = tuple[Level, str, str]
"""How bad, why, and what to do."""


def losing(step: Step) -> Iterator[Loss]:
    """What a statement loses of what was there before the change set."""
    fact = step.where.statement.fact
    if isinstance(fact, f.Drop):
        yield from _dropped(fact, step)
    elif isinstance(fact, f.AlterTable) and step.existing:
        yield from _altered(fact)
    elif isinstance(fact, f.Maintain) and fact.command == "truncate" and step.existing:
        names = ", ".join(name for name, _ in step.existing)
        yield Level.HIGH, f"all rows of {names} are deleted", "take a backup first"
    elif isinstance(fact, f.Execute) and step.existing:
        query = step.where.statement.queries[0] if step.where.statement.queries else None
        if query is not None and query.command == "delete" and query.target is not None:
            name = query.target.name
            if not query.filtered and len(query.sources) < 2:
                yield Level.HIGH, f"all rows of {name} are deleted", "take a backup first"
            else:
                yield Level.MEDIUM, f"rows of {name} are deleted", "take a backup of the rows first"
        elif query is not None and query.command == "update" and query.target is not None:
            yield Level.LOW, f"values of {query.target.name} are overwritten", ""


def _dropped(fact: f.Drop, step: Step) -> Iterator[Loss]:
    for target in fact.targets:
        name = ".".join(target.parts)
        if target.kind in ("table", "foreign table", "schema", "materialized view") and step.existing:
            level = Level.LOW if target.kind == "materialized view" else Level.HIGH
            advice = (
                "take a backup first; rename it now and drop it a release later"
                if level is Level.HIGH
                else ""
            )
            yield level, f"{target.kind} {name} is dropped with what is in it", advice
        elif target.kind == "index" and step.existing:
            continue
        elif target.kind in ("trigger", "policy"):
            yield Level.LOW, f"{target.kind} {name} is dropped", ""


def _altered(fact: f.AlterTable) -> Iterator[Loss]:
    for command in fact.commands:
        if command.kind == "DropColumn":
            yield (
                Level.HIGH,
                f"column {fact.name}.{command.name} is dropped with its values",
                "take a backup first; stop using the column a release before it is dropped",
            )
        elif command.kind == "AlterColumnType":
            yield (
                Level.LOW,
                f"values of {fact.name}.{command.name} are converted",
                "look for values that do not fit",
            )
        elif command.kind == "DropConstraint":
            yield Level.LOW, f"constraint {command.name} of {fact.name} no longer holds", ""
        elif command.kind == "SetUnLogged":
            yield Level.MEDIUM, f"{fact.name} is empty after a crash", "keep it logged"
