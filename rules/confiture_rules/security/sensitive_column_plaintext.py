from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule

_TEXT = frozenset({"text", "varchar", "bpchar", "citext", "name"})
_SECRET = (
    "password", "passwd", "passphrase", "secret", "secret_key", "secret_access_key", "ssn", "social_security_number", "credit_card", "creditcard",
    "credit_card_number", "card_number", "cardnumber", "cvv", "cvc", "cvv2", "private_key", "api_key", "apikey",
)  # fmt: skip
_HARMLESS = frozenset({
    "hash", "hashed", "digest", "encrypted", "crypt", "crypted", "cipher", "salt", "id", "at", "on", "hint", "policy",
    "reset", "type", "kind", "name", "label", "url", "uri", "path", "ref", "reference", "masked", "last4", "last",
    "algorithm", "format", "prefix", "fingerprint", "enc", "bcrypt", "scrypt", "argon2", "md5", "sha", "sha256", "status",
    "length", "count", "public", "vault", "arn", "question", "method", "provider", "token", "display", "function", "no", "has", "is", "use", "uses", "requires",
})  # fmt: skip

_OFTEN_HASHED = frozenset({"password", "passwd", "passphrase", "secret", "secret_key", "secret_access_key", "private_key",
                           "api_key", "apikey"})  # fmt: skip
"""Names that also stand over hashes and ciphertext: reported under the presets strict and all only."""


@rule(
    name="sensitive-column-plaintext",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_payment (id bigint PRIMARY KEY, card_number text);",
    good="CREATE TABLE w_payment (id bigint PRIMARY KEY, card_number_encrypted bytea);",
    at="card_number",
    security=True,
)
def sensitive_column_plaintext(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column is made to hold a secret as plain text.

    Whoever reads the table, a backup or a log has the passwords, card numbers and keys of everybody.

    Card numbers, verification codes and social security numbers are always reported; names such as `password`,
    which often hold a hash, only under the presets `strict` and `all`.

    *When not:* the column holds a hash or ciphertext; say so in its name (`password_hash`) or its comment.

    *Instead:* a salted hash for passwords, `pgcrypto` or the application's key management for what must be
    read again, nothing at all for card verification codes.
    """
    if column.type.name not in _TEXT or column.table.partition_of is not None:
        return
    name = column.name.lower()
    secret = next((word for word in _SECRET if name == word or name.endswith(f"_{word}")), None)
    if secret is None or (secret in _OFTEN_HASHED and ctx.config.lint.preset not in ("strict", "all")):
        return
    comment = column.comment.lower()
    if _HARMLESS.isdisjoint(name.split("_")) and not any(
        word in comment for word in ("hash", "crypt", "digest")
    ):
        yield column.finding(
            f"column {column.name} of {column.table.name} holds a secret as plain text",
            help="store a salted hash or ciphertext, and name or comment the column so",
        )
