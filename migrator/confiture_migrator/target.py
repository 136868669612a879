"""Which database: an environment of confiture.yaml, its URL resolved from variables, never an argument."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.config import Config, Environment
from confiture_migrator.errors import MigrateError

if TYPE_CHECKING:
    import psycopg

APPLICATION = "confiture-migrate"
CONNECT_TIMEOUT = 10
_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*)\}")


class Target(NamedTuple):
    """A database that can be connected to. Its URL is secret and appears in no repr."""

    environment: str
    settings: Environment
    url: str

    def __repr__(self) -> str:
        """The target without its URL: a repr ends up in logs."""
        return f"Target({self.environment!r})"


class Identity(NamedTuple):
    """What tells a database from any other."""

    system_identifier: str
    """Made by initdb, the same on replicas; empty where the role may not ask."""
    database: str
    server_version: str


def environment_of(config: Config, name: str | None) -> tuple[str, Environment] | None:
    """The environment that is meant: the one named, the only one, or `default`; None where there are none."""
    known = config.environments
    if name is not None:
        if name not in known:
            there = ", ".join(known) or "none"
            raise MigrateError(f"no environment is called {name} (there: {there}): add it to environments:")
        return name, known[name]
    if len(known) == 1:
        return next(iter(known.items()))
    if "default" in known:
        return "default", known["default"]
    if known:
        raise MigrateError(f"which environment? name one of {', '.join(known)} with --env")
    return None


def target_of(
    config: Config, name: str | None, variable: str | None, environ: Mapping[str, str] = os.environ
) -> Target | None:
    """Resolve the target; None where nothing names a database.

    `variable` is what `--database-url` says: `env:NAME`. Raises `MigrateError` for variables that are not set.
    """
    found = environment_of(config, name)
    environment, settings = found or ("", Environment())
    if variable is not None:
        return Target(environment, settings, url_from(variable, "--database-url", environ))
    if settings.database_url is None:
        return None
    return Target(
        environment, settings, expanded(settings.database_url, f"environments.{environment}", environ)
    )


def url_from(variable: str, option: str, environ: Mapping[str, str] = os.environ) -> str:
    """The value of `env:NAME`; a URL itself is refused, for arguments are visible to everyone on the machine."""
    kind, _, name = variable.partition(":")
    if kind != "env" or not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise MigrateError(
            f"{option} takes env:VARIABLE, the name of an environment variable that holds the URL"
        )
    if not environ.get(name):
        raise MigrateError(f"{option}: the environment variable {name} is not set")
    return environ[name]


def expanded(text: str, where: str, environ: Mapping[str, str]) -> str:
    """Replace every `${VARIABLE}`; raises `MigrateError` naming those that are not set."""
    missing = sorted({name for name in _REFERENCE.findall(text) if not environ.get(name)})
    if missing:
        raise MigrateError(f"{where}: the environment variable {', '.join(missing)} is not set")
    return _REFERENCE.sub(lambda found: environ[found[1]], text)


def connect(url: str, **settings: Any) -> "psycopg.Connection[tuple[Any, ...]]":
    """Open a session in autocommit mode; raises `MigrateError` without ever showing the URL."""
    psycopg = driver()
    try:
        return psycopg.connect(  # type: ignore[no-any-return]
            url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT,
            application_name=APPLICATION,
            keepalives=1,
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            client_encoding="utf8",
            prepare_threshold=None,  # nothing is repeated, and poolers lose prepared statements
            **settings,
        )
    except psycopg.OperationalError as error:
        raise MigrateError(f"the database does not answer: {str(error).strip()}") from None
    except (psycopg.ProgrammingError, UnicodeError):  # its message may quote the URL, and the URL a password
        raise MigrateError(
            "the database URL is not a connection string; it looks like postgresql://user@host:5432/database"
        ) from None


def driver() -> Any:
    """psycopg, or a message that says how to get it."""
    try:
        import psycopg
    except ImportError:
        raise MigrateError("psycopg is missing: pip install 'confiture-lint[migrate]'") from None
    return psycopg


def identity_of(connection: "psycopg.Connection[tuple[Any, ...]]") -> Identity:
    """Ask the server who it is."""
    psycopg = driver()
    try:
        row = connection.execute(
            "SELECT system_identifier::text FROM pg_catalog.pg_control_system()"
        ).fetchone()
        system = str(row[0]) if row else ""
    except psycopg.errors.InsufficientPrivilege:
        system = ""
    row = connection.execute("SELECT pg_catalog.current_database()").fetchone()
    version = connection.info.parameter_status("server_version") or ""
    return Identity(system, str(row[0]) if row else "", version.partition(" ")[0])
