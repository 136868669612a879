"""`hash`: HMAC-SHA-256 of the value's text, in the form that the column's type asks for.

text      64 hexadecimal digits; fewer where `varchar(n)` is shorter, and below 20 characters those of base64url, which
          say more a character (not for citext, which does not tell case)
uuid      the first 16 bytes, with version 4 and the RFC's variant written into them
integer   a keyed permutation, so that no two values become the same; see `permute`
bytea     the 32 bytes
"""

import base64

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.keyring import Keyed
from confiture_migrator.anonymize.strategies import permute
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Setting, only

_DENSE_BELOW = 20


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """Choose the form."""
    only(setting, spec, "text", "uuid", "integer", "bytea")
    kind = setting.type.kind
    if kind == "integer":
        return permute.compile_integer(setting.keyring.keyed(spec.key, b"integer\0"), setting.type.size or 63)
    keyed = setting.keyring.keyed(spec.key)
    if kind == "uuid":
        return _uuid(keyed)
    if kind == "bytea":
        return Compiled(
            lambda value: f"{keyed.sql(value.raw)}::text",
            lambda text, _: "\\x" + keyed.digest(bytes.fromhex(text[2:])).hex(),
            telling=True,
        )
    return _text(keyed, setting.type.size or 64, dense=not setting.type.folded)


def _text(keyed: Keyed, size: int, *, dense: bool) -> Compiled:
    crowded = f"only {size} characters are left of each hash" if size < 12 else ""
    if size < _DENSE_BELOW and dense:
        return Compiled(
            lambda value: (
                f"left(translate(encode({keyed.sql_of_text(value.text)}, 'base64'), '+/=', '-_'), {size})"
            ),
            lambda text, _: base64.urlsafe_b64encode(keyed.digest(text.encode())).decode()[:size],
            telling=size >= 8,
            crowded=crowded,
        )
    if size >= 64:
        return Compiled(
            lambda value: f"encode({keyed.sql_of_text(value.text)}, 'hex')",
            lambda text, _: keyed.digest(text.encode()).hex(),
            telling=True,
        )
    return Compiled(
        lambda value: f"left(encode({keyed.sql_of_text(value.text)}, 'hex'), {size})",
        lambda text, _: keyed.digest(text.encode()).hex()[:size],
        telling=size >= 8,
        crowded=crowded,
    )


def _uuid(keyed: Keyed) -> Compiled:
    def sql(value: Expression) -> str:
        digits = f"encode({keyed.sql_of_text(value.text)}, 'hex')"
        variant = "translate(substr(u.h, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab')"
        parts = (
            "substr(u.h, 1, 8)",
            "substr(u.h, 9, 4)",
            "'4' || substr(u.h, 14, 3)",
            f"{variant} || substr(u.h, 18, 3)",
        )
        shown = " || '-' || ".join((*parts, "substr(u.h, 21, 12)"))
        return f"(SELECT {shown} FROM (SELECT {digits} AS h OFFSET 0) AS u)"

    def python(text: str, _: object) -> str:
        h = keyed.digest(text.encode()).hex()
        variant = "89ab"[int(h[16], 16) % 4]
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{variant}{h[17:20]}-{h[20:32]}"

    return Compiled(sql, python, telling=True)
