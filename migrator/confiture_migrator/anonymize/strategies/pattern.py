"""`pattern`: `*` masks the character there, anything else keeps it. What does not fit is masked as a whole.

A value fits if it is as long as the pattern, has a digit where the pattern has one, a letter where the pattern has one,
and the pattern's own character where that is neither.
"""

import re
from itertools import groupby

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.sql_text import literal
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Setting, only

MASK = "*"


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The expression for a text column."""
    only(setting, spec, "text")
    pattern: str = spec.options["pattern"]
    classes = "".join(map(_class, pattern))
    fits = re.compile(classes, re.DOTALL | re.ASCII)
    runs = [(masked, len(list(run))) for masked, run in groupby(pattern, lambda character: character == MASK)]

    def sql(value: Expression) -> str:
        parts, at = [], 1
        for masked, length in runs:
            parts.append(literal(MASK * length) if masked else f"substr(t.v, {at}, {length})")
            at += length
        shown = " || ".join(parts)
        whole = f"repeat('{MASK}', length(t.v))"
        condition = f"t.v ~ {literal(f'^{classes}$')}"
        return f"(SELECT CASE WHEN {condition} THEN {shown} ELSE {whole} END FROM (SELECT {value.text} AS v OFFSET 0) AS t)"

    def python(text: str, _: object) -> str:
        if not fits.fullmatch(text):
            return MASK * len(text)
        return "".join(
            MASK if kept == MASK else character for kept, character in zip(pattern, text, strict=True)
        )

    return Compiled(sql, python, repeats="masked digits are the same for everyone")


def _class(character: str) -> str:
    """What stands at a place of the pattern, as a regular expression that PostgreSQL and Python read alike."""
    if character == MASK:
        return "."
    if character.isascii() and character.isdigit():
        return "[0-9]"
    if character.isascii() and character.isalpha():
        return "[A-Za-z]"
    return f"[{character}]" if character not in "^]\\[" else f"\\{character}"
