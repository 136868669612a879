"""What the rules about renames share."""

from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.statements.facts import CreateView, Rename


def renamed(change: Change, *kinds: str) -> Iterator[tuple[str, Rename]]:
    """A rename of one of these kinds of something in use, with the relation it is about."""
    fact = change.fact
    if (
        not isinstance(fact, Rename)
        or fact.kind not in kinds
        or not fact.target.parts
        or change.effects.error
    ):
        return
    parts = fact.target.parts
    schema = parts[-2] if len(parts) > 1 else ""
    name = change.identity_of(schema, parts[-1])
    if not change.is_new(name):
        yield name, fact


def old_name_kept(change: Change, fact: Rename) -> bool:
    """Whether the same file makes a view, or something else, under the old name."""
    old = fact.target.parts[-1]
    for statement in change.ahead:
        later = statement.fact
        if isinstance(later, CreateView) and later.name == old:
            return True
        if isinstance(later, Rename) and not later.part and later.new == old:
            return True
    return False
