"""Profiles against the tree, beyond the rules' own examples."""

from pathlib import Path

import pytest
from tests.cli.program import environment, lint

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
CONFIG = "anonymization: {profiles: profiles}\ntenancy: {column: tenant_id, type: uuid, root: w_tenant}\n"
HEAD = "anonymization_profile: qa\nrules:\n"


def check(name: str, sql: str, rules: str, head: str = HEAD) -> list[str]:
    files = {"schema.sql": sql, "profiles/qa.yaml": head + rules}
    return [finding.message for finding in check_texts(RULES[name], files, CONFIG)]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("email text", True),
        ("customer_email varchar(80)", True),
        ("emailAddress text", True),
        ("phone2 text", True),
        ("last_ip inet", True),
        ("peer inet", True),
        ("contact d_mail", True),
        ("date_of_birth date", True),
        ("address_line_1 text", True),
        ("email_verified boolean", False),
        ("email_id uuid", False),
        ("email_template text", False),
        ("phone_prefix text", False),
        ("tax_id text", True),
        ("tax_id int", False),
        ("zip_code text", True),
        ("allowed_networks cidr", False),
        ("phone_count int", False),
        ("name text", False),
        ("mailbox_size int", False),
        ("tenant_id uuid", False),
        ("email text GENERATED ALWAYS AS (lower(x)) STORED", False),
    ],
)
def test_what_looks_personal(column: str, found: bool) -> None:
    sql = f"CREATE DOMAIN d_mail AS text;\nCREATE TABLE t (id int PRIMARY KEY, x text, {column});"
    messages = check("profile-personal-data-uncovered", sql, "  - {table: u, strategy: skip_table}\n")
    assert bool(messages) is found, messages


def test_partitions_and_skipped_tables_need_no_rule_of_their_own() -> None:
    sql = """
    CREATE TABLE t (id int, email text) PARTITION BY RANGE (id);
    CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);
    CREATE TABLE log (email text);
    """
    rules = "  - table: t\n    columns: {email: {type: email}}\n  - {table: log, strategy: skip_table}\n"
    assert check("profile-personal-data-uncovered", sql, rules) == []
    assert check("profile-unknown-object", sql, "  - table: t1\n    columns: {email: {type: email}}\n") == [
        "public.t1 is a partition of public.t"
    ]


def test_a_key_to_a_skipped_table_must_become_null() -> None:
    sql = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int, a_id int REFERENCES a);"
    skip = "  - {table: a, strategy: skip_table}\n"
    assert check("profile-key-inconsistent", sql, skip) == ["public.b refers to public.a, which is skipped"]
    assert (
        check("profile-key-inconsistent", sql, skip + '  - table: b\n    columns: {a_id: {type: "null"}}\n')
        == []
    )


def test_check_places_findings_in_the_profile_and_notices_that_it_changed(tmp_path: Path) -> None:
    (tmp_path / "db/profiles").mkdir(parents=True)
    (tmp_path / "db/schema.sql").write_text("CREATE TABLE w_account (id bigint PRIMARY KEY, email text);\n")
    (tmp_path / "confiture.yaml").write_text(
        "version: 1\nschema: {roots: [db/schema.sql]}\nanonymization: {profiles: db/profiles}\n"
    )
    profile = tmp_path / "db/profiles/qa.yaml"
    profile.write_text(
        HEAD + "  - table: w_account\n    columns: {émail: {type: email}, email: {type: email}}\n"
    )
    options = ("check", "--select", "anonymization", "--format", "concise")

    def check_again() -> tuple[int, str]:
        found = lint(*options, cwd=tmp_path, env=environment(CONFITURE_CACHE_DIR=str(tmp_path / "cache")))
        return found.code, found.out

    first = check_again()
    assert first[0] == 1
    assert first[1].splitlines()[0].startswith("db/profiles/qa.yaml:4:15: error")
    assert check_again() == first
    profile.write_text(HEAD + "  - table: w_account\n    columns: {email: {type: email}}\n")
    assert check_again()[0] == 0
    profile.write_text(HEAD + "  - table: w_account\n    columns: {email: {strategy: none}}\n")
    broken = check_again()[1]
    assert "db/profiles/qa.yaml:4:33" in broken
    assert "no strategy is called 'none'" in broken
