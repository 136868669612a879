"""`redact`: every value becomes one constant, which a text says of itself and every other type has as its zero."""

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.sql_text import literal
from confiture_migrator.anonymize.strategies.values import Compiled, Setting, Unfit

_ZEROS = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "integer": "0",
    "numeric": "0",
    "float": "0",
    "boolean": "false",
    "date": "1970-01-01",
    "timestamp": "1970-01-01 00:00:00",
    "timestamptz": "1970-01-01 00:00:00+00",
    "json": "{}",
    "jsonb": "{}",
    "bytea": "\\x",
}


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The constant."""
    kind = setting.type.kind
    if kind == "composite":
        return _composite(setting.type.name)
    value = spec.options["value"][: setting.type.size] if kind == "text" else _ZEROS.get(kind)
    if value is None:
        raise Unfit(f"redact has no value of type {setting.type.name}; use null")
    constant: str = value
    return Compiled(
        lambda _: f"{literal(constant)}::text",
        lambda _text, _row: constant,
        telling=kind == "text",
        repeats="redact makes all values the same",
    )


def _composite(name: str) -> Compiled:
    """A row whose fields are all NULL; a NOT NULL column takes it."""

    def python(text: str, _: object) -> str:
        fields, quoted = 0, False
        for character in text:
            quoted = quoted != (character == '"')
            fields += character == "," and not quoted
        return f"({',' * fields})"

    return Compiled(
        lambda _: f"jsonb_populate_record(NULL::{name}, '{{}}'::jsonb)::text",
        python,
        repeats="redact makes all values the same",
    )
