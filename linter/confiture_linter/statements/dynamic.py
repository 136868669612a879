"""The SQL of an EXECUTE, as far as its text is constant.

Strings, strings glued with `||`, and `format()` with a constant format are put together at the offsets that they
have in the file: what is not known of them becomes a stand-in for a name, or an empty string. So what the text
names is found in its place.
"""

import re
from typing import Any, NamedTuple

from confiture_linter.parse import Node
from confiture_linter.statements.names import constant, strings

UNKNOWN_NAME = "%I"
"""The name of an object that is computed."""


class KnownText(NamedTuple):
    """The text of dynamic SQL: as many bytes as there are in the file from `at` on."""

    text: str
    at: int
    names: tuple[tuple[str, str], ...]
    """Stand-ins in the text and the names they stand for."""

    @property
    def exact(self) -> bool:
        """Whether all names in it are known."""
        return all(name != UNKNOWN_NAME for _, name in self.names)


def known_text(value: Node, data: bytes, base: int) -> KnownText | None:
    """The text that an expression yields; its locations plus `base` are offsets in `data`."""
    pieces: list[_Piece] = []
    if not _pieces(value, data, base, pieces) or not pieces or pieces[0].text is None:
        return None
    names: list[tuple[str, str]] = []
    text = bytearray(pieces[0].text)
    at, end = pieces[0].at, pieces[0].at + len(pieces[0].text)
    for number, piece in enumerate(pieces[1:], 1):
        if piece.text is None:
            following = pieces[number + 1].text if number + 1 < len(pieces) else b""
            room = (pieces[number + 1].at if number + 1 < len(pieces) else piece.at + 4) - end
            stand_in = _stand_in(names, UNKNOWN_NAME) if piece.name else "''"
            inserted = _inserted(bytes(text), following, stand_in.encode(), room)
            if inserted is None:
                return None
            text += inserted
            end += len(inserted)
        else:
            gap = piece.at - end
            if gap < 0 or (gap and _joined(text[-1:], piece.text[:1])):
                return None
            text += b" " * gap + piece.text
            end = piece.at + len(piece.text)
    for piece in pieces:
        names += piece.names
    try:
        return KnownText(text.decode(), at, tuple(names))
    except UnicodeDecodeError:
        return None


class _Piece(NamedTuple):
    at: int
    text: bytes | None
    """None for something computed."""
    name: bool = False
    """Whether what is computed is a quoted name; a quoted string otherwise."""
    names: tuple[tuple[str, str], ...] = ()


def _pieces(value: Node, data: bytes, base: int, found: list[_Piece]) -> bool:
    for kind, node in value.items():
        if kind == "A_Const":
            piece = _literal(node, data, base)
            if piece is None:
                return False
            found.append(piece)
            return True
        if kind == "A_Expr" and strings(node.get("name")) == ["||"]:
            return _pieces(node.get("lexpr", {}), data, base, found) and _pieces(
                node.get("rexpr", {}), data, base, found
            )
        if kind == "FuncCall":
            name = (strings(node.get("funcname")) or [""])[-1]
            if name in ("quote_ident", "quote_literal", "quote_nullable"):
                found.append(_Piece(node.get("location", 0) + base, None, name == "quote_ident"))
                return True
            if name == "format" and node.get("args") and not node.get("func_variadic"):
                piece = _format(node["args"], data, base)
                if piece is not None:
                    found.append(piece)
                return piece is not None
    return False


def _literal(node: Node, data: bytes, base: int) -> _Piece | None:
    """A string constant with the bytes it is written with, so that offsets stay true."""
    text = node.get("sval", {}).get("sval")
    at = node.get("location", -1)
    if text is None or at < 0:
        return None
    at += base
    if data[at : at + 1] == b"$":
        begin = data.find(b"$", at + 1) + 1
        raw = text.encode()
        return _Piece(begin, raw) if data.startswith(raw, begin) else None
    if data[at : at + 1] in b"eE" and data[at + 1 : at + 2] == b"'":
        raw = text.encode()
        return _Piece(at + 2, raw) if data.startswith(raw + b"'", at + 2) and b"'" not in raw else None
    if data[at : at + 1] != b"'":
        return None
    match = _QUOTED.match(data, at)
    if match is None or match[1].replace(b"''", b"'") != text.encode():
        return None
    opening = iter(range(match[1].count(b"''")))
    return _Piece(at + 1, re.sub(b"''", lambda _: b" '" if next(opening) % 2 == 0 else b"' ", match[1]))


_QUOTED = re.compile(rb"'((?:[^']|'')*)'")


def _format(arguments: list[Any], data: bytes, base: int) -> _Piece | None:
    literal = _literal(arguments[0].get("A_Const", {}), data, base)
    if literal is None or literal.text is None:
        return None
    names: list[tuple[str, str]] = []
    text = bytearray()
    last = 0
    number = 0
    for match in _SPECIFIER.finditer(literal.text):
        text += literal.text[last : match.start()]
        last = match.end()
        width = len(match[0])
        if match[2] == b"%":
            text += b"%".ljust(width)
            continue
        number = int(match[1]) if match[1] else number + 1
        given = (
            constant(arguments[number])
            if number < len(arguments) and "A_Const" in arguments[number]
            else None
        )
        if match[2] == b"L":
            text += b"''".ljust(width)
            continue
        if match[2] == b"s" and (given is None or not _NAME.match(given)):
            return None
        text += (
            (_stand_in(names, UNKNOWN_NAME if given is None else given) * (width // 2))
            .encode()
            .ljust(width)[:width]
        )
        if width > 2:
            names[-1] = (names[-1][0] * (width // 2), names[-1][1])
    text += literal.text[last:]
    return _Piece(literal.at, bytes(text), False, tuple(names))


_SPECIFIER = re.compile(rb"%(?:(\d+)\$)?([sIL%])")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


def _stand_in(names: list[tuple[str, str]], name: str) -> str:
    """A name of two bytes that no text holds (Thaana letters)."""
    stand_in = chr(0x780 + len(names) % 0x30)
    names.append((stand_in, name))
    return stand_in


def _inserted(before: bytes, behind: bytes | None, stand_in: bytes, room: int) -> bytes | None:
    """Something computed between two strings, close to the one it must touch; None if it must touch both."""
    blank = room - len(stand_in)
    if blank < 0 or behind is None:
        return None
    touches_left, touches_right = _touches(before[-1:]), _touches(behind[:1])
    if touches_left and touches_right:
        return None
    return b" " * blank + stand_in if touches_right else stand_in + b" " * blank


def _touches(character: bytes) -> bool:
    return character.isalnum() or character in (b"_", b".", b'"', b"'") or character > b"\x7f"


def _joined(left: bytes | bytearray, right: bytes) -> bool:
    """Whether a blank between two characters would change what they mean."""
    return _touches(bytes(left)) and _touches(right)
