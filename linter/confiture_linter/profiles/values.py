"""A profile as a value; every part knows its line and column, for whoever finds fault with it later."""

from collections.abc import Mapping
from typing import Any, NamedTuple

DEFAULT_KEY = "CONFITURE_ANONYMIZE_KEY"
"""The environment variable of strategies that need a key and name none."""
KEYED = frozenset({"email", "hash", "fake", "range", "date_shift"})
"""Strategies whose result depends on a key."""


class Spec(NamedTuple):
    """A strategy with its options, as a column uses it."""

    type: str
    options: Mapping[str, Any]
    """Option to value. `key` is the name of an environment variable; `condition` is parsed, `if_true` and `if_false`
    are `Spec`, `paths` are pairs of a parsed path and a `Spec`."""
    name: str = ""
    """Its name in the profile; empty where it is written in the column's own rule."""
    line: int = 0
    column: int = 0

    @property
    def key(self) -> str:
        """The environment variable that holds its key; empty if it needs none."""
        named = self.options.get("key")
        if isinstance(named, str):
            return named
        return DEFAULT_KEY if self.type in KEYED else ""

    @property
    def parts(self) -> tuple["Spec", ...]:
        """The strategies it is made of."""
        if self.type == "conditional":
            return (self.options["if_true"], self.options["if_false"])
        if self.type == "json":
            return tuple(spec for _, spec in self.options["paths"])
        return ()

    def same(self, other: "Spec") -> bool:
        """Whether both make the same of the same value."""
        return self.meaning() == other.meaning()

    def meaning(self) -> tuple[Any, ...]:
        """What it does, without its name and place."""
        return (
            self.type,
            self.key,
            tuple(sorted((name, _meaning(value)) for name, value in self.options.items() if name != "key")),
        )


def _meaning(value: Any) -> str:
    if isinstance(value, Spec):
        return repr(value.meaning())
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return repr([_meaning(item) for item in value])
    return repr(value)


class ColumnRule(NamedTuple):
    """What happens to one column."""

    column: str
    spec: Spec
    line: int
    at: int
    """Column in the file, counted from 1."""


class TableRule(NamedTuple):
    """What happens to the columns of one table, or that its rows are left out."""

    table: str
    """As written: `name` or `schema.name`."""
    columns: tuple[ColumnRule, ...]
    skip: bool
    line: int
    at: int


class Profile(NamedTuple):
    """A profile."""

    path: str
    name: str
    description: str
    rules: tuple[TableRule, ...]

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Every strategy that a column uses, parts of others included."""
        found: list[Spec] = []
        waiting = [column.spec for rule in self.rules for column in rule.columns]
        while waiting:
            spec = waiting.pop()
            found.append(spec)
            waiting += spec.parts
        return tuple(found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The environment variables it needs."""
        return tuple(sorted({spec.key for spec in self.specs if spec.key}))


def keep_spec(line: int = 0, column: int = 0) -> Spec:
    """The strategy of a column that nothing is said about."""
    return Spec("keep", {}, "", line, column)
