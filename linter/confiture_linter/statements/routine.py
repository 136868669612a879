"""CREATE FUNCTION, CREATE PROCEDURE and DO, with their bodies."""

import re
from collections.abc import Callable

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

_TYPE_REFUSALS = ("Not implemented", "PL/pgSQL functions cannot")
"""What libpg_query says of types it does not know, though PostgreSQL would."""

_FIELD_REFUSAL = "is not a known variable"
"""What it says of a field of `relation%ROWTYPE`."""

_LIST_REFUSAL = "record variable cannot be part of multiple-item INTO list"
"""What it says of a variable of a type it does not know in a list of targets."""

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
    if isinstance(parsed, ParseFailure) and parsed.message.endswith(_FIELD_REFUSAL):
        rows = _parse_neutral(rows_as_records(source), signature)
        if not isinstance(rows, ParseFailure):
            parsed = rows
    if isinstance(parsed, ParseFailure) and parsed.message.startswith(_LIST_REFUSAL):
        changed, declared = targets_as_text(source)
        texts = _parse_neutral(changed, signature)
        if isinstance(texts, ParseFailure) and texts.message.endswith(_FIELD_REFUSAL):
            return unread_body(at, at + len(source.encode()))
        if not isinstance(texts, ParseFailure):
            body = plpgsql_body(source, at, texts, variables, summarise, in_do=raw.kind == "DoStmt")
            refs = tuple(Ref("type", schema, name, at + place, "declare") for schema, name, place in declared)
            return body._replace(refs=refs + body.refs)
    if isinstance(parsed, ParseFailure) and parsed.message.startswith(_TYPE_REFUSALS):
        return _neutral_body(source, at, signature, variables, summarise)
    if isinstance(parsed, ParseFailure):
        return _refused(parsed.message, source, source, at, signature)
    return plpgsql_body(source, at, parsed, variables, summarise, in_do=raw.kind == "DoStmt")


def _neutral_body(
    source: str, at: int, signature: _Signature, variables: tuple[str, ...], summarise: Summarise
) -> Body:
    """Read a body whose types libpg_query refuses, with those types overwritten."""
    text, declared = neutral_body(source)
    parsed = _parse_neutral(text, signature)
    if isinstance(parsed, ParseFailure):
        return _refused(parsed.message, source, text, at, signature)
    body = plpgsql_body(source, at, parsed, variables, summarise, in_do=False)
    refs = tuple(Ref("type", schema, name, at + place, "declare") for schema, name, place in declared)
    return body._replace(refs=refs + body.refs)


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
