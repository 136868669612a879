"""Indexes over types that their access method cannot index."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.indexes.no_default_operator_class import no_default_operator_class

GIVEN = (
    "CREATE DOMAIN doc AS json; CREATE TYPE mood AS ENUM ('low');\n"
    'CREATE TABLE app.t (id int, j json, jb jsonb, p point, x text, d doc, m mood, e citext, a json[], "Größe" json);\n'
)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("CREATE INDEX i ON app.t (j);", 1),
        ("CREATE INDEX i ON app.t (d);", 1),
        ('CREATE INDEX IF NOT EXISTS "Index" ON app.t ("Größe");', 1),
        ("CREATE INDEX i ON app.t (id, j, p);", 2),
        ("CREATE INDEX i ON app.t USING hash (p);", 1),
        ("CREATE INDEX i ON app.t USING brin (m);", 1),
        ("CREATE INDEX i ON app.t USING gist (p);", 0),
        ("CREATE INDEX i ON app.t USING spgist (p);", 0),
        ("CREATE INDEX i ON app.t USING gin (jb);", 0),
        ("CREATE INDEX i ON app.t USING gin (a);", 0),
        ("CREATE EXTENSION pg_trgm; CREATE INDEX i ON app.t USING gin (a);", 1),
        ("CREATE INDEX i ON app.t (m, x, a);", 0),
        ("CREATE INDEX i ON app.t (e);", 0),
        ("CREATE INDEX i ON app.t ((j ->> 'a'));", 0),
        ("CREATE INDEX i ON app.t (id) INCLUDE (j);", 0),
        ("ALTER TABLE app.t ADD UNIQUE (j);", 1),
        ("ALTER TABLE app.t ADD PRIMARY KEY (id);", 0),
        ("CREATE INDEX i ON app.t USING gin (x);", 0),
        ("CREATE EXTENSION pg_trgm; CREATE INDEX i ON app.t USING gin (x);", 1),
        ("CREATE EXTENSION pg_trgm; CREATE INDEX i ON app.t USING gin (x gin_trgm_ops);", 0),
        ("CREATE EXTENSION btree_gin; CREATE INDEX i ON app.t USING gin (x);", 0),
        ("CREATE OPERATOR CLASS ops DEFAULT FOR TYPE json USING btree AS STORAGE json; CREATE INDEX i ON app.t (j);", 0),
        ("ALTER TABLE app.t ALTER COLUMN j TYPE jsonb; CREATE INDEX i ON app.t (j);", 0),
        (("CREATE TABLE parent (j json, at date) PARTITION BY RANGE (at); CREATE TABLE part PARTITION OF parent DEFAULT;"
         " CREATE INDEX i ON parent (j);"), 1),
    ],
)  # fmt: skip
def test_types(statement: str, found: int) -> None:
    sql = f"-- é😀\n{GIVEN}{statement}"
    findings = check_texts(no_default_operator_class, sql)
    assert len(findings) == found
    text = sql.encode()
    for finding in findings:
        at = text[finding.span.start :]
        assert at.startswith((b"CREATE INDEX", b"UNIQUE"))
