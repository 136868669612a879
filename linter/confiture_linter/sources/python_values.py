"""What constant expressions of a Python file come to, read from its syntax tree; nothing is ever run.

Texts know where they were written (`Located`); what only a run could tell raises `Unresolved` with the reason.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.sources.embedded import Located, Run, joined, pinned
from confiture_linter.sources.python_text import ESCAPE, ESCAPE_OR_BRACE, dedented, escaped, replaced

if TYPE_CHECKING:
    import libcst as cst

    Place = Callable[[cst.CSTNode], tuple[int, int]]

MAX_DEPTH = 60
"""Names that stand for names are followed this far."""


class Unresolved(Exception):
    """Only a run could tell; carries the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bound(NamedTuple):
    """An expression and the names it may use."""

    node: "cst.BaseExpression"
    scope: "Scope"


class Scope:
    """Names and the expressions they stand for; None where it cannot be told."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.names: dict[str, Bound | Any | None] = {}

    def find(self, name: str) -> Any:
        """What `name` stands for; raises `KeyError` if nothing in the file says."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        raise KeyError(name)


class Opaque(NamedTuple):
    """A call, or another expression, that is no text, number or list: a column, a type, a constraint."""

    node: "cst.BaseExpression"
    scope: Scope


class Clause(Located):
    """Text that is SQL, not a name or a value: `sa.text("now()")`."""

    __slots__ = ()


class Function(NamedTuple):
    """A function of the file, by its definition."""

    node: "cst.FunctionDef"
    scope: Scope


