"""What a script works with: text, truth values, lists, nothing (NULL), and what cannot be told."""

from collections.abc import Mapping
from typing import Any

HOLE = "\0"
"""Inside a text that is known but for a part, this stands for the part."""


class _Unknown:
    """The one value that cannot be told."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
Known = Any
"""str, bool, list, None or UNKNOWN."""
Environment = Mapping[str, Known]


def text_of(value: Known) -> str:
    """A value as text."""
    if value is UNKNOWN:
        return HOLE
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def unsure(value: Known) -> bool:
    """Whether a value is not fully known, or is no single one."""
    return value is UNKNOWN or isinstance(value, list) or (isinstance(value, str) and HOLE in value)


__all__ = ["HOLE", "UNKNOWN", "Environment", "Known", "text_of", "unsure"]
