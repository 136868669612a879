"""Schemas that a simple copy trips over."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from tests.migrator.anonymize.site import KEY, Site

pytestmark = pytest.mark.pg

EVERYTHING = r"""
CREATE SCHEMA "Odd Schema";
CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE "Odd Schema"."Ta""ble" (
  "Id" int PRIMARY KEY, "E mail" mail, "select" text[], blob bytea, state mood, p pair, r int4range, j json, many jsonb[], "100%" numeric(5, 2),
  ts timestamptz, ip inet, twice text GENERATED ALWAYS AS (upper("E mail")) STORED
);
CREATE TABLE measurement (id int, at date NOT NULL, email text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE measurement_1 PARTITION OF measurement FOR VALUES FROM ('2000-01-01') TO ('2010-01-01');
CREATE TABLE measurement_2 PARTITION OF measurement FOR VALUES FROM ('2010-01-01') TO ('2030-01-01') PARTITION BY LIST (id);
CREATE TABLE measurement_2_1 PARTITION OF measurement_2 DEFAULT;
CREATE TABLE reading (m_id int, m_at date, FOREIGN KEY (m_id, m_at) REFERENCES measurement);
CREATE TABLE parent (id int, email text);
CREATE TABLE child (more text) INHERITS (parent);
CREATE TABLE tree (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, up bigint REFERENCES tree, label text);
CREATE TABLE hen (id bigint PRIMARY KEY, egg int);
CREATE TABLE egg (id int PRIMARY KEY, hen bigint NOT NULL REFERENCES hen DEFERRABLE);
ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg DEFERRABLE INITIALLY IMMEDIATE;
CREATE TABLE touched (what text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO touched VALUES (TG_TABLE_NAME); RETURN NEW; END $$;
CREATE TRIGGER touch AFTER INSERT ON tree FOR EACH ROW EXECUTE FUNCTION touch();
CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n, min(email) AS email FROM measurement;
CREATE VIEW seen AS SELECT * FROM parent;
"""
EVERYTHING_ROWS = r"""
INSERT INTO "Odd Schema"."Ta""ble" VALUES
  (1, E'tab\there@x.example', ARRAY['a,b', NULL, E'back\\slash', 'NULL', '', E'new\nline'], '\xdeadbeef00', 'glad', ROW(1, 'x"y'), '[1,5)', '{"b": 1,  "a": "z"}', ARRAY['{"k": "v"}'::jsonb, NULL], 3.5, '2020-02-29 12:00+02', '10.0.0.1'),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, E'\\N@x.example', '{}', '', 'sad', NULL, 'empty', 'null', '{}', 'NaN', 'infinity', '::1');
INSERT INTO measurement SELECT n, DATE '2005-01-01' + 100 * n, 'm' || n || '@corp.example' FROM generate_series(1, 50) AS n;
INSERT INTO reading SELECT id, at FROM measurement; INSERT INTO reading VALUES (NULL, '2000-01-01');
INSERT INTO parent VALUES (1, 'parent1@corp.example'); INSERT INTO child VALUES (2, 'child2@corp.example', 'more');
INSERT INTO tree (up, label) SELECT CASE WHEN n > 1 THEN n - 1 END, 'node ' || n FROM generate_series(1, 20) AS n;
BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO hen SELECT n, n FROM generate_series(1, 10) AS n; INSERT INTO egg SELECT n, n FROM generate_series(1, 10) AS n; COMMIT;
REFRESH MATERIALIZED VIEW sums;
TRUNCATE touched;
"""
EVERYTHING_RULES = """\
  - table: Odd Schema.Ta"ble
    columns: {"E mail": {type: email}, select: {type: hash}, blob: {type: hash}, j: {type: json, paths: {"$.a": {type: hash}}}, "100%": {type: range, min: 0, max: 99}, ts: {type: date_shift, days: 9, per: Id}, ip: {type: keep}}
  - table: measurement
    columns: {email: {type: email}}
  - table: parent
    columns: {email: {type: email}}
  - table: child
    columns: {email: {type: email}}
  - table: tree
    columns: {id: {type: hash}, up: {type: hash}}
  - table: hen
    columns: {id: {type: hash}, egg: {type: hash}}
  - table: egg
    columns: {id: {type: hash}, hen: {type: hash}}
"""


def test_everything_at_once(site: Site) -> None:
    site.schema(EVERYTHING, EVERYTHING_ROWS)
    site.profile(EVERYTHING_RULES)
    report = site.good("--jobs", "2")
    assert report["state"] == "verified", report
    assert report["totals"]["errors"] == 0
    odd = (
        'SELECT state, p::text, r::text, many::text, ip::text, "Id" FROM "Odd Schema"."Ta""ble" ORDER BY "Id"'
    )
    assert site.all(odd) == site.all(odd, site.source)
    masked = site.all(
        'SELECT "E mail", "select", blob, "100%", twice FROM "Odd Schema"."Ta""ble" ORDER BY "Id"'
    )
    assert masked[1] == (None, None, None, None, None)
    assert masked[0][4] == masked[0][0].upper()
    assert [item is None for item in masked[0][1]] == [False, True, False, False, False, False]
    assert masked[2][1] == []
    assert len(masked[0][2]) == 32
    assert site.one("SELECT count(*) FROM tree a JOIN tree b ON b.id = a.up") == 19
    assert site.one("SELECT count(*) FROM hen JOIN egg ON egg.hen = hen.id AND hen.egg = egg.id") == 10
    assert site.one("SELECT count(*) FROM touched") == 0
    assert site.one("SELECT count(*) FROM reading JOIN measurement m ON m.id = m_id AND m.at = m_at") == 50
    assert site.all(
        "SELECT tableoid::regclass::text, count(*) FROM measurement GROUP BY 1 ORDER BY 1"
    ) == site.all(
        "SELECT tableoid::regclass::text, count(*) FROM measurement GROUP BY 1 ORDER BY 1", site.source
    )
    assert site.one("SELECT count(*) FROM ONLY parent") == site.one("SELECT count(*) FROM child") == 1
    assert site.one("SELECT n FROM sums") == 50
    assert "example.com" in site.one("SELECT email FROM sums")


@pytest.fixture
def plain(site: Site) -> str:
    """A role that owns the target's tables and may not set session_replication_role."""
    role = f"owner_{site.target}"
    site.sql(
        site.target,
        f"CREATE ROLE {role} LOGIN; GRANT CREATE ON DATABASE {site.target} TO {role}; GRANT ALL ON SCHEMA public TO {role}",
    )
    yield role  # type: ignore[misc]
    site.sql(site.target, f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


def hand_over(site: Site, role: str) -> None:
    site.sql(site.target, f"""DO $$ DECLARE r record; BEGIN
      FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relkind IN ('r', 'p', 'm') AND relnamespace IN ('public'::regnamespace, to_regnamespace('"Odd Schema"')) LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO {role}', r.t);
      END LOOP; END $$; GRANT USAGE ON SCHEMA "Odd Schema" TO {role};""")  # fmt: skip


def test_a_role_without_privileges_loads_parents_first(site: Site, plain: str) -> None:
    site.schema(EVERYTHING, EVERYTHING_ROWS)
    hand_over(site, plain)
    site.profile(EVERYTHING_RULES)
    report = site.good("--jobs", "2", TARGET=site.shadow.dsn(site.target) + f" user={plain}")
    assert report["state"] == "verified"
    assert any("parents first" in note for note in report["notes"])
    assert any("does not own the target database" in note for note in report["notes"])
    assert site.one("SELECT count(*) FROM touched") == 0, "its triggers were switched off"
    assert site.one("SELECT tgenabled FROM pg_trigger WHERE tgname = 'touch'") == "O"


def test_a_circle_that_cannot_be_deferred_is_refused(site: Site, plain: str) -> None:
    site.schema(EVERYTHING.replace("DEFERRABLE INITIALLY IMMEDIATE", "").replace("DEFERRABLE", ""))
    hand_over(site, plain)
    site.profile(EVERYTHING_RULES)
    done = site.run(TARGET=site.shadow.dsn(site.target) + f" user={plain}")
    assert done.returncode == 2
    assert "go round in a circle and are not DEFERRABLE" in done.stderr
    assert site.one("SELECT to_regclass('confiture.anonymization') IS NULL")


def test_the_source_is_seen_at_one_moment(site: Site) -> None:
    """Somebody writes to the source all the time; keys hold, and counts agree."""
    site.schema(
        "CREATE TABLE a (id int PRIMARY KEY, email text); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);",
        "INSERT INTO a SELECT n, 'a' || n || '@corp.example' FROM generate_series(1, 20000) AS n; INSERT INTO b SELECT id, id FROM a;",
    )
    site.profile("  - table: a\n    columns: {email: {type: email}}\n")
    writer = subprocess.Popen(
        [sys.executable, "-c", "import psycopg, sys\nc = psycopg.connect(sys.argv[1], autocommit=True)\nn = 100000\nwhile True:\n    n += 1\n    with c.transaction():\n        c.execute('INSERT INTO a VALUES (%s, %s)', [n, 'x@y.example'])\n        c.execute('INSERT INTO b VALUES (%s, %s)', [n, n])\n", site.shadow.dsn(site.source)],
    )  # fmt: skip
    try:
        while site.one("SELECT count(*) FROM a", site.source) < 20010:
            time.sleep(0.02)
        report = site.good("--jobs", "2")
    finally:
        writer.kill()
        writer.wait()
    assert report["state"] == "verified"
    assert site.one("SELECT count(*) FROM a") == site.one("SELECT count(*) FROM b")
    assert site.one("SELECT count(*) FROM a", site.source) > site.one("SELECT count(*) FROM a")


def test_a_run_that_was_killed_goes_on(site: Site) -> None:
    site.schema(
        "CREATE TABLE a (id int PRIMARY KEY, email text); CREATE TABLE z (id int PRIMARY KEY, email text);",
        "INSERT INTO a SELECT n, 'a' || n || '@corp.example' FROM generate_series(1, 200000) AS n; INSERT INTO z VALUES (1, 'z1@corp.example');",
    )
    site.profile(
        "  - table: a\n    columns: {email: {type: email}}\n  - table: z\n    columns: {email: {type: email}}\n"
    )
    environment = {
        **os.environ,
        "SOURCE": site.shadow.dsn(site.source),
        "TARGET": site.shadow.dsn(site.target),
        "CONFITURE_ANONYMIZE_KEY": KEY,
    }
    # Somebody holds a lock on z, so that a is loaded and z is not when the run is killed.
    with psycopg.connect(site.shadow.dsn(site.target)) as holder:
        holder.execute("LOCK TABLE z IN SHARE MODE")
        running = subprocess.Popen(
            [sys.executable, "-m", "confiture_migrator", "anonymize", "--source", "env:SOURCE", "--target", "env:TARGET", "--profile", "qa.yaml", "--jobs", "1"],
            cwd=site.root, env=environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        state = "SELECT count(*) FROM confiture.anonymized_table WHERE name = 'public.a' AND units_done = 1"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (
            site.one("SELECT to_regclass('confiture.anonymized_table') IS NOT NULL") and site.one(state)
        ):
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert site.one("SELECT count(*) FROM a") == 200000
    before = site.one("SELECT xmin::text FROM a LIMIT 1")
    while site.one(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'confiture-anonymize%'"
    ):
        time.sleep(0.05)
    report = site.good()
    assert report["state"] == "verified"
    assert any("interrupted" in note for note in report["notes"])
    assert site.one("SELECT xmin::text FROM a LIMIT 1") == before, "a was not loaded again"
    assert site.one("SELECT count(*) FROM z") == 1
    # Another key makes other values: nothing of the first run may be left then.
    done = site.run(CONFITURE_ANONYMIZE_KEY="another key")
    assert done.returncode == 1
    assert "not empty" in done.stderr


def test_fake_values_and_python_batches(site: Site) -> None:
    site.schema(
        "CREATE TABLE p (id int PRIMARY KEY, full_name text, city varchar(8), kind text, doc jsonb);",
        r"INSERT INTO p SELECT n, CASE WHEN n % 7 = 0 THEN NULL ELSE E'Odd\tName\\N ' || n % 40 END, 'x' || n, CASE WHEN n % 2 = 0 THEN 'firm' END, jsonb_build_object('who', 'Odd Name ' || n, 'n', 1.50) FROM generate_series(1, 400) AS n;",
    )
    site.profile(
        "  - table: p\n    columns:\n      full_name: {type: fake, provider: name}\n      city: {type: fake, provider: city, locale: fr_FR}\n"
        '      kind: {type: keep}\n      doc: {type: json, paths: {"$.who": {type: conditional, condition: "row.kind = \'firm\'", if_true: {type: keep}, if_false: {type: fake, provider: name}}}}\n'
    )
    report = site.good()
    assert report["state"] == "verified"
    assert [t["engine"] for t in report["tables"]] == ["python"]
    names = dict(site.all("SELECT id, full_name FROM p"))
    assert names[7] is None
    assert names[1] == names[41], "the same name becomes the same"
    assert not any("Odd" in (name or "") for name in names.values())
    assert site.one("SELECT max(length(city)) <= 8 FROM p")
    assert site.one("SELECT doc ->> 'who' FROM p WHERE id = 8") == "Odd Name 8"
    assert "Odd" not in site.one("SELECT doc ->> 'who' FROM p WHERE id = 9")
    assert site.one("SELECT (doc -> 'n')::text FROM p WHERE id = 9") == "1.50"


def test_the_report_is_one_document(site: Site) -> None:
    site.schema("CREATE TABLE t (id int);")
    site.profile("  - table: t\n    columns: {id: {type: keep}}\n")
    done = site.run("--format", "json", "--log", "json")
    assert json.loads(done.stdout)["version"] == 1
    assert json.loads(done.stderr.splitlines()[0])["event"] == "copy_started"
