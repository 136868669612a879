"""Which columns look as if they held personal data, by their names and types.

Words of the field's own catalogues (GDPR art. 4 and 9, ISO/IEC 29100 annex A, NIST SP 800-122 § 2.2). A name alone is not
enough: `email_verified boolean` says something about an address and holds none, and neither does `address_id uuid`.
"""

import re

_PERSONAL: dict[str, tuple[str, ...]] = {
    "an email address": ("email", "mail", "emailaddress", "courriel", "e_mail"),
    "a telephone number": ("phone", "telephone", "mobile", "cellphone", "fax", "msisdn", "tel", "phonenumber"),
    "a person's name": (
        "first_name", "last_name", "full_name", "middle_name", "maiden_name", "given_name", "family_name", "birth_name",
        "firstname", "lastname", "fullname", "surname", "forename", "nickname", "person_name", "contact_name",
        "customer_name", "patient_name", "employee_name", "username", "user_name", "login_name", "display_name",
    ),
    "a date of birth": ("birth_date", "date_of_birth", "birthdate", "birthday", "dob", "born_on", "born_at"),
    "a postal address": (
        "address", "street", "street_address", "address_line", "postal_address", "house_number", "zip_code", "zipcode",
        "postcode", "postal_code", "addr",
    ),
    "an identity number": (
        "ssn", "social_security_number", "national_id", "passport", "passport_number", "tax_id", "nin", "driver_license",
        "drivers_license", "license_plate", "id_card_number", "national_number",
    ),
    "a bank account or card": ("iban", "bic_account", "bank_account", "account_number", "card_number", "credit_card", "cvv", "cvc"),
    "a secret": ("password", "passwd", "passphrase", "password_hash", "secret", "api_key", "apikey", "access_token", "refresh_token", "private_key"),
    "a network address": ("ip", "ip_address", "ipaddress", "remote_addr", "mac_address", "user_agent"),
    "a place": ("latitude", "longitude", "geolocation", "gps"),
    "data about a person": ("gender", "ethnicity", "religion", "nationality", "marital_status", "salary", "diagnosis", "blood_type"),
}  # fmt: skip
_WORDS = {word: kind for kind, words in _PERSONAL.items() for word in words}
_LONGEST = max(word.count("_") for word in _WORDS) + 1

_ABOUT = frozenset({
    "id", "ids", "uuid", "at", "on", "by", "count", "counts", "type", "kind", "status", "state", "verified", "confirmed", "enabled",
    "valid", "validated", "template", "subject", "format", "pattern", "policy", "required", "allowed", "sent", "opened", "bounced",
    "label", "length", "size", "provider", "protocol", "server", "host", "port", "code_count", "index", "order", "priority",
    "notifications", "notification", "opt", "optin", "consent", "expires", "expiry", "changed", "attempts", "visible", "body",
    "queue", "campaign", "prefix", "suffix", "code", "part", "domain", "regex", "mask", "error", "token", "hash", "key", "name", "list", "country", "reset", "version", "limit", "unsubscribed", "scope", "scopes", "class", "mode",
})  # fmt: skip
"""Last words that make a name say something about the data instead of holding them."""

_TEXT = frozenset(
    {"text", "varchar", "character varying", "bpchar", "char", "character", "citext", "name", "bytea"}
)
_TYPES_OF: dict[str, frozenset[str]] = {
    "a date of birth": _TEXT | {"date", "timestamp", "timestamptz", "timestamp without time zone", "timestamp with time zone", "int4", "integer"},
    "a place": _TEXT | {"float8", "float4", "double precision", "real", "numeric", "point", "geography", "geometry"},
    "a telephone number": _TEXT | {"int8", "bigint", "numeric"},
    "an identity number": _TEXT | {"int8", "bigint", "int4", "integer", "numeric"},
    "a bank account or card": _TEXT | {"int8", "bigint", "numeric"},
    "data about a person": _TEXT | {"numeric", "int4", "integer", "int8", "bigint", "money"},
    "a network address": _TEXT | {"inet", "cidr", "macaddr", "macaddr8"},
}  # fmt: skip
_NETWORK = frozenset({"inet", "macaddr", "macaddr8"})
"""Types of single machines; cidr is for whole networks."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def personal_kind(column: str, type_name: str, *, plain_text: bool = False) -> str:
    """What a column seems to hold, such as `an email address`; empty if it does not look personal.

    `type_name` is the name of its type without length and brackets, as pg_type or `format_type` has it; `plain_text`
    says that a type with another name, such as a domain or a composite type, is or holds texts.
    """
    base = type_name.lower().rpartition(".")[2].strip('"')
    if base in _NETWORK:
        return "a network address"
    words = [word for word in re.split(r"[^a-z0-9]+", _CAMEL.sub("_", column).lower()) if word]
    words = [re.sub(r"(?<=[a-z])\d+\Z", "", word) for word in words]
    while words and words[-1].isdigit():
        words.pop()
    kind = _named(words)
    numbered = words[-1:] == ["id"]  # `tax_id integer` refers to a row of taxes
    if kind and (plain_text or base in (_TEXT if numbered else _TYPES_OF.get(kind, _TEXT))):
        return kind
    return _named(re.split(r"[^a-z0-9]+", base)) if plain_text else ""


def _named(words: list[str]) -> str:
    for size in range(min(_LONGEST, len(words)), 0, -1):
        found = _WORDS.get("_".join(words[-size:]))
        if found:
            return found
    if not words or words[-1] in _ABOUT:
        return ""
    # `email_work`, `phone_home`, `address_line_1`: the word may stand in front, too.
    for size in range(min(_LONGEST, len(words)), 0, -1):
        found = _WORDS.get("_".join(words[:size]))
        if found and found in _IN_FRONT:
            return found
    return ""


_IN_FRONT = frozenset({"an email address", "a telephone number", "a postal address"})
