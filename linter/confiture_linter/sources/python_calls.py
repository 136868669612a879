"""The arguments of one call in a Python file, and how names and values are written in SQL."""

from typing import Any

from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.embedded import Located
from confiture_linter.sources.python_values import Bound, Clause, Opaque, Scope, Unresolved, Values


def literal(text: str) -> str:
    """Write text as a string constant."""
    return "'" + text.replace("'", "''") + "'"


def decoded(value: Located) -> str:
    """The text alone."""
    return value.text.decode("utf-8", "replace")


_MISSING: Any = object()


class Arguments:
    """The arguments of a call, evaluated when they are asked for."""

    def __init__(self, values: Values, call: Any, scope: Scope, bound: tuple[Any, ...] = ()) -> None:
        self.values = values
        self.call = call
        self.scope = scope
        self.plain: list[Any] = list(bound)
        self.named: dict[str, Any] = {}
        for argument in call.args:
            if argument.star == "*":
                items = values.value(argument.value, scope)
                if not isinstance(items, list):
                    raise Unresolved(
                        f"`*{values.source(argument.value)}` is only known when the migration runs"
                    )
                self.plain.extend(items)
            elif argument.star:
                items = values.value(argument.value, scope)
                if not isinstance(items, dict):
                    raise Unresolved(
                        f"`**{values.source(argument.value)}` is only known when the migration runs"
                    )
                self.named.update(items)
            elif argument.keyword is not None:
                self.named[argument.keyword.value] = Bound(argument.value, scope)
            else:
                self.plain.append(Bound(argument.value, scope))

    def has(self, name: str, index: int = -1) -> bool:
        """Whether it is given."""
        return name in self.named or 0 <= index < len(self.plain)

    def get(self, name: str, index: int = -1, default: Any = None) -> Any:
        """The value of an argument given by name or position."""
        given = self.named.get(name, self.plain[index] if 0 <= index < len(self.plain) else _MISSING)
        if given is _MISSING:
            return default
        return self.values.value(given.node, given.scope) if isinstance(given, Bound) else given

    def rest(self, index: int) -> list[Any]:
        """The values of all further positional arguments."""
        return [self.get("", at) for at in range(index, len(self.plain))]

    def string(self, name: str, index: int = -1) -> str:
        """A text; empty if it is not given or None."""
        return self._string(name, self.get(name, index))

    def names(self, name: str, index: int = -1) -> list[str]:
        """A list of texts."""
        value = self.get(name, index)
        if isinstance(value, Located):
            return [decoded(value)]
        if not isinstance(value, list):
            raise self._unknown(name, value)
        return [self._string(name, item) for item in value]

    def flag(self, name: str, index: int = -1, *, default: bool | None = False) -> bool | None:
        """A boolean."""
        value = self.get(name, index, default)
        if value is None or isinstance(value, bool):
            return value
        raise self._unknown(name, value)

    def relation(self, name: str, index: int = -1, schema: str = "schema") -> str:
        """A table with its schema, as SQL."""
        found = self.string(name, index)
        if not found:
            raise Unresolved(f"`{name}` is not given")
        prefix = self.string(schema) if schema else ""
        return f"{quote_identifier(prefix)}.{quote_identifier(found)}" if prefix else quote_identifier(found)

    def _string(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Located):
            return decoded(value)
        raise self._unknown(name, value)

    def _unknown(self, name: str, value: Any) -> Unresolved:
        shown = f"`{self.values.source(value.node)}`" if isinstance(value, Opaque) else f"`{name}`"
        return Unresolved(f"{shown} is only known when the migration runs")


def expression(values: Values, value: Any, *, names: bool = False) -> str:
    """Write a value or an SQLAlchemy expression as SQL; `names`: plain text is a column, not a value."""
    if isinstance(value, Clause):
        return decoded(value)
    if isinstance(value, Located):
        return quote_identifier(decoded(value)) if names else literal(decoded(value))
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Opaque) and isinstance(value.node, values.cst.Call):
        return _call(values, value)
    if isinstance(value, Opaque):
        raise Unresolved(f"`{values.source(value.node)}` is only known when the migration runs")
    raise Unresolved("an expression is not known")


_TESTS = {"is_": "IS", "is_not": "IS NOT", "isnot": "IS NOT"}
_WORDS = {"true": "true", "false": "false", "null": "NULL"}


def _call(values: Values, value: Opaque) -> str:
    call: Any = value.node
    name = values.called(call)
    source = values.source(call.func)
    arguments = Arguments(values, call, value.scope)
    if name in _WORDS and not arguments.plain:
        return _WORDS[name]
    if name in ("desc", "asc"):
        inner = arguments.get("", 0) if arguments.plain else values.value(call.func.value, value.scope)
        return f"{expression(values, inner, names=True)} {name.upper()}"
    if name == "column":
        return quote_identifier(arguments.string("text", 0))
    if name in _TESTS and isinstance(call.func, values.cst.Attribute):
        owner = expression(values, values.value(call.func.value, value.scope), names=True)
        return f"{owner} {_TESTS[name]} {expression(values, arguments.get('', 0))}"
    if "func." in source:
        written = [expression(values, item, names=False) for item in arguments.rest(0)]
        return f"{name}({', '.join(written)})"
    if name == "cast" and len(arguments.plain) == 2:
        from confiture_linter.sources.alembic_types import column_type

        return f"CAST({expression(values, arguments.get('', 0))} AS {column_type(values, arguments.get('', 1)).sql})"
    raise Unresolved(f"`{values.source(call)}` is only known when the migration runs")
