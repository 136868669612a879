"""`json`: strategies for the values at some paths of a document.

A text at a path is masked as a text; null stays null. A number, boolean, list or object there is masked as the text that
it is written as, so that a value which is not what the profile expects does not slip through. What is not at the path is
not touched, and a path that leads nowhere does nothing: the verifier looks for originals in the rest of the document.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from confiture_linter.profiles import Spec
from confiture_linter.profiles.json_path import Step, shown_path
from confiture_migrator.anonymize.sql_text import literal
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Row, Setting, Unfit, only
from confiture_migrator.anonymize.types import ColumnType

_TEXT = ColumnType("text", "text")
_ALLOWED = frozenset({"email", "hash", "pattern", "redact", "fake", "null", "keep", "conditional"})


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """Nested `jsonb_set`; Python where a strategy needs it."""
    only(setting, spec, "json", "jsonb")
    inside = setting._replace(type=_TEXT, column=setting.column._replace(not_null=False))
    parts: list[tuple[tuple[Step, ...], Compiled]] = []
    for steps, part in spec.options["paths"]:
        try:
            parts.append((steps, setting.compile(part, inside)))
        except Unfit as error:
            raise Unfit(f"{shown_path(steps)}: {error}") from None
    cast = "::json" if setting.type.kind == "json" else ""

    def sql(value: Expression) -> str:
        made = f"({value.raw})::jsonb"
        for number, (steps, compiled) in enumerate(parts):
            made = _stepped(made, steps, compiled, f"j{number}")
        return f"({made}){cast}::text"

    def python(text: str, row: Row) -> str:
        document = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        for steps, compiled in parts:
            document = _replaced(document, steps, compiled, row)
        return _written(document)

    return Compiled(
        sql if all(compiled.sql is not None for _, compiled in parts) else None,
        python,
        telling=False,
        reads=tuple(dict.fromkeys(name for _, compiled in parts for name in compiled.reads)),
        untouched=all(compiled.untouched for _, compiled in parts),
    )


def originals_sql(raw: str, steps: tuple[Step, ...]) -> str:
    """A set of the texts at a path of a document, for the verifier."""
    path = "$"
    for step in steps:
        path += (
            "[*]"
            if step is None
            else f"[{step}]"
            if isinstance(step, int)
            else f".{json.dumps(step, ensure_ascii=False)}"
        )
    return f"jsonb_path_query(({raw})::jsonb, {literal(path)})"


def _stepped(value: str, steps: tuple[Step, ...], compiled: Compiled, name: str) -> str:
    """The document `value`, of type jsonb, with what is at `steps` masked."""
    inner = f"{name}_{len(steps)}"
    v = f"{inner}.v"
    if not steps:
        masked = compiled.sql(_leaf(f"({v} #>> '{{}}')")) if compiled.sql else "NULL"
        put = f"coalesce(to_jsonb(({masked})::text), 'null'::jsonb)"
        chosen = f"CASE WHEN {v} IS NULL OR jsonb_typeof({v}) = 'null' THEN {v} ELSE {put} END"
    elif steps[0] is None:
        element = f"{inner}e"
        each = _stepped(f"{element}.e", steps[1:], compiled, name)
        listed = f"SELECT jsonb_agg({each} ORDER BY {element}.n) FROM jsonb_array_elements({v}) WITH ORDINALITY AS {element}(e, n)"
        chosen = f"CASE WHEN jsonb_typeof({v}) = 'array' THEN coalesce(({listed}), '[]'::jsonb) ELSE {v} END"
    elif isinstance(steps[0], int):
        index = steps[0]
        changed = _stepped(f"{v} -> {index}", steps[1:], compiled, name)
        # The position goes through a variable of its own, so that nobody takes it for a key.
        chosen = (
            f"CASE WHEN jsonb_typeof({v}) = 'array' AND jsonb_array_length({v}) > {index} "
            f"THEN jsonb_set({v}, ARRAY['{index}'], {changed}, false) ELSE {v} END"
        )
    else:
        key = literal(steps[0])
        changed = _stepped(f"{v} -> {key}::text", steps[1:], compiled, name)
        chosen = (
            f"CASE WHEN jsonb_typeof({v}) = 'object' AND {v} ? {key} "
            f"THEN jsonb_set({v}, ARRAY[{key}], {changed}, false) ELSE {v} END"
        )
    return f"(SELECT {_shortcut(v, steps, compiled, chosen)} FROM (SELECT {value} AS v OFFSET 0) AS {inner})"


def _leaf(text: str) -> Expression:
    return Expression(text, text, cheap=False)


def _shortcut(v: str, steps: tuple[Step, ...], compiled: Compiled, chosen: str) -> str:
    """A text that is found through keys alone is replaced at once, which is what most paths come to.

    Not with keys that look like numbers: `#>` takes them for positions where it meets an array.
    """
    keys = [step for step in steps if isinstance(step, str) and not step.lstrip("-").isdigit()]
    if len(keys) < 2 or len(keys) < len(steps) or compiled.sql is None:
        return chosen
    path = f"ARRAY[{', '.join(map(literal, keys))}]"
    put = f"to_jsonb(({compiled.sql(_leaf(f'({v} #>> {path})'))})::text)"
    replaced = f"jsonb_set({v}, {path}, coalesce({put}, 'null'::jsonb), false)"
    return f"CASE WHEN jsonb_typeof({v} #> {path}) = 'string' THEN {replaced} ELSE {chosen} END"


def _replaced(node: Any, steps: tuple[Step, ...], compiled: Compiled, row: Row) -> Any:
    if not steps:
        if node is None:
            return None
        return compiled.python(node if isinstance(node, str) else _written(node), row)
    step = steps[0]
    if step is None:
        return (
            [_replaced(each, steps[1:], compiled, row) for each in node] if isinstance(node, list) else node
        )
    if isinstance(step, int):
        if not isinstance(node, list) or step >= len(node):
            return node
        return [*node[:step], _replaced(node[step], steps[1:], compiled, row), *node[step + 1 :]]
    if not isinstance(node, dict) or step not in node:
        return node
    return {**node, step: _replaced(node[step], steps[1:], compiled, row)}


_WRITERS: dict[type, Callable[[Any], str]] = {
    bool: lambda node: "true" if node else "false",
    type(None): lambda _: "null",
    str: lambda node: json.dumps(node, ensure_ascii=False),
    Decimal: lambda node: format(node, "f"),
    list: lambda node: "[" + ", ".join(map(_written, node)) + "]",
    dict: lambda node: "{" + ", ".join(f"{_written(k)}: {_written(v)}" for k, v in _sorted(node)) + "}",
}


def _sorted(node: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys in the order in which jsonb keeps them: shorter ones first, then by bytes."""
    return sorted(node.items(), key=lambda entry: (len(entry[0].encode()), entry[0].encode()))


def _written(node: Any) -> str:
    """As jsonb writes it."""
    return _WRITERS[type(node)](node)
