"""What a migration file says about itself: version, name, direction, and whether it runs inside one transaction.

Each tool has its own way to say it. The sources, in the order in which they are tried:

* flyway: `executeInTransaction=false` in `NAME.sql.conf` beside the script ("Script Configuration File",
  documentation.red-gate.com/fd/flyway-execute-in-transaction-setting-277578997.html); a script of nothing but
  statements that PostgreSQL refuses in a transaction is run without one.
* dbmate: `-- migrate:up transaction:false` (github.com/amacneil/dbmate, "Migration Options").
* goose: `-- +goose NO TRANSACTION` (pressly.github.io/goose, "SQL annotations").
* sql-migrate: `-- +migrate Up notransaction` (github.com/rubenv/sql-migrate, "Writing migrations").
* sqlx: `-- no-transaction` as the first bytes of the file (sqlx-core, migrate/source.rs).
* atlas: `-- atlas:txmode none` (atlasgo.io/versioned/apply, "Transaction Configuration").
* tern: `---- tern: disable-tx ----` (github.com/jackc/tern, "Disabling transactions").
* graphile-migrate: `--! no-transaction` (github.com/graphile/migrate).
* liquibase: `runInTransaction:false` on a changeset of a formatted SQL file (docs.liquibase.com).
* diesel: `run_in_transaction = false` in `metadata.toml` beside `up.sql` (docs.rs/diesel_migrations, "Transactions").
* prisma: the script is sent as one simple query; several statements in one are an implicit transaction, a single
  one is none (PostgreSQL manual, "Multiple Statements in a Simple Query").
* drizzle: all migrations in one transaction (drizzle-orm, pg-core/dialect.ts); told by `--> statement-breakpoint`.
* sqitch: psql without `--single-transaction`; scripts write their own BEGIN and COMMIT.
* alembic: one transaction for PostgreSQL, left by `autocommit_block()`; Django: `atomic = False`; yoyo:
  `__transactional__ = False` and `-- transactional: false`; confiture: `transaction: false`.

golang-migrate and refinery cannot be told from others by the file alone: for them the configuration decides.
"""

import os
import re
from typing import NamedTuple


class MigrationInfo(NamedTuple):
    """One migration file as its tool sees it."""

    version: str
    name: str
    transaction: bool | None
    """Whether it runs inside one transaction; None where neither the file nor its tool says so."""
    tool: str
    """`flyway`, `dbmate`, `goose`, `sql-migrate`, `sqlx`, `atlas`, `tern`, `graphile-migrate`, `liquibase`,
    `diesel`, `prisma`, `drizzle`, `sqitch`, `node-pg-migrate`, `rambler`, `micrate`, `play`, `alembic`, `django`,
    `yoyo`, `confiture`; empty where nothing tells."""
    direction: str
    """`up` or `down`."""


def migration_info(path: str, text: bytes) -> MigrationInfo:
    """Tell what `text`, the file as on disk, says about itself.

    `path` must be one that can be opened: flyway and diesel keep their settings in a file beside it.
    """
    version, name, direction = _named(path)
    if path.endswith(".py"):
        tool, transaction, revision = _python(path, text)
        return MigrationInfo(revision or version, name, transaction, tool, direction)
    if path.endswith((".yaml", ".yml")):
        said = re.search(rb"(?mi)^[ \t]+transaction:[ \t]*(true|false)\b", text)
        return MigrationInfo(
            version, name, said[1].lower() == b"true" if said else None, "confiture", direction
        )
    tool, transaction = _by_directive(text)
    if not tool:
        tool, transaction = _by_name(path, text)
    return MigrationInfo(version, name, transaction, tool, direction)


_ENDING = re.compile(r"(?i)\.(?:sql|psql|pgsql|ddl|py|ya?ml)\Z")
_DOWN = re.compile(
    r"(?i)[._-](?:down|undo|rollback|revert)\Z|\A(?:down|undo|rollback|revert)\Z|\AU(?=\d[\d._]*__)"
)
_UP = re.compile(r"(?i)[._](?:up|do|deploy)\Z")
_VERSION = re.compile(
    r"(?:[VBU](?=\d[\d._]*__))?(\d{4}-\d\d-\d\d(?:-\d+)?|\d[\d._]*(?=__)|\d[\d.]*)(?:[._-]+|\Z)"
)
_REPEATABLE = re.compile(r"R__")
_IN_FOLDER = frozenset(("up", "down", "migration"))


def _named(path: str) -> tuple[str, str, str]:
    """Read version, name and direction from the file's name, or its folder's where all files have the same."""
    parts = path.replace(os.sep, "/").split("/")
    stem = _ENDING.sub("", parts[-1])
    direction = "down" if _DOWN.search(stem) else "up"
    if stem.lower() in _IN_FOLDER and len(parts) > 1:
        stem = parts[-2]
    else:
        stem = _UP.sub("", _DOWN.sub("", stem) if direction == "down" and not stem.startswith("U") else stem)
    found = _VERSION.match(stem)
    if found is None:
        return "", _REPEATABLE.sub("", stem), direction
    return found[1].rstrip("."), stem[found.end() :], direction


