"""Small histories, in an order that builds, in which the same objects are made, changed, dropped and made again."""

HISTORIES: dict[str, tuple[str, ...]] = {
    "names that nobody wrote": (
        "CREATE TABLE p (id int PRIMARY KEY);",
        "CREATE TABLE c (id int, p int REFERENCES p, CHECK (id > 0));",
        "CREATE INDEX ON c (lower(id::text));",
        "ALTER TABLE c DROP CONSTRAINT c_p_fkey;",
        "DROP INDEX c_lower_idx;",
        "ALTER TABLE c DROP CONSTRAINT c_id_check;",
    ),
    "rows that fire a trigger of a later column": (
        "CREATE TABLE who (id int, name text);",
        "CREATE TABLE t (id int);",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM who WHERE name = 'x'; RETURN NEW; END $$;",
        "CREATE TRIGGER note BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();",
        "INSERT INTO t VALUES (1);",
        "ALTER TABLE who RENAME COLUMN name TO label;",
        "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM who WHERE label = 'x'; RETURN NEW; END $$;",
    ),
    "two schemas that share names": (
        "CREATE SCHEMA a; CREATE SCHEMA b;",
        "CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE TABLE a.t (id int DEFAULT a.f());",
        "CREATE FUNCTION b.f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        "CREATE TABLE b.t (id int DEFAULT b.f());",
        "ALTER TABLE b.t ALTER COLUMN id DROP DEFAULT;",
        "DROP FUNCTION b.f();",
    ),
    "a schema that belongs to a role": (
        "CREATE ROLE history_owner;",
        "CREATE SCHEMA s AUTHORIZATION history_owner;",
        "CREATE TABLE s.t (id int);",
        "DROP TABLE s.t;",
    ),
}

__all__ = ["HISTORIES"]
