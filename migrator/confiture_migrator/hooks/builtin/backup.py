"""`backup_database`: pg_dump, a process of its own, outside the transaction."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg

_FORMATS = {"custom": "dump", "plain": "sql", "tar": "tar", "directory": "d"}


class BackupDatabase:
    """Dump the database with pg_dump before anything happens: `directory`, `format`, `schema_only`, `pg_dump`."""

    outside = True
    external = True

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.directory = settings.text("directory", "backups")
        self.format = settings.text("format", "custom")
        self.schema_only = settings.flag("schema_only", False)
        self.program = settings.text("pg_dump", "pg_dump")
        settings.close()
        if self.format not in _FORMATS:
            raise HookError(f"config.format must be one of {', '.join(_FORMATS)}")

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Dump into a new file; one that is there already is never overwritten."""
        program = shutil.which(self.program)
        if program is None:
            raise HookError(
                f"{self.program} is not installed here: install PostgreSQL's client programs, or name it in "
                "config.pg_dump"
            )
        folder = Path(self.directory)
        folder.mkdir(parents=True, exist_ok=True)
        target = _free(
            folder / f"{_safe(conn.info.dbname)}-before-{_safe(context.version)}", _FORMATS[self.format]
        )
        command = [program, f"--format={self.format}", f"--file={target}", "--no-password"]
        command += ["--schema-only"] if self.schema_only else []
        done = subprocess.run(  # noqa: S603 - a program that was configured
            command,
            env={**os.environ, **_connection_variables(conn)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            _discard(target)
            raise HookError(f"pg_dump failed: {done.stderr.strip()}")
        size = sum(path.stat().st_size for path in (target.rglob("*") if target.is_dir() else (target,)))
        return HookResult(
            stats={"backup": str(target), "backup_bytes": size}, message=f"{target} ({size} bytes)"
        )


def _connection_variables(conn: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, str]:
    """How pg_dump finds the same database: by environment, for arguments are visible to everyone."""
    info = conn.info
    told = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": info.dbname}
    return told | ({"PGPASSWORD": info.password} if info.password else {})


def _free(path: Path, ending: str) -> Path:
    number = 1
    candidate = path.with_name(f"{path.name}.{ending}")
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}-{number}.{ending}")
    return candidate


def _safe(text: str) -> str:
    return re.sub(r"[^\w.-]", "_", text)


def _discard(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
