"""The verifier finds what went wrong, and is silent where nothing did."""

import json
from typing import Any

import pytest
from tests.migrator.anonymize.site import Site

pytestmark = pytest.mark.pg

SCHEMA = """
CREATE TABLE person (id int PRIMARY KEY, email text NOT NULL, last_name text, note text, tags text[], doc jsonb, d date);
CREATE TABLE other (id int PRIMARY KEY, label text, doc jsonb);
"""
ROWS = """
INSERT INTO person SELECT n, 'jane.doe' || n || '@corp.example', CASE WHEN n % 2 = 0 THEN 'Rose' ELSE 'Miller-Smith the ' || n END, 'nothing', '{a,b}', '{"a": [1]}', '2000-01-01'
FROM generate_series(1, 50) AS n;
INSERT INTO other SELECT n, 'label ' || n, '{}' FROM generate_series(1, 20) AS n;
"""
RULES = "  - table: person\n    columns: {email: {type: email}, last_name: {type: hash}, d: {type: date_shift, days: 3}}\n"


def verified(site: Site, *more: str) -> tuple[int, list[dict[str, Any]], str]:
    site.profile(RULES)
    done = site.run("--format", "json", *more)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    return done.returncode, [c for c in report["verification"] if c["severity"] != "ok"], report["state"]


def test_a_good_copy(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    assert verified(site) == (0, [], "verified")


LEAKS = [
    ("UPDATE other SET label = 'jane.doe7@corp.example' WHERE id = 3", "leak", "public.other.label"),
    ("UPDATE other SET label = 'Miller-Smith the 9' WHERE id = 3", "leak", "public.other.label"),
    ("""UPDATE other SET doc = '{"x": [{"y": "jane.doe7@corp.example"}]}' WHERE id = 3""", "leak", "public.other.doc"),
    ("UPDATE person SET tags = '{a,jane.doe7@corp.example}' WHERE id = 3", "leak", "public.person.tags"),
    ("UPDATE person SET note = 'called Jane.Doe44@corp.example, agreed' WHERE id = 44", "substring", "public.person.note"),
    ("""UPDATE person SET doc = '{"t": "wrote jane.doe44@corp.example again"}' WHERE id = 44""", "substring", "public.person.doc"),
    ("UPDATE other SET label = 'see jane.doe44@corp.example' WHERE id = 4", "substring", "public.other.label"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "check", "where"), LEAKS, ids=[f"{c}-{w}" for _, c, w in LEAKS])
def test_an_original_in_another_place(site: Site, change: str, check: str, where: str) -> None:
    site.schema(SCHEMA, ROWS + change + ";")
    code, found, state = verified(site)
    assert (code, state) == (1, "failed")
    assert any(c["check"] == check and c["severity"] == "error" and where in c["message"] for c in found), (
        found
    )
    assert not any("jane" in json.dumps(c).lower() for c in found)
    comment = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    )
    assert "NOT USABLE" in site.one(comment)


def test_a_short_word_elsewhere_is_a_warning(site: Site) -> None:
    site.schema(SCHEMA, ROWS + "UPDATE other SET label = 'Rose' WHERE id = 3;")
    code, found, state = verified(site)
    assert (code, state) == (0, "verified")
    assert [(c["check"], c["severity"], c["subject"]) for c in found] == [
        ("leak", "warning", "public.person.last_name")
    ]


MEDDLING = [
    ("NEW.email := 'jane.doe3@corp.example'", {"deterministic", "leak"}),
    ("NEW.note := 'something else'", {"deterministic"}),
    ("IF NEW.id = 7 THEN NEW.d := DATE '2000-01-01'; END IF", {"deterministic"}),
]


@pytest.mark.parametrize(("meddling", "checks"), MEDDLING)
def test_a_target_that_changes_what_it_is_given(site: Site, meddling: str, checks: set[str]) -> None:
    """A trigger that fires ALWAYS is the one thing that session_replication_role does not switch off."""
    site.schema(SCHEMA, ROWS)
    site.sql(
        site.target,
        f"CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {meddling}; RETURN NEW; END $$;"
        "CREATE TRIGGER t BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION meddle(); ALTER TABLE person ENABLE ALWAYS TRIGGER t",
    )
    code, found, state = verified(site)
    assert (code, state) == (1, "failed")
    assert {c["check"] for c in found if c["severity"] == "error"} == checks


def test_a_reference_that_leads_nowhere(site: Site) -> None:
    """The source's own key is not enforced; the target's is."""
    keys = "ALTER TABLE other ADD FOREIGN KEY (id) REFERENCES person"
    site.schema(SCHEMA, ROWS + "INSERT INTO other VALUES (1000, 'lost', '{}');")
    site.sql(site.target, keys)
    code, found, _ = verified(site)
    assert code == 1
    assert [(c["check"], c["wrong"]) for c in found] == [("foreign-key", 1)]


def test_what_a_condition_keeps_is_no_leak(site: Site) -> None:
    site.schema(
        SCHEMA,
        ROWS
        + "UPDATE person SET email = 'same.one@corp.example', note = 'staff' WHERE id = 1; UPDATE person SET email = 'same.one@corp.example' WHERE id = 2;",
    )
    rules = "  - table: person\n    columns: {email: {type: conditional, condition: \"row.note = 'staff'\", if_true: {type: keep}, if_false: {type: email}}, last_name: {type: hash}}\n"
    site.profile(rules)
    done = site.run("--format", "json")
    assert done.returncode == 0, done.stdout


def test_without_verification_the_target_stays_marked(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    assert verified(site, "--no-verify") == (0, [], "unverified")
    comment = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    )
    assert "NOT USABLE" in site.one(comment)
