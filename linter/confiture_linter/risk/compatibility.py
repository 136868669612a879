"""What the version of the application that still runs cannot live with."""

from collections.abc import Iterator

from confiture_linter.effects import Step
from confiture_linter.risk.values import Level
from confiture_linter.statements import facts as f

Break = tuple[Level, str, str]
"""How bad, why, and what to do."""

_LATER = "release an application that does not need it first"


def breaking(step: Step) -> Iterator[Break]:
    """What a statement breaks for whoever uses what was there before the change set."""
    fact = step.where.statement.fact
    if isinstance(fact, f.Rename) and fact.kind in _NAMED and step.existing:
        what = fact.part or ".".join(fact.target.parts)
        yield (
            Level.HIGH,
            f"{fact.kind} {what} is called {fact.new} from now on",
            "keep the old name until nobody asks for it",
        )
    elif isinstance(fact, f.Rename) and fact.kind in ("schema", "function", "procedure", "type"):
        yield Level.HIGH, f"{fact.kind} {fact.part or '.'.join(fact.target.parts)} gets another name", _LATER
    elif isinstance(fact, f.SetSchema):
        yield (
            Level.HIGH,
            f"{'.'.join(fact.target.parts)} moves to schema {fact.schema}",
            "leave a view in the old place",
        )
    elif isinstance(fact, f.Drop):
        for target in fact.targets:
            if target.kind in _USED:
                yield Level.HIGH, f"{target.kind} {'.'.join(target.parts)} is dropped", _LATER
    elif isinstance(fact, f.AlterEnum):
        level = Level.HIGH if fact.old else Level.LOW
        yield level, f"'{fact.new}' may be read by an application that does not know it", ""
    elif isinstance(fact, f.AlterTable) and step.existing:
        yield from _altered(fact)


_NAMED = frozenset({"table", "view", "materialized view", "column", "attribute"})
_USED = frozenset(
    {"table", "view", "materialized view", "function", "procedure", "routine", "type", "schema", "sequence"}
)


def _altered(fact: f.AlterTable) -> Iterator[Break]:
    for command in fact.commands:
        name = f"{fact.name}.{command.name}"
        if command.kind == "DropColumn":
            yield Level.HIGH, f"column {name} is dropped", _LATER
        elif command.kind == "AlterColumnType":
            yield (
                Level.MEDIUM,
                f"column {name} has another type",
                "release an application that takes both types first",
            )
        elif command.kind == "SetNotNull":
            yield (
                Level.MEDIUM,
                f"rows without {name} are refused",
                "release writers that always give it first",
            )
        elif command.kind == "AddColumn" and command.column is not None:
            column = command.column
            if (
                column.not_null
                and column.default is None
                and not (column.identity or column.generated or column.serial)
            ):
                yield Level.HIGH, f"rows without {name} are refused", "give it a default"
        elif command.kind == "AddConstraint":
            for constraint in command.constraints:
                if not constraint.not_enforced:
                    called = constraint.name or f"a {constraint.kind}"
                    yield Level.LOW, f"rows that break {called} of {fact.name} are refused", ""
        elif command.kind == "ColumnDefault" and command.expression is None:
            yield Level.LOW, f"rows without {name} get no default", ""
