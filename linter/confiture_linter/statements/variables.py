"""Variables of PL/pgSQL that have fields: what they are declared as, and which statements put rows into them."""

import re
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import TypeName
from confiture_linter.statements.names import COMMON_TYPES, canonical_word

FILLING = frozenset(
    f"PLpgSQL_stmt_{kind}"
    for kind in (
        "assign",
        "foreach_a",
        "fors",
        "forc",
        "fetch",
        "execsql",
        "dynexecute",
        "dynfors",
        "call",
        "open",
    )
)
"""Statements that put rows into variables."""


class Filled:
    """Which variables of a body get rows, and from which node's query."""

    def __init__(self, datums: Any) -> None:
        self.records: dict[int, str] = {}
        self.cursors: dict[int, int] = {}
        self.opened: dict[int, list[int]] = {}
        """Cursor variables and the nodes of the queries they are opened for."""
        for number, datum in enumerate(datums):
            for kind, value in datum.items():
                if kind == "PLpgSQL_rec":
                    self.records[number] = value.get("refname", "")
                elif "cursor_explicit_expr" in value:
                    self.cursors[number] = id(value["cursor_explicit_expr"]["PLpgSQL_expr"])

    def by(self, kind: str, body: Node) -> list[tuple[str, int]]:
        """What one statement fills."""
        names = [
            item["PLpgSQL_rec"].get("refname", "")
            for item in (body.get("target"), body.get("var"))
            if type(item) is dict and "PLpgSQL_rec" in item
        ]
        fields = [
            self.records[field.get("varno", -1)]
            for item in (body.get("target"), body.get("var"))
            if type(item) is dict
            for field in item.get("PLpgSQL_row", {}).get("fields", ())
            if field.get("varno", -1) in self.records
        ]
        if kind in ("PLpgSQL_stmt_assign", "PLpgSQL_stmt_foreach_a") and body.get("varno") in self.records:
            fields.append(self.records[body["varno"]])
        key = 0
        if kind == "PLpgSQL_stmt_open" and body.get("curvar", -1) not in self.cursors:
            query = body.get("query", {}).get("PLpgSQL_expr")
            self.opened.setdefault(body.get("curvar", -1), []).append(id(query) if query else 0)
        if kind == "PLpgSQL_stmt_fors":
            key = id(body.get("query", {}).get("PLpgSQL_expr"))
        elif kind == "PLpgSQL_stmt_execsql":
            key = id(body.get("sqlstmt", {}).get("PLpgSQL_expr"))
        elif kind in ("PLpgSQL_stmt_forc", "PLpgSQL_stmt_fetch"):
            cursor = body.get("curvar", -1)
            key = self.cursors.get(cursor, -cursor - 1)
        elif kind in ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"):
            key = id(body.get("query", {}).get("PLpgSQL_expr"))
        return [*((name, key) for name in names), *((name, 0) for name in fields)]


def variable_type(written: str) -> TypeName | None:
    """The type of a variable that may have fields, or that another's type is taken from; None for scalars."""
    lowered = written.lower()
    if lowered.endswith("%rowtype"):
        parts = folded(written[: lowered.rindex("%")])
        return TypeName(parts[-2] if len(parts) > 1 else "", parts[-1], (), False, False, False, -1)
    if lowered.endswith("%type"):
        parts = folded(written[: lowered.rindex("%")])
        return TypeName(".".join(parts[:-1]), parts[-1], (), False, False, True, -1)
    if canonical_word(lowered) in COMMON_TYPES or not _TYPE_NAME.match(written):
        return None
    parts = folded(written)
    return TypeName(parts[-2] if len(parts) > 1 else "", parts[-1], (), False, False, False, -1)


def folded(written: str) -> list[str]:
    """The parts of a dotted name as PostgreSQL reads them: folded to lower case unless quoted."""
    return [part[1:-1] if part.startswith('"') else part.lower() for part in _NAME_PART.findall(written)]


_NAME_PART = re.compile(r'"[^"]*"|[^\s.]+')

_TYPE_NAME = re.compile(r'(?:(?:"[^"]+"|[^\W\d]\w*)\s*\.\s*)?(?:"[^"]+"|[^\W\d]\w*)\Z')
