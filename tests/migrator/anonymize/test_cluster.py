"""The same copy on the workers of a real Dask cluster, one of which is killed half-way."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.migrator.anonymize.site import KEY, Site

from confiture_migrator.anonymize import schedule
from confiture_migrator.anonymize.cluster import cluster
from confiture_migrator.errors import MigrateError

pytestmark = [
    pytest.mark.pg,
    pytest.mark.slow,
    # What Dask leaves to the garbage collector is not ours.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
SCHEMA = "CREATE TABLE a (id int PRIMARY KEY, email text); CREATE TABLE b (id int PRIMARY KEY, note text);"
ROWS = (
    "INSERT INTO a SELECT n, 'a' || n || '@corp.example' FROM generate_series(1, 20000) AS n;"
    "INSERT INTO b SELECT n, repeat('x', 100) FROM generate_series(1, 3000) AS n;"
)
RULES = "  - table: a\n    columns: {email: {type: email}}\n"


@contextmanager
def workers(site: Site, count: int, **variables: str) -> Iterator[str]:
    """A cluster of worker processes that have the variables; its address."""
    from distributed import LocalCluster

    told = {
        "SOURCE": site.shadow.dsn(site.source),
        "TARGET": site.shadow.dsn(site.target),
        "CONFITURE_ANONYMIZE_KEY": KEY,
        "PYTHONPATH": os.pathsep.join(str(Path(each).resolve()) for each in ("linter", "rules", "migrator")),
        **variables,
    }
    with (
        patch.dict(os.environ, told),
        LocalCluster(n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None) as made,
    ):
        yield made.scheduler_address


def test_a_copy_on_several_workers_survives_the_loss_of_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "SPLIT_BYTES", 64 * 8192)
    site.schema(SCHEMA, ROWS)
    # Rows of one range come in slowly, so that there is a half-way.
    site.sql(
        site.target,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id % 2000 = 0 THEN PERFORM pg_sleep(0.2); "
        "END IF; RETURN NEW; END $$; CREATE TRIGGER slow BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION slow(); "
        "ALTER TABLE a ENABLE ALWAYS TRIGGER slow;",
    )
    site.profile(RULES)
    with workers(site, 3) as address:
        killed = threading.Thread(target=kill_a_busy_worker, args=(site, address))
        killed.start()
        report = site.good("--scheduler", address, "--jobs", "3")
        killed.join()
    assert report["state"] == "verified"
    assert {each["table"]: each["rows"] for each in report["tables"]} == {"public.a": 20000, "public.b": 3000}
    assert site.one("SELECT count(*), count(DISTINCT id) FROM a") == (20000, 20000)
    assert KILLED, "no worker was busy: the test has not tested anything"


KILLED: list[int] = []


def kill_a_busy_worker(site: Site, address: str) -> None:
    """Kill the process of a worker that has a unit in hand and a transaction open."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        for _ in range(300):
            loading = site.one(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active'"
            )
            busy = [worker for worker, tasks in client.processing().items() if tasks]
            if loading and busy:
                pids = client.run(os.getpid, workers=busy)
                pid = next(iter(pids.values()))
                os.kill(pid, signal.SIGKILL)
                KILLED.append(pid)
                return
            time.sleep(0.05)


def test_what_is_missing_is_said_before_anything_is_done(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(RULES)
    done = site.run("--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "no Dask scheduler answers" in done.stderr
    with workers(site, 1, TARGET="") as address:
        done = site.run("--scheduler", address)
        assert done.returncode == 2
        assert "its environment has no TARGET" in done.stderr
    with (
        workers(site, 0) as address,
        pytest.raises(MigrateError, match="the cluster has no workers"),
        cluster(address, ()),
    ):
        pass
    assert site.one("SELECT to_regclass('confiture.anonymization') IS NULL") is True
