"""Makes a PL/pgSQL function readable for libpg_query, which knows no schemas but two.

libpg_query's PL/pgSQL parser looks types up and refuses any that is qualified with a schema other than
pg_catalog or public. The type of a variable does not matter for the parse, so the function is rebuilt:
header types that could be refused become `text`, declared ones are overwritten at equal length. Offsets in
the body stay true; the types themselves are noted by the caller.
"""

import re
from typing import NamedTuple

from confiture_linter.statements.facts import Argument, TypeName
from confiture_linter.statements.names import COMMON_TYPES, canonical_word

_DECLARE = re.compile(r"\bdeclare\b(.*?)\bbegin\b", re.IGNORECASE | re.DOTALL)
_DECLARATION = re.compile(
    r"""(?P<head>(?:(?<=declare)|;)\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:"[^"]+"|[^\W\d][\w$]*)\s+(?:constant\s+)?)
        (?P<type>(?:"[^"]+"|[^\W\d][\w$]*)\s*\.\s*(?:"[^"]+"|[^\W\d][\w$]*))
        (?!\s*[\w".%])(?P<array>\s*(?:\[\s*\d*\s*\]\s*)*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL | re.UNICODE,
)

_MODES = {"i": "", "o": "OUT ", "b": "INOUT ", "v": "VARIADIC ", "t": "OUT "}
_KEPT_RESULTS = frozenset({"trigger", "event_trigger", "void"})


class DeclaredType(NamedTuple):
    """A schema-qualified type in a DECLARE section; `at` is a byte offset in the body."""

    schema: str
    name: str
    at: int


def neutral_body(body: str) -> tuple[str, list[DeclaredType]]:
    """Overwrite schema-qualified declared types by `record` or `text`, and tell which they were."""
    found: list[DeclaredType] = []
    parts = list(body)
    for section in _DECLARE.finditer(body):
        for declaration in _DECLARATION.finditer(body, section.start(1), section.end(1)):
            begin, end = declaration.span("type")
            schema, name = (part.strip().strip('"') for part in body[begin:end].split(".", 1))
            found.append(DeclaredType(schema.lower(), name.lower(), len(body[:begin].encode())))
            width = len(body[begin:end].encode())
            word = "text" if declaration["array"].strip() or width < 6 else "record"
            parts[begin:end] = [word[:width].ljust(width), *([""] * (end - begin - 1))]
    return "".join(parts), found


def rows_as_records(body: str) -> tuple[str, list[DeclaredType]]:
    """Overwrite `relation%ROWTYPE` by `record`: libpg_query, which knows no relations, refuses fields of the former."""

    def record(match: re.Match[str]) -> str:
        width = len(match[0].encode())
        return "record".ljust(width) if width >= len("record") else match[0]

    return _ROWTYPE.sub(record, body), []


def arrays_as_text(body: str) -> tuple[str, list[DeclaredType]]:
    """Overwrite unqualified types of declared arrays by `text`: of unknown types libpg_query has no arrays."""
    found: list[DeclaredType] = []
    parts = list(body)
    for section in _DECLARE.finditer(body):
        for declaration in _ARRAY_DECLARATION.finditer(body, section.start(1), section.end(1)):
            begin, end = declaration.span("type")
            name = _folded(body[begin:end])
            if canonical_word(name) in COMMON_TYPES:
                continue
            width = len(body[begin:end].encode())
            found.append(DeclaredType("", name, len(body[:begin].encode())))
            parts[begin:end] = [
                ("text" if width >= len("text") else "int").ljust(width),
                *([""] * (end - begin - 1)),
            ]
    return "".join(parts), found


_ARRAY_DECLARATION = re.compile(
    r"""(?:(?<=declare)|;)\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:"[^"]+"|[^\W\d][\w$]*)\s+(?:constant\s+)?
        (?P<type>"[^"]+"|[^\W\d][\w$]{2,})(?=\s*\[)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


_ROWTYPE = re.compile(
    r'(?:(?:"[^"]+"|[^\W\d][\w$]*)\s*\.\s*)*(?:"[^"]+"|[^\W\d][\w$]*)\s*%\s*rowtype\b', re.IGNORECASE
)


def targets_as_text(body: str) -> tuple[str, list[DeclaredType]]:
    """Overwrite unqualified declared types by `text` for variables in lists of targets, and tell which they were.

    libpg_query takes types that it does not know for records, which may stand in no such list.
    """
    found: list[DeclaredType] = []
    listed = {name.lower() for names in _TARGETS.findall(body) for name in re.findall(r"[\w$]+", names)}
    parts = list(body)
    for section in _DECLARE.finditer(body):
        for declaration in _BARE_DECLARATION.finditer(body, section.start(1), section.end(1)):
            begin, end = declaration.span("type")
            width = len(body[begin:end].encode())
            name = _folded(body[begin:end])
            if (
                declaration["name"].lower() in listed
                and canonical_word(name) not in COMMON_TYPES
                and width >= len("int")
            ):
                found.append(DeclaredType("", name, len(body[:begin].encode())))
                parts[begin:end] = [
                    ("text" if width >= len("text") else "int").ljust(width),
                    *([""] * (end - begin - 1)),
                ]
    return "".join(parts), found


_TARGETS = re.compile(r"\binto\s+(?:strict\s+)?([\w$.]+(?:\s*,\s*[\w$.]+)+)", re.IGNORECASE)

_BARE_DECLARATION = re.compile(
    r"""(?:(?<=declare)|;)\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?P<name>[^\W\d][\w$]*)\s+(?:constant\s+)?
        (?!alias\b|cursor\b|record\b|double\b|character\b|bit\b|timestamp\b|time\b|scroll\b|no\b)
        (?P<type>"[^"]+"|[^\W\d][\w$]*)(?=\s*(?:\(\s*\w+\s*(?:,\s*\d+\s*)?\)\s*)?(?:;|:=|=|default\b|not\b))""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def neutral_header(arguments: tuple[Argument, ...], returns: TypeName | None, *, procedure: bool) -> str:
    """A CREATE FUNCTION up to AS, with the same variables and no type that could be refused."""
    given = ", ".join(
        f"{_MODES[argument.mode]}{_quoted(argument.name)} {_neutral(argument)}" for argument in arguments
    )
    if procedure:
        return f"CREATE PROCEDURE f({given}) LANGUAGE plpgsql AS "
    outputs = [argument for argument in arguments if argument.mode in "obt"]
    result = returns.name if returns is not None and returns.name in _KEPT_RESULTS else "text"
    if outputs:
        # PostgreSQL wants the result to agree with the output parameters.
        result = "record" if len(outputs) > 1 else _neutral(outputs[0])
    if outputs and returns is None:
        return f"CREATE FUNCTION f({given}) LANGUAGE plpgsql AS "
    set_of = (
        "SETOF " if returns is not None and (returns.set_of or any(a.mode == "t" for a in arguments)) else ""
    )
    return f"CREATE FUNCTION f({given}) RETURNS {set_of}{result} LANGUAGE plpgsql AS "


def _neutral(argument: Argument) -> str:
    return "text[]" if argument.type.array or argument.mode == "v" else "text"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if name else ""


def _folded(name: str) -> str:
    """A name as PostgreSQL keeps it."""
    return name[1:-1] if name.startswith('"') else name.lower()


def dollar_quoted(text: str) -> str:
    """Quote `text` with a tag that does not occur in it."""
    tag = "confiture"
    while f"${tag}$" in text:
        tag += "_"
    return f"${tag}${text}${tag}$"
