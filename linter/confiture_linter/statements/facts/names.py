"""Names that a statement mentions: objects, types, columns."""

from typing import NamedTuple


class TypeName(NamedTuple):
    """A type as written: `schema` is empty where the text gives none."""

    schema: str
    name: str
    modifiers: tuple[str, ...]
    array: bool
    set_of: bool
    percent_type: bool
    """Whether it is `table.column%TYPE`; `schema` and `name` then hold table and column."""
    at: int


class Ref(NamedTuple):
    """One mention of a named object that must exist."""

    kind: str
    """`relation`, `function`, `type`, `schema`, `sequence`, `extension` or `language`."""
    schema: str
    name: str
    at: int
    use: str
    """How: `read`, `insert`, `update`, `delete`, `call`, `type`, `reference`, `define`, `refresh`, …"""
    arguments: int = -1
    """Number of arguments of a call; -1 where it is not known."""
    text: str = ""
    """First argument of a call where it is a string constant."""
    nested: bool = False
    """Whether the call stands inside a sub-select."""
    names: tuple[str, ...] = ()
    """Names of the arguments given by name."""
    strings: tuple[str, ...] = ()
    """All string constants among the arguments, where there is more than one."""


class ColumnUse(NamedTuple):
    """A column as an expression names it; `name` is `*` for all columns of `qualifier`."""

    qualifier: str
    name: str
    at: int
    schema: str = ""


class FieldUse(NamedTuple):
    """`(column).field` or `(call(…)).field`."""

    name: str
    at: int
    column: ColumnUse | None
    call: tuple[str, str, int] | None
    """Schema, name and number of arguments."""
    element: bool = False
    """Whether it is a field of an element of the column, an array."""
