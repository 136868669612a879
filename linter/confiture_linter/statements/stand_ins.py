"""Names in the place of the stand-ins that made a text readable."""

from typing import Any


def renamed(value: Any, names: tuple[tuple[str, str], ...]) -> Any:
    """Put the names that stand-ins stand for (`names`: stand-in, name) in their place, everywhere in facts.

    Done on the facts and not on the text, so that offsets stay those of the file.
    """
    kind = type(value)
    if kind is str:
        if not value.isascii():
            for stand_in, name in names:
                value = value.replace(stand_in, name)
        return value
    if kind is tuple:
        return tuple(renamed(item, names) for item in value)
    if isinstance(value, tuple):
        return kind(*(renamed(item, names) for item in value))
    return value
