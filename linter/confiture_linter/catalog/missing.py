"""The object that a statement is about does not exist."""

from confiture_linter.catalog.types import format_type
from confiture_linter.statements import facts as f


class TargetMissing(Exception):
    """The object that a statement changes does not exist (yet)."""

    def __init__(self, kind: str, name: str, at: int) -> None:
        super().__init__(kind, name, at)
        self.kind = kind
        self.name = name
        self.at = at


def dotted(schema: str, name: str) -> str:
    """A name with its schema, if it has one."""
    return f"{schema}.{name}" if schema else name


def path_text(target: f.ObjectPath) -> str:
    """An object path as one would write it."""
    text = ".".join(target.parts)
    if target.arguments is not None:
        text += "(" + ", ".join(format_type("", a) for a in target.arguments) + ")"
    return text
