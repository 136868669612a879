"""Units are handed to whatever has the interface of `concurrent.futures.Executor`."""

import os
import pickle
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import pytest
from tests.migrator.anonymize.site import KEY, Site

from confiture_linter.profiles import read_profile
from confiture_migrator.anonymize import schedule
from confiture_migrator.anonymize.run import Wanted, anonymize
from confiture_migrator.errors import ApplyFailed
from confiture_migrator.events import Silence

pytestmark = pytest.mark.pg

SCHEMA = "CREATE TABLE a (id int PRIMARY KEY, email text); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, note text);"
ROWS = "INSERT INTO a SELECT n, 'a' || n || '@corp.example' FROM generate_series(1, 5000) AS n; INSERT INTO b SELECT id, id, repeat('x', 100) FROM a;"
PROFILE = b"anonymization_profile: p\nrules:\n  - table: a\n    columns: {email: {type: email}}\n"


class Elsewhere:
    """An executor that sends everything through pickle, as one on another machine would."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> "Future[Any]":
        self.sent.append(pickle.dumps((function, arguments)))
        again, given = pickle.loads(self.sent[-1])
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(again(*given))))
        return future


class Fatal(ProcessPoolExecutor):
    """Its first process dies of the first unit."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **more: Any) -> "Future[Any]":
        return super().submit(_die)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def copied(site: Site, pool: Any, jobs: int = 1) -> Any:
    variables = {
        "SOURCE": site.shadow.dsn(site.source),
        "TARGET": site.shadow.dsn(site.target),
        "CONFITURE_ANONYMIZE_KEY": KEY,
    }
    wanted = Wanted("env:SOURCE", "env:TARGET", True, True, jobs, "", ("public",))
    with patch.dict(os.environ, variables):
        return anonymize(read_profile(PROFILE, "p.yaml"), PROFILE, wanted, Silence(), pool)


def test_what_is_sent_elsewhere_holds_neither_key_nor_url(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    pool = Elsewhere()
    report = copied(site, pool)
    assert report.state == "verified"
    assert len(pool.sent) == 2
    for secret in (KEY, site.source, site.target):
        assert all(secret.encode() not in sent for sent in pool.sent)


def test_a_large_table_is_copied_in_ranges(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "SPLIT_BYTES", 16 * 8192)
    site.schema(SCHEMA, ROWS)
    pool = Elsewhere()
    report = copied(site, pool, jobs=2)
    assert report.state == "verified"
    assert len(pool.sent) > 5
    assert report.rows == 10000
    assert site.one("SELECT count(*), sum(id) FROM a") == (5000, 12502500)
    assert site.one(
        "SELECT units = units_done AND rows = 5000 FROM confiture.anonymized_table WHERE name = 'public.b'"
    )


def test_a_process_that_dies(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    with Fatal(1, mp_context=get_context("spawn")) as pool, pytest.raises(ApplyFailed) as caught:
        copied(site, pool)
    assert "the process that copied it ended" in str(caught.value)
    assert site.one("SELECT state FROM confiture.anonymization") == "loading"
