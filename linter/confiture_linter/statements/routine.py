"""CREATE FUNCTION, CREATE PROCEDURE and DO, with their bodies."""

import re
from collections.abc import Callable
from typing import NamedTuple

from confiture_linter.parse import Node, ParseFailure, RawStatement
from confiture_linter.statements.body import (
    atomic_body,
    parse_routine,
    plpgsql_body,
    refused_body,
    sql_body,
    unread_body,
)
from confiture_linter.statements.change import function_options
from confiture_linter.statements.facts import (
    Argument,
    Body,
    CreateFunction,
    DoBlock,
    Fact,
    Ref,
    Statement,
    TypeName,
)
from confiture_linter.statements.names import qualified, strings, type_name
from confiture_linter.statements.neutral import (
    DeclaredType,
    arrays_as_text,
    dollar_quoted,
    neutral_body,
    neutral_header,
    rows_as_records,
    targets_as_text,
)
from confiture_linter.statements.refusal import refusal_place
from confiture_linter.statements.script import UNKNOWN, value
from confiture_linter.statements.walk import Walk

Summarise = Callable[[RawStatement, bytes, int], list[Statement]]
_Signature = tuple[tuple[Argument, ...], TypeName | None, bool]
"""Arguments, return type, and whether it is a procedure."""

_MODES = {
    "FUNC_PARAM_IN": "i",
    "FUNC_PARAM_OUT": "o",
    "FUNC_PARAM_INOUT": "b",
    "FUNC_PARAM_VARIADIC": "v",
    "FUNC_PARAM_TABLE": "t",
    "FUNC_PARAM_DEFAULT": "i",
}

_FIELD_REFUSAL = "is not a known variable"
"""What libpg_query says of a field of `relation%ROWTYPE`."""

_REWRITES: tuple[tuple[Callable[[str], tuple[str, list[DeclaredType]]], Callable[[str], bool]], ...] = (
    (neutral_body, lambda message: message.startswith(("Not implemented", "PL/pgSQL functions cannot"))),
    (rows_as_records, lambda message: message.endswith(_FIELD_REFUSAL)),
    (targets_as_text, lambda message: message.startswith("record variable cannot be part")),
    (arrays_as_text, lambda message: "has pseudo-type" in message),
)
"""What to do about refusals of types that libpg_query does not know, though PostgreSQL would."""

_DOLLAR_QUOTE = re.compile(rb"\$(?:[A-Za-z_\x80-\xff][A-Za-z_0-9\x80-\xff]*)?\$")


def function(raw: RawStatement, walk: Walk, text: bytes, summarise: Summarise) -> Fact:
    """CREATE FUNCTION and CREATE PROCEDURE."""
    node = raw.node
    schema, name = qualified(node.get("funcname"))
    arguments = []
    for item in node.get("parameters", ()):
        parameter = item["FunctionParameter"]
        written = type_name(parameter["argType"], walk.base)
        walk.note_type(written)
        if "defexpr" in parameter:
            walk.expression(parameter["defexpr"])
        arguments.append(
            Argument(
                parameter.get("name", ""),
                written,
                _MODES.get(parameter.get("mode", ""), "i"),
                "defexpr" in parameter,
                value(parameter["defexpr"]) if "defexpr" in parameter else UNKNOWN,
            )
        )
    returns = type_name(node["returnType"], walk.base) if "returnType" in node else None
    if returns is not None:
        walk.note_type(returns)
    plain, settings = function_options(node.get("options"))
    given = dict(plain)
    atomic = "sql_body" in node
    language = given.get("language", "sql").lower()
    variables = tuple(argument.name for argument in arguments if argument.name)
    if atomic:
        body: Body | None = atomic_body(
            node["sql_body"], walk, raw.start + walk.base, raw.end + walk.base, variables
        )
    else:
        signature = (tuple(arguments), returns, bool(node.get("is_procedure")))
        body = _body(raw, walk.base, text, language, _body_text(node), signature, variables, summarise)
    return CreateFunction(
        schema,
        name,
        raw.start + walk.base,
        tuple(arguments),
        returns,
        bool(node.get("is_procedure")),
        bool(node.get("replace")),
        language,
        given.get("volatility", "volatile")[:1],
        given.get("security") == "true",
        given.get("strict") == "true",
        given.get("parallel", "unsafe"),
        settings,
        body,
        atomic,
    )