class Values:
    """Evaluates expressions of one file."""

    def __init__(self, data: bytes, place: "Place") -> None:
        import libcst

        self.cst = libcst
        self.data = data
        self.place = place
        self._depth = 0

    def value(self, node: "cst.BaseExpression", scope: Scope) -> Any:
        """Evaluate `node` to text (`Located`), bool, int, float, None, list, dict or `Opaque`."""
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise Unresolved("it is nested too deeply")
            handler = _HANDLERS.get(type(node).__name__)
            return handler(self, node, scope) if handler is not None else Opaque(node, scope)
        finally:
            self._depth -= 1

    def text(self, node: "cst.BaseExpression", scope: Scope) -> Located:
        """Evaluate `node` to text."""
        value = self.value(node, scope)
        if isinstance(value, Located):
            return value
        if isinstance(value, Opaque):
            raise Unresolved(f"`{self.source(value.node)}` is only known when the migration runs")
        raise Unresolved("it is no text")

    def source(self, node: "cst.CSTNode") -> str:
        """Show an expression as written, in one short line."""
        start, end = self.place(node)
        shown = " ".join(self.data[start:end].decode("utf-8", "replace").split())
        return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"

    # Literals.

    def simple(self, node: Any, _scope: Scope) -> Located:
        """A string without values in it."""
        start, end = self.place(node)
        raw = self.data[start:end]
        head = _PREFIX.match(raw)
        if head is None or b"b" in head[1].lower():
            raise Unresolved("it is no text")
        quote = head[2]
        return self._unescaped(
            start + head.end(), end - len(quote), raw=b"r" in head[1].lower(), braces=False
        )

    def _unescaped(self, start: int, end: int, *, raw: bool, braces: bool) -> Located:
        """Undo the escapes of a literal between two offsets; `braces`: doubled ones of an f-string, too."""
        body = self.data[start:end]
        if (raw or b"\\" not in body) and not (braces and (b"{{" in body or b"}}" in body)):
            return Located(body, (Run(0, start, True),) if body else ())
        parts: list[Located] = []
        at = 0
        for found in (ESCAPE_OR_BRACE if braces else ESCAPE).finditer(body):
            if raw and found[0][:1] == b"\\":
                continue
            if found.start() > at:
                parts.append(Located(body[at : found.start()], (Run(0, start + at, True),)))
            if made := escaped(found[0]):
                parts.append(pinned(made, start + found.start()))
            at = found.end()
        if at < len(body):
            parts.append(Located(body[at:], (Run(0, start + at, True),)))
        return joined(parts)

    def concatenated(self, node: Any, scope: Scope) -> Located:
        """Strings side by side."""
        return joined([self.text(node.left, scope), self.text(node.right, scope)])

    def formatted(self, node: Any, scope: Scope) -> Located:
        """An f-string."""
        raw = "r" in node.start.lower()
        parts: list[Located] = []
        for part in node.parts:
            start, end = self.place(part)
            if isinstance(part, self.cst.FormattedStringText):
                parts.append(self._unescaped(start, end, raw=raw, braces=True))
                continue
            if part.conversion or part.format_spec:
                raise Unresolved(f"`{self.source(part)}` formats a value")
            value = self.value(part.expression, scope)
            if isinstance(value, Opaque):
                raise Unresolved(f"`{self.source(part.expression)}` is only known when the migration runs")
            parts.append(_shown(value, start))
        return joined(parts)

    def integer(self, node: Any, _scope: Scope) -> int:
        """A whole number."""
        return int(node.value.replace("_", ""), 0)

    def decimal(self, node: Any, _scope: Scope) -> float:
        """A number with a point."""
        return float(node.value.replace("_", ""))

    def sequence(self, node: Any, scope: Scope) -> list[Any]:
        """A list, tuple or set."""
        items: list[Any] = []
        for element in node.elements:
            value = self.value(element.value, scope)
            if isinstance(element, self.cst.StarredElement):
                if not isinstance(value, list):
                    raise Unresolved(f"`*{self.source(element.value)}` is only known when the migration runs")
                items.extend(value)
            else:
                items.append(value)
        return items

    def mapping(self, node: Any, scope: Scope) -> dict[Any, Any]:
        """A dictionary."""
        items: dict[Any, Any] = {}
        for element in node.elements:
            if isinstance(element, self.cst.StarredDictElement):
                raise Unresolved("it takes in another mapping")
            key = self.value(element.key, scope)
            name = key.text.decode("utf-8", "replace") if isinstance(key, Located) else key
            if isinstance(name, Opaque | list | dict):
                raise Unresolved("a key is only known when the migration runs")
            items[name] = self.value(element.value, scope)
        return items

    # Names.

    def name(self, node: Any, scope: Scope) -> Any:
        """A name."""
        if node.value in _CONSTANTS:
            return _CONSTANTS[node.value]
        return self._named(node.value, node, scope)

    def attribute(self, node: Any, scope: Scope) -> Any:
        """`self.NAME` and `Class.NAME` of this file; everything else is opaque."""
        if isinstance(node.value, self.cst.Name):
            try:
                return self._named(f"{node.value.value}.{node.attr.value}", node, scope, missing=True)
            except KeyError:
                return Opaque(node, scope)
        return Opaque(node, scope)

    def _named(self, name: str, node: Any, scope: Scope, *, missing: bool = False) -> Any:
        try:
            found = scope.find(name)
        except KeyError:
            if missing:
                raise
            return Opaque(node, scope)
        if isinstance(found, Function):
            return Opaque(node, scope)
        if found is None:
            raise Unresolved(f"`{name}` is only known when the migration runs")
        return self.value(found.node, found.scope) if isinstance(found, Bound) else found

    # Operators and calls.

    def unary(self, node: Any, scope: Scope) -> Any:
        """A sign, or `not`."""
        value = self.value(node.expression, scope)
        if isinstance(node.operator, self.cst.Minus) and isinstance(value, int | float):
            return -value
        if isinstance(node.operator, self.cst.Not) and isinstance(value, bool):
            return not value
        return Opaque(node, scope)

    def binary(self, node: Any, scope: Scope) -> Any:
        """`+`, and `%` on text."""
        left = self.value(node.left, scope)
        if isinstance(node.operator, self.cst.Add):
            right = self.value(node.right, scope)
            if isinstance(left, Located) and isinstance(right, Located):
                return joined([left, right])
            if isinstance(left, list) and isinstance(right, list):
                return left + right
            for value in (left, right):
                if isinstance(value, Opaque):
                    raise Unresolved(f"`{self.source(value.node)}` is only known when the migration runs")
        if isinstance(node.operator, self.cst.Modulo) and isinstance(left, Located):
            return self._percent(left, self.value(node.right, scope), self.place(node.right)[0])
        return Opaque(node, scope)

    def _percent(self, template: Located, values: Any, place: int) -> Located:
        given = iter(values if isinstance(values, list) else [values])

        def filled(found: re.Match[bytes]) -> Located:
            if found[0] == b"%%":
                return template.slice(found.start(), found.start() + 1)
            if found[1] is not None:
                name = found[1].decode("utf-8", "replace")
                if not isinstance(values, dict) or name not in values:
                    raise Unresolved(f"`{name}` is only known when the migration runs")
                return self._known(values[name], place)
            try:
                return self._known(next(given), place)
            except StopIteration:
                raise Unresolved("a value is missing for its %s") from None

        return replaced(_PERCENT, template, filled)

    def _known(self, value: Any, place: int) -> Located:
        if isinstance(value, Opaque):
            raise Unresolved(f"`{self.source(value.node)}` is only known when the migration runs")
        return _shown(value, place)

    def call(self, node: Any, scope: Scope) -> Any:
        """Calls that only wrap or shape text; all others are opaque."""
        name = self.called(node)
        arguments = [a for a in node.args if not a.star]
        plain = [a.value for a in arguments if a.keyword is None]
        if name in _WRAPPERS and plain:
            value = self.value(plain[0], scope)
            if isinstance(value, Located) and name in _CLAUSES:
                return Clause(value.text, value.runs)
            return value if isinstance(value, Located) else Opaque(node, scope)
        if name == "dedent" and plain:
            return dedented(self.text(plain[0], scope))
        if (
            isinstance(node.func, self.cst.Attribute)
            and name in _METHODS
            and len(arguments) == len(node.args)
        ):
            owner = self.value(node.func.value, scope)
            if isinstance(owner, Located):
                return self._method(name, owner, arguments, scope)
        if isinstance(node.func, self.cst.Name):
            returned = self._returned(node, scope)
            if returned is not None:
                return self.value(returned.node, returned.scope)
        if name == "Identifier" and plain:
            return self._identifier([self.text(part, scope) for part in plain])
        return Opaque(node, scope)

    def _returned(self, node: Any, scope: Scope) -> Bound | None:
        """What a function of the file returns whose body is one `return`."""
        try:
            function = scope.find(node.func.value)
        except KeyError:
            return None
        if not isinstance(function, Function):
            return None
        lines = function.node.body.body
        last = lines[-1].body[-1] if lines and isinstance(lines[-1], self.cst.SimpleStatementLine) else None
        if (
            not isinstance(last, self.cst.Return)
            or last.value is None
            or len(lines) > 1 + _has_docstring(lines)
        ):
            return None
        return Bound(last.value, self.parameters(function, node, scope))

    def parameters(self, function: Function, call: Any, scope: Scope) -> Scope:
        """The names inside a function when it is called."""
        inner = Scope(function.scope)
        parameters = [*function.node.params.posonly_params, *function.node.params.params]
        for each in [*parameters, *function.node.params.kwonly_params]:
            default = each.default
            inner.names[each.name.value] = Bound(default, function.scope) if default is not None else None
        free = iter(parameters)
        for argument in call.args:
            if argument.star:
                break
            if argument.keyword is not None:
                inner.names[argument.keyword.value] = Bound(argument.value, scope)
            elif (parameter := next(free, None)) is not None:
                inner.names[parameter.name.value] = Bound(argument.value, scope)
        return inner

    def called(self, node: Any) -> str:
        """The last word of what is called; empty where it is no name."""
        function = node.func
        if isinstance(function, self.cst.Attribute):
            return str(function.attr.value)
        return str(function.value) if isinstance(function, self.cst.Name) else ""

    def _identifier(self, parts: list[Located]) -> Located:
        quoted = b".".join(b'"' + part.text.replace(b'"', b'""') + b'"' for part in parts)
        return pinned(quoted, parts[0].place)

    def _method(self, name: str, owner: Located, arguments: list[Any], scope: Scope) -> Any:
        plain = [self.value(a.value, scope) for a in arguments if a.keyword is None]
        named = {a.keyword.value: self.value(a.value, scope) for a in arguments if a.keyword is not None}
        if name == "format":
            return self._format(owner, plain, named)
        if name == "join" and len(plain) == 1 and isinstance(plain[0], list):
            parts: list[Located] = []
            for index, item in enumerate(plain[0]):
                parts += [owner] * (index > 0)
                parts.append(self._known(item, owner.place))
            return joined(parts)
        if name == "replace" and len(plain) == 2 and all(isinstance(p, Located) for p in plain):
            return replaced(re.compile(re.escape(plain[0].text)), owner, lambda _: plain[1])
        if name in _PASSES_ON:
            return owner
        if name in ("strip", "lstrip", "rstrip") and not plain:
            start = 0 if name == "rstrip" else len(owner.text) - len(owner.text.lstrip())
            end = len(owner.text) if name == "lstrip" else len(owner.text.rstrip())
            return owner.slice(start, max(start, end))
        raise Unresolved(f"`.{name}()` is only known when the migration runs")

    def _format(self, template: Located, plain: list[Any], named: Mapping[str, Any]) -> Located:
        counter = iter(range(len(plain)))

        def filled(found: re.Match[bytes]) -> Located:
            if found[0] in (b"{{", b"}}"):
                return template.slice(found.start(), found.start() + 1)
            key = found[1].decode("utf-8", "replace")
            index = next(counter, -1) if not key else int(key) if key.isdigit() else -1
            place = template.slice(found.start(), found.end()).place
            if key in named:
                return self._known(named[key], place)
            if 0 <= index < len(plain):
                return self._known(plain[index], place)
            raise Unresolved(
                f"the value of `{found[0].decode('utf-8', 'replace')}` is only known when it runs"
            )

        return replaced(_FIELD, template, filled)


