"""Small changes, harmful and harmless in pairs: what is said of each, and what PostgreSQL does.

`expected` names all findings of the default rules about changes. `rewrites` names the tables that are written anew,
`refused` says that PostgreSQL takes no part of it (with the rows of `given`). Both are asked of a server.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """A change to a schema."""

    name: str
    given: str
    change: str
    expected: str = ""
    rewrites: str = ""
    refused: bool = False
    alone: bool = False
    """Whether its statements run outside a transaction block."""


T = (
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, c varchar(20), n numeric(10,2), ts timestamp(3), "
    "ok boolean NOT NULL DEFAULT false);\nCREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);\n"
)
VOLATILE = (
    "CREATE FUNCTION next_code() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';\n"
    "CREATE FUNCTION fixed_code() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';\n"
)
DOMAINS = (
    "CREATE DOMAIN positive AS int CHECK (VALUE > 0);\nCREATE DOMAIN plain AS int;\n"
    "CREATE DOMAIN required AS int NOT NULL DEFAULT 1;\n"
)
P = (
    "CREATE TABLE p (id bigint NOT NULL, d date NOT NULL) PARTITION BY RANGE (d);\n"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n"
)
VIEW = "CREATE VIEW v AS SELECT id, a FROM t;\n"
ENUM = "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE e (id int PRIMARY KEY, m mood);\n"
LOGIC = (
    "CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT sum(a) FROM t); END';\n"
)

CASES = (
    # -- defaults ----------------------------------------------------------------------------------
    Case("constant default", T, "ALTER TABLE t ADD x int DEFAULT 1;"),
    Case("constant default, not null", T, "ALTER TABLE t ADD x int NOT NULL DEFAULT 1;"),
    Case("stable default", T, "ALTER TABLE t ADD x timestamptz DEFAULT now();"),
    Case(
        "stable default by expression",
        T,
        "ALTER TABLE t ADD x date DEFAULT (now() + interval '1 day')::date;",
    ),
    Case(
        "volatile default",
        T,
        "ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid();",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile in an array",
        T,
        "ALTER TABLE t ADD x uuid[] DEFAULT ARRAY[gen_random_uuid()];",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile in coalesce",
        T,
        "ALTER TABLE t ADD x float8 DEFAULT coalesce(NULL, random());",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile in case",
        T,
        "ALTER TABLE t ADD x float8 DEFAULT CASE WHEN true THEN random() END;",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile behind a cast",
        T,
        "ALTER TABLE t ADD x text DEFAULT random()::text;",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "clock_timestamp",
        T,
        "ALTER TABLE t ADD x timestamptz DEFAULT clock_timestamp();",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile function of the tree",
        T + VOLATILE,
        "ALTER TABLE t ADD x int DEFAULT next_code();",
        "add-column-volatile-default",
        "t",
    ),
    Case("immutable function of the tree", T + VOLATILE, "ALTER TABLE t ADD x int DEFAULT fixed_code();"),
    Case("serial", T, "ALTER TABLE t ADD x bigserial;", "add-column-serial", "t"),
    Case(
        "identity", T, "ALTER TABLE t ADD x bigint GENERATED ALWAYS AS IDENTITY;", "add-column-identity", "t"
    ),
    Case(
        "stored",
        T,
        "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED;",
        "add-column-stored-generated",
        "t",
    ),
    Case(
        "two stored, one finding",
        T,
        "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED, "
        "ADD y int GENERATED ALWAYS AS (a + 2) STORED;",
        "add-column-stored-generated",
        "t",
    ),
    Case(
        "nextval by hand",
        T + "CREATE SEQUENCE s;",
        "ALTER TABLE t ADD x bigint DEFAULT nextval('s');",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "volatile default set later",
        T,
        "ALTER TABLE t ADD x uuid;\nALTER TABLE t ALTER x SET DEFAULT gen_random_uuid();",
    ),
    Case(
        "default of a table of its own",
        "",
        "CREATE TABLE n (id int);\nALTER TABLE n ADD x uuid DEFAULT gen_random_uuid();",
    ),
    Case(
        "temporary table",
        T,
        "CREATE TEMP TABLE n (id int);\nALTER TABLE n ADD x uuid DEFAULT gen_random_uuid();\nDROP TABLE n;",
    ),
    Case(
        "constrained domain",
        T + DOMAINS,
        "ALTER TABLE t ADD x positive;",
        "add-column-constrained-domain",
        "t",
    ),
    Case("plain domain", T + DOMAINS, "ALTER TABLE t ADD x plain;"),
    Case(
        "not null domain", T + DOMAINS, "ALTER TABLE t ADD x required;", "add-column-constrained-domain", "t"
    ),
    Case("array of a constrained domain", T + DOMAINS, "ALTER TABLE t ADD x positive[];"),
    Case(
        "not null without default",
        T,
        "ALTER TABLE t ADD x int NOT NULL;",
        "add-column-not-null-without-default",
    ),
    Case(
        "column that is there",
        T,
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a uuid DEFAULT gen_random_uuid();",
        "if-not-exists-hides-drift",
    ),
    # -- types -------------------------------------------------------------------------------------
    Case("longer varchar", T, "ALTER TABLE t ALTER c TYPE varchar(50);"),
    Case("varchar to text", T, "ALTER TABLE t ALTER c TYPE text;"),
    Case(
        "shorter varchar",
        T,
        "ALTER TABLE t ALTER c TYPE varchar(10);",
        "change-column-type-rewrite change-column-type-narrowing",
        "t",
    ),
    Case(
        "text to varchar",
        T,
        "ALTER TABLE t ALTER b TYPE varchar(10);",
        "change-column-type-rewrite change-column-type-narrowing",
        "t",
    ),
    Case("text to varchar without length", T, "ALTER TABLE t ALTER b TYPE varchar;"),
    Case("int to bigint", T, "ALTER TABLE t ALTER a TYPE bigint;", "change-column-type-rewrite", "t"),
    Case(
        "bigint to int",
        T,
        "ALTER TABLE t ALTER id TYPE int;",
        "change-column-type-rewrite change-column-type-narrowing",
        "t",
    ),
    Case("wider numeric", T, "ALTER TABLE t ALTER n TYPE numeric(14,2);"),
    Case("numeric without bounds", T, "ALTER TABLE t ALTER n TYPE numeric;"),
    Case("other scale", T, "ALTER TABLE t ALTER n TYPE numeric(14,4);", "change-column-type-rewrite", "t"),
    Case("finer timestamp", T, "ALTER TABLE t ALTER ts TYPE timestamp(6);"),
    Case("same type", T, "ALTER TABLE t ALTER a TYPE int;"),
    Case("using the column itself", T, "ALTER TABLE t ALTER c TYPE text USING c;"),
    Case("using a cast that is none", T, "ALTER TABLE t ALTER c TYPE text USING c::text;"),
    Case(
        "using an expression",
        T,
        "ALTER TABLE t ALTER b TYPE text USING lower(b);",
        "change-column-type-rewrite",
        "t",
    ),
    Case("varchar to text, indexed", T + "CREATE INDEX i ON t (c);", "ALTER TABLE t ALTER c TYPE text;"),
    Case(
        "other collation, indexed",
        T + "CREATE INDEX i ON t (b);",
        'ALTER TABLE t ALTER b TYPE text COLLATE "C";',
        "change-column-type-indexed",
    ),
    Case("other collation", T, 'ALTER TABLE t ALTER b TYPE text COLLATE "C";'),
    Case(
        "to a constrained domain",
        T + DOMAINS,
        "ALTER TABLE t ALTER a TYPE positive;",
        "change-column-type-rewrite",
        "t",
    ),
    Case("to a plain domain", T + DOMAINS, "ALTER TABLE t ALTER a TYPE plain;"),
    Case(
        "retyped and checked",
        T + "ALTER TABLE t ADD CHECK (c <> '');",
        "ALTER TABLE t ALTER c TYPE text;",
        "change-column-type-rechecks-constraints",
    ),
    Case(
        "retyped under a view",
        T + VIEW,
        "ALTER TABLE t ALTER a TYPE bigint;",
        "statement-refused",
        refused=True,
    ),
    Case("retyped beside a view", T + VIEW, "ALTER TABLE t ALTER b TYPE varchar;"),
    Case("no such cast", T, "ALTER TABLE t ALTER b TYPE int;", "statement-refused", refused=True),
    Case(
        "default that does not fit",
        T,
        "ALTER TABLE t ALTER ok TYPE text USING ok::text;",
        "change-column-type-rewrite",
        "t",
    ),
    Case(
        "default taken away before",
        T + ENUM.replace("m mood", "m mood DEFAULT 'ok'"),
        "CREATE TYPE mood2 AS ENUM ('ok');\nALTER TABLE e ALTER m DROP DEFAULT, ALTER m TYPE mood2 USING m::text::mood2, "
        "ALTER m SET DEFAULT 'ok';",
        "change-column-type-rewrite enum-value-removal",
        "e",
    ),
    Case(
        "default in the way",
        T + ENUM.replace("m mood", "m mood DEFAULT 'ok'"),
        "CREATE TYPE mood2 AS ENUM ('ok');\nALTER TABLE e ALTER m TYPE mood2 USING m::text::mood2;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "trigger on the column",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
        "CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "ALTER TABLE t ALTER a TYPE bigint;",
        "statement-refused",
        refused=True,
    ),
    # -- NOT NULL ----------------------------------------------------------------------------------
    Case("set not null", T, "ALTER TABLE t ALTER a SET NOT NULL;", "set-not-null"),
    Case("not null already", T, "ALTER TABLE t ALTER ok SET NOT NULL;"),
    Case("key column", T, "ALTER TABLE t ALTER id SET NOT NULL;"),
    Case(
        "proven by a check",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
    ),
    Case(
        "proven by one of several",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (b <> '' AND a IS NOT NULL);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
    ),
    Case(
        "not proven by one or the other",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (b <> '' OR a IS NOT NULL);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "set-not-null",
    ),
    Case(
        "check of another column",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (b IS NOT NULL);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "set-not-null",
    ),
    Case(
        "check not validated",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID;",
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "set-not-null",
    ),
    Case(
        "check greater than",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);",
        "ALTER TABLE t ALTER a SET NOT NULL;",
        "set-not-null",
    ),
    # -- constraints -------------------------------------------------------------------------------
    Case("check", T, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);", "add-check-without-not-valid"),
    Case("check not valid", T, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;"),
    Case(
        "check validated",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT k;",
    ),
    Case(
        "check validated at once",
        T,
        "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT k;",
        "validate-constraint-in-same-transaction",
    ),
    Case(
        "validated in another transaction",
        T,
        "BEGIN;\nALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;\nCOMMIT;\n"
        "BEGIN;\nALTER TABLE t VALIDATE CONSTRAINT k;\nCOMMIT;",
        alone=True,
    ),
    Case("inline check", T, "ALTER TABLE t ADD x int CHECK (x > 0);", "add-column-inline-check"),
    Case("inline unique", T, "ALTER TABLE t ADD x int UNIQUE;", "add-column-inline-unique"),
    Case("unique", T, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);", "add-unique-constraint"),
    Case(
        "unique by an index",
        T + "CREATE UNIQUE INDEX k ON t (a);",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX k;",
    ),
    Case(
        "unique not valid",
        T,
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) NOT VALID;",
        "syntax-error",
        refused=True,
    ),
    Case(
        "foreign key",
        T,
        "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t;",
        "add-foreign-key-without-not-valid",
    ),
    Case(
        "foreign key not valid",
        T,
        "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t NOT VALID;",
    ),
    Case(
        "foreign key of a new table",
        T,
        "CREATE TABLE w (id int PRIMARY KEY, t_id bigint REFERENCES t);",
        "add-foreign-key-locks-referenced",
    ),
    Case(
        "foreign key between new tables",
        "",
        "CREATE TABLE w (id int PRIMARY KEY);\nCREATE TABLE x (w_id int REFERENCES w);",
    ),
    Case(
        "column with reference",
        T,
        "ALTER TABLE u ADD x bigint REFERENCES t;",
        "add-foreign-key-locks-referenced",
    ),
    Case(
        "foreign key to nothing unique",
        T,
        "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t (a) NOT VALID;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "primary key on a nullable column",
        "CREATE TABLE q (id int);",
        "ALTER TABLE q ADD PRIMARY KEY (id);",
        "add-primary-key-without-index",
    ),
    Case(
        "primary key by an index, nullable",
        "CREATE TABLE q (id int);\nCREATE UNIQUE INDEX k ON q (id);",
        "ALTER TABLE q ADD CONSTRAINT k PRIMARY KEY USING INDEX k;",
        "primary-key-using-index-nullable",
    ),
    Case(
        "primary key by an index",
        "CREATE TABLE q (id int NOT NULL);\nCREATE UNIQUE INDEX k ON q (id);",
        "ALTER TABLE q ADD CONSTRAINT k PRIMARY KEY USING INDEX k;",
    ),
    Case(
        "exclusion",
        "CREATE TABLE q (r int4range);",
        "ALTER TABLE q ADD EXCLUDE USING gist (r WITH &&);",
        "add-exclusion-constraint",
    ),
    Case(
        "exclusion not valid",
        "CREATE TABLE q (r int4range);",
        "ALTER TABLE q ADD EXCLUDE USING gist (r WITH &&) NOT VALID;",
        "syntax-error",
        refused=True,
    ),
    Case(
        "constraint made anew",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);",
        "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 1) NOT VALID;",
    ),
    Case(
        "constraint dropped",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);",
        "ALTER TABLE t DROP CONSTRAINT k;",
        "drop-constraint",
    ),
    Case(
        "domain check",
        T + DOMAINS + "ALTER TABLE t ADD x plain;",
        "ALTER DOMAIN plain ADD CHECK (VALUE > 1);",
        "domain-add-constraint",
    ),
    Case(
        "domain check not valid",
        T + DOMAINS + "ALTER TABLE t ADD x plain;",
        "ALTER DOMAIN plain ADD CONSTRAINT k CHECK (VALUE > 1) NOT VALID;",
    ),
    # -- indexes -----------------------------------------------------------------------------------
    Case("index", T, "CREATE INDEX i ON t (a);", "create-index-non-concurrent"),
    Case("index concurrently", T, "CREATE INDEX CONCURRENTLY i ON t (a);", alone=True),
    Case(
        "index concurrently if not exists",
        T,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);",
        "invalid-index-retry",
        alone=True,
    ),
    Case(
        "index concurrently in a block",
        T,
        "BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;",
        "concurrently-in-transaction",
        refused=True,
        alone=True,
    ),
    Case("index of a new table", "", "CREATE TABLE w (a int);\nCREATE INDEX i ON w (a);"),
    Case("index that is there", T + "CREATE INDEX i ON t (a);", "CREATE INDEX IF NOT EXISTS i ON t (a);"),
    Case(
        "partitioned index concurrently",
        P,
        "CREATE INDEX CONCURRENTLY i ON p (id);",
        "concurrent-index-on-partitioned",
        refused=True,
        alone=True,
    ),
    Case("partitioned index", P, "CREATE INDEX i ON p (id);", "partitioned-index-non-concurrent"),
    Case("partitioned index on only", P, "CREATE INDEX i ON ONLY p (id);"),
    Case(
        "index of now", T, "CREATE INDEX i ON t ((ts + (now() - now())));", "statement-refused", refused=True
    ),
    Case("drop index", T + "CREATE INDEX i ON t (a);", "DROP INDEX i;", "drop-index-non-concurrent"),
    Case("drop index concurrently", T + "CREATE INDEX i ON t (a);", "DROP INDEX CONCURRENTLY i;", alone=True),
    Case(
        "drop unique index",
        T + "CREATE UNIQUE INDEX i ON t (a);",
        "DROP INDEX CONCURRENTLY i;",
        "drop-index-removes-guarantee",
        alone=True,
    ),
    Case(
        "drop unique index for a key",
        "CREATE TABLE q (id int NOT NULL);\nCREATE UNIQUE INDEX i ON q (id);",
        "DROP INDEX i;\nALTER TABLE q ADD PRIMARY KEY (id);",
        "drop-index-non-concurrent add-primary-key-without-index",
    ),
    Case("drop index of a key", T, "DROP INDEX t_pkey;", "statement-refused", refused=True),
    Case("reindex", T, "REINDEX TABLE t;", "reindex-non-concurrent"),
    Case("reindex concurrently", T, "REINDEX TABLE CONCURRENTLY t;", alone=True),
    # -- drops and renames -------------------------------------------------------------------------
    Case("drop table", T, "DROP TABLE u;", "drop-table"),
    Case("drop new table", "", "CREATE TABLE w (a int);\nDROP TABLE w;"),
    Case("drop what is not there", T, "DROP TABLE IF EXISTS nothing;"),
    Case("drop column", T, "ALTER TABLE t DROP COLUMN b;", "drop-column"),
    Case("drop column not there", T, "ALTER TABLE t DROP COLUMN IF EXISTS zz;"),
    Case(
        "drop column of a view", T + VIEW, "ALTER TABLE t DROP COLUMN a;", "statement-refused", refused=True
    ),
    Case(
        "drop column, body breaks",
        T + LOGIC,
        "ALTER TABLE t DROP COLUMN a;",
        "drop-column change-breaks-function-body",
    ),
    Case("drop other column, body holds", T + LOGIC, "ALTER TABLE t DROP COLUMN b;", "drop-column"),
    Case("new column renamed", T, "ALTER TABLE t ADD x int;\nALTER TABLE t RENAME COLUMN x TO y;"),
    Case("new column dropped", T, "ALTER TABLE t ADD x int;\nALTER TABLE t DROP COLUMN x;"),
    Case("rename column", T, "ALTER TABLE t RENAME COLUMN b TO bb;", "rename-column"),
    Case(
        "rename column, body breaks",
        T + LOGIC,
        "ALTER TABLE t RENAME COLUMN a TO aa;",
        "rename-column change-breaks-function-body",
    ),
    Case("rename table", T, "ALTER TABLE u RENAME TO uu;", "rename-table"),
    Case(
        "rename table, view under its name",
        T,
        "ALTER TABLE u RENAME TO uu;\nCREATE VIEW u AS SELECT * FROM uu;",
    ),
    Case("rename index", T, "ALTER INDEX t_pkey RENAME TO t_key;"),
    Case("rename constraint", T, "ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_key;"),
    Case(
        "rename trigger function",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        "ALTER FUNCTION f() RENAME TO g;",
    ),
    Case("drop view and make it anew", T + VIEW, "DROP VIEW v;\nCREATE VIEW v AS SELECT id FROM t;"),
    Case(
        "replace view, column gone",
        T + VIEW,
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t;",
        "statement-refused",
        refused=True,
    ),
    Case("replace view, column more", T + VIEW, "CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t;"),
    Case("drop cascade", T + VIEW, "DROP TABLE t CASCADE;", "drop-table drop-cascade"),
    Case("drop cascade of nothing", T, "DROP TABLE u CASCADE;", "drop-table"),
    Case("drop default", T, "ALTER TABLE t ALTER ok DROP DEFAULT;", "drop-default"),
    Case("drop not null", T, "ALTER TABLE t ALTER ok DROP NOT NULL;", "drop-not-null"),
    Case("truncate", T, "TRUNCATE u;", "truncate", "u"),
    Case(
        "truncate referenced",
        T + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        "TRUNCATE t;",
        "statement-refused",
        refused=True,
    ),
    Case("delete all", T, "DELETE FROM u;", "delete-without-where"),
    Case("delete some", T, "DELETE FROM u WHERE id = 1;"),
    Case("update all", T, "UPDATE t SET a = 1;", "update-without-where"),
    Case("update all of a new table", "", "CREATE TABLE w (a int);\nUPDATE w SET a = 1;"),
    # -- functions and types -----------------------------------------------------------------------
    Case(
        "other return type",
        T + LOGIC,
        "CREATE OR REPLACE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "statement-refused",
        refused=True,
    ),
    Case(
        "overload",
        "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g(x int, y int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
        "replace-function-signature-change",
    ),
    Case(
        "enum value used at once",
        ENUM,
        "ALTER TYPE mood ADD VALUE 'new';\nUPDATE e SET m = 'new' WHERE id = 1;",
        "enum-value-used-in-same-transaction",
        refused=True,
    ),
    Case("enum value added", ENUM, "ALTER TYPE mood ADD VALUE 'new';"),
    Case("enum value renamed", ENUM, "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';", "rename-enum-value"),
    Case(
        "enum swapped",
        ENUM,
        "ALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ('ok');\n"
        "ALTER TABLE e ALTER m TYPE mood USING m::text::mood;\nDROP TYPE mood_old;",
        "change-column-type-rewrite enum-value-removal",
        "e",
    ),
    # -- partitions --------------------------------------------------------------------------------
    Case(
        "attach",
        P + "CREATE TABLE p2 (id bigint NOT NULL, d date NOT NULL);",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        "attach-partition-without-check",
    ),
    Case(
        "attach, proven",
        P + "CREATE TABLE p2 (id bigint NOT NULL, d date NOT NULL, "
        "CHECK (d >= '2025-01-01' AND d < '2026-01-01'));",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    ),
    Case("detach", P, "ALTER TABLE p DETACH PARTITION p1;", "detach-partition-non-concurrent"),
    Case(
        "new partition",
        P,
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        "create-partition-of-lock",
    ),
    # -- maintenance, transactions, settings -------------------------------------------------------
    Case("set unlogged", T, "ALTER TABLE t SET UNLOGGED;", "set-logged-unlogged", "t"),
    Case("set logged that is", T, "ALTER TABLE t SET LOGGED;"),
    Case("cluster", T, "CLUSTER t USING t_pkey;", "cluster-table", "t"),
    Case("vacuum full", T, "VACUUM FULL t;", "vacuum-full", "t", alone=True),
    Case(
        "vacuum in a block",
        T,
        "BEGIN;\nVACUUM t;\nCOMMIT;",
        "non-transactional-statement-in-transaction",
        refused=True,
        alone=True,
    ),
    Case(
        "refresh",
        T + "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;",
        "REFRESH MATERIALIZED VIEW mv;",
        "refresh-matview-non-concurrent",
    ),
    Case(
        "refresh concurrently without index",
        T + "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY mv;",
        "refresh-matview-concurrently-without-unique-index",
        refused=True,
    ),
    Case(
        "refresh concurrently",
        T + "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;\nCREATE UNIQUE INDEX k ON mv (id);",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY mv;",
    ),
    Case("lock table", T, "LOCK TABLE t;", "explicit-lock-table"),
    Case(
        "hidden in a DO block",
        T,
        "DO $$ BEGIN ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid(); END $$;",
        "add-column-volatile-default",
        "t",
    ),
    Case("set local in a block", T, "SET LOCAL lock_timeout = '2s';\nALTER TABLE t ADD x int;"),
    Case(
        "set local outside",
        T,
        "BEGIN;\nSELECT 1;\nCOMMIT;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE t ADD x int;",
        "lock-timeout-ineffective",
        alone=True,
    ),
    Case("disable trigger", T, "ALTER TABLE t DISABLE TRIGGER ALL;", "disable-trigger"),
    Case(
        "long work behind a lock",
        T,
        "ALTER TABLE t ADD x int;\nUPDATE u SET t_id = 1 WHERE t_id IS NULL;",
        "statement-after-access-exclusive",
    ),
    Case(
        "pending events",
        "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\nCREATE TABLE b (a_id int REFERENCES a "
        "DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);",
        "UPDATE b SET a_id = 1 + 0;\nALTER TABLE b ADD x int;",
        "update-without-where pending-trigger-events",
        refused=False,
    ),
    # -- the second look: what hides, what is undone, what only looks alike -----------------------
    Case(
        "to timestamptz",
        T,
        "SET LOCAL timezone = 'Europe/Paris';\nALTER TABLE t ALTER ts TYPE timestamptz;",
        "change-column-type-rewrite",
        "t",
    ),
    Case("to timestamptz in UTC", T, "SET LOCAL timezone = 'UTC';\nALTER TABLE t ALTER ts TYPE timestamptz;"),
    Case(
        "to timestamptz of a precision in UTC",
        T,
        "SET LOCAL timezone = 'UTC';\nALTER TABLE t ALTER ts TYPE timestamptz(3);",
        "change-column-type-rewrite",
        "t",
    ),
    Case(
        "retyped under a foreign key",
        T + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        "ALTER TABLE u ALTER t_id TYPE int;",
        "change-column-type-rewrite change-column-type-narrowing",
        "u",
    ),
    Case(
        "retyped in a partitioned table",
        P,
        "ALTER TABLE p ALTER id TYPE int;",
        "change-column-type-rewrite change-column-type-narrowing",
        "p1",
    ),
    Case(
        "column added to a partitioned table",
        P,
        "ALTER TABLE p ADD x uuid DEFAULT gen_random_uuid();",
        "add-column-volatile-default",
        "p1",
    ),
    Case("autovacuum off", T, "ALTER TABLE t SET (autovacuum_enabled = false);", "disable-autovacuum"),
    Case("fillfactor", T, "ALTER TABLE t SET (fillfactor = 70);"),
    Case(
        "detach concurrently in a block",
        P,
        "BEGIN;\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nCOMMIT;",
        "concurrently-in-transaction",
        refused=True,
        alone=True,
    ),
    Case("detach concurrently", P, "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;", alone=True),
    Case(
        "detach concurrently beside a default",
        P + "CREATE TABLE pd PARTITION OF p DEFAULT;",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;",
        "statement-refused",
        refused=True,
        alone=True,
    ),
    Case(
        "new partition beside a default",
        P + "CREATE TABLE pd PARTITION OF p DEFAULT;",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        "create-partition-of-lock default-partition-scan",
    ),
    Case(
        "key of a partitioned table without its column",
        P,
        "ALTER TABLE p ADD PRIMARY KEY (id);",
        "statement-refused",
        refused=True,
    ),
    Case(
        "drop a referencing table",
        T + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        "DROP TABLE u;",
        "drop-table drop-table-locks-referenced",
    ),
    Case(
        "drop a referenced table",
        T + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        "DROP TABLE t;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "create trigger",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "create-trigger-lock",
    ),
    Case(
        "trigger of a new table",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        "CREATE TABLE w (a int);\nCREATE TRIGGER tr BEFORE INSERT ON w FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    Case(
        "trigger by another name",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
        "CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "DROP TRIGGER one ON t;\nCREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "create-trigger-lock",
    ),
    Case(
        "trigger gone",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
        "CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "DROP TRIGGER one ON t;",
        "drop-trigger-or-policy",
    ),
    Case("row security", T, "ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "row-security-switched"),
    Case("rule", T, "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;", "create-rule"),
    Case("commit in a DO block", T, "DO $$ BEGIN COMMIT; END $$;", "commit-in-transaction", refused=True),
    Case(
        "lock timeout of zero",
        T,
        "SET LOCAL lock_timeout = 0;\nALTER TABLE t ADD x int;",
        "lock-timeout-ineffective",
    ),
    Case(
        "lock timeout of an hour",
        T,
        "SET LOCAL lock_timeout = '1h';\nALTER TABLE t ADD x int;",
        "timeout-too-long",
    ),
    Case(
        "build under a statement timeout",
        T,
        "SET statement_timeout = '5s';\nCREATE INDEX CONCURRENTLY i ON t (a);",
        "statement-timeout-kills-concurrent-build",
        alone=True,
    ),
    Case(
        "build without a statement timeout",
        T,
        "SET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON t (a);",
        alone=True,
    ),
    Case("triggers off", T, "SET LOCAL session_replication_role = replica;", "session-replication-role"),
    Case(
        "table that is there, other shape",
        T,
        "CREATE TABLE IF NOT EXISTS u (id bigint PRIMARY KEY, note text);",
        "if-not-exists-hides-drift",
    ),
    Case(
        "table that is there, same shape",
        T,
        "CREATE TABLE IF NOT EXISTS u (id bigint PRIMARY KEY, t_id bigint);",
    ),
    Case(
        "index after if not exists",
        T,
        "CREATE TABLE IF NOT EXISTS u (id bigint PRIMARY KEY, t_id bigint);\nCREATE INDEX i ON u (t_id);",
        "create-index-non-concurrent",
    ),
    Case(
        "argument renamed",
        "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g(y int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "statement-refused",
        refused=True,
    ),
    Case(
        "default of an argument gone",
        "CREATE FUNCTION g(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "statement-refused",
        refused=True,
    ),
    Case(
        "default of an argument new",
        "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ),
    Case(
        "other columns returned",
        "CREATE FUNCTION g() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 1, 2';",
        "statement-refused",
        refused=True,
    ),
    Case(
        "same columns returned",
        "CREATE FUNCTION g() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 2';",
    ),
    Case(
        "same type by another name",
        "CREATE FUNCTION g(x int4) RETURNS int4 LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g(x integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';",
    ),
    Case(
        "security definer lost",
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "function-property-lost-on-replace",
    ),
    Case(
        "volatility changed",
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "function-volatility-change",
    ),
    Case(
        "function that is there",
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "statement-refused",
        refused=True,
    ),
    Case(
        "function an index uses",
        T + "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';\n"
        "CREATE INDEX i ON t (g(a));",
        "DROP FUNCTION g(int);",
        "statement-refused",
        refused=True,
    ),
    Case(
        "function an index used",
        T + "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';\n"
        "CREATE INDEX i ON t (g(a));\nDROP INDEX i;",
        "DROP FUNCTION g(int);",
        "drop-object",
    ),
    Case(
        "inlined function in an index",
        T + "CREATE FUNCTION g(x text) RETURNS text LANGUAGE sql AS 'SELECT lower($1)';",
        "CREATE INDEX i ON t (g(b));",
        "create-index-non-concurrent",
    ),
    Case(
        "volatile function in an index",
        T + "CREATE FUNCTION g(x text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN x; END';",
        "CREATE INDEX i ON t (g(b));",
        "statement-refused",
        refused=True,
    ),
    Case(
        "sequence of a column without default",
        "CREATE TABLE q (id serial PRIMARY KEY);",
        "ALTER TABLE q ALTER id DROP DEFAULT, ALTER id TYPE text;\nDROP SEQUENCE q_id_seq;",
        "drop-default change-column-type-rewrite drop-object",
        "q",
    ),
    Case(
        "sequence of a column",
        "CREATE TABLE q (id serial PRIMARY KEY);",
        "DROP SEQUENCE q_id_seq;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "key moved to another column",
        "CREATE TABLE q (id int PRIMARY KEY);",
        "ALTER TABLE q DROP CONSTRAINT q_pkey, ADD COLUMN no uuid DEFAULT gen_random_uuid() PRIMARY KEY;",
        "add-column-volatile-default add-column-inline-unique",
        "q",
    ),
    Case(
        "truncate cascade",
        T + "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t;",
        "TRUNCATE t CASCADE;",
        "truncate",
        "t u",
    ),
    Case("update where true", T, "UPDATE t SET a = 1 WHERE true;", "update-without-where"),
    Case("update where one is one", T, "UPDATE t SET a = 1 WHERE 1 = 1;", "update-without-where"),
    Case("drop schema", "CREATE SCHEMA s;", "DROP SCHEMA s;", "drop-schema"),
    Case("drop view", T + VIEW, "DROP VIEW v;", "drop-object"),
    Case(
        "drop view with a view on it",
        T + VIEW + "CREATE VIEW v2 AS SELECT id FROM v;",
        "DROP VIEW v;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "generated column on it",
        "CREATE TABLE q (a int, b int GENERATED ALWAYS AS (a + 1) STORED);",
        "ALTER TABLE q DROP COLUMN a;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "expression dropped",
        "CREATE TABLE q (a int, b int GENERATED ALWAYS AS (a + 1) STORED);",
        "ALTER TABLE q ALTER b DROP EXPRESSION;",
        "drop-generated-expression",
    ),
    Case(
        "identity dropped",
        "CREATE TABLE q (id int GENERATED ALWAYS AS IDENTITY);",
        "ALTER TABLE q ALTER id DROP IDENTITY;",
        "alter-identity",
    ),
    Case(
        "not null of an identity",
        "CREATE TABLE q (id int GENERATED ALWAYS AS IDENTITY);",
        "ALTER TABLE q ALTER id DROP NOT NULL;",
        "statement-refused",
        refused=True,
    ),
    Case("not null of a key", T, "ALTER TABLE t ALTER id DROP NOT NULL;", "statement-refused", refused=True),
    Case("default of another type", T, "ALTER TABLE t ALTER a SET DEFAULT 5;"),
    Case("schema changed", T + "CREATE SCHEMA s;", "ALTER TABLE u SET SCHEMA s;", "set-schema"),
    Case(
        "table swapped",
        T,
        "CREATE TABLE u2 (id bigint PRIMARY KEY, t_id bigint, n int);\nINSERT INTO u2 SELECT id, t_id, 0 FROM u;\n"
        "DROP TABLE u;\nALTER TABLE u2 RENAME TO u;",
        "",
        "u",
    ),
    Case(
        "column swapped",
        T,
        "ALTER TABLE t ADD a2 bigint;\nUPDATE t SET a2 = a WHERE id < 1000;\nALTER TABLE t DROP COLUMN a;\n"
        "ALTER TABLE t RENAME COLUMN a2 TO a;",
        "statement-after-access-exclusive drop-column",
    ),
    Case(
        "policy by another name",
        T + "CREATE POLICY one ON t FOR SELECT USING (true);",
        "DROP POLICY one ON t;\nCREATE POLICY two ON t FOR SELECT USING (ok);",
    ),
    Case(
        "unique by another name",
        T + "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);",
        "CREATE UNIQUE INDEX k2 ON t (a);\nALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k2 UNIQUE USING INDEX k2;",
        "create-index-non-concurrent",
    ),
    Case(
        "renamed then altered",
        T,
        "ALTER TABLE u RENAME TO w;\nALTER TABLE w ADD x uuid DEFAULT gen_random_uuid();",
        "rename-table add-column-volatile-default",
    ),
    Case(
        "new then renamed then altered",
        "",
        "CREATE TABLE w (id int);\nALTER TABLE w RENAME TO x;\nCREATE INDEX i ON x (id);",
    ),
    Case(
        "created in a DO block", "", "DO $$ BEGIN CREATE TABLE w (id int); END $$;\nCREATE INDEX i ON w (id);"
    ),
    Case("created from a query", T, "CREATE TABLE w AS SELECT id FROM t;\nCREATE INDEX i ON w (id);"),
    Case("created like", T, "CREATE TABLE w (LIKE t INCLUDING ALL);\nCREATE INDEX i ON w (a);"),
    Case(
        "nothing to reindex in a block",
        T,
        "BEGIN;\nREINDEX TABLE CONCURRENTLY t;\nCOMMIT;",
        "concurrently-in-transaction",
        refused=True,
        alone=True,
    ),
    Case(
        "database in a block",
        "",
        "BEGIN;\nCREATE DATABASE never;\nCOMMIT;",
        "non-transactional-statement-in-transaction",
        refused=True,
        alone=True,
    ),
    Case(
        "system setting in a block",
        "",
        "BEGIN;\nALTER SYSTEM SET work_mem = '4MB';\nCOMMIT;",
        "non-transactional-statement-in-transaction",
        refused=True,
        alone=True,
    ),
    Case(
        "column not there",
        T,
        "CREATE INDEX CONCURRENTLY i ON t (nope);",
        "missing-column",
        refused=True,
        alone=True,
    ),
    Case("table not there", T, "ALTER TABLE nope ADD x int;", "missing-object", refused=True),
    Case(
        "constraint validated that is not there",
        T,
        "ALTER TABLE t VALIDATE CONSTRAINT nope;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "body mended in a DO block",
        T + LOGIC,
        "ALTER TABLE t DROP COLUMN a;\nDO $$ BEGIN DROP FUNCTION total(); END $$;",
        "drop-column drop-object",
    ),
    Case(
        "function of the script's own",
        T,
        "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';\n"
        "ALTER TABLE t ALTER a TYPE bigint USING g(a);\nDROP FUNCTION g;",
        "change-column-type-rewrite",
        "t",
    ),
    Case(
        "foreign key by another name",
        T + "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t;",
        "ALTER TABLE u DROP CONSTRAINT k, ADD CONSTRAINT k2 FOREIGN KEY (t_id) REFERENCES t NOT VALID;",
    ),
    Case(
        "serial without its default",
        "CREATE TABLE q (id serial PRIMARY KEY);",
        "ALTER TABLE q ALTER id DROP DEFAULT;",
        "drop-default",
    ),
    Case(
        "replaced trigger function, column renamed",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.a := 1; RETURN NEW; END';\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.aa := 1; RETURN NEW; END';\n"
        "ALTER TABLE t RENAME COLUMN a TO aa;",
        "rename-column",
    ),
    Case(
        "trigger function, column renamed",
        T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.a := 1; RETURN NEW; END';\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "ALTER TABLE t RENAME COLUMN a TO aa;",
        "rename-column change-breaks-function-body",
    ),
    Case(
        "several views in one statement",
        T + VIEW + "CREATE VIEW v2 AS SELECT id FROM u;",
        "DROP VIEW v, v2;",
        "drop-object",
    ),
    # -- what is hidden behind names ---------------------------------------------------------------
    Case(
        "volatile function behind an operator",
        T + "CREATE FUNCTION jitter(int, int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';\n"
        "CREATE OPERATOR +~ (LEFTARG = int, RIGHTARG = int, FUNCTION = jitter);",
        "ALTER TABLE t ADD x int DEFAULT (1 +~ 2);",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "immutable function behind an operator",
        T
        + "CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';\n"
        "CREATE OPERATOR +~ (LEFTARG = int, RIGHTARG = int, FUNCTION = plus);",
        "ALTER TABLE t ADD x int DEFAULT (1 +~ 2);",
    ),
    Case(
        "function in SQL that is a constant",
        T + "CREATE FUNCTION first_code() RETURNS text LANGUAGE sql AS $$ SELECT 'A1'::text $$;",
        "ALTER TABLE t ADD x text DEFAULT first_code();",
    ),
    Case(
        "function in SQL that calls a volatile one",
        T + "CREATE FUNCTION any_code() RETURNS text LANGUAGE sql AS $$ SELECT random()::text $$;",
        "ALTER TABLE t ADD x text DEFAULT any_code();",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "function in SQL that is declared stable and is volatile",
        T + "CREATE FUNCTION any_code() RETURNS text LANGUAGE sql STABLE AS $$ SELECT random()::text $$;",
        "ALTER TABLE t ADD x text DEFAULT any_code();",
    ),
    Case(
        "function in SQL that reads a table",
        T + "CREATE FUNCTION last_code() RETURNS bigint LANGUAGE sql AS $$ SELECT max(id) FROM u $$;",
        "ALTER TABLE t ADD x bigint DEFAULT last_code();",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "domain with a volatile default",
        T + "CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();",
        "ALTER TABLE t ADD x token;",
        "add-column-volatile-default",
        "t",
    ),
    Case(
        "domain with a volatile default, and one of the column's own",
        T + "CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();",
        "ALTER TABLE t ADD x token DEFAULT '7f5a3c3e-0000-4000-8000-000000000000';",
    ),
    Case(
        "function that drops, called",
        T,
        "CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE u; END $$;\nSELECT purge();",
        "drop-table",
    ),
    Case(
        "function that drops, not called",
        T,
        "CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE u; END $$;",
    ),
    Case(
        "function of an earlier script that rewrites",
        T
        + "CREATE PROCEDURE widen() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t ALTER a TYPE bigint; END $$;",
        "CALL widen();",
        "change-column-type-rewrite",
        "t",
    ),
    Case(
        "namesake in the first schema of the path",
        T + "CREATE SCHEMA shop;",
        "SET LOCAL search_path = shop, public;\nCREATE TABLE t (id bigint PRIMARY KEY, b text);\nCREATE INDEX i ON t (b);",
    ),
    Case(
        "unique index of a constraint of a new table",
        T,
        "CREATE TABLE parcel (id bigint PRIMARY KEY);\nREINDEX INDEX parcel_pkey;",
    ),
    # -- dropped and made again --------------------------------------------------------------------
    Case(
        "table that comes back empty",
        T,
        "DROP TABLE u;\nCREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);",
        "drop-table",
        "u",
    ),
    Case(
        "table that is copied, dropped and renamed back",
        T,
        "CREATE TABLE u2 AS SELECT * FROM u;\nDROP TABLE u;\nALTER TABLE u2 RENAME TO u;",
        rewrites="u",
    ),
    Case(
        "table that is copied away before",
        T,
        "CREATE TEMP TABLE keep AS SELECT * FROM u;\nDROP TABLE u;\n"
        "CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);\nINSERT INTO u SELECT id, t_id FROM keep;",
        rewrites="u",
    ),
    # -- rows and their checks ---------------------------------------------------------------------
    Case(
        "ON CONFLICT without an index",
        T,
        "INSERT INTO t (id, b) VALUES (1, 'x') ON CONFLICT (b) DO NOTHING;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "ON CONFLICT with an index of other columns",
        T + "CREATE UNIQUE INDEX k ON t (a, b);",
        "INSERT INTO t (id, a, b) VALUES (1, 2, 'x') ON CONFLICT (b) DO NOTHING;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "ON CONFLICT with the index made before",
        T,
        "CREATE UNIQUE INDEX k ON t (b, a);\nINSERT INTO t (id, a, b) VALUES (1, 2, 'x') ON CONFLICT (a, b) DO NOTHING;",
        "create-index-non-concurrent",
    ),
    Case(
        "ON CONFLICT on a constraint",
        T + "ALTER TABLE t ADD CONSTRAINT t_b_unique UNIQUE (b);",
        "INSERT INTO t (id, b) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT t_b_unique DO NOTHING;",
    ),
    Case(
        "check put off by SET CONSTRAINTS",
        T + "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t DEFERRABLE;\n"
        "INSERT INTO t (id) VALUES (1);",
        "SET CONSTRAINTS k DEFERRED;\nINSERT INTO u VALUES (1, 1);\nALTER TABLE u ADD x int;",
        "deferred-constraint-side-effect",
        refused=True,
    ),
    Case(
        "check put off, then made",
        T + "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t DEFERRABLE;\n"
        "INSERT INTO t (id) VALUES (1);",
        "SET CONSTRAINTS ALL DEFERRED;\nINSERT INTO u VALUES (1, 1);\nSET CONSTRAINTS k IMMEDIATE;\n"
        "ALTER TABLE u ADD x int;",
    ),
    Case(
        "view replaced by one of another type",
        T + VIEW,
        "CREATE OR REPLACE VIEW v AS SELECT id, a::bigint AS a FROM t;",
        "statement-refused",
        refused=True,
    ),
    Case(
        "view replaced by one of the same types",
        T + VIEW,
        "CREATE OR REPLACE VIEW v AS SELECT id, a::integer AS a, b FROM t;",
    ),
    Case(
        "constraint validated, then a column made NOT NULL",
        T + "ALTER TABLE t ADD CONSTRAINT k CHECK (n > 0) NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT k;\nALTER TABLE t ALTER a SET NOT NULL;",
        "set-not-null",
    ),
)
# fmt: skip
