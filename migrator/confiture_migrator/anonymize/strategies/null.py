"""`null`: every value becomes NULL."""

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.strategies.values import Compiled, Setting, Unfit


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """NULL for everything."""
    if setting.column.not_null:
        raise Unfit("the column is NOT NULL; use redact")
    return Compiled(lambda _: "NULL::text", lambda _text, _row: None, telling=True)
