"""`pattern`: `*` masks the character there, anything else keeps it. What does not fit is masked as a whole.

A value fits if it is as long as the pattern, has a digit where the pattern has one, a letter where the pattern has one,
and the pattern's own character where that is neither.
"""

import string
from itertools import groupby

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.sql_text import literal
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Setting, only

MASK = "*"
_CLASSES = {"digit": string.digits, "letter": string.ascii_letters}


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The expression for a text column."""
    only(setting, spec, "text")
    pattern: str = spec.options["pattern"]
    runs = [(kind, len(list(run))) for kind, run in groupby(pattern, _kind)]

    def sql(value: Expression) -> str:
        v = value.text if value.cheap else "t.v"
        parts, tests, at = [], [f"{v} LIKE {literal(_like(pattern))} ESCAPE '\\'"], 1
        for kind, length in runs:
            piece = f"substr({v}, {at}, {length})"
            parts.append(literal(MASK * length) if kind == MASK else piece)
            if kind in _CLASSES:
                tests.append(f"translate({piece}, {literal(_CLASSES[kind])}, '') = ''")
            at += length
        chosen = f"CASE WHEN {' AND '.join(tests)} THEN {' || '.join(parts)} ELSE repeat('{MASK}', length({v})) END"
        return chosen if value.cheap else f"(SELECT {chosen} FROM (SELECT {value.text} AS v OFFSET 0) AS t)"

    def python(text: str, _: object) -> str:
        if len(text) != len(pattern) or not all(map(_fits, pattern, text)):
            return MASK * len(text)
        return "".join(
            MASK if kept == MASK else character for kept, character in zip(pattern, text, strict=True)
        )

    return Compiled(sql, python, repeats="masked digits are the same for everyone")


def _kind(character: str) -> str:
    """What may stand where the pattern has a character: anything, a digit, a letter, or just that."""
    if character == MASK:
        return MASK
    if character in _CLASSES["digit"]:
        return "digit"
    return "letter" if character in _CLASSES["letter"] else "itself"


def _fits(wanted: str, character: str) -> bool:
    kind = _kind(wanted)
    return kind == MASK or (character == wanted if kind == "itself" else character in _CLASSES[kind])


def _like(pattern: str) -> str:
    """The pattern for LIKE, in which digits and letters are any character: `translate` looks at them."""
    shown = ""
    for character in pattern:
        own = "\\" + character if character in "\\%_" else character
        shown += own if _kind(character) == "itself" else "_"
    return shown
