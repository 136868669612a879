"""`email`: an address at a domain of nobody's, its local part 20 digits of the HMAC of the whole address."""

import re

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.sql_text import literal
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Setting, Unfit, only

DIGITS = 20
"""Hexadecimal digits, 80 bits: of a hundred million addresses no two become the same."""
_FEWEST = 8
_DOMAIN = re.compile(r"@([A-Za-z0-9.-]+)\Z")


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The expression for a text column."""
    only(setting, spec, "text")
    keyed = setting.keyring.keyed(spec.key, b"email\0")
    prefix, domain = spec.options["prefix"], spec.options["domain"]
    room = (setting.type.size or 320) - len(prefix) - 1
    """Characters left for digits and domain."""
    digits = min(DIGITS, room - len(domain))
    if digits < _FEWEST:
        raise Unfit(
            f"{setting.type.name} leaves no room for addresses at {domain}; choose a shorter domain or prefix"
        )
    crowded = "" if digits >= 12 else f"only {digits} digits are left of each hash"
    if not spec.options["keep_domain"]:
        even = digits % 2 == 0
        hexed = (
            f"encode(substring(%s FROM 1 FOR {digits // 2}), 'hex')"
            if even
            else f"left(encode(%s, 'hex'), {digits})"
        )
        return Compiled(
            lambda value: (
                f"{literal(prefix)} || {hexed % keyed.sql_of_text(value.text)} || {literal('@' + domain)}"
            ),
            lambda text, _: f"{prefix}{keyed.digest(text.encode()).hex()[:digits]}@{domain}",
            telling=True,
            crowded=crowded,
        )
    longest = min(room - _FEWEST, 253)

    def sql(value: Expression) -> str:
        found = f"substring({value.text} FROM '@([A-Za-z0-9.-]+)$')"
        kept = f"SELECT {found} AS d, encode({keyed.sql_of_text(value.text)}, 'hex') AS h OFFSET 0"
        fitted = f"SELECT CASE WHEN length(e.d) <= {longest} THEN e.d ELSE {literal(domain)} END AS d, e.h FROM ({kept}) AS e OFFSET 0"
        return f"(SELECT {literal(prefix)} || left(e.h, least({DIGITS}, {room} - length(e.d))) || '@' || e.d FROM ({fitted}) AS e)"

    def python(text: str, _: object) -> str:
        found = _DOMAIN.search(text)
        d = found[1] if found and len(found[1]) <= longest else domain
        return f"{prefix}{keyed.digest(text.encode()).hex()[: min(DIGITS, room - len(d))]}@{d}"

    return Compiled(sql, python, telling=True, crowded=crowded)
