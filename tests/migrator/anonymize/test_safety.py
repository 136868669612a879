"""What is refused before the first row, and what is never told."""

import json

import pytest
from tests.migrator.anonymize.site import Site

from confiture_linter.profiles import read_profile
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import read_live
from confiture_migrator.anonymize.plan import make_plan
from confiture_migrator.anonymize.session import prepare

pytestmark = pytest.mark.pg

SCHEMA = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY);
CREATE TABLE w_account (id int PRIMARY KEY, tenant_id uuid REFERENCES w_tenant, email text UNIQUE, code varchar(6), age int CHECK (age < 200));
CREATE TABLE w_login (id int PRIMARY KEY, account_email text REFERENCES w_account (email));
CREATE TABLE part (id int, label text) PARTITION BY LIST (id);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
"""
ROWS = """
INSERT INTO w_account VALUES (1, NULL, 'very-secret-1@corp.example', 'abc', 30), (2, NULL, 'very-secret-2@corp.example', 'abc', 31);
"""
GOOD = """\
  - table: w_account
    columns: {email: {type: email}}
  - table: w_login
    columns: {account_email: {type: email}}
"""


def untouched(site: Site) -> bool:
    return bool(site.one("SELECT to_regclass('confiture.anonymization') IS NULL"))


@pytest.mark.parametrize(
    ("rules", "place", "said"),
    [
        ("  - table: w_acount\n    columns: {email: {type: email}}\n", "3:12", "no table w_acount (did you mean 'w_account'?)"),
        (GOOD.replace("email: {type: email}}\n  - table: w_login", "mail: {type: email}}\n  - table: w_login"), "4:15", "no column mail"),
        (GOOD.replace("columns: {email:", "columns: {email: {strategy: x}, code:"), "4:33", "no strategy is called 'x'"),
        (GOOD + "  - table: w_tenant\n    columns: {id: {type: hash}}\n", "8:15", "w_account.tenant_id refers to public.w_tenant.id"),
        ("  - table: w_account\n    columns: {email: {type: email}}\n", "4:15", "not masked alike"),
        ("  - table: w_account\n    columns: {age: {type: range, min: 1, max: 9}}\n", "3:12", "w_account.email looks like an email address and has no rule"),
        (GOOD.replace("{email: {type: email}}", "{email: {type: email}, age: {type: email}}"), "4:42", "email is for text, not for integer"),
        (GOOD.replace("{email: {type: email}}", "{email: {type: email}, code: {type: email}}"), "4:43", "leaves no room"),
        (GOOD.replace("{email: {type: email}}", "{email: {type: email}, tenant_id: {type: hash}}"), "4:37", "is the tenant column"),
        (GOOD.replace("{type: email}", "{type: redact}"), "4:15", "redact makes all values the same"),
        (GOOD.replace("{type: email}", "{type: fake, provider: nobody}"), "4:22", "Faker has no provider nobody"),
        (GOOD.replace("{type: email}", '{type: hash, key: "abc"}'), "4:40", "a key never stands in a file"),
        (GOOD + "  - {table: w_tenant, strategy: skip_table}\n", "7:13", "w_account refers to public.w_tenant, which is skipped"),
        (GOOD + "  - table: part1\n    columns: {label: {type: hash}}\n", "7:12", "part1 is a partition"),
        (GOOD + '  - table: part\n    columns: {label: {type: conditional, condition: "row.labl = 1", if_true: {type: keep}, if_false: {type: keep}}}\n', "8:22", "no column labl"),
        (GOOD + '  - table: part\n    columns: {label: {type: conditional, condition: "row.label = 1", if_true: {type: keep}, if_false: {type: keep}}}\n', "8:22", "label is compared with a text in quotes"),
    ],
)  # fmt: skip
def test_a_profile_that_does_not_fit_is_refused_with_its_place(
    site: Site, rules: str, place: str, said: str
) -> None:
    site.schema(SCHEMA, ROWS)
    (site.root / "confiture.yaml").write_text(
        "version: 1\ntenancy: {column: tenant_id, type: uuid, root: w_tenant}\n"
    )
    site.profile(rules)
    done = site.run()
    assert done.returncode == 2
    assert said in done.stderr
    assert f"qa.yaml:{place}: " in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert untouched(site)
    assert site.one("SELECT count(*) FROM w_account") == 0


def test_a_key_that_is_not_set(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(GOOD)
    done = site.run(CONFITURE_ANONYMIZE_KEY="")
    assert done.returncode == 2
    assert "CONFITURE_ANONYMIZE_KEY, is not set" in done.stderr.replace(
        "CONFITURE_ANONYMIZE_KEY is", "CONFITURE_ANONYMIZE_KEY, is"
    )
    assert untouched(site)


def test_one_database_under_two_names(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(GOOD)
    other = site.shadow.dsn(site.source) + " options='-c application_name=other'"
    done = site.run("--truncate", TARGET=other)
    assert done.returncode == 1
    assert "the same database" in done.stderr
    assert site.one("SELECT count(*) FROM w_account", site.source) == 2


def test_one_database_where_nobody_may_read_the_system_identifier(site: Site) -> None:
    """A lock taken in one session is seen in the other."""
    site.schema(SCHEMA, ROWS)
    site.profile(GOOD)
    role = f"plain_{site.source}"
    site.sql(
        site.source,
        f"CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON DATABASE {site.source} TO {role}; REVOKE EXECUTE ON FUNCTION pg_control_system FROM public;",
    )
    url = site.shadow.dsn(site.source) + f" user={role}"
    done = site.run(SOURCE=url, TARGET=url)
    site.sql(
        site.source,
        f"DROP OWNED BY {role}; DROP ROLE {role}; GRANT EXECUTE ON FUNCTION pg_control_system TO public",
    )
    assert done.returncode == 1, done.stderr
    assert "the same database" in done.stderr


def test_a_target_with_rows(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(GOOD)
    site.sql(site.target, "INSERT INTO w_tenant VALUES (gen_random_uuid())")
    done = site.run()
    assert done.returncode == 1
    assert "the target is not empty: public.w_tenant" in done.stderr
    assert untouched(site)
    assert site.good("--truncate")["totals"]["rows"] == 2


def test_nothing_of_the_rows_is_told_when_the_target_refuses_one(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.sql(site.target, "CREATE UNIQUE INDEX code_once ON w_account (code)")
    site.sql(
        site.source, "INSERT INTO w_account VALUES (3, NULL, 'very-secret-3@corp.example', 'secret', 30)"
    )
    site.profile(GOOD)
    done = site.run("--log", "json")
    assert done.returncode == 3
    assert "a value is there twice (SQLSTATE 23505), constraint code_once" in done.stderr
    assert "abc" not in done.stdout + done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert all(json.loads(line) for line in done.stderr.splitlines() if line.startswith("{"))
    # The target says that it is not to be used, and the next run goes on from there.
    comment = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    )
    assert "NOT USABLE" in site.one(comment)
    assert "NOT USABLE" in site.one("SELECT obj_description('confiture.anonymization'::regclass)")
    assert site.one("SELECT state FROM confiture.anonymization") == "loading"
    site.sql(site.target, "DROP INDEX code_once")
    assert site.good()["state"] == "verified"
    assert site.one(comment) is None


def test_a_check_that_a_masked_value_violates_is_named(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(
        GOOD.replace(
            "{email: {type: email}}", "{email: {type: email}, age: {type: range, min: 500, max: 600}}"
        )
    )
    done = site.run()
    assert done.returncode == 3
    assert "a check is violated (SQLSTATE 23514), constraint w_account_age_check" in done.stderr


def test_no_statement_holds_a_key(site: Site) -> None:
    """The key goes as a parameter into a setting, and is nowhere in what the server logs or shows as text."""
    site.schema(SCHEMA, ROWS)
    site.profile(GOOD)
    key = "0123456789abcdef-the-key"
    with site.shadow.connect(site.source) as connection:
        prepare(connection)
        live = read_live(connection)
    profile = read_profile((site.root / "qa.yaml").read_bytes(), "qa.yaml")
    keyring = Keyring({"CONFITURE_ANONYMIZE_KEY": key})
    plan = make_plan(profile, live, live, keyring)
    statements = " ".join(column.sql for table in plan.tables for column in table.compiled(keyring))
    assert "sha256" in statements
    assert key not in statements
    assert key.encode().hex() not in statements
    assert key not in repr(plan) + repr(keyring.keyed("CONFITURE_ANONYMIZE_KEY"))
