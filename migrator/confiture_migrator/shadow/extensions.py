"""Stand-ins for two extensions that wheels lack and schemas love: `pgcrypto` and `uuid-ossp` (PostgreSQL 18 and up).

They have the signatures, so that a schema builds and its bodies resolve; what needs real cryptography says so when it
is called. A server that has the real extension uses that: `$system` stands first in `extension_control_path`.
"""

from collections.abc import Iterator
from pathlib import Path

MARK = "stand-in of confiture: signatures, no cryptography"
"""The comment by which a stand-in is told from the real extension in `pg_available_extensions`."""

_BITS = "substr({0}, 1, 12) || '{1}' || substr({0}, 14, 3) || '8' || substr({0}, 18)"
_CRYPTO_IMMUTABLE = """
hmac(text,text,text) bytea; hmac(bytea,bytea,text) bytea; crypt(text,text) text;
encrypt(bytea,bytea,text) bytea; decrypt(bytea,bytea,text) bytea;
encrypt_iv(bytea,bytea,bytea,text) bytea; decrypt_iv(bytea,bytea,bytea,text) bytea;
pgp_sym_decrypt(bytea,text) text; pgp_sym_decrypt(bytea,text,text) text;
pgp_sym_decrypt_bytea(bytea,text) bytea; pgp_sym_decrypt_bytea(bytea,text,text) bytea;
pgp_pub_decrypt(bytea,bytea) text; pgp_pub_decrypt(bytea,bytea,text) text;
pgp_pub_decrypt(bytea,bytea,text,text) text; pgp_pub_decrypt_bytea(bytea,bytea) bytea;
pgp_pub_decrypt_bytea(bytea,bytea,text) bytea; pgp_pub_decrypt_bytea(bytea,bytea,text,text) bytea;
pgp_key_id(bytea) text; armor(bytea) text; armor(bytea,text[],text[]) text; dearmor(text) bytea;
pgp_armor_headers(text, OUT key text, OUT value text) SETOF record
"""
_CRYPTO_VOLATILE = """
gen_salt(text) text; gen_salt(text,int4) text;
pgp_sym_encrypt(text,text) bytea; pgp_sym_encrypt(text,text,text) bytea;
pgp_sym_encrypt_bytea(bytea,text) bytea; pgp_sym_encrypt_bytea(bytea,text,text) bytea;
pgp_pub_encrypt(text,bytea) bytea; pgp_pub_encrypt(text,bytea,text) bytea;
pgp_pub_encrypt_bytea(bytea,bytea) bytea; pgp_pub_encrypt_bytea(bytea,bytea,text) bytea
"""
_DIGEST = """
CREATE FUNCTION digest(bytea, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE lower($2)
    WHEN 'md5' THEN decode(md5($1), 'hex')
    WHEN 'sha224' THEN sha224($1) WHEN 'sha256' THEN sha256($1)
    WHEN 'sha384' THEN sha384($1) WHEN 'sha512' THEN sha512($1)
  END;
END $$;
CREATE FUNCTION digest(text, text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE lower($2)
    WHEN 'md5' THEN decode(md5($1), 'hex')
    WHEN 'sha224' THEN sha224(convert_to($1, 'UTF8')) WHEN 'sha256' THEN sha256(convert_to($1, 'UTF8'))
    WHEN 'sha384' THEN sha384(convert_to($1, 'UTF8')) WHEN 'sha512' THEN sha512(convert_to($1, 'UTF8'))
  END;
END $$;
CREATE FUNCTION gen_random_bytes(int4) RETURNS bytea LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
  SELECT substr(string_agg(uuid_send(pg_catalog.gen_random_uuid()), ''), 1, $1) FROM generate_series(0, $1 / 16) $$;
CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS
  'SELECT pg_catalog.gen_random_uuid()';
CREATE FUNCTION fips_mode() RETURNS bool LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS 'SELECT false';
"""
_NAMESPACES = {
    "uuid_nil": "00000000-0000-0000-0000-000000000000",
    "uuid_ns_dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "uuid_ns_url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "uuid_ns_oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "uuid_ns_x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def write_stubs(folder: Path) -> None:
    """Write control and script files, in the layout that `extension_control_path` wants."""
    inside = folder / "extension"
    inside.mkdir(parents=True)
    for name, version, script in (("pgcrypto", "1.4", _pgcrypto()), ("uuid-ossp", "1.1", _uuid())):
        control = f"comment = '{MARK}'\ndefault_version = '{version}'\nrelocatable = true\ntrusted = true\n"
        (inside / f"{name}.control").write_text(control)
        (inside / f"{name}--{version}.sql").write_text(script)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _pgcrypto() -> str:
    refused = [*_refusing(_CRYPTO_IMMUTABLE, "IMMUTABLE"), *_refusing(_CRYPTO_VOLATILE, "VOLATILE")]
    return _DIGEST + "".join(refused)


def _refusing(signatures: str, volatility: str) -> Iterator[str]:
    for signature in signatures.split(";"):
        head, _, result = signature.strip().rpartition(") ")
        yield (
            f"CREATE FUNCTION {head}) RETURNS {result} LANGUAGE plpgsql {volatility} STRICT PARALLEL SAFE AS $$ BEGIN "
            f"RAISE EXCEPTION '{head.partition('(')[0]}() is a stand-in on the shadow' "
            "USING ERRCODE = 'feature_not_supported', HINT = 'Name a server that has pgcrypto with --shadow-url.'; "
            "END $$;\n"
        )


def _uuid() -> str:
    constants = [
        _uuid_function(f"{name}()", "IMMUTABLE", f"'{value}'") for name, value in _NAMESPACES.items()
    ]
    random = [
        _uuid_function(f"uuid_generate_{kind}()", "VOLATILE", "pg_catalog.gen_random_uuid()")
        for kind in ("v1", "v1mc", "v4")
    ]
    hashed = [
        _uuid_function(
            f"uuid_generate_{kind}(namespace uuid, name text)", "IMMUTABLE", _hashed(function, digit)
        )
        for kind, function, digit in (("v3", "md5({})", "3"), ("v5", "encode(sha256({}), 'hex')", "5"))
    ]
    return "".join((*constants, *random, *hashed))


def _hashed(function: str, digit: str) -> str:
    """The form of a name-based uuid; v5 hashes with SHA-256 here, since the server's core has no SHA-1."""
    text = "left(" + function.format("uuid_send($1) || convert_to($2, 'UTF8')") + ", 32)"
    return f"({_BITS.format(text, digit)})::uuid"


def _uuid_function(head: str, volatility: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {head} RETURNS uuid LANGUAGE sql {volatility} STRICT PARALLEL SAFE AS "
        f"$$ SELECT {body}::uuid $$;\n"
    )
