"""What the rules about settings that a script should begin with share."""

from confiture_linter.effects import Change


def first_blocking(change: Change) -> tuple[str, str]:
    """Relation and lock mode of the first statement of its file that keeps others waiting; empty for all others."""
    if change.effects.error:
        return "", ""
    for step in change.earlier:
        if step.migration is change.migration and any(mode.blocks_writes for _, mode in step.existing):
            return "", ""
    for name, mode in change.blocking:
        if mode.blocks_writes:
            return name, mode.value
    return "", ""
