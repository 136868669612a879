"""What the rules about replaced functions share."""

from confiture_linter.catalog import Function
from confiture_linter.catalog.types import format_type
from confiture_linter.effects import Change
from confiture_linter.statements.facts import AlterFunction, CreateFunction, Drop


def replaced_function(change: Change) -> Function | None:
    """The function that a CREATE OR REPLACE replaces; None where it makes a new one or ALTER FUNCTION follows."""
    fact = change.fact
    if not isinstance(fact, CreateFunction) or not fact.replace:
        return None
    inputs = [argument.type for argument in fact.inputs]
    signature = ",".join(format_type(change.catalog.type_schema(t), t._replace(modifiers=())) for t in inputs)
    schema = change.catalog.creation_schema(fact.schema)
    found = [
        f for f in change.catalog.functions.get((schema, fact.name), ())
        if isinstance(f, Function) and f.signature == signature
    ]  # fmt: skip
    altered = any(
        isinstance(s.fact, AlterFunction) and s.fact.target.parts[-1:] == (fact.name,) for s in change.ahead
    )
    return found[0] if found and not altered else None


def made_anew(change: Change, function: Function) -> bool:
    """Whether a later statement of the file makes the function anew, or drops it."""
    for statement in change.ahead:
        fact = statement.fact
        if isinstance(fact, CreateFunction) and fact.name == function.name:
            return True
        if isinstance(fact, Drop) and any(target.parts[-1:] == (function.name,) for target in fact.targets):
            return True
    return False
