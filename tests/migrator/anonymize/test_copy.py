"""A copy from end to end: what is in the target afterwards."""

import hashlib
import hmac
import re

import pytest
from tests.migrator.anonymize.site import KEY, Site

pytestmark = pytest.mark.pg

SCHEMA = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE w_account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES w_tenant, email varchar(60) NOT NULL UNIQUE,
  phone text, full_name text, birth_date date, is_internal boolean NOT NULL DEFAULT false, note text, balance numeric(10, 2),
  handle text GENERATED ALWAYS AS (lower(email)) STORED
);
CREATE TABLE w_order (
  id int PRIMARY KEY, account_id bigint NOT NULL REFERENCES w_account, customer_email varchar(60), parent int REFERENCES w_order, payload jsonb
);
CREATE TABLE audit_log (id int, message text);
"""
ROWS = """
INSERT INTO w_tenant SELECT md5('t' || n)::uuid, 'Tenant ' || n FROM generate_series(1, 3) AS n;
INSERT INTO w_account (tenant_id, email, phone, full_name, birth_date, is_internal, note, balance)
SELECT md5('t' || 1 + n % 3)::uuid, 'person' || n || '@corp.example', CASE WHEN n % 10 = 0 THEN 'call home' WHEN n % 10 = 1 THEN NULL
  ELSE '033-142-0000-' || lpad(n::text, 3, '0') END, 'Per Son' || n, DATE '1980-01-01' + n, n % 5 = 0, 'secret note ' || n, n * 1.5
FROM generate_series(1, 100) AS n;
INSERT INTO w_order SELECT n, 1 + n % 100, 'person' || 1 + n % 100 || '@corp.example', CASE WHEN n > 1 THEN n - 1 END,
  jsonb_build_object('customer', jsonb_build_object('email', 'person' || 1 + n % 100 || '@corp.example', 'vip', n % 2 = 0), 'n', n)
FROM generate_series(1, 300) AS n;
INSERT INTO audit_log SELECT n, 'person' || n || '@corp.example logged in' FROM generate_series(1, 10) AS n;
"""
STRATEGIES = """\
  email_mask: {type: email, prefix: "qa+"}
  phone_mask: {type: pattern, pattern: "***-***-****-999"}
  key_hash: {type: hash, key: "${CONFITURE_ANONYMIZE_KEY}"}
  shift: {type: date_shift, days: 200}
  amount: {type: range, min: 1, max: 50000}
  blank: {type: redact}
  as_is: {type: keep}
"""
RULES = """\
  - table: w_account
    columns:
      tenant_id: {strategy: as_is}
      email: {strategy: email_mask}
      phone: {strategy: phone_mask}
      full_name: {strategy: key_hash}
      birth_date: {strategy: shift}
      balance: {strategy: amount}
      note: {type: conditional, condition: "row.is_internal = true", if_true: {strategy: as_is}, if_false: {strategy: blank}}
  - table: w_order
    columns:
      customer_email: {strategy: email_mask}
      payload: {type: json, paths: {"$.customer.email": {strategy: email_mask}}}
  - {table: audit_log, strategy: skip_table}
"""


def test_a_copy_from_end_to_end(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(RULES, STRATEGIES)
    report = site.good()
    assert report["state"] == "verified"
    assert report["totals"]["rows"] == 403
    assert [check for check in report["verification"] if check["severity"] == "error"] == []
    # Joins by what is masked hold, in documents, too.
    joined = "SELECT count(*) FROM w_order o JOIN w_account a ON a.id = o.account_id AND a.email = o.customer_email AND o.payload #>> '{customer,email}' = a.email"
    assert site.one(joined) == site.one(joined, site.source) == 300
    emails = [email for (email,) in site.all("SELECT email FROM w_account")]
    assert len(set(emails)) == 100
    assert all(re.fullmatch(r"qa\+[0-9a-f]{20}@example\.com", email) for email in emails)
    expected = hmac.new(KEY.encode(), b"Per Son1", hashlib.sha256).hexdigest()
    assert site.one("SELECT full_name FROM w_account WHERE id = 1") == expected
    assert site.one("SELECT phone FROM w_account WHERE id = 2") == "***-***-****-002"
    assert site.one("SELECT phone FROM w_account WHERE id = 10") == "*********"
    assert site.one("SELECT phone FROM w_account WHERE id = 11") is None
    assert site.one("SELECT note FROM w_account WHERE id = 5") == "secret note 5"
    assert site.one("SELECT note FROM w_account WHERE id = 4") == "[REDACTED]"
    assert site.one("SELECT bool_and(handle = lower(email)) FROM w_account")
    assert site.one("SELECT count(*) FROM audit_log") == 0
    same = "SELECT md5(string_agg(id || ' ' || tenant_id, ',' ORDER BY id)) FROM w_account"
    assert site.one(same) == site.one(same, site.source)
    assert site.one("SELECT payload - 'customer' FROM w_order WHERE id = 7") == {"n": 7}
    assert site.one("SELECT payload #> '{customer,vip}' FROM w_order WHERE id = 8") is True
    # Sequences go on where the source's would.
    site.sql(
        site.target, "INSERT INTO w_account (tenant_id, email) SELECT tenant_id, 'x' FROM w_account LIMIT 1"
    )
    assert site.one("SELECT max(id) FROM w_account") == 101


def test_two_runs_and_several_processes_agree(site: Site) -> None:
    site.schema(SCHEMA, ROWS)
    site.profile(RULES, STRATEGIES)
    site.good()
    content = "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM w_account AS t"
    first = site.one(content)
    report = site.good("--truncate", "--jobs", "2")
    assert report["state"] == "verified"
    assert site.one(content) == first
    site.good("--truncate", CONFITURE_ANONYMIZE_KEY="another key")
    assert site.one(content) != first
