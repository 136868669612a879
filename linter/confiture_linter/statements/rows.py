"""Rows that variables of a PL/pgSQL body hold: what fills them, and which of their fields are named.

A variable is told by its name alone. Where two blocks declare the same name with a type, nothing is said of it.
"""

import re
from typing import Any

from confiture_linter.statements.facts import ColumnUse, Query, Row, TypeName

_FIELD = re.compile(r'\s*([A-Za-z_]\w*|"[^"]+")\s*\.\s*([A-Za-z_]\w*|"[^"]+")')
_WORDS = frozenset(
    {"true", "false", "null", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user",
     "session_user", "user", "current_role", "current_catalog", "current_schema", "default", "system_user"}
)  # fmt: skip
"""Words that stand alone in an expression and are no variables."""


class _Holder:
    """A variable while the body is read; inside a loop over it, `outer` is the same variable around the loop."""

    __slots__ = ("known", "name", "outer", "places", "type", "uses")

    def __init__(self, name: str, kind: TypeName | None, outer: "_Holder | None" = None) -> None:
        self.name = name
        self.type = kind
        self.outer = outer
        self.known = True
        self.places: list[int] = []
        """Numbers of the snippets whose queries fill it."""
        self.uses: list[ColumnUse] = []

    def fill(self, place: int) -> None:
        """A query fills it; a negative number: something that is not known does."""
        holder: _Holder | None = self
        while holder is not None:
            if holder.type is not None:
                pass  # it stays what it is
            elif place < 0:
                holder.known = False
            else:
                holder.places.append(place)
            holder = holder.outer


Scope = dict[str, _Holder]


class Rows:
    """Collects the row variables of one body."""

    def __init__(self) -> None:
        self.scope: Scope = {}
        """The variables by name, at the place that is being read."""
        self.cursors: dict[int, int] = {}
        """Number of the datum of a cursor to that of the snippet with its query."""
        self.unknown: list[ColumnUse] = []
        self.labels: set[str] = set()
        self._holders: list[_Holder] = []
        self._plain: set[str] = set()

    def declare(self, name: str, kind: TypeName | None) -> None:
        """A variable that holds a row; None for a record."""
        known = self.scope.get(name)
        if name in self._plain:
            return
        if known is not None:
            known.known = known.known and known.type is None and kind is None
            return
        self.scope[name] = holder = _Holder(name, kind)
        self._holders.append(holder)

    def plain(self, name: str) -> None:
        """A variable that holds no row: a row of the same name cannot be told from it."""
        if name in self.scope:
            self.scope[name].known = False
        self._plain.add(name)

    def opaque(self) -> None:
        """Every record may be filled by what is called."""
        for holder in self._holders:
            holder.known = holder.known and holder.type is not None

    def guarded(self) -> None:
        """A trigger function tells its tables apart: which fields NEW and OLD have where is not known."""
        for name in ("new", "old"):
            if name in self.scope:
                self.scope[name].known = False

    def enter(self, target: Any, place: int) -> Scope:
        """A loop over a query begins; what `scope` was is to be restored behind it."""
        around = self.scope
        for name in row_names(target):
            holder = around.get(name)
            if holder is None or holder.type is not None:
                continue
            holder.fill(place)
            inner = _Holder(name, None, holder)
            inner.fill(place)
            self._holders.append(inner)
            self.scope = {**self.scope, name: inner}
        return around

    def fill(self, target: Any, place: int) -> None:
        """INTO fills what a statement names."""
        for name in row_names(target):
            holder = self.scope.get(name)
            if holder is not None:
                holder.fill(place)

    def field(self, text: str, at: int, scope: Scope) -> None:
        """Note `variable.field` at the head of an expression."""
        match = _FIELD.match(text)
        if match is None:
            return
        name, field = (part[1:-1] if part[0] == '"' else part.lower() for part in match.groups())
        holder = scope.get(name)
        if holder is not None:
            holder.uses.append(ColumnUse(name, field, at + match.start(1)))

    def word(self, text: str, at: int, variables: dict[str, None]) -> None:
        """Note a name that is a whole expression and no variable."""
        name = text.strip()
        if name.isidentifier() and name.lower() not in variables and name.lower() not in _WORDS:
            self.unknown.append(ColumnUse("", name.lower(), at))

    def query(self, query: Query, scope: Scope, hidden: frozenset[str] = frozenset()) -> None:
        """Note the fields that a query names; what its FROM calls alike is meant instead."""
        sources = query.sources
        if sources or query.target is not None:
            hidden = hidden.union([s.alias for s in sources])
            if query.target is not None:
                hidden = hidden.union((query.target.alias,))
        for use in query.columns:
            name = use.qualifier
            if name and name in scope and name not in hidden and not use.schema and use.name != "*":
                scope[name].uses.append(use)
        for child in query.children:
            self.query(child, scope, hidden)

    def expression(self, query: Query, variables: dict[str, None]) -> None:
        """Note the names in an expression without FROM that are no variables."""
        named = {o.name for o in query.outputs if o.column is None or o.column.name != o.name}
        for use in query.columns:
            if not use.qualifier and use.name not in variables and use.name != "*" and use.name not in named:
                self.unknown.append(use)

    def found(self, queries: list[Query | None]) -> tuple[Row, ...]:
        """The rows of which something is known; `queries` are those of the snippets."""
        rows = []
        for holder in self._holders:
            if not holder.known or not holder.uses:
                continue
            filling = [queries[place] for place in holder.places]
            if holder.type is None and (None in filling or (holder.name in ("new", "old")) is bool(filling)):
                continue  # of NEW and OLD their triggers tell, unless they are filled anew
            known = () if holder.type is not None else tuple(q for q in filling if q is not None)
            rows.append(Row(holder.name, holder.type, known, tuple(holder.uses)))
        return tuple(rows)


def row_names(target: Any) -> list[str]:
    """The variables that INTO or a loop fills as a whole."""
    for body in target.values() if isinstance(target, dict) else ():
        if isinstance(body, dict):
            return [field.get("name", "") for field in body.get("fields", ())] or [body.get("refname", "")]
    return []