_SHOWN = 40
_PREFIX = re.compile(rb"([A-Za-z]*)('''|\"\"\"|'|\")")
_PERCENT = re.compile(rb"%(?:%|\((\w+)\)[sd]|[sd])")
_FIELD = re.compile(rb"\{\{|\}\}|\{([^{}]*)\}")
_CONSTANTS: dict[str, Any] = {"True": True, "False": False, "None": None}
_WRAPPERS = frozenset(("text", "SQL", "f", "quoted_name", "DDL", "literal_column", "str"))
"""`sa.text`, psycopg's `sql.SQL`, `op.f`: text in, the same text out."""
_CLAUSES = frozenset(("text", "SQL", "DDL", "literal_column"))
_PASSES_ON = frozenset(("bindparams", "execution_options", "columns", "as_string", "encode"))
_METHODS = frozenset(("format", "join", "replace", "strip", "lstrip", "rstrip")) | _PASSES_ON


def _has_docstring(lines: Any) -> bool:
    return len(lines) > 1 and type(lines[0]).__name__ == "SimpleStatementLine"


def _shown(value: Any, place: int) -> Located:
    """A value as `str` shows it."""
    if isinstance(value, Located):
        return value
    if value is None or isinstance(value, bool | int | float):
        return pinned(str(value).encode(), place)
    raise Unresolved("a value in it is no text")


_HANDLERS: Mapping[str, Callable[[Values, Any, Scope], Any]] = {
    "SimpleString": Values.simple,
    "ConcatenatedString": Values.concatenated,
    "FormattedString": Values.formatted,
    "Integer": Values.integer,
    "Float": Values.decimal,
    "List": Values.sequence,
    "Tuple": Values.sequence,
    "Set": Values.sequence,
    "Dict": Values.mapping,
    "Name": Values.name,
    "Attribute": Values.attribute,
    "UnaryOperation": Values.unary,
    "BinaryOperation": Values.binary,
    "Call": Values.call,
}
