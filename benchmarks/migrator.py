"""Figures of the migrator on the embedded server: hooks, dry-run, estimates, and 1,000 migrations.

    python benchmarks/migrator.py [ROWS [PART…]]        # parts: hooks dry_run estimates many

Prints JSON. Times are wall seconds, the best of five; on a shared machine compare them with each other only.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from confiture_linter.config import load_config
from confiture_migrator.cli.main import guarded
from confiture_migrator.events import Silence
from confiture_migrator.plan import load_plan
from confiture_migrator.rehearse.dry_run import Options, on_shadow, on_target
from confiture_migrator.shadow import Shadow
from confiture_migrator.target import Target

CONFIG = """\
version: 1
schema: {roots: [db/schema]}
migrations: {roots: [db/migrations], snapshot: db/snapshot.json}
lint: {ignore: [all]}
environments:
  default: {database_url: "${BENCH_URL}", risk: {locking: high, data_loss: high, performance: high, compatibility: high}}
"""
KINDS = {
    "retype": "ALTER TABLE t ALTER COLUMN n TYPE bigint",
    "index": "CREATE INDEX ix_bench ON t (label)",
    "check": "ALTER TABLE t ADD CONSTRAINT ck_bench CHECK (n >= 0)",
    "update": "UPDATE t SET label = label || 'x'",
    "not_null": "ALTER TABLE t ALTER COLUMN label SET NOT NULL",
    "add_key": "ALTER TABLE t ADD CONSTRAINT uq_bench UNIQUE (n, id)",
}


class Bench:
    """A folder and a server."""

    def __init__(self, root: Path, shadow: Shadow) -> None:
        self.root = root
        self.shadow = shadow

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def clear(self) -> None:
        """Remove all migrations."""
        for path in (self.root / "db/migrations").glob("*"):
            path.unlink()

    def command(self, database: str, *arguments: str) -> float:
        """Run a command against a database; its wall seconds."""
        out = io.StringIO()
        begun = time.monotonic()
        with (
            patch.dict(os.environ, {"BENCH_URL": self.shadow.dsn(database)}),
            contextlib.chdir(self.root),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            code = guarded(arguments)
        if code:
            raise SystemExit(out.getvalue())
        return time.monotonic() - begun

    def fresh(self, template: str) -> str:
        """A database like `template`."""
        return self.shadow.clone(template)

    def ledger_seconds(self, database: str) -> float:
        """What the ledger says its migrations took."""
        with self.shadow.connect(database) as connection:
            row = connection.execute("SELECT sum(duration_ms) / 1000.0 FROM confiture.ledger").fetchone()
            return float(row[0]) if row else 0.0


def hooks(bench: Bench, template: str) -> dict[str, float]:
    """A migration of about a second, with no hook and with ten that do nothing."""
    ddl = "UPDATE t SET label = label || 'x'; CREATE INDEX ix_bench ON t (label)"
    nothing = ", ".join(["{type: sql, config: {sql: SELECT 1}}"] * 5)

    def applied(text: str) -> float:
        bench.clear()
        bench.write("db/migrations/1_a.yaml", text)
        name = bench.fresh(template)
        bench.command(name, "plan", "--output", "plan.json")
        bench.command(name, "apply", "plan.json")
        seconds = bench.ledger_seconds(name)
        bench.shadow.drop_database(name)
        return seconds

    bare = f"migration: {{ddl: {json.dumps(ddl)}}}"
    ten = f"migration:\n  ddl: {json.dumps(ddl)}\n  hooks:\n    before_ddl: [{nothing}]\n    after_ddl: [{nothing}]\n"
    pairs = [(applied(bare), applied(ten)) for _ in range(5)]  # in turn, so that both see the same machine
    plain, hooked = (min(times) for times in zip(*pairs, strict=True))
    return {"plain_seconds": plain, "ten_hooks_seconds": hooked, "overhead": hooked / plain - 1}


def estimates(bench: Bench, template: str, rows: int) -> dict[str, dict[str, float]]:
    """Estimate from a quarter of the rows and less, against the real thing; and what measuring itself costs."""
    found: dict[str, dict[str, float]] = {}
    bench.command(template, "snapshot", "--output", "db/snapshot.json")
    for kind, sql in KINDS.items():
        bench.clear()
        bench.write("db/migrations/1_a.sql", sql)

        def real() -> float:
            """What `apply` itself says that the migration took: that is what an estimate is for."""
            name = bench.fresh(template)
            bench.command(name, "plan", "--output", "real.json")
            bench.command(name, "apply", "real.json", "-q")
            took = bench.ledger_seconds(name)
            bench.shadow.drop_database(name)
            return took

        name = bench.fresh(template)
        bench.command(name, "plan", "--output", "plan.json")
        bench.shadow.drop_database(name)
        plan, _ = load_plan(str(bench.root / "plan.json"))
        config = load_config(str(bench.root / "confiture.yaml"))
        options = Options(rows // 2, 2, {"public.t": rows})
        bare, guesses = [], []
        for _ in range(5):  # in turn, so that both see the same machine
            bare.append(real())
            with Shadow.at(bench.shadow.dsn("postgres")) as own:
                guesses.append(on_shadow(config, plan, own, options, Silence()).migrations[0].estimate)
        took = median(bare)
        guess = median([each.seconds or 0.0 for each in guesses])
        inside = sum((each.low or 0.0) <= took <= (each.high or 0.0) for each in guesses)
        found[kind] = {
            "real_seconds": took,
            "estimate_seconds": guess,
            "error": guess / took - 1,
            "spread_of_real": max(bare) / min(bare) - 1,
            "real_in_interval": inside / len(guesses),
        }
    return found


def overhead(bench: Bench, template: str) -> dict[str, float]:
    """A dry-run in a transaction on the target, against the same SQL, rolled back, and nothing else."""
    statements = [*KINDS.values()]
    bench.clear()
    bench.write("db/migrations/1_a.sql", ";\n".join(statements))
    name = bench.fresh(template)
    bench.command(name, "plan", "--output", "plan.json")
    plan, _ = load_plan(str(bench.root / "plan.json"))
    bench.shadow.drop_database(name)
    config = load_config(str(bench.root / "confiture.yaml"))

    def bare() -> float:
        copy = bench.fresh(template)
        with bench.shadow.connect(copy) as connection:
            begun = time.monotonic()
            with connection.transaction(force_rollback=True):
                for statement in statements:
                    connection.execute(statement.encode())
            took = time.monotonic() - begun
        bench.shadow.drop_database(copy)
        return took

    def watched() -> float:
        copy = bench.fresh(template)
        target = Target("default", config.environments["default"], bench.shadow.dsn(copy))
        begun = time.monotonic()
        on_target(config, plan._replace(target=None), target, Options(), Silence())
        took = time.monotonic() - begun
        bench.shadow.drop_database(copy)
        return took

    pairs = [(bare(), watched()) for _ in range(5)]  # in turn, so that both see the same machine
    plain, seen = (min(times) for times in zip(*pairs, strict=True))
    return {"plain_seconds": plain, "dry_run_seconds": seen, "overhead": seen / plain - 1}


def many(bench: Bench, empty: str) -> dict[str, float]:
    """Apply of 250 and 1,000 small migrations."""
    found = {}
    for count in (250, 1000):
        bench.clear()
        for number in range(1, count + 1):
            bench.write(f"db/migrations/{number:05}_a.sql", f"CREATE TABLE m{number} (id int PRIMARY KEY);")
        name = bench.fresh(empty)
        found[f"plan_{count}_seconds"] = bench.command(name, "plan", "--output", "plan.json")
        found[f"apply_{count}_seconds"] = bench.command(name, "apply", "plan.json", "-q")
        bench.shadow.drop_database(name)
    found["apply_times"] = found["apply_1000_seconds"] / found["apply_250_seconds"]
    return found


PARTS = ("hooks", "dry_run", "estimates", "many")


def main() -> None:
    """Measure everything, or the parts that are named."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    wanted = sys.argv[2:] or PARTS
    with tempfile.TemporaryDirectory() as folder, Shadow.start() as shadow:
        bench = Bench(Path(folder), shadow)
        (bench.root / "db/migrations").mkdir(parents=True)
        bench.write("confiture.yaml", CONFIG)
        bench.write("db/schema/1.sql", "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, label text);")
        empty = shadow.create_database("empty")
        full = shadow.create_database("full")
        with shadow.connect(full) as connection:
            connection.execute((bench.root / "db/schema/1.sql").read_bytes())
            connection.execute(
                "INSERT INTO t SELECT n, n, 'label ' || n FROM generate_series(1, %s) AS n", [rows]
            )
            connection.execute("VACUUM ANALYZE t")
        parts = {
            "hooks": lambda: hooks(bench, full),
            "dry_run": lambda: overhead(bench, full),
            "estimates": lambda: estimates(bench, full, rows),
            "many": lambda: many(bench, empty),
        }
        result = {"rows": rows, **{part: parts[part]() for part in wanted}}
        sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