def do_block(raw: RawStatement, walk: Walk, text: bytes, summarise: Summarise) -> Fact:
    """DO."""
    language, source = "plpgsql", ""
    for item in raw.node.get("args", ()):
        element = item["DefElem"]
        if element.get("defname") == "language":
            language = element.get("arg", {}).get("String", {}).get("sval", language)
        elif element.get("defname") == "as":
            source = element.get("arg", {}).get("String", {}).get("sval", "")
    return DoBlock(language, _body(raw, walk.base, text, language, source, ((), None, True), (), summarise))


def _body_text(node: Node) -> str:
    for item in node.get("options", ()):
        element = item["DefElem"]
        if element.get("defname") == "as":
            return (strings(element.get("arg", {}).get("List", {}).get("items")) or [""])[0]
    return ""


def _body(
    raw: RawStatement,
    base: int,
    text: bytes,
    language: str,
    source: str,
    signature: _Signature,
    variables: tuple[str, ...],
    summarise: Summarise,
) -> Body | None:
    if language not in ("sql", "plpgsql") or not source.strip():
        return None
    statement = text[raw.start : raw.end]
    start = _body_start(statement, source)
    at = raw.start + base + max(start, 0)
    if language == "sql":
        return sql_body(source, at, variables, summarise)
    parsed = parse_routine(statement.decode("utf-8", "replace"))
    if not isinstance(parsed, ParseFailure):
        return plpgsql_body(source, at, parsed, variables, summarise, in_do=raw.kind == "DoStmt")
    read = _neutral(parsed, source, signature)
    if isinstance(read.parsed, ParseFailure):
        if read.parsed.message.endswith(_FIELD_REFUSAL) and read.hidden:
            return unread_body(at, at + len(source.encode()))
        return _refused(read.parsed.message, source, read.text, at, signature)
    body = plpgsql_body(source, at, read.parsed, variables, summarise, in_do=raw.kind == "DoStmt")
    refs = tuple(Ref("type", schema, name, at + place, "declare") for schema, name, place in read.declared)
    return body._replace(refs=refs + body.refs)


class _Neutral(NamedTuple):
    """A body with the types overwritten that libpg_query refuses, and what it says then."""

    text: str
    parsed: Node | ParseFailure
    declared: tuple[DeclaredType, ...]
    hidden: bool
    """Whether types were overwritten that may have had fields."""


def _neutral(failure: ParseFailure, source: str, signature: _Signature) -> _Neutral:
    """Overwrite types for one refusal after the other, until the body is read or truly wrong."""
    text, parsed = source, failure
    declared: list[DeclaredType] = []
    hidden = False
    for _ in range(len(_REWRITES) + 1):
        rewrite = next((r for r, says in _REWRITES if says(parsed.message)), None)
        if rewrite is None:
            break
        changed, found = rewrite(text)
        if changed == text and rewrite is not neutral_body:
            break
        hidden = hidden or rewrite is targets_as_text
        text, declared = changed, [*declared, *found]
        again = _parse_neutral(text, signature)
        if not isinstance(again, ParseFailure):
            return _Neutral(text, again, tuple(declared), hidden)
        if again == parsed:
            break
        parsed = again
    return _Neutral(text, parsed, tuple(declared), hidden)


def _parse_neutral(text: str, signature: _Signature) -> Node | ParseFailure:
    arguments, returns, procedure = signature
    return parse_routine(neutral_header(arguments, returns, procedure=procedure) + dollar_quoted(text))


def _refused(message: str, source: str, text: str, at: int, signature: _Signature) -> Body:
    """A body that is refused; `text` is the source with its types overwritten."""
    place = refusal_place(message, text, lambda piece: _parse_neutral(piece, signature))
    return refused_body(message, at, at + len(source.encode()), at + place)


def _body_start(statement: bytes, source: str) -> int:
    """Where the body's text begins in the statement; -1 if it is written with escapes."""
    data = source.encode()
    quote = _DOLLAR_QUOTE.search(statement)
    while quote is not None:
        if statement.startswith(data, quote.end()):
            return quote.end()
        quote = _DOLLAR_QUOTE.search(statement, quote.end())
    return statement.find(data)
