"""HMAC-SHA-256 (RFC 2104) twice with the same result: Python's, and one made of the server's own `sha256(bytea)`.

    HMAC(K, m) = sha256((K ^ opad) || sha256((K ^ ipad) || m))

The two padded keys are bound as parameters into session settings, so that no statement text holds a key: neither the
server's log nor pg_stat_activity shows one. A scalar subquery reads a setting once a statement, not once a row.
"""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.errors import MigrateError

if TYPE_CHECKING:
    import psycopg

_BLOCK = 64
"""Bytes of a block of SHA-256."""


class Keyed(NamedTuple):
    """HMAC under one key for one purpose.

    The purpose stands before the message, so that values of different purposes do not tell of one another; it is empty
    for `hash`, which is plain HMAC that anyone with the key can redo.
    """

    slot: str
    secret: bytes
    purpose: bytes

    def __repr__(self) -> str:
        """Without the key: a repr ends up in logs."""
        return f"Keyed({self.slot!r})"

    def digest(self, message: bytes) -> bytes:
        """The 32 bytes for a message."""
        return hmac.digest(self.secret, self.purpose + message, "sha256")

    def number(self, message: bytes) -> int:
        """The first eight bytes as a whole number of 63 bits."""
        return int.from_bytes(self.digest(message)[:8], "big") & 0x7FFF_FFFF_FFFF_FFFF

    def sql(self, message: str) -> str:
        """`digest` of an SQL expression of type bytea; NULL for NULL."""
        inner, outer = (
            f"(SELECT decode(current_setting('confiture.{self.slot}{side}'), 'hex'))" for side in "io"
        )
        return f"sha256({outer} || sha256({inner} || {message}))"

    def sql_of_text(self, text: str) -> str:
        """`digest` of an SQL expression of type text."""
        return self.sql(f"convert_to({text}, 'UTF8')")

    def sql_number(self, text: str) -> str:
        """`number` of an SQL expression of type text."""
        eight = f"substring({self.sql_of_text(text)} FROM 1 FOR 8)"
        return f"{number_of(eight)} & 9223372036854775807"

    def settings(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the session settings that `sql` reads."""
        key = sha256(self.secret).digest() if len(self.secret) > _BLOCK else self.secret
        padded = key.ljust(_BLOCK, b"\0")
        inner = bytes(byte ^ 0x36 for byte in padded) + self.purpose
        outer = bytes(byte ^ 0x5C for byte in padded)
        return ((f"confiture.{self.slot}i", inner.hex()), (f"confiture.{self.slot}o", outer.hex()))


def number_of(eight_bytes: str) -> str:
    """An SQL expression of eight bytes as bigint."""
    return f"('x' || encode({eight_bytes}, 'hex'))::bit(64)::bigint"


class Keyring:
    """The keys of a profile, by the environment variables that hold them."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._made: dict[tuple[str, bytes], Keyed] = {}

    def keyed(self, variable: str, purpose: bytes = b"") -> Keyed:
        """HMAC with the key in `variable`; raises `MigrateError` where that is not set."""
        found = self._made.get((variable, purpose))
        if found is None:
            secret = self._environ.get(variable, "")
            if not secret:
                raise MigrateError(
                    f"the environment variable {variable}, which holds a key of the profile, is not set"
                )
            found = Keyed(f"k{len(self._made)}", secret.encode("utf-8", "surrogateescape"), purpose)
            self._made[variable, purpose] = found
        return found

    def install(self, connection: "psycopg.Connection[Any]") -> None:
        """Bind every key that was asked for into the session."""
        for keyed in self._made.values():
            for name, value in keyed.settings():
                connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [name, value])
