"""What is put together in an expression: names that are glued into SQL, constants, the two sides of an assignment."""

from typing import Any

from confiture_linter.statements.names import strings

_QUOTING = frozenset(
    {"quote_ident", "quote_literal", "quote_nullable", "format", "quote_qualified_identifier", "length",
     "char_length", "octet_length", "md5", "hashtext"}
)  # fmt: skip
"""Functions whose result is harmless in SQL whatever they are given."""


def assignment(query: str) -> tuple[str, str, int]:
    """Split `target := value` into target, value and the bytes before value."""
    depth, quoted = 0, False
    for at, character in enumerate(query):
        if character == '"':
            quoted = not quoted
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif not depth and not quoted and (character == "=" or query.startswith(":=", at)):
            end = at + (2 if character == ":" else 1)
            return query[:at].strip(), query[end:], len(query[:end].encode())
    return "", query, 0


def constants(node: Any, found: list[str]) -> None:
    """Every string constant inside an expression, in order."""
    if type(node) is list:
        for item in node:
            constants(item, found)
    elif type(node) is dict:
        if "sval" in node and type(node["sval"]) is dict:
            found.append(node["sval"].get("sval", ""))
        for child in node.values():
            constants(child, found)


def concatenated(node: Any, found: dict[str, None]) -> None:
    """Names of the columns and variables that `||` glues in without a quoting function."""
    comparison = node.get("A_Expr")
    if comparison is not None:
        if strings(comparison.get("name")) == ["||"]:
            concatenated(comparison.get("lexpr", {}), found)
            concatenated(comparison.get("rexpr", {}), found)
        return
    reference = node.get("ColumnRef")
    if reference is not None:
        names = strings(reference.get("fields"))
        if names:
            found[names[0]] = None
        return
    cast = node.get("TypeCast")
    if cast is not None:
        written = (strings(cast.get("typeName", {}).get("names")) or [""])[-1]
        if written in ("text", "varchar", "bpchar", "name"):
            concatenated(cast.get("arg", {}), found)
        return
    call = node.get("FuncCall")
    if call is not None and (strings(call.get("funcname")) or [""])[-1] not in _QUOTING:
        for argument in call.get("args", ()):
            concatenated(argument, found)
    coalesce = node.get("CoalesceExpr")
    if coalesce is not None:
        for argument in coalesce.get("args", ()):
            concatenated(argument, found)


__all__ = ["assignment", "concatenated", "constants"]
