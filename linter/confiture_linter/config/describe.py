"""What the configuration looks like: the effective one as YAML, the JSON Schema, the reference page.

All three walk `schema.CONFIG`; none knows a key by name, but for the password that is never shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from confiture_linter.config.document import Scalar
from confiture_linter.config.reader import meaning
from confiture_linter.config.schema import (
    CHECKS,
    CONFIG,
    MISSING,
    REGEX,
    Boolean,
    Choice,
    Free,
    Integer,
    Key,
    ListOf,
    MapOf,
    Record,
    Text,
    Type,
    default_of,
)
from confiture_linter.config.settings import Config
from confiture_linter.config.urls import mask_password


def show(config: Config, comments: bool = False) -> str:
    """Write the effective configuration as YAML that loads back to the same configuration.

    Equal configurations give equal text. With `comments`, each key is explained. A literal password is shown
    as `***`: this text ends up in logs.
    """
    masked = {
        name: environment._replace(
            database_url=environment.database_url and mask_password(environment.database_url)
        )
        for name, environment in config.environments.items()
    }
    lines = _record_lines(config._replace(environments=masked), CONFIG, "", comments)
    return "\n".join(lines) + "\n"


def _record_lines(value: Any, kind: Record, indent: str, comments: bool) -> Iterator[str]:
    for key in kind.keys:
        if comments:
            if not indent and key is not kind.keys[0]:
                yield ""
            yield f"{indent}# {key.doc}"
        given = value[key.name] if isinstance(value, dict) else getattr(value, key.name)
        yield from _lines(_scalar(key.name), given, key.type, indent, comments)


def _lines(label: str, value: Any, kind: Type, indent: str, comments: bool) -> Iterator[str]:
    """Write one key and its value, nested as deep as lists and mappings of records go."""
    if isinstance(kind, Record) and value is not None:
        yield f"{indent}{label}:"
        yield from _record_lines(value, kind, indent + "  ", comments)
    elif isinstance(kind, MapOf) and value:
        yield f"{indent}{label}:"
        for name, each in _pairs(value, kind):
            yield from _lines(_scalar(name), each, kind.value, indent + "  ", False)
    elif isinstance(kind, ListOf) and isinstance(kind.item, Record) and value:
        yield f"{indent}{label}:"
        for each in value:
            first, *rest = _record_lines(each, kind.item, indent + "    ", False)
            yield f"{indent}  - {first.strip()}"
            yield from rest
    else:
        yield f"{indent}{label}: {_flow(value, kind)}"


def _pairs(value: Any, kind: MapOf) -> Any:
    if kind.into == "records":
        return [(each[0], each) for each in value]
    return value.items() if isinstance(value, Mapping) else value


def _flow(value: Any, kind: Type) -> str:
    """Write a value on one line."""
    if isinstance(value, (list, tuple)):
        return "{}" if isinstance(kind, MapOf) else f"[{', '.join(_flow(each, kind) for each in value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each, kind)}" for key, each in value.items()) + "}"
    if isinstance(value, str):
        bare = isinstance(kind, Choice) and value in ("true", "false")
        return value if bare else _scalar(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _number(value)


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(repr(value), repr(value))


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def _scalar(text: str) -> str:
    """Write text plainly where every YAML reader takes it for that text, otherwise in double quotes."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./-]*", text)
    if plain and meaning(Scalar(text, plain=True, line=0, column=0)) == "text":
        return str(text)
    # Controls, line separators and what is no character by itself would not survive the reader.
    odd = '["\\\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]'
    return '"' + re.sub(odd, lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}"), text) + '"'


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `confiture.yaml`, draft 2020-12, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "confiture.yaml",
        "description": "Configuration of confiture-lint and confiture-migrate.",
        **_type_schema(CONFIG),
    }


