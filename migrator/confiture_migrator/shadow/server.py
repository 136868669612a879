"""`Shadow`: a server to try things on, ours to throw away or the user's to leave as it was."""

import atexit
import itertools
import os
import secrets
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from confiture_migrator.shadow import cluster, extensions
from confiture_migrator.shadow.account import server_account
from confiture_migrator.shadow.binaries import find_binaries
from confiture_migrator.shadow.errors import ShadowError
from confiture_migrator.shadow.work import PORT, Work, claim, reap

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

LONGEST_NAME = 63
_environment = threading.Lock()


@dataclass(slots=True)
class _Server:
    """The process and directory of a throw-away server, and the process that started it."""

    work: Work
    process: "subprocess.Popen[bytes]"
    owner: int = field(default_factory=os.getpid)


class Shadow:
    """A PostgreSQL server to try things on.

    `Shadow.start()` brings up a throw-away one; `Shadow.at(url)` uses the user's own. Both are context managers; at
    the end the first disappears and the second loses the databases that were made through this object, and nothing
    else. Roles belong to the whole server: on the user's own, those that a script creates stay.
    """

    def __init__(self, conninfo: str, server: _Server | None = None) -> None:
        self._conninfo = conninfo
        self._server = server
        self._created: list[str] = []
        self._numbers = itertools.count(1)
        self._token = secrets.token_hex(3)
        self._version: str | None = None

    @classmethod
    def start(
        cls,
        *,
        bindir: Path | None = None,
        parent: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Self:
        """Start a throw-away server, after reaping those whose owners were killed.

        `bindir` names the programs to use, `parent` where the work directory goes, `settings` adds to
        postgresql.conf. Raises `ShadowError`.
        """
        _psycopg()
        account = server_account()
        binaries = find_binaries(bindir)
        work = claim(account, parent)
        try:
            reap(work.path.parent)
            binaries, major = cluster.reachable(binaries, account, work)
            cluster.initialise(binaries, account, work, major, settings or {})
            process = cluster.start(binaries, account, work)
        except BaseException as error:
            work.remove()
            if isinstance(error, OSError | subprocess.SubprocessError):
                raise ShadowError(f"the shadow server did not start: {error}") from error
            raise
        shadow = cls(f"host={work.run} port={PORT} user=postgres", _Server(work, process))
        atexit.register(shadow.stop)
        shadow.server_version  # noqa: B018 - a first session, and reports may ask after the end
        return shadow

    @classmethod
    def at(cls, url: str) -> Self:
        """Use the server at `url`, which stays as it is but for databases made, and dropped, through this object."""
        psycopg = _psycopg()
        try:
            psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError:  # its message may quote the url, and the url a password
            raise ShadowError(
                "what --shadow-url names is not a connection string; it looks like postgresql://user@host:5432/database"
            ) from None
        shadow = cls(url)
        try:
            shadow.server_version  # noqa: B018 - answers or raises
        except psycopg.Error as error:
            raise ShadowError(f"the server named with --shadow-url does not answer: {error}") from error
        return shadow

    @property
    def server_version(self) -> str:
        """The server's version, to be printed in every report: '18.6'."""
        if self._version is None:
            with self._admin() as connection:
                self._version = connection.info.parameter_status("server_version") or ""
        return self._version

    @property
    def directory(self) -> Path | None:
        """The work directory of a throw-away server."""
        return self._server.work.path if self._server else None

    def dsn(self, database: str | None = None) -> str:
        """Return the connection string of a database; without one, of the user's own server, what its url names."""
        from psycopg.conninfo import make_conninfo

        if database is None and self._server is not None:
            database = "postgres"
        return make_conninfo(self._conninfo, **({} if database is None else {"dbname": database}))

    def connect(
        self, database: str | None = "postgres", *, autocommit: bool = True
    ) -> "psycopg.Connection[Any]":
        """Open a session. On a throw-away server no PG* variable has a say in it."""
        import psycopg

        dsn = self.dsn(database)
        if self._server is None:
            return psycopg.connect(dsn, autocommit=autocommit)
        with _without_pg_variables():
            return psycopg.connect(dsn, autocommit=autocommit, client_encoding="utf8")

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or a copy of `template`, and return its name."""
        from psycopg.sql import SQL, Identifier

        statement = SQL("CREATE DATABASE {}").format(Identifier(name))
        if template is not None:
            statement += SQL(" TEMPLATE {}").format(Identifier(template))
        self._execute(statement, f"database {name} cannot be created")
        self._created.append(name)
        return name

    def clone(self, template: str) -> str:
        """Copy a database under a name of our choice and return that; no session may be in `template`.

        Settings by ALTER DATABASE, grants on the database and its comment are not copied.
        """
        ending = f"_{self._token}_{next(self._numbers)}"
        kept = template.encode()[: LONGEST_NAME - len(ending)].decode(errors="ignore")
        return self.create_database(kept + ending, template)

    def drop_database(self, name: str) -> None:
        """Drop a database that was made through this object, whoever is connected to it."""
        from psycopg.sql import SQL, Identifier

        if name not in self._created:
            raise ShadowError(f"database {name} was not made here and is therefore not dropped")
        statement = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))
        self._execute(statement, f"database {name} cannot be dropped")
        self._created.remove(name)

    def stand_ins(self) -> tuple[str, ...]:
        """Return the extensions that are stand-ins here (`extensions`); a report should say so."""
        with self._admin() as connection:
            found = connection.execute(
                "SELECT name FROM pg_available_extensions WHERE comment = %s ORDER BY name", [extensions.MARK]
            )
            return tuple(name for (name,) in found)

    def stop(self) -> None:
        """End it: the throw-away server and its directory, or our databases on the user's server."""
        if self._server is None:
            for name in reversed(tuple(self._created)):
                self.drop_database(name)
            return
        server = self._server
        if server.owner != os.getpid() or server.work.closed:
            return  # a forked child must not take its parent's server away
        atexit.unregister(self.stop)
        cluster.stop(server.process)
        server.work.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _admin(self) -> "psycopg.Connection[Any]":
        return self.connect(None)

    def _execute(self, statement: "Composed", failure: str) -> None:
        psycopg = _psycopg()
        try:
            with self._admin() as connection:
                connection.execute(statement)
        except psycopg.errors.ObjectInUse as error:
            raise ShadowError(f"{failure}: {error}; close the sessions that are in the template") from error
        except psycopg.Error as error:
            raise ShadowError(f"{failure}: {error}") from error


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise ShadowError("psycopg is missing: pip install 'confiture-lint[migrate]'") from error
    return psycopg


@contextmanager
def _without_pg_variables() -> Iterator[None]:
    """Hide PGSERVICE, PGOPTIONS and their kin from libpq, which reads them itself."""
    with _environment:
        hidden = {key: value for key, value in os.environ.items() if key.startswith("PG")}
        for key in hidden:
            del os.environ[key]
        try:
            yield
        finally:
            os.environ.update(hidden)
