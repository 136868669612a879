"""SQL as it may be shown: a report ends up in the log of a build, and a password in it would be there, too."""

import re

_PASSWORD = re.compile(
    r"""(?P<before>\bpassword\s*(?:=\s*|\s)(?:e(?='))?)(?P<value>'(?:[^'\\]|\\.|'')*'?)"""
    r"""|(?P<key>\bpassword=)(?P<bare>[^\s'&;]+)""",
    re.IGNORECASE,
)
"""`PASSWORD 'value'` of roles, `password 'value'` of user mappings, `password=value` of connection strings."""


def without_passwords(sql: str) -> str:
    """Put stars in the place of passwords; the text stays as long as it was, so that marks stay true."""
    if "password" not in sql.lower():
        return sql
    return _PASSWORD.sub(_starred, sql)


def _starred(found: re.Match[str]) -> str:
    if found["bare"] is not None:
        return found["key"] + "*" * len(found["bare"])
    value = found["value"]
    closed = len(value) > 1 and value.endswith("'")
    return found["before"] + "'" + "*" * (len(value) - 1 - closed) + "'" * closed