def _type_schema(kind: Type) -> dict[str, Any]:
    match kind:
        case Record():
            return _record_schema(kind)
        case ListOf():
            item = _type_schema(kind.item)
            many = {"type": ["array", "null"], "items": item}
            return {"anyOf": [item, many]} if kind.or_one else many
        case MapOf():
            schema: dict[str, Any] = {
                "type": ["object", "null"],
                "additionalProperties": _type_schema(kind.value),
            }
            if isinstance(kind.key, Choice):
                schema["propertyNames"] = {"enum": list(kind.key.values)}
            return schema
        case Free():
            return {"type": ["object", "null"]} if kind.mapping else {}
        case Choice():
            return _choice_schema(kind)
        case Integer():
            return {"type": "integer", "minimum": kind.low, "maximum": kind.high}
        case Boolean():
            return {"type": "boolean"}
        case Text():
            return _text_schema(kind)


def _record_schema(kind: Record) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for key in kind.keys:
        default = default_of(kind, key.name)
        schema = _or_null(_type_schema(key.type)) if default is None else _type_schema(key.type)
        keys[key.name] = {"description": key.doc, **schema}
        shown = _json(default, key.type) if default is not MISSING else None
        if shown is not None and not isinstance(key.type, Record):
            keys[key.name]["default"] = shown
    required = [key.name for key in kind.keys if default_of(kind, key.name) is MISSING]
    types: str | list[str] = "object" if required else ["object", "null"]
    schema = {"type": types, "additionalProperties": False, "properties": keys}
    return {**schema, "required": required} if required else schema


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    types = schema.get("type")
    if isinstance(types, list) and "null" in types:
        return schema
    if types and "enum" not in schema:
        return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _choice_schema(kind: Choice) -> dict[str, Any]:
    values: list[Any] = [{"true": True, "false": False}.get(str(value), str(value)) for value in kind.values]
    words: dict[str, Any] = {"enum": values}
    if not kind.prefixes:
        return words
    return {"anyOf": [words, {"type": "string", "pattern": f"^({'|'.join(kind.prefixes)}).+"}]}


def _text_schema(kind: Text) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": ["string", "number", "boolean"] if kind.as_written else "string"}
    if kind.check == REGEX:
        schema["format"] = "regex"
    elif kind.check:
        schema["pattern"] = f"^({CHECKS[kind.check].pattern})$"
    if not kind.or_empty:
        schema["minLength"] = 1
    return schema


def _json(value: Any, kind: Type) -> Any:
    """Return a default as JSON has it."""
    if isinstance(value, tuple):
        return {} if isinstance(kind, MapOf) else [_json(each, kind) for each in value]
    if isinstance(value, Mapping):
        return {key: _json(each, kind) for key, each in value.items()}
    return str(value) if isinstance(value, str) else value


def reference() -> str:
    """Return the reference page of all keys, as Markdown."""
    rows = "\n".join(
        f"| `{name}` | {_words(key.type)} | {_default_cell(key, default)} | {_cell(key.doc)} |"
        for name, key, default in _all_keys(CONFIG, "")
    )
    return f"| Key | Type | Default | Meaning |\n|---|---|---|---|\n{rows}\n"


def _all_keys(kind: Record, above: str) -> Iterator[tuple[str, Key, Any]]:
    for key in kind.keys:
        yield above + key.name, key, default_of(kind, key.name)
        inner, step = key.type, above + key.name
        if isinstance(inner, MapOf) and isinstance(inner.value, Record):
            inner, step = inner.value, f"{step}.NAME"
        elif isinstance(inner, ListOf):
            inner, step = inner.item, f"{step}[]"
        if isinstance(inner, Record):
            yield from _all_keys(inner, f"{step}.")


def _words(kind: Type) -> str:
    match kind:
        case Record() | Free():
            return "mapping"
        case ListOf():
            return f"list: {_words(kind.item)}"
        case MapOf():
            return f"mapping to {_words(kind.value)}"
        case Choice():
            return ", ".join(
                f"`{word}`" for word in (*kind.values, *(f"{each}FILE" for each in kind.prefixes))
            )
        case Integer():
            return "whole number" if kind.low != kind.high else f"`{kind.low}`"
        case Boolean():
            return "`true`, `false`"
        case Text():
            if kind.check == REGEX:
                return "regular expression"
            return CHECKS[kind.check].expected if kind.check else "text"


def _default_cell(key: Key, default: Any) -> str:
    if default is MISSING:
        return "required"
    if isinstance(key.type, Record) or default is None:
        return ""
    return f"`{_cell(_flow(default, key.type))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
