"""The language of `condition:`: comparisons of the row's own columns, joined by AND, OR and NOT.

    row.is_internal = true AND NOT (row.country IN ('FR', 'BE') OR row.amount >= 10.5 OR row.note IS NULL)

It is parsed here into values, compiled by the migrator to SQL and to Python, and never evaluated as text. NULL is
PostgreSQL's: a comparison with it is neither true nor false, and only a true condition counts.
"""

import re
from typing import NamedTuple, NoReturn, TypeAlias

MAX_DEPTH = 50
"""Levels of parentheses and NOT."""


class ConditionError(Exception):
    """Text that is no condition."""


class Field(NamedTuple):
    """A column of the row."""

    name: str


class Literal(NamedTuple):
    """A value: text, a number as written, true or false; None is NULL."""

    value: str | bool | None
    number: bool = False


class Compare(NamedTuple):
    """`left op right`, `op` being one of = <> < <= > >=."""

    op: str
    left: Field | Literal
    right: Field | Literal


class IsNull(NamedTuple):
    """`operand IS [NOT] NULL`."""

    operand: Field
    negated: bool


class In(NamedTuple):
    """`operand [NOT] IN (item, …)`."""

    operand: Field
    items: tuple[Literal, ...]
    negated: bool


class Like(NamedTuple):
    """`operand [NOT] LIKE pattern`, with % and _ as wildcards and no escape character."""

    operand: Field
    pattern: str
    negated: bool


class Not(NamedTuple):
    """`NOT condition`."""

    condition: "Condition"


class All(NamedTuple):
    """Conditions joined by AND."""

    conditions: "tuple[Condition, ...]"


class AnyOf(NamedTuple):
    """Conditions joined by OR."""

    conditions: "tuple[Condition, ...]"


Condition: TypeAlias = Compare | IsNull | In | Like | Not | All | AnyOf | Field
"""A `Field` alone is a boolean column."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>[-+]?(?:\d+(?:\.\d+)?))(?![\w.])"
    r"|(?P<field>row\.(?:\"(?:[^\"]|\"\")+\"|[A-Za-z_][\w$]*))|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<op><>|!=|<=|>=|==|=|<|>)|(?P<mark>[(),]))"
)
_WORDS = frozenset({"and", "or", "not", "is", "null", "in", "like", "true", "false"})


def parse_condition(text: str) -> Condition:
    """Parse a condition; raises `ConditionError` saying what is wrong, and where in the text."""
    parser = _Parser(_tokens(text), text)
    found = parser.any_of(0)
    if parser.kind != "end":
        parser.stop("expected AND, OR or the end")
    return found


def fields(condition: Condition) -> tuple[str, ...]:
    """The columns a condition reads, each once."""
    names: dict[str, None] = {}

    def visit(part: Condition | Literal) -> None:
        match part:
            case Field(name):
                names[name] = None
            case Compare(_, left, right):
                visit(left)
                visit(right)
            case IsNull(operand) | In(operand) | Like(operand):
                visit(operand)
            case Not(inner):
                visit(inner)
            case All(conditions) | AnyOf(conditions):
                for each in conditions:
                    visit(each)
            case Literal():
                pass

    visit(condition)
    return tuple(names)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None or token.lastgroup is None:
            rest = text[at:].lstrip()
            raise ConditionError(f"{rest[:20]!r} is not understood")
        found.append(_Token(token.lastgroup, token[token.lastgroup], token.start(token.lastgroup)))
        at = token.end()
    return [*found, _Token("end", "", end)]


class _Parser:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._at = 0

    @property
    def kind(self) -> str:
        """Kind of the next token; keywords are their own kind."""
        token = self._tokens[self._at]
        if token.kind == "word" and token.text.lower() in _WORDS:
            return token.text.lower()
        return token.text if token.kind == "mark" else token.kind

    def stop(self, message: str) -> NoReturn:
        token = self._tokens[self._at]
        here = f"at {token.text!r}" if token.kind != "end" else "at the end"
        if token.kind == "word" and token.text.lower() not in _WORDS:
            message = (
                f"{token.text} is no column of the row; write row.{token.text}, or '{token.text}' for a text"
            )
        raise ConditionError(f"{message} ({here}, character {token.at + 1})")

    def take(self, *kinds: str) -> str | None:
        if self.kind not in kinds:
            return None
        self._at += 1
        return self._tokens[self._at - 1].text

    def need(self, kind: str) -> str:
        found = self.take(kind)
        if found is None:
            self.stop(f"expected {kind}")
        return found

    def any_of(self, depth: int) -> Condition:
        parts = [self.all_of(depth)]
        while self.take("or"):
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.take("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            self.stop(f"nested more than {MAX_DEPTH} levels deep")
        if self.take("not"):
            return Not(self.single(depth + 1))
        if self.take("("):
            inner = self.any_of(depth + 1)
            self.need(")")
            return inner
        left = self.operand()
        if op := self.take("op"):
            right = self.operand()
            if isinstance(left, Literal) and isinstance(right, Literal):
                self.stop("a comparison needs a column of the row, such as row.country")
            if Literal(None) in (left, right):
                self.stop("nothing equals NULL; write IS NULL or IS NOT NULL")
            return Compare({"!=": "<>", "==": "="}.get(op, op), left, right)
        if not isinstance(left, Field):
            self.stop("a comparison begins with a column of the row, such as row.country")
        return self._test(left)

    def _test(self, left: Field) -> Condition:
        if self.take("is"):
            negated = self.take("not") is not None
            self.need("null")
            return IsNull(left, negated)
        negated = self.take("not") is not None
        if self.take("in"):
            return In(left, self._items(), negated)
        if self.take("like"):
            return Like(left, _unquoted(self.need("text")), negated)
        if negated:
            self.stop("expected IN or LIKE after NOT")
        return left

    def _items(self) -> tuple[Literal, ...]:
        self.need("(")
        items = []
        while True:
            item = self.operand()
            if not isinstance(item, Literal) or item.value is None:
                self.stop("a list holds values, such as ('FR', 'BE')")
            items.append(item)
            if not self.take(","):
                break
        self.need(")")
        return tuple(items)

    def operand(self) -> Field | Literal:
        if field := self.take("field"):
            name = field.partition(".")[2]
            return Field(name[1:-1].replace('""', '"') if name.startswith('"') else name.lower())
        if (text := self.take("text")) is not None:
            return Literal(_unquoted(text))
        if number := self.take("number"):
            return Literal(number, number=True)
        if word := self.take("true", "false"):
            return Literal(word.lower() == "true")
        if not self.take("null"):
            self.stop("expected a column of the row or a value")
        return Literal(None)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
