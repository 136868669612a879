"""`effects --format json`: version 1 of the document; its JSON Schema is `schema/effects-1.json`."""

import json
from collections.abc import Iterable
from typing import Any

from confiture_linter.effects.values import StatementEffects
from confiture_linter.model.passwords import without_passwords

VERSION = 1


def render(found: Iterable[StatementEffects]) -> str:
    """Return the document, one statement a line, so that two runs can be compared."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    statements = ",".join("\n  " + encode(_statement(item)) for item in found)
    return f'{{"version": {VERSION},\n "statements": [{statements}' + ("\n ]}\n" if statements else "]}\n")


def _statement(item: StatementEffects) -> dict[str, Any]:
    effects = item.effects
    return {
        "file": item.file,
        "line": item.line,
        "sql": without_passwords(item.sql),
        "in_transaction": effects.in_transaction,
        "locks": {name: mode.value for name, mode in effects.locks},
        "rewrites": list(effects.rewrites),
        "scans": list(effects.scans),
        "index_rebuilds": list(effects.index_rebuilds),
        "error": effects.error,
        "unknown": list(effects.unknown),
        "notes": list(effects.notes),
    }


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of the document."""
    from importlib.resources import files

    return files(__package__).joinpath("schema", "effects-1.json").read_text("utf-8")
