"""The hazards that public linters for PostgreSQL know of, by chapter, and the rule of ours that speaks of each.

Every row has a small example, which tests/rules/test_catalogue.py tries. `docs/hazards-coverage.md` is generated from
this table. The names in the first column are those under which the hazard is commonly discussed; where our rule has
another name, it says the same of more cases, or of fewer.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """A hazard, and what is said of an example of it."""

    hazard: str
    rules: str
    """Names of the rules that must speak, separated by blanks; empty where silence, or another command, is the answer."""
    given: str = ""
    change: str | Mapping[str, str] = ""
    note: str = ""
    config: str = ""


T = "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, c varchar(20), n numeric(10,2), ts timestamp);\n"
U = T + "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);\n"
FK = T + "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint CONSTRAINT u_t REFERENCES t);\n"
P = (
    "CREATE TABLE p (id bigint NOT NULL, d date NOT NULL) PARTITION BY RANGE (d);\n"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n"
)
PD = P + "CREATE TABLE pd PARTITION OF p DEFAULT;\nCREATE TABLE p2 (id bigint NOT NULL, d date NOT NULL);\n"
MV = T + "CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t;\n"
MVU = MV + "CREATE UNIQUE INDEX mv_id ON mv (id);\n"
DOM = (
    T
    + "CREATE DOMAIN positive AS int CHECK (VALUE > 0);\nCREATE TABLE d (id bigint PRIMARY KEY, p positive);\n"
)
ENUM = "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE e (id bigint PRIMARY KEY, m mood);\n"
VIEW = T + "CREATE VIEW v AS SELECT id, a FROM t;\n"
BODY = (
    T + "CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT sum(a) FROM t); END';\n"
)
FILE = "migrations: {roots: [m], transaction: file}"
NONE = "migrations: {roots: [m], transaction: none}"
LIVE = "needs live data"
OTHER = "not a matter of rules: "

CATALOGUE: dict[str, tuple[Row, ...]] = {
    "Table rewrites and long ACCESS EXCLUSIVE locks": (
        Row(
            "add-column-volatile-default",
            "add-column-volatile-default",
            T,
            "ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid();",
        ),
        Row(
            "add-column-volatile-default-hidden",
            "add-column-volatile-default",
            T,
            "ALTER TABLE t ADD x uuid[] DEFAULT ARRAY[gen_random_uuid()];",
        ),
        Row("add-column-serial", "add-column-serial", T, "ALTER TABLE t ADD x bigserial;"),
        Row(
            "add-column-identity",
            "add-column-identity",
            T,
            "ALTER TABLE t ADD x bigint GENERATED ALWAYS AS IDENTITY;",
        ),
        Row(
            "add-column-stored-generated",
            "add-column-stored-generated",
            T,
            "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED;",
        ),
        Row(
            "add-column-constrained-domain",
            "add-column-constrained-domain",
            DOM,
            "ALTER TABLE t ADD x positive;",
        ),
        Row(
            "change-column-type-rewrite",
            "change-column-type-rewrite",
            T,
            "ALTER TABLE t ALTER a TYPE bigint;",
        ),
        Row(
            "change-column-type-widening",
            "",
            T,
            "ALTER TABLE t ALTER c TYPE varchar(50);",
            "no work for PostgreSQL: silence is the answer",
        ),
        Row(
            "change-column-type-timezone-dependent",
            "change-column-type-rewrite",
            T,
            "ALTER TABLE t ALTER ts TYPE timestamptz;",
            "silent after SET timezone = 'UTC'",
        ),
        Row(
            "change-column-type-narrowing",
            "change-column-type-narrowing",
            T,
            "ALTER TABLE t ALTER b TYPE varchar(10);",
        ),
        Row(
            "change-column-type-with-using",
            "change-column-type-rewrite",
            T,
            "ALTER TABLE t ALTER b TYPE int USING b::int;",
        ),
        Row(
            "change-column-type-indexed",
            "change-column-type-indexed",
            T + "CREATE INDEX t_c ON t (c);\n",
            'ALTER TABLE t ALTER c TYPE varchar(20) COLLATE "C";',
        ),
        Row(
            "change-column-type-rechecks-constraints",
            "change-column-type-rechecks-constraints",
            T + "ALTER TABLE t ADD CONSTRAINT short CHECK (c <> '');\n",
            "ALTER TABLE t ALTER c TYPE varchar(50);",
        ),
        Row(
            "change-column-collation",
            "change-column-collation",
            T,
            'ALTER TABLE t ALTER b TYPE text COLLATE "C";',
            "preset strict; with an index: change-column-type-indexed",
        ),
        Row(
            "alter-generated-expression",
            "alter-generated-expression",
            T + "CREATE TABLE g (a int, b int GENERATED ALWAYS AS (a + 1) STORED);\n",
            "ALTER TABLE g ALTER b SET EXPRESSION AS (a + 2);",
            config="postgres: 17",
        ),
        Row("set-logged-unlogged", "set-logged-unlogged", T, "ALTER TABLE t SET UNLOGGED;"),
        Row("set-access-method", "set-access-method", T, "ALTER TABLE t SET ACCESS METHOD columnar;"),
        Row("set-tablespace", "set-tablespace", T, "ALTER TABLE t SET TABLESPACE fast;"),
        Row("vacuum-full", "vacuum-full", T, "VACUUM FULL t;"),
        Row("cluster-table", "cluster-table", T, "CLUSTER t USING t_pkey;"),
        Row(
            "refresh-matview-non-concurrent",
            "refresh-matview-non-concurrent",
            MVU,
            "REFRESH MATERIALIZED VIEW mv;",
        ),
        Row(
            "refresh-matview-concurrently-lock",
            "refresh-matview-concurrently-lock",
            MVU,
            "REFRESH MATERIALIZED VIEW CONCURRENTLY mv;",
            "preset all",
        ),
        Row(
            "refresh-matview-concurrently-without-unique-index",
            "refresh-matview-concurrently-without-unique-index",
            MV,
            "REFRESH MATERIALIZED VIEW CONCURRENTLY mv;",
        ),
        Row("explicit-lock-table", "explicit-lock-table", T, "BEGIN; LOCK TABLE t; COMMIT;"),
        Row("create-rule", "create-rule", U, "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;"),
        Row("rls-toggle-lock", "row-security-switched", T, "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"),
        Row(
            "statement-after-access-exclusive",
            "statement-after-access-exclusive",
            U,
            "BEGIN; ALTER TABLE t ADD x int; UPDATE u SET t_id = 1 WHERE t_id = 2; COMMIT;",
        ),
        Row(
            "statement-after-write-blocking-lock",
            "statement-after-write-blocking-lock",
            U,
            "BEGIN; CREATE INDEX t_a ON t (a); UPDATE u SET t_id = 1 WHERE t_id = 2; COMMIT;",
        ),
        Row(
            "wide-lock-window",
            "wide-lock-window",
            U + "CREATE TABLE w (id bigint PRIMARY KEY);\n",
            "BEGIN; ALTER TABLE t ADD x int; ALTER TABLE u ADD x int; ALTER TABLE w ADD x int; COMMIT;",
        ),
        Row(
            "lock-order-inversion",
            "lock-order-inversion",
            U,
            {
                "m/1.sql": "BEGIN; ALTER TABLE t ADD x int; ALTER TABLE u ADD x int; COMMIT;",
                "m/2.sql": "BEGIN; ALTER TABLE u ADD y int; ALTER TABLE t ADD y int; COMMIT;",
            },
        ),
        Row(
            "cumulative-lock-budget",
            "cumulative-lock-budget",
            T,
            "CREATE INDEX t_a ON t (a);\nCREATE INDEX t_b ON t (b);",
            "with the snapshot or declared sizes; without them hot-table-multi-touch counts",
            "lint: {rules: {cumulative-lock-budget: {options: {gigabytes: {'*': 100}}}}}",
        ),
        Row(
            "multiple-alter-table-same-table",
            "multiple-alter-table-same-table",
            T,
            "ALTER TABLE t ALTER a TYPE bigint; ALTER TABLE t ALTER n TYPE text;",
        ),
        Row(
            "ddl-on-hot-or-large-table",
            "ddl-on-large-table",
            T,
            "ALTER TABLE t ADD x int;",
            "with the snapshot or declared tables",
            "lint: {rules: {ddl-on-large-table: {options: {tables: ['*']}}}}",
        ),
        Row(
            "create-trigger-lock",
            "create-trigger-lock",
            T + "CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n",
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tg();",
        ),
        Row(
            "drop-trigger-lock",
            "drop-trigger-or-policy",
            T
            + "CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tg();\n",
            "DROP TRIGGER tr ON t;",
        ),
        Row("enable-disable-trigger", "disable-trigger", T, "ALTER TABLE t DISABLE TRIGGER ALL;"),
        Row("drop-table-locks-referenced", "drop-table-locks-referenced", FK, "DROP TABLE u;"),
        Row(
            "rewrite-disk-headroom",
            "rewrite-disk-headroom",
            T,
            "ALTER TABLE t ALTER a TYPE bigint;",
            "with the snapshot or declared sizes",
            "lint: {rules: {rewrite-disk-headroom: {options: {gigabytes: {'*': 100}}}}}",
        ),
    ),
    "Blocking scans and constraint validation": (
        Row(
            "add-foreign-key-without-not-valid",
            "add-foreign-key-without-not-valid",
            U,
            "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t;",
        ),
        Row(
            "add-foreign-key-locks-referenced",
            "add-foreign-key-locks-referenced",
            T,
            "CREATE TABLE n (id int PRIMARY KEY, t_id bigint REFERENCES t);",
        ),
        Row(
            "add-column-inline-references",
            "add-column-inline-references",
            U,
            "ALTER TABLE u ADD x bigint DEFAULT 1 REFERENCES t;",
        ),
        Row(
            "add-check-without-not-valid",
            "add-check-without-not-valid",
            T,
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);",
        ),
        Row(
            "add-column-inline-check", "add-column-inline-check", T, "ALTER TABLE t ADD x int CHECK (x > 0);"
        ),
        Row("set-not-null", "set-not-null", T, "ALTER TABLE t ALTER a SET NOT NULL;"),
        Row(
            "set-not-null-unproven",
            "set-not-null",
            T + "ALTER TABLE t ADD CONSTRAINT k CHECK (n > 0) NOT VALID;\n",
            "ALTER TABLE t VALIDATE CONSTRAINT k;\nALTER TABLE t ALTER a SET NOT NULL;",
        ),
        Row(
            "prefer-not-null-not-valid",
            "prefer-not-null-not-valid",
            T,
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID;",
            "preset strict; set-not-null advises it, too",
            "postgres: 18",
        ),
        Row(
            "add-column-not-null-without-default",
            "add-column-not-null-without-default",
            T,
            "ALTER TABLE t ADD x int NOT NULL;",
        ),
        Row(
            "add-unique-constraint", "add-unique-constraint", T, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);"
        ),
        Row("add-column-inline-unique", "add-column-inline-unique", T, "ALTER TABLE t ADD x int UNIQUE;"),
        Row(
            "add-primary-key-without-index",
            "add-primary-key-without-index",
            "CREATE TABLE w (id bigint NOT NULL);\n",
            "ALTER TABLE w ADD PRIMARY KEY (id);",
        ),
        Row(
            "primary-key-using-index-nullable",
            "primary-key-using-index-nullable",
            "CREATE TABLE w (id bigint);\nCREATE UNIQUE INDEX w_id ON w (id);\n",
            "ALTER TABLE w ADD PRIMARY KEY USING INDEX w_id;",
        ),
        Row(
            "add-exclusion-constraint",
            "add-exclusion-constraint",
            "CREATE TABLE w (id bigint PRIMARY KEY, r tsrange);\n",
            "ALTER TABLE w ADD EXCLUDE USING gist (r WITH &&);",
        ),
        Row(
            "validate-constraint-in-same-transaction",
            "validate-constraint-in-same-transaction",
            T,
            "BEGIN; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k; COMMIT;",
        ),
        Row(
            "validate-while-holding-lock",
            "validate-while-holding-lock",
            T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;\n",
            "BEGIN; ALTER TABLE t ADD x int; ALTER TABLE t VALIDATE CONSTRAINT k; COMMIT;",
        ),
        Row(
            "not-valid-never-validated",
            "not-valid-never-validated",
            "",
            T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;",
        ),
        Row(
            "invalid-not-valid-target",
            "syntax-error",
            P + T,
            "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) NOT VALID;",
            "the grammar refuses it; a foreign key NOT VALID on a partitioned table before 18 is statement-refused",
        ),
        Row(
            "domain-add-constraint",
            "domain-add-constraint",
            DOM,
            "ALTER DOMAIN positive ADD CONSTRAINT k CHECK (VALUE < 9);",
        ),
        Row("domain-set-not-null", "domain-set-not-null", DOM, "ALTER DOMAIN positive SET NOT NULL;"),
        Row(
            "create-domain-with-constraint",
            "domain-with-constraint",
            "",
            "CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);",
            "preset all",
        ),
        Row(
            "attach-partition-without-check",
            "attach-partition-without-check",
            P + "CREATE TABLE p2 (id bigint NOT NULL, d date NOT NULL);\n",
            "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        ),
        Row(
            "default-partition-scan",
            "default-partition-scan",
            PD,
            "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        ),
        Row(
            "detach-partition-non-concurrent",
            "detach-partition-non-concurrent",
            P,
            "ALTER TABLE p DETACH PARTITION p1;",
        ),
        Row(
            "create-partition-of-lock",
            "create-partition-of-lock",
            P,
            "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        ),
        Row(
            "ban-not-enforced-constraint",
            "constraint-not-enforced",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, a int CHECK (a > 0) NOT ENFORCED);",
            config="postgres: 18",
        ),
        Row(
            "volatile-check-constraint",
            "non-immutable-check",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, ts timestamptz CHECK (ts > now()));",
            "preset strict",
        ),
    ),
    "Indexes": (
        Row("create-index-non-concurrent", "create-index-non-concurrent", T, "CREATE INDEX t_a ON t (a);"),
        Row(
            "drop-index-non-concurrent",
            "drop-index-non-concurrent",
            T + "CREATE INDEX t_a ON t (a);\n",
            "DROP INDEX t_a;",
        ),
        Row("reindex-non-concurrent", "reindex-non-concurrent", T, "REINDEX TABLE t;"),
        Row(
            "concurrent-index-on-partitioned",
            "concurrent-index-on-partitioned",
            P,
            "CREATE INDEX CONCURRENTLY p_id ON p (id);",
        ),
        Row(
            "partitioned-index-fanout", "partitioned-index-non-concurrent", P, "CREATE INDEX p_id ON p (id);"
        ),
        Row(
            "invalid-index-retry",
            "invalid-index-retry",
            T,
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);",
        ),
        Row("require-index-name", "require-index-name", "", T + "CREATE INDEX ON t (a);", "preset all; fix"),
        Row(
            "duplicate-index",
            "duplicate-index",
            "",
            T + "CREATE INDEX t_a ON t (a);\nCREATE INDEX t_a2 ON t (a);",
        ),
        Row(
            "redundant-index-prefix",
            "redundant-index-prefix",
            "",
            T + "CREATE INDEX t_a ON t (a);\nCREATE INDEX t_ab ON t (a, b);",
        ),
        Row(
            "index-duplicates-constraint",
            "index-duplicates-constraint",
            "",
            T + "CREATE INDEX t_id ON t (id);",
        ),
        Row("duplicate-index-column", "duplicate-index-column", "", T + "CREATE INDEX t_aa ON t (a, a);"),
        Row(
            "too-many-index-columns",
            "too-many-index-columns",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, a int, b int, c int, d int, e int, f int);\nCREATE INDEX w_all ON w (a, b, c, d, e, f);",
        ),
        Row(
            "too-many-indexes",
            "too-many-indexes",
            "",
            T + "CREATE INDEX t_a ON t (a);\nCREATE INDEX t_b ON t (b);",
            "preset all",
            "lint: {rules: {too-many-indexes: {options: {max: 2}}}}",
        ),
        Row("drop-index-backing-constraint", "statement-refused", T, "DROP INDEX t_pkey;"),
        Row(
            "drop-index-used-by-fk",
            "drop-index-under-foreign-key",
            FK + "CREATE INDEX u_t_id ON u (t_id);\n",
            "DROP INDEX CONCURRENTLY u_t_id;",
        ),
        Row(
            "drop-index-used-by-replica-identity",
            "replica-identity-lost",
            "CREATE TABLE w (id bigint NOT NULL);\nCREATE UNIQUE INDEX w_id ON w (id);\nALTER TABLE w REPLICA IDENTITY USING INDEX w_id;\nCREATE PUBLICATION pub FOR TABLE w;\n",
            "DROP INDEX w_id;",
        ),
        Row(
            "gin-on-jsonb",
            "btree-on-array-or-jsonb",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, j jsonb);\nCREATE INDEX w_j ON w (j);",
            "fastupdate is tuning, and a matter of live data",
        ),
        Row(
            "index-on-boolean",
            "index-on-boolean",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, done boolean);\nCREATE INDEX w_done ON w (done);",
            "the order of columns in an index and the use of a predicate need live data",
        ),
        Row(
            "spatial-column-without-index",
            "spatial-column-without-index",
            "",
            "CREATE EXTENSION postgis;\nCREATE TABLE w (id int PRIMARY KEY, g geometry);",
            "preset strict",
        ),
        Row(
            "vector-index-params",
            "vector-index-parameters",
            "",
            "CREATE EXTENSION vector;\nCREATE TABLE w (id int PRIMARY KEY, v vector(3));\nCREATE INDEX w_v ON w USING hnsw (v vector_l2_ops);",
            "preset strict",
        ),
        Row(
            "non-immutable-index-expression",
            "non-immutable-index-expression",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, ts timestamptz);\nCREATE INDEX w_ts ON w ((now() - ts));",
        ),
        Row(
            "on-conflict-without-unique",
            "on-conflict-without-unique",
            "",
            T + "INSERT INTO t (id, a) VALUES (1, 1) ON CONFLICT (a) DO NOTHING;",
        ),
        Row(
            "index-corruption-version",
            "index-corruption-version",
            T,
            "CREATE INDEX CONCURRENTLY t_a ON t (a);",
            "with the snapshot or a declared version",
            "lint: {rules: {index-corruption-version: {options: {server: '14.2'}}}}",
        ),
        Row("unused-index", "", note=LIVE),
    ),
    "Foreign keys and keys": (
        Row("foreign-key-without-index", "foreign-key-without-index", "", FK),
        Row(
            "foreign-key-type-mismatch",
            "foreign-key-type-mismatch",
            "",
            T + "CREATE TABLE w (id int PRIMARY KEY, t_id text REFERENCES t);",
            "int to bigint: foreign-key-type-differs",
        ),
        Row(
            "foreign-key-target-missing",
            "missing-object",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, x int REFERENCES nope (id));",
        ),
        Row(
            "foreign-key-target-not-unique",
            "foreign-key-target-not-unique",
            "",
            T + "CREATE TABLE w (id int PRIMARY KEY, x int REFERENCES t (a));",
        ),
        Row(
            "foreign-key-cycle",
            "foreign-key-cycle",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, x_id int NOT NULL);\nCREATE TABLE x (id int PRIMARY KEY, w_id int NOT NULL REFERENCES w);\nALTER TABLE w ADD FOREIGN KEY (x_id) REFERENCES x;",
        ),
        Row(
            "duplicate-foreign-key",
            "duplicate-foreign-key",
            "",
            FK + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        ),
        Row("foreign-key-nullable", "foreign-key-nullable", "", FK, "preset all"),
        Row(
            "composite-fk-match-simple-null",
            "composite-foreign-key-partially-null",
            "",
            "CREATE TABLE w (x int, y int, PRIMARY KEY (x, y));\nCREATE TABLE z (id int PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES w);",
        ),
        Row(
            "on-delete-cascade",
            "on-delete-cascade",
            "",
            T + "CREATE TABLE w (id int PRIMARY KEY, t_id bigint REFERENCES t ON DELETE CASCADE);",
            "preset all",
        ),
        Row(
            "on-update-cascade",
            "on-update-cascade",
            "",
            T + "CREATE TABLE w (id int PRIMARY KEY, t_id bigint REFERENCES t ON UPDATE CASCADE);",
            "preset all; fix",
        ),
        Row("require-explicit-on-delete", "require-explicit-on-delete", "", FK, "preset all; fix"),
        Row("require-deferrable-fk", "require-deferrable-foreign-key", "", FK, "preset all; fix"),
        Row(
            "set-null-on-not-null-column",
            "set-null-on-not-null-column",
            "",
            T + "CREATE TABLE w (id int PRIMARY KEY, t_id bigint NOT NULL REFERENCES t ON DELETE SET NULL);",
        ),
        Row(
            "cross-schema-foreign-key",
            "cross-schema-foreign-key",
            "",
            "CREATE SCHEMA s;\nCREATE TABLE s.w (id int PRIMARY KEY);\nCREATE TABLE z (id int PRIMARY KEY, w_id int REFERENCES s.w);",
            "preset all",
        ),
        Row(
            "foreign-key-nondeterministic-collation",
            "foreign-key-nondeterministic-collation",
            "",
            "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);\nCREATE TABLE w (c text COLLATE ci PRIMARY KEY);\nCREATE TABLE z (id int PRIMARY KEY, c text COLLATE ci REFERENCES w);",
            "preset strict",
        ),
        Row("missing-primary-key", "missing-primary-key", "", "CREATE TABLE w (a int);"),
        Row(
            "duplicate-key-column", "duplicate-key-column", "", "CREATE TABLE w (a int, PRIMARY KEY (a, a));"
        ),
        Row(
            "multiple-primary-keys",
            "multiple-primary-keys",
            "",
            "CREATE TABLE w (a int PRIMARY KEY, b int PRIMARY KEY);",
        ),
        Row(
            "composite-pk-too-wide",
            "composite-primary-key-too-wide",
            "",
            "CREATE TABLE w (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d, e));",
            "preset all",
        ),
        Row(
            "partition-key-not-in-pk",
            "partition-key-not-in-primary-key",
            "",
            "CREATE TABLE w (id bigint PRIMARY KEY, d date) PARTITION BY RANGE (d);",
        ),
        Row(
            "pk-type-policy",
            "primary-key-type",
            "",
            "CREATE TABLE w (code varchar(3) PRIMARY KEY);",
            "preset all; prefer-bigint-primary-key in preset strict",
        ),
        Row("pk-named-id", "", note="`lint.custom` says such conventions without Python"),
        Row(
            "sequence-overflow-risk",
            "sequence-overflow-risk",
            "",
            "CREATE TABLE w (id serial PRIMARY KEY);\nALTER TABLE w ALTER id TYPE bigint;",
            "how near the end a sequence is needs live data",
        ),
        Row(
            "drop-primary-key-breaks-replica-identity",
            "replica-identity-lost",
            T + "CREATE PUBLICATION pub FOR TABLE t;\n",
            "ALTER TABLE t DROP CONSTRAINT t_pkey;",
        ),
    ),
    "Destructive changes and loss of data": (
        Row("drop-table", "drop-table", T, "DROP TABLE t;"),
        Row("drop-column", "drop-column", T, "ALTER TABLE t DROP COLUMN a;"),
        Row(
            "drop-schema",
            "drop-schema",
            "CREATE SCHEMA s;\nCREATE TABLE s.w (id int PRIMARY KEY);\n",
            "DROP SCHEMA s CASCADE;",
        ),
        Row("drop-database", "drop-database", "", "DROP DATABASE d;"),
        Row("drop-cascade", "drop-cascade", VIEW, "DROP TABLE t CASCADE;"),
        Row("drop-type", "drop-object", "CREATE TYPE mood AS ENUM ('ok');\n", "DROP TYPE mood;"),
        Row("drop-domain", "drop-object", "CREATE DOMAIN m AS int;\n", "DROP DOMAIN m;"),
        Row("drop-sequence", "drop-object", "CREATE SEQUENCE s;\n", "DROP SEQUENCE s;"),
        Row("drop-extension", "drop-object", "CREATE EXTENSION pgcrypto;\n", "DROP EXTENSION pgcrypto;"),
        Row("drop-tablespace", "drop-database", "", "DROP TABLESPACE fast;"),
        Row("truncate", "truncate", T, "TRUNCATE t;"),
        Row("truncate-cascade", "truncate", FK, "TRUNCATE t CASCADE;"),
        Row("delete-without-where", "delete-without-where", T, "DELETE FROM t;"),
        Row("update-without-where", "update-without-where", T, "UPDATE t SET a = 1;"),
        Row("tautological-where", "delete-without-where", T, "DELETE FROM t WHERE 1 = 1;"),
        Row(
            "unbatched-backfill",
            "unbatched-backfill",
            T,
            "ALTER TABLE t ADD x int;\nUPDATE t SET x = a WHERE x IS NULL;",
            "how many rows any other condition leaves needs live data",
        ),
        Row(
            "backfill-without-analyze",
            "backfill-without-analyze",
            T,
            "ALTER TABLE t ADD x int;\nUPDATE t SET x = a;",
            "preset all; fix",
        ),
        Row(
            "dml-in-schema-migration",
            "dml-in-schema-migration",
            T,
            "ALTER TABLE t ADD x int;\nUPDATE t SET x = a WHERE id = 1;",
            "preset all",
        ),
        Row(
            "sequence-not-reset-after-data-load",
            "sequence-not-reset-after-data-load",
            "",
            "CREATE TABLE w (id serial PRIMARY KEY, a text);\nINSERT INTO w (id, a) VALUES (1, 'x');",
        ),
        Row(
            "add-unique-may-fail-on-data",
            "constraint-may-fail-on-data",
            T,
            "CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);",
            "preset strict; names the query that tells",
        ),
        Row(
            "drop-constraint",
            "drop-constraint",
            T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);\n",
            "ALTER TABLE t DROP CONSTRAINT k;",
        ),
        Row(
            "drop-not-null",
            "drop-not-null",
            "CREATE TABLE w (id int PRIMARY KEY, a int NOT NULL);\n",
            "ALTER TABLE w ALTER a DROP NOT NULL;",
        ),
        Row(
            "drop-default",
            "drop-default",
            "CREATE TABLE w (id int PRIMARY KEY, a int NOT NULL DEFAULT 1);\n",
            "ALTER TABLE w ALTER a DROP DEFAULT;",
        ),
        Row(
            "drop-index-removes-guarantee",
            "drop-index-removes-guarantee",
            T + "CREATE UNIQUE INDEX t_a ON t (a);\n",
            "DROP INDEX CONCURRENTLY t_a;",
        ),
        Row(
            "drop-policy",
            "drop-trigger-or-policy",
            T + "CREATE POLICY own ON t USING (a = 1);\n",
            "DROP POLICY own ON t;",
        ),
        Row("disable-autovacuum", "disable-autovacuum", T, "ALTER TABLE t SET (autovacuum_enabled = false);"),
        Row(
            "drop-view-with-dependents",
            "statement-refused",
            VIEW + "CREATE VIEW v2 AS SELECT id FROM v;\n",
            "DROP VIEW v;",
            "with CASCADE: drop-cascade, which names them",
        ),
        Row("irreversible-migration", "", note="`confiture-lint risk` says how a migration is taken back"),
    ),
    "Backward compatibility (two versions of the application live)": (
        Row("rename-column", "rename-column", T, "ALTER TABLE t RENAME a TO z;"),
        Row("rename-table", "rename-table", T, "ALTER TABLE t RENAME TO z;"),
        Row(
            "rename-schema",
            "rename-schema",
            "CREATE SCHEMA s;\nCREATE TABLE s.w (id int PRIMARY KEY);\n",
            "ALTER SCHEMA s RENAME TO z;",
        ),
        Row(
            "rename-object (view, function, type, index)",
            "rename-table",
            VIEW,
            "ALTER VIEW v RENAME TO z;",
            "functions, types, attributes: rename-object; ALTER INDEX … RENAME is harmless, and silent",
        ),
        Row("rename-enum-value", "rename-enum-value", ENUM, "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';"),
        Row("set-schema", "set-schema", T + "CREATE SCHEMA s;\n", "ALTER TABLE t SET SCHEMA s;"),
        Row(
            "enum-value-removal",
            "enum-value-removal",
            ENUM,
            "CREATE TYPE m2 AS ENUM ('ok');\nALTER TABLE e ALTER m TYPE m2 USING m::text::m2;",
        ),
        Row(
            "enum-value-removal (pg_enum)",
            "enum-value-removal",
            ENUM,
            "DELETE FROM pg_enum WHERE enumlabel = 'sad';",
        ),
        Row(
            "set-default-change",
            "set-default-change",
            "CREATE TABLE w (id int PRIMARY KEY, a int DEFAULT 1);\n",
            "ALTER TABLE w ALTER a SET DEFAULT 2;",
            "preset strict",
        ),
        Row(
            "new-write-restriction",
            "new-write-restriction",
            T,
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;",
            "preset strict",
        ),
        Row(
            "add-column-breaks-positional-or-star",
            "add-column-breaks-star",
            U
            + "CREATE TABLE l (id bigint, t_id bigint);\nCREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'INSERT INTO l SELECT * FROM u';\n",
            "ALTER TABLE u ADD x int;",
            "INSERT … VALUES without columns goes on to work in PostgreSQL: insert-without-column-list",
        ),
        Row(
            "alter-identity",
            "alter-identity",
            "CREATE TABLE w (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);\n",
            "ALTER TABLE w ALTER id SET GENERATED ALWAYS;",
        ),
        Row(
            "drop-generated-expression",
            "drop-generated-expression",
            "CREATE TABLE g (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED);\n",
            "ALTER TABLE g ALTER b DROP EXPRESSION;",
        ),
        Row(
            "enum-add-value-visible-to-old-code",
            "enum-value-added",
            ENUM,
            "ALTER TYPE mood ADD VALUE 'happy';",
            "preset all",
        ),
        Row(
            "composite-type-add-attribute",
            "composite-type-changed",
            "CREATE TYPE ct AS (a int);\nCREATE TABLE w (id int PRIMARY KEY, c ct);\n",
            "ALTER TYPE ct ADD ATTRIBUTE b int;",
            "preset strict",
        ),
        Row(
            "replace-view-incompatible",
            "statement-refused",
            VIEW,
            "CREATE OR REPLACE VIEW v AS SELECT id FROM t;",
        ),
        Row(
            "replace-function-signature-change",
            "replace-function-signature-change",
            "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
            "CREATE OR REPLACE FUNCTION g(x int, y int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ),
        Row(
            "replace-function-return-type",
            "statement-refused",
            "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
            "CREATE OR REPLACE FUNCTION g(x int) RETURNS text LANGUAGE sql AS $$SELECT 'a'$$;",
        ),
        Row(
            "function-volatility-change",
            "function-volatility-change",
            "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';\nCREATE TABLE w (id int PRIMARY KEY);\nCREATE INDEX w_g ON w (g(id));\n",
            "CREATE OR REPLACE FUNCTION g(x int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';",
        ),
        Row(
            "function-property-lost-on-replace",
            "function-property-lost-on-replace",
            "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n",
            "CREATE OR REPLACE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ),
        Row(
            "grants-lost-on-drop-recreate",
            "grants-lost-on-drop-recreate",
            VIEW + "GRANT SELECT ON v TO app;\n",
            "DROP VIEW v;\nCREATE VIEW v AS SELECT id FROM t;",
        ),
        Row("change-column-used-by-view", "statement-refused", VIEW, "ALTER TABLE t ALTER a TYPE bigint;"),
        Row(
            "change-column-used-by-plpgsql",
            "change-breaks-function-body",
            BODY,
            "ALTER TABLE t RENAME a TO z;",
        ),
        Row(
            "forward-compat-replica",
            "",
            note="the sum of this chapter: `confiture-lint risk`, axis compatibility",
        ),
        Row(
            "drop-then-recreate",
            "",
            VIEW,
            "DROP VIEW v;\nCREATE VIEW v AS SELECT id, a FROM t;",
            "no removal: silence is the answer",
        ),
    ),
    "Transactions and statements that need none": (
        Row(
            "concurrently-in-transaction",
            "concurrently-in-transaction",
            T,
            "BEGIN; CREATE INDEX CONCURRENTLY t_a ON t (a); COMMIT;",
        ),
        Row(
            "non-transactional-statement-in-transaction",
            "non-transactional-statement-in-transaction",
            T,
            "BEGIN; VACUUM t; COMMIT;",
        ),
        Row(
            "mixed-transactional-modes-in-file",
            "mixed-transactional-modes-in-file",
            T,
            "ALTER TABLE t ADD x int;\nCREATE INDEX CONCURRENTLY t_a ON t (a);",
            "preset strict",
            NONE,
        ),
        Row(
            "enum-value-used-in-same-transaction",
            "enum-value-used-in-same-transaction",
            ENUM,
            "BEGIN; ALTER TYPE mood ADD VALUE 'happy'; UPDATE e SET m = 'happy' WHERE id = 1; COMMIT;",
        ),
        Row(
            "transaction-nesting",
            "transaction-nesting",
            T,
            "BEGIN;\nALTER TABLE t ADD x int;\nCOMMIT;",
            config=FILE,
        ),
        Row(
            "uncommitted-transaction",
            "uncommitted-transaction",
            T,
            "BEGIN;\nALTER TABLE t ADD x int;",
            config=NONE,
        ),
        Row(
            "missing-transaction",
            "missing-transaction",
            T,
            "ALTER TABLE t ADD x int;\nALTER TABLE t ADD y int;",
            "preset strict; fix",
            NONE,
        ),
        Row(
            "commit-in-do-or-function",
            "commit-in-transaction",
            T,
            "BEGIN; DO $$ BEGIN UPDATE t SET a = 1 WHERE id = 1; COMMIT; END $$; COMMIT;",
        ),
        Row("savepoint-heavy", "", note="needs live data: how often a loop runs"),
        Row(
            "set-role-without-reset",
            "set-role-without-reset",
            T,
            "SET ROLE app_owner;\nALTER TABLE t ADD x int;",
        ),
        Row(
            "deferred-constraint-side-effect",
            "deferred-constraint-side-effect",
            T + "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint REFERENCES t DEFERRABLE);\n",
            "BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO u VALUES (1, 1); ALTER TABLE u ADD x int; COMMIT;",
            "fix",
        ),
        Row(
            "pending-trigger-events",
            "pending-trigger-events",
            T
            + "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint REFERENCES t DEFERRABLE INITIALLY DEFERRED);\n",
            "BEGIN; INSERT INTO u VALUES (1, 1); ALTER TABLE u ADD x int; COMMIT;",
        ),
    ),
    "Timeouts and settings of the session": (
        Row(
            "require-lock-timeout",
            "require-lock-timeout",
            T,
            "ALTER TABLE t ADD x int;",
            "preset strict; fix",
        ),
        Row(
            "require-statement-timeout",
            "require-statement-timeout",
            T,
            "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);",
            "preset strict; fix",
        ),
        Row(
            "require-idle-in-transaction-timeout",
            "require-idle-in-transaction-timeout",
            T,
            "BEGIN; ALTER TABLE t ADD x int; COMMIT;",
            "preset all; fix",
        ),
        Row(
            "lock-timeout-ineffective",
            "lock-timeout-ineffective",
            T,
            "SET lock_timeout = 0;\nALTER TABLE t ADD x int;",
        ),
        Row("timeout-too-long", "timeout-too-long", T, "SET lock_timeout = '1h';\nALTER TABLE t ADD x int;"),
        Row(
            "statement-timeout-kills-concurrent-build",
            "statement-timeout-kills-concurrent-build",
            T,
            "SET statement_timeout = '5s';\nCREATE INDEX CONCURRENTLY t_a ON t (a);",
        ),
        Row(
            "missing-application-name",
            "missing-application-name",
            T,
            "ALTER TABLE t ADD x int;",
            "preset all; fix",
        ),
        Row(
            "set-without-local",
            "set-without-local",
            T,
            "SET work_mem = '1GB';\nALTER TABLE t ADD x int;",
            "preset strict; fix",
            FILE,
        ),
        Row(
            "search-path-set-in-migration",
            "search-path-set-in-migration",
            T,
            "SET search_path = app;\nALTER TABLE public.t ADD x int;",
            "preset strict",
        ),
        Row(
            "check-function-bodies-off",
            "check-function-bodies-off",
            T,
            "SET check_function_bodies = off;\nCREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ),
        Row(
            "session-replication-role",
            "session-replication-role",
            T,
            "SET session_replication_role = replica;\nUPDATE t SET a = 1 WHERE id = 1;",
        ),
        Row(
            "pgbouncer-unsafe", "pooler-unsafe-session-state", T, "SELECT pg_advisory_lock(1);", "preset all"
        ),
    ),
    "Syntax and versions": (
        Row("syntax-error", "syntax-error", "", "SELEC 1;"),
        Row(
            "feature-newer-than-target",
            "feature-newer-than-target",
            "",
            "CREATE TABLE w (id int PRIMARY KEY, a int UNIQUE NULLS NOT DISTINCT);",
            config="postgres: 14",
        ),
        Row(
            "feature-removed (settings, extensions)",
            "feature-removed",
            "",
            "SET force_parallel_mode = off;",
            config="postgres: 16",
        ),
        Row(
            "feature-removed (functions)",
            "missing-object",
            "",
            "CREATE VIEW v AS SELECT pg_start_backup('x');",
            config="postgres: 16",
        ),
        Row(
            "feature-removed (types)", "missing-object", "", "CREATE TABLE w (id int PRIMARY KEY, a abstime);"
        ),
        Row(
            "server-default-change (17: search_path of maintenance)",
            "search-path-in-maintenance",
            "",
            "CREATE TABLE l (k text PRIMARY KEY);\nCREATE FUNCTION f(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN (SELECT max(k) FROM l); END';\nCREATE TABLE w (id int PRIMARY KEY, a text);\nCREATE INDEX w_a ON w (f(a));",
        ),
        Row(
            "server-default-change (15: CREATE on public)",
            "public-schema-create",
            "",
            "GRANT CREATE ON SCHEMA public TO PUBLIC;",
            "what the older default grants shows in no file",
        ),
        Row("unanalyzable-statement-report", "", note="every report ends with what was not analysed"),
        Row("keyword case, commas, casts, line length", "", note=OTHER + "a formatter's work"),
        Row(
            "timescale, citus, partman aware DDL",
            "",
            note=OTHER + "what an extension's functions do is its own",
        ),
    ),
}
