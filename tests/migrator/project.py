"""A project in a folder and a database on the shared shadow: what the migrator's tests begin with."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from confiture_migrator.cli.main import guarded
from confiture_migrator.shadow import Shadow

CONFIG = """\
version: 1
postgres: 16
migrations: {roots: [db/migrations]}
lint: {select: [], ignore: [all]}
environments:
  default:
    database_url: ${TEST_DATABASE_URL}
    risk: {locking: high, data_loss: high, performance: high, compatibility: high}
"""
QUIET = """\
version: 1
migrations: {roots: [db/migrations]}
lint:
  ignore: [FAMILIES]
environments:
  default:
    database_url: ${TEST_DATABASE_URL}
    risk: {locking: high, data_loss: high, performance: high, compatibility: high}
"""


@dataclass
class Project:
    """A folder with a configuration and migrations, and one database."""

    root: Path
    shadow: Shadow
    database: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.shadow.dsn(self.database)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files below db/migrations; names with a slash below the root."""
        for name, text in files.items():
            path = (
                self.root / name
                if "/" in name or name == "confiture.yaml"
                else self.root / "db/migrations" / name
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "confiture_migrator", *arguments]

    def variables(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "TEST_DATABASE_URL": self.url, "CONFITURE_TRACEBACK": "1", **self.environment}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this process: starting one takes longer than most commands."""
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self.variables(), clear=True),
            chdir(self.root),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = guarded(arguments)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def good(self, *arguments: str) -> str:
        """Run a command that must succeed; its stdout."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def plan(self, *arguments: str) -> dict[str, Any]:
        self.good("plan", "--output", "plan.json", "-q", *arguments)
        return dict(json.loads((self.root / "plan.json").read_text()))

    def apply(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("apply", "plan.json", *arguments)

    def status(self) -> dict[str, Any]:
        done = self.run("status", "--format", "json")
        assert done.returncode in (0, 1), done.stderr
        return dict(json.loads(done.stdout))

    @contextmanager
    def session(self, *, autocommit: bool = True) -> Iterator["psycopg.Connection[Any]"]:
        with self.shadow.connect(self.database, autocommit=autocommit) as connection:
            yield connection

    def one(self, query: str, *parameters: object) -> Any:
        with self.session() as connection:
            row = connection.execute(query.encode(), list(parameters) or None).fetchone()
            return row[0] if row and len(row) == 1 else row

    def ledger(self) -> list[tuple[str, str]]:
        with self.session() as connection:
            if connection.execute("SELECT to_regclass('confiture.ledger')").fetchone() == (None,):
                return []
            return connection.execute(
                "SELECT version, state FROM confiture.ledger ORDER BY ordinal"
            ).fetchall()

    def exists(self, relation: str) -> bool:
        return bool(self.one("SELECT to_regclass(%s) IS NOT NULL", relation))


def everything(connection: "psycopg.Connection[Any]") -> list[tuple[Any, ...]]:
    """What a dump would show: every catalog row of ours, and every row of every table."""
    from psycopg.sql import SQL, Identifier

    found: list[tuple[Any, ...]] = []
    for catalog in (
        "pg_class",
        "pg_attribute",
        "pg_constraint",
        "pg_proc",
        "pg_namespace",
        "pg_type",
        "pg_index",
        "pg_trigger",
        "pg_roles",
        "pg_settings",
    ):
        columns = (
            "oid, xmin, *"
            if catalog in ("pg_class", "pg_proc", "pg_namespace", "pg_type", "pg_constraint")
            else "*"
        )
        if catalog == "pg_settings":
            columns = "name, reset_val"
        query = f"SELECT t::text FROM (SELECT {columns} FROM {catalog}) AS t ORDER BY 1"
        found += connection.execute(query.encode()).fetchall()
    tables = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2"
    ).fetchall()
    for schema, table in tables:
        query = SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(Identifier(schema, table))
        found += connection.execute(query).fetchall()
    return found
