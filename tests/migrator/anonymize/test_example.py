"""The example's profile on the example's tree: the linter is content with it, and a copy passes its verification."""

import json
import shutil
from pathlib import Path

import pytest
from tests.migrator.anonymize.site import Site
from tests.migrator.test_examples_build import build, in_path_order

from confiture_migrator.rehearse.fill import fill

pytestmark = pytest.mark.pg
ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples/printoptim"

OF_ITS_OWN = """
UPDATE w_customer SET label = 'Customer of mine ' || id, billing_email = id || '@billing.example';
UPDATE w_site SET label = 'Site of mine ' || id;
UPDATE w_user SET email = id || '@user.example', full_name = 'Some Body ' || id;
UPDATE w_customer_contact SET full_name = 'Contact ' || id, email = id || '@contact.example', phone = '+33 6 12 34 56 78';
UPDATE w_customer SET billing_address = jsonb_populate_record(NULL::postal_address, '{"city": "Lyon"}');
UPDATE w_invoice SET billing_address = jsonb_populate_record(NULL::postal_address, '{"city": "Lyon"}');
UPDATE w_site SET address = jsonb_populate_record(NULL::postal_address, '{"city": "Lyon"}');
UPDATE w_team SET dispatch_email = id || '@team.example';
"""
"""Made-up rows have the same texts in columns of the same name, which the verifier must take for leaks."""


def test_the_profile_of_the_example(site: Site) -> None:
    files = in_path_order(EXAMPLE / "db/0_schema")
    for database in (site.source, site.target):
        with site.shadow.connect(database) as connection:
            assert build(connection, files, EXAMPLE) == []
    site.sql(site.target, "TRUNCATE prep_seed.prep_customer, prep_seed.prep_site CASCADE")
    with site.shadow.connect(site.source) as connection:
        fill(connection, 50)
        connection.execute("SET session_replication_role = replica")
        connection.execute(OF_ITS_OWN)
    shutil.copy(EXAMPLE / "confiture.yaml", site.root)
    shutil.copy(EXAMPLE / "db/anonymization/qa.yaml", site.root)
    done = site.run("--truncate", "--format", "json", "-q")
    report = json.loads(done.stdout)
    # The made-up manufacturers are not all there: the source itself has two references that lead nowhere.
    wrong = [check for check in report["verification"] if check["severity"] != "ok"]
    assert [check["message"] for check in wrong] == ["1 rows refer to nothing, 1 in the source"] * 2
    assert report["totals"]["rows"] > 1000
    assert site.one("SELECT count(*) FROM w_user WHERE email::text LIKE 'qa+%@example.com'") == 50
