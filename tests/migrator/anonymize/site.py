"""Two databases and a profile: what the tests of the copy begin with."""

import io
import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from confiture_migrator.cli.main import guarded
from confiture_migrator.shadow import Shadow

KEY = "a key of the tests, long enough"
numbers = itertools.count(1)


@dataclass
class Site:
    """A source and a target, both made from one schema."""

    root: Path
    shadow: Shadow
    source: str
    target: str

    @classmethod
    @contextmanager
    def made(cls, shadow: Shadow, root: Path) -> Iterator["Site"]:
        name = f"anonymize_{os.getpid()}_{next(numbers)}"
        source, target = shadow.create_database(f"{name}_source"), shadow.create_database(f"{name}_target")
        yield cls(root, shadow, source, target)
        shadow.drop_database(source)
        shadow.drop_database(target)

    def schema(self, sql: str, rows: str = "") -> None:
        """Build the schema in both, and rows in the source."""
        self.sql(self.source, sql + rows)
        self.sql(self.target, sql)

    def sql(self, database: str, text: str) -> None:
        with self.shadow.connect(database) as connection:
            connection.execute(text.encode())

    def all(self, query: str, database: str | None = None) -> list[tuple[Any, ...]]:
        with self.shadow.connect(database or self.target) as connection:
            return connection.execute(query.encode()).fetchall()

    def one(self, query: str, database: str | None = None) -> Any:
        row = self.all(query, database)[0]
        return row[0] if len(row) == 1 else row

    def profile(self, rules: str, strategies: str = "") -> None:
        head = "anonymization_profile: qa\n" + (f"strategies:\n{strategies}" if strategies else "")
        (self.root / "qa.yaml").write_text(f"{head}rules:\n{rules}")

    def run(self, *more: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment = {
            **kept,
            "SOURCE": self.shadow.dsn(self.source),
            "TARGET": self.shadow.dsn(self.target),
            "CONFITURE_ANONYMIZE_KEY": KEY,
            "CONFITURE_TRACEBACK": "1",
            **variables,
        }
        out, err = io.StringIO(), io.StringIO()
        arguments = ["anonymize", "--source", "env:SOURCE", "--target", "env:TARGET", "--profile", "qa.yaml"]
        if "--jobs" not in more:
            arguments += ["--jobs", "1"]
        with (
            patch.dict(os.environ, environment, clear=True),
            chdir(self.root),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = guarded([*arguments, *more])
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def good(self, *more: str, **variables: str) -> dict[str, Any]:
        """A run that must succeed; its report."""
        done = self.run("--format", "json", *more, **variables)
        assert done.returncode == 0, done.stderr + done.stdout
        return dict(json.loads(done.stdout))