_DIRECTIVES: tuple[tuple[str, str, str], ...] = (
    # tool, what shows that a file is one of it, what turns the transaction off
    ("goose", r"(?im)^--\s*\+goose\s+up\b", r"(?im)^--\s*\+goose\s+no\s+transaction\b"),
    ("sql-migrate", r"(?im)^--\s*\+migrate\s+up\b", r"(?im)^--\s*\+migrate\s+up\b.*\bnotransaction\b"),
    ("dbmate", r"(?m)^--\s*migrate:up\b", r"(?m)^--\s*migrate:up\b.*\btransaction:false\b"),
    (
        "tern",
        r"(?im)^---+\s*(?:create above\s*/\s*drop below|tern:\s*disable-tx)",
        r"(?im)^---+\s*tern:\s*disable-tx\s*---+",
    ),
    ("sqlx", r"\A-- no-transaction", r"\A-- no-transaction"),
    ("node-pg-migrate", r"(?im)^--\s*up\s+migration\b", r"(?!)"),
)
_UNKNOWN_DEFAULT: tuple[tuple[str, str, str], ...] = (
    ("graphile-migrate", r"(?m)^--!\s*no-transaction\b", r"(?m)^--!\s*no-transaction\b"),
    ("rambler", r"(?im)^--\s*rambler\s+up\b", r"(?!)"),
    ("micrate", r"(?im)^--\s*\+micrate\s+up\b", r"(?!)"),
    ("play", r"(?m)^(?:--|#)\s*(?:---\s*)?!Ups\b", r"(?!)"),
)
"""Tools whose default the documentation leaves to their settings."""


def _by_directive(text: bytes) -> tuple[str, bool | None]:
    """Tell the tool by a comment in the file."""
    if b"--" not in text:
        # Every directive stands in a comment.
        return "", None
    shown = text.removeprefix(b"\xef\xbb\xbf")
    if found := re.search(rb"(?im)^--\s*atlas:txmode\s+(none|file|all)\b", shown):
        return "atlas", found[1].lower() != b"none"
    for tool, mark, off in _DIRECTIVES:
        if re.search(mark.encode(), shown):
            return tool, re.search(off.encode(), shown) is None
    for tool, mark, off in _UNKNOWN_DEFAULT:
        if re.search(mark.encode(), shown):
            return tool, False if re.search(off.encode(), shown) else None
    if re.match(rb"(?i)\s*--\s*liquibase\s+formatted\s+sql\b", shown):
        return "liquibase", _liquibase(shown)
    if found := re.search(rb"(?im)^--\s*flyway:executeInTransaction\s*=\s*(true|false)\b", shown):
        return "flyway", found[1].lower() == b"true"
    if found := re.search(rb"(?im)^--\s*transactional:\s*(true|false)\b", shown):
        return "yoyo", found[1].lower() == b"true"
    if b"--> statement-breakpoint" in shown:
        return "drizzle", True
    if re.match(rb"(?i)\s*--\s*(?:deploy|revert|verify)\s+\S+\s+(?:to|from|on)\s+pg\b", shown):
        return "sqitch", False
    return "", None


def _liquibase(text: bytes) -> bool | None:
    """Every changeset has its own transaction; None where some of the file's have none."""
    changesets = re.findall(rb"(?im)^--\s*changeset\b.*$", text)
    without = sum(re.search(rb"(?i)\brunInTransaction:\"?false\b", line) is not None for line in changesets)
    if not without:
        return True
    return False if without == len(changesets) else None


_FLYWAY = re.compile(r"(?:V\d[\d._]*|R)__.+\.sql\Z")
_ALONE = re.compile(
    rb"(?is)(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex|vacuum|"
    rb"(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|discard\s+all)\b"
)
"""What Flyway's parser for PostgreSQL runs outside a transaction (PostgreSQLParser.java)."""


def _by_name(path: str, text: bytes) -> tuple[str, bool | None]:
    """Tell the tool by the names it asks for, and its rule for this file."""
    folder, _, name = path.replace(os.sep, "/").rpartition("/")
    if name in ("up.sql", "down.sql"):
        metadata = _beside(folder, "metadata.toml")
        return "diesel", re.search(rb"(?m)^\s*run_in_transaction\s*=\s*false\b", metadata) is None
    if name == "migration.sql" and re.search(r"(?:^|/)\d{14}_[^/]*\Z", folder):
        return "prisma", len(_statements(text)) > 1
    if _FLYWAY.match(name):
        said = re.search(
            rb"(?im)^\s*executeInTransaction\s*=\s*(true|false)\b", _beside(folder, f"{name}.conf")
        )
        if said:
            return "flyway", said[1].lower() == b"true"
        statements = _statements(text)
        return "flyway", not statements or not all(map(_ALONE.match, statements))
    return "", None


def _statements(text: bytes) -> list[bytes]:
    from confiture_linter.sources.split import split_statements

    return [text[start:end] for start, end in split_statements(text)]


def _beside(folder: str, name: str) -> bytes:
    """Read a small file in the same folder; empty if there is none."""
    try:
        with open(os.path.join(folder, name) if folder else name, "rb") as file:
            return file.read(1 << 16)
    except OSError:
        return b""


_REVISION = re.compile(rb"(?m)^revision\s*(?::[^=\n]+)?=\s*['\"]([^'\"\n]+)['\"]")


def _python(path: str, text: bytes) -> tuple[str, bool | None, str]:
    """Tell tool, transaction and revision of a Python migration by plain searches."""
    del path
    if found := _REVISION.search(text):
        return "alembic", True, found[1].decode("utf-8", "replace")
    if re.search(rb"(?m)^class\s+Migration\s*\(", text):
        return "django", re.search(rb"(?m)^[ \t]+atomic\s*(?::[^=\n]+)?=\s*False\b", text) is None, ""
    if re.search(rb"(?m)^(?:from\s+yoyo\s+import|import\s+yoyo)\b", text):
        return "yoyo", re.search(rb"(?m)^__transactional__\s*=\s*False\b", text) is None, ""
    if re.search(rb"(?m)^[ \t]+def\s+up\s*\(\s*self\b", text):
        said = re.search(rb"(?m)^[ \t]+transaction\s*(?::[^=\n]+)?=\s*(True|False)\b", text)
        return "confiture", said[1] == b"True" if said else None, ""
    return "", None, ""
