"""A script → its statements: what each says, where it stands, and whether a transaction may hold it."""

import re
from typing import NamedTuple

from confiture_linter.model import ConfigError, Problem
from confiture_linter.parse import ParseFailure, RawStatement, parse_statements
from confiture_linter.sources import SourceFile, source_from
from confiture_migrator.migrations.outside import Outside, outside_of
from confiture_migrator.migrations.values import Script

Placeholders = tuple[tuple[str, str], ...]


class Statement(NamedTuple):
    """One statement, ready to be sent."""

    sql: str
    file: str
    line: int
    kind: str
    """Name of PostgreSQL's parse node, such as `IndexStmt`."""
    outside: Outside | None = None
    """Why no transaction may hold it; None if one may."""
    secret: bool = False
    """Whether it contains a password: it is never shown."""

    @property
    def shown(self) -> str:
        """The text for plans, logs and people."""
        return _LITERAL.sub("'***'", self.sql) if self.secret else self.sql


_LITERAL = re.compile(r"(?:[eE])?'(?:[^'\\]|''|\\.)*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_WRAP = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}
_PLAIN_END = "TRANS_STMT_COMMIT"


def statements_of(script: Script, placeholders: Placeholders = ()) -> tuple[Statement, ...]:
    """Split a script; raises `ConfigError` for what cannot be run as it stands.

    A BEGIN in front of everything and the COMMIT behind it are left out: the migrator makes the transaction.
    """
    text = script.text
    for token, replacement in placeholders:
        text = text.replace(token, replacement)
    data = text.encode()
    source = source_from(data, script.file)
    _refuse_commands(script, source)
    try:
        parsed = parse_statements(text, len(data))
    except ParseFailure as failure:
        line = script.line_at(data.count(b"\n", 0, max(failure.offset, 0)))
        hint = "PostgreSQL cannot read it"
        if source.text != data:
            hint += "; inline COPY data and templates are for psql and other tools: write SQL, or schema.placeholders"
        raise ConfigError((Problem(script.file, line, 1, failure.message, hint),)) from None
    except RecursionError:
        raise ConfigError((Problem(script.file, script.line, 1, "nested too deeply to be read"),)) from None
    return tuple(_statement(raw, script, data) for raw in _inner(parsed, script, data))


def one_statement(sql: str, file: str, line: int) -> Statement:
    """What Python sends, as a statement: of unknown kind if PostgreSQL's grammar cannot read it.

    A driver's `%s` and `%(name)s` stand for parameters. What may hold a password and cannot be read counts as secret.
    """
    text = _DRIVER.sub(lambda found: "%" if found[0] == "%%" else "$1", sql)
    data = text.encode()
    try:
        parsed = parse_statements(text, len(data))
    except (ParseFailure, RecursionError):
        return Statement(sql.strip(), file, line, "", secret="password" in sql.lower())
    kind = parsed[0].kind if parsed else ""
    return Statement(sql.strip().rstrip(";"), file, line, kind, secret=any(map(_has_secret, parsed)))


def parted(statement: Statement) -> list[str]:
    """What Python sent at once, statement by statement, as shown."""
    text = _DRIVER.sub(lambda found: "%" if found[0] == "%%" else "$1", statement.shown)
    data = text.encode()
    try:
        return [data[raw.start : raw.end].decode() for raw in parse_statements(text, len(data))]
    except (ParseFailure, RecursionError):
        return [text]


_DRIVER = re.compile(r"%(?:%|s|b|t|\(\w+\)[sbt])")


def _refuse_commands(script: Script, source: SourceFile) -> None:
    for name, span in source.commands:
        line = script.line_at(source.data.count(b"\n", 0, span.start))
        hint = "only psql knows it; write SQL, or hooks in a YAML migration"
        raise ConfigError((Problem(script.file, line, 1, f"psql command \\{name} cannot be run here", hint),))


def _inner(parsed: list[RawStatement], script: Script, data: bytes) -> list[RawStatement]:
    """Without the BEGIN and COMMIT around all of it; any other transaction control is refused."""
    controls = [raw for raw in parsed if raw.kind == "TransactionStmt"]
    if (
        len(parsed) > 1
        and parsed[0].node.get("kind") in _WRAP
        and parsed[-1].node.get("kind") == _PLAIN_END
        and parsed[0] in controls
        and parsed[-1] in controls
        and "options" not in parsed[0].node
    ):
        parsed = parsed[1:-1]
    for raw in parsed:
        if raw.kind == "TransactionStmt" and raw.node.get("kind") not in _SAVEPOINTS:
            word = data[raw.start : raw.end].decode().split()[0].upper()
            hint = "remove it: the migrator begins and commits, and the ledger is written in the same transaction"
            raise ConfigError(
                (Problem(script.file, _line(raw, script, data), 1, f"{word} inside a migration", hint),)
            )
        if raw.kind == "CopyStmt" and "filename" not in raw.node and not raw.node.get("is_program"):
            hint = "write INSERT, or load the file with a hook"
            message = "COPY from or to the client cannot be run here"
            raise ConfigError((Problem(script.file, _line(raw, script, data), 1, message, hint),))
        if raw.kind == "DiscardStmt" and raw.node.get("target") == "DISCARD_ALL":
            hint = "remove it: it would let go of the lock that keeps others out; the session is reset between migrations"
            raise ConfigError(
                (Problem(script.file, _line(raw, script, data), 1, "DISCARD ALL inside a migration", hint),)
            )
    return parsed


_SAVEPOINTS = frozenset(("TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"))


def _statement(raw: RawStatement, script: Script, data: bytes) -> Statement:
    return Statement(
        data[raw.start : raw.end].decode(),
        script.file,
        _line(raw, script, data),
        raw.kind,
        outside_of(raw),
        _has_secret(raw),
    )


def _line(raw: RawStatement, script: Script, data: bytes) -> int:
    return script.line_at(data.count(b"\n", 0, raw.start))


_MAY_CARRY = frozenset(
    ("CreateSubscriptionStmt", "AlterSubscriptionStmt", "CreateUserMappingStmt", "AlterUserMappingStmt")
)


def _has_secret(raw: RawStatement) -> bool:
    if raw.kind in _MAY_CARRY:
        return True
    if raw.kind in ("CreateRoleStmt", "AlterRoleStmt"):
        return any(
            item.get("DefElem", {}).get("defname") == "password" for item in raw.node.get("options", ())
        )
    return False
