"""Random DDL over a few names, so that statements meet: about half of it is refused by the server."""

import random
from collections.abc import Callable

_TABLES = ("t1", "t2", "t3", "t4")
_COLUMNS = ("a", "b", "c", "d")
_TYPES = (
    "int",
    "bigint",
    "text",
    "numeric(6,2)",
    "varchar(20)",
    "e1",
    "e2",
    "d1",
    "c1",
    "timestamptz",
    "int[]",
    "e1[]",
)
_SCHEMAS = ("", "", "", "public.", "s1.", "s2.")
_IF = ("", "", "IF EXISTS ")
_IF_NOT = ("", "", "IF NOT EXISTS ")
_CASCADE = ("", "", " CASCADE")


PRELUDE = (
    "CREATE EXTENSION hstore",
    "CREATE SCHEMA s1",
    "CREATE SCHEMA s2",
    "CREATE TYPE e1 AS ENUM ('x', 'y')",
    "CREATE TYPE e2 AS ENUM ('x', 'y')",
    "CREATE TYPE c1 AS (a int, z text)",
    "CREATE DOMAIN d1 AS int",
    "CREATE FUNCTION f1() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION f2(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE t1 (a int PRIMARY KEY, b text, c int, d bigint UNIQUE)",
    "CREATE TABLE t2 (a int REFERENCES t1, b e1, c serial)",
)
"""What every random history begins with, so that more of it is taken."""


class Generator:
    """One random history; the same seed gives the same statements."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.makers: list[tuple[int, Callable[[], str]]] = [
            (8, self.create_table),
            (14, self.alter_table),
            (3, self.partition),
            (3, self.inherit),
            (5, self.rename),
            (3, self.view),
            (4, self.index),
            (4, self.drop),
            (2, self.schema),
            (4, self.type),
            (4, self.function),
            (3, self.trigger),
            (2, self.policy),
            (2, self.sequence),
            (2, self.move),
            (3, self.owner),
            (2, self.comment),
            (3, self.several),
            (3, self.block),
            (2, self.transaction),
            (2, self.typed),
            (2, self.generated),
            (2, self.domain),
            (2, self.rule),
            (2, self.rename_more),
            (2, self.path),
            (2, self.made_of_query),
            (1, self.depends),
            (3, self.constraint_more),
        ]
        self.depth = 0

    def statement(self) -> str:
        """The next statement."""
        weights = [weight for weight, _ in self.makers]
        maker = self.dice.choices([maker for _, maker in self.makers], weights)[0]
        return " ".join(maker().split())

    def one(self, *choices: str) -> str:
        return self.dice.choice(choices)

    def table(self) -> str:
        return self.one(*_SCHEMAS) + self.one(*_TABLES)

    def column(self) -> str:
        return self.one(*_COLUMNS)

    def type_name(self) -> str:
        return self.one(*_TYPES)

    def definition(self) -> str:
        serial = self.dice.random() < 0.12
        written = self.one("serial", "bigserial") if serial else self.type_name()
        tail = ""
        if self.dice.random() < 0.3:
            tail += " NOT NULL"
        extra = self.dice.random()
        if extra < 0.1 and not serial:
            tail += f" DEFAULT {self.one('NULL', 'f1()', 'f2(1)')}"
        elif extra < 0.15 and not serial:
            tail += f" GENERATED {self.one('ALWAYS', 'BY DEFAULT')} AS IDENTITY"
        elif extra < 0.25:
            tail += self.one(" UNIQUE", " PRIMARY KEY", " CHECK (true)")
        elif extra < 0.35:
            tail += f" REFERENCES {self.table()}"
        return f"{written}{tail}"

    def create_table(self) -> str:
        name = self.table()
        kind = self.dice.random()
        if kind < 0.1:
            return f"CREATE TABLE {name} (LIKE {self.table()} {self.one('', 'INCLUDING ALL', 'INCLUDING DEFAULTS', 'INCLUDING INDEXES')})"
        if kind < 0.2:
            return f"CREATE TABLE {name} ({self.column()} int, z int) INHERITS ({self.table()})"
        columns = self.dice.sample(_COLUMNS, self.dice.randint(1, 3))
        parts = [f"{column} {self.definition()}" for column in columns]
        if self.dice.random() < 0.4:
            parts.append(self.constraint(columns))
        end = " PARTITION BY LIST (a)" if "a" in columns and self.dice.random() < 0.15 else ""
        return f"CREATE TABLE {self.one(*_IF_NOT)}{name} ({', '.join(parts)}){end}"

    def constraint(self, columns: "tuple[str, ...] | list[str]" = _COLUMNS) -> str:
        column = self.dice.choice(columns)
        named = f"CONSTRAINT {self.one('k1', 'k2', 'k3')} " if self.dice.random() < 0.4 else ""
        return named + self.one(
            f"UNIQUE ({column})",
            f"PRIMARY KEY ({column})",
            f"CHECK ({column} IS NOT NULL)",
            f"FOREIGN KEY ({column}) REFERENCES {self.table()}",
            f"FOREIGN KEY ({column}) REFERENCES {self.table()} ({self.column()})",
            f"CHECK (f2(1) > 0 OR {column} IS NULL)",
        )

    def alter_table(self) -> str:
        return f"ALTER TABLE {self.one(*_IF)}{self.table()} {self.command()}"

    def command(self) -> str:
        """One subcommand of ALTER TABLE."""
        column = self.column()
        constraint = self.one(
            "k1",
            "k2",
            "k3",
            f"t1_{column}_key",
            "t1_pkey",
            f"t2_{column}_fkey",
            "t2_pkey",
            f"t1_{column}_check",
        )
        return self.one(
            f"ADD {self.one(*_IF_NOT)}{column} {self.definition()}",
            f"ADD {column} {self.definition()}",
            f"DROP {self.one(*_IF)}{column}{self.one(*_CASCADE)}",
            f"ALTER {column} TYPE {self.one('text', 'bigint', 'int')} USING NULL",
            f"ALTER {column} SET NOT NULL",
            f"ALTER {column} DROP NOT NULL",
            f"ALTER {column} SET DEFAULT {self.one('NULL', 'f1()', 'f2(2)')}",
            f"ALTER {column} DROP DEFAULT",
            f"ALTER {column} ADD GENERATED BY DEFAULT AS IDENTITY",
            f"ALTER {column} DROP IDENTITY",
            f"ALTER {column} SET GENERATED {self.one('ALWAYS', 'BY DEFAULT')}",
            f"ADD {self.constraint()}",
            f"ADD {self.constraint()}",
            f"DROP CONSTRAINT {self.one(*_IF)}{constraint}{self.one(*_CASCADE)}",
            self.one("ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
            self.one("SET UNLOGGED", "SET LOGGED"),
        )

    def partition(self) -> str:
        parent, child = self.table(), self.table()
        value = self.dice.randint(1, 30)
        return self.one(
            f"CREATE TABLE {child} PARTITION OF {parent} FOR VALUES IN ('{value}')",
            f"ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES IN ('{value}')",
            f"ALTER TABLE {parent} DETACH PARTITION {child}",
            f"CREATE TABLE {parent} (a int, b text, c int) PARTITION BY LIST (a)",
        )

    def inherit(self) -> str:
        return self.one(
            f"ALTER TABLE {self.table()} INHERIT {self.table()}",
            f"ALTER TABLE {self.table()} NO INHERIT {self.table()}",
            f"CREATE TABLE {self.table()} (z int) INHERITS ({self.table()})",
        )

    def rename(self) -> str:
        column = self.column()
        return self.one(
            f"ALTER TABLE {self.one(*_IF)}{self.table()} RENAME TO {self.one(*_TABLES)}",
            f"ALTER TABLE {self.table()} RENAME {column} TO {self.column()}",
            f"ALTER TABLE {self.table()} RENAME CONSTRAINT {self.one('k1', 'k2', 't1_pkey', f't1_{column}_key')} TO {self.one('k1', 'k3', 'k4')}",
            f"ALTER INDEX {self.one('i1', 'i2', 't1_pkey', f't1_{column}_idx')} RENAME TO {self.one('i1', 'i3')}",
            f"ALTER VIEW {self.one('v1', 'v2')} RENAME TO {self.one('v1', 'v3')}",
            f"ALTER TYPE {self.one('e1', 'e2', 'c1')} RENAME TO {self.one('e1', 'e3', 'c2')}",
            f"ALTER FUNCTION {self.one('f1()', 'f2(int)', 'tr()')} RENAME TO {self.one('f1', 'f3', 'tr2')}",
            f"ALTER SEQUENCE {self.one('q1', f't1_{column}_seq')} RENAME TO {self.one('q2', f't1_{column}_seq')}",
            f"ALTER TRIGGER g1 ON {self.table()} RENAME TO g2",
            f"ALTER POLICY p1 ON {self.table()} RENAME TO p2",
        )

    def view(self) -> str:
        name = self.one("v1", "v2", "v3")
        query = self.one(
            f"SELECT {self.column()} FROM {self.table()}",
            f"SELECT {self.column()} AS a FROM {self.table()}",
            f"SELECT x.{self.column()} FROM {self.table()} x JOIN {self.table()} y ON true",
            "SELECT f1() AS a",
            f"SELECT a FROM {self.one('v1', 'v2')}",
        )
        return self.one(
            f"CREATE VIEW {name} AS {query}",
            f"CREATE OR REPLACE VIEW {name} AS {query}",
            f"CREATE MATERIALIZED VIEW {self.one(*_IF_NOT)}m1 AS {query}",
        )

    def index(self) -> str:
        columns = ", ".join(self.dice.sample(_COLUMNS, self.dice.randint(1, 2)))
        name = self.one("", "", "i1", "i2")
        condition = f" WHERE {self.column()} IS NOT NULL" if self.dice.random() < 0.2 else ""
        missing = self.one(*_IF_NOT) if name else ""
        return f"CREATE {self.one('', 'UNIQUE')} INDEX {missing}{name} ON {self.one(self.table(), 'm1')} ({columns}){condition}"

    def drop(self) -> str:
        end = self.one(*_CASCADE)
        exists = self.one(*_IF)
        return self.one(
            f"DROP TABLE {exists}{self.table()}{end}",
            f"DROP TABLE {exists}{self.table()}, {self.table()}{end}",
            f"DROP VIEW {exists}{self.one('v1', 'v2', 'v3')}{end}",
            f"DROP MATERIALIZED VIEW {exists}m1{end}",
            f"DROP INDEX {exists}{self.one('i1', 'i2', 'i3', 't1_a_idx', 't2_b_idx')}{end}",
            f"DROP TYPE {exists}{self.one('e1', 'e2', 'c1')}{end}",
            f"DROP DOMAIN {exists}d1{end}",
            f"DROP FUNCTION {exists}{self.one('f1()', 'f2(int)', 'f2', 'tr()', 'f4(e1)')}{end}",
            f"DROP SEQUENCE {exists}{self.one('q1', 'q2', 't1_a_seq')}{end}",
            f"DROP SCHEMA {exists}{self.one('s1', 's2')}{end}",
            f"DROP TRIGGER {exists}g1 ON {self.table()}",
            f"DROP POLICY {exists}p1 ON {self.table()}",
        )

    def schema(self) -> str:
        return self.one(
            f"CREATE SCHEMA {self.one(*_IF_NOT)}{self.one('s1', 's2')}",
            f"ALTER SCHEMA {self.one('s1', 's2')} RENAME TO {self.one('s1', 's2')}",
        )

    def type(self) -> str:
        return self.one(
            f"CREATE TYPE {self.one('e1', 'e2', 's1.e1')} AS ENUM ('x', 'y')",
            f"ALTER TYPE {self.one('e1', 'e2')} ADD VALUE {self.one(*_IF_NOT)}'{self.one('x', 'z', 'w')}'",
            f"ALTER TYPE e1 ADD VALUE '{self.one('m', 'n')}' {self.one('BEFORE', 'AFTER')} 'y'",
            f"ALTER TYPE e1 RENAME VALUE '{self.one('x', 'z')}' TO '{self.one('x', 'k')}'",
            f"CREATE TYPE c1 AS ({self.column()} int, z {self.one('text', 'e1')})",
            f"ALTER TYPE c1 ADD ATTRIBUTE {self.column()} {self.one('int', 'e2')}",
            f"ALTER TYPE c1 DROP ATTRIBUTE {self.column()}",
            f"ALTER TYPE c1 RENAME ATTRIBUTE {self.column()} TO {self.column()}",
            f"CREATE DOMAIN d1 AS {self.one('int', 'text', 'e1')} {self.one('', 'NOT NULL', 'CHECK (VALUE IS NOT NULL)')}",
            "ALTER DOMAIN d1 SET NOT NULL",
        )

    def function(self) -> str:
        replace = self.one("", "OR REPLACE ")
        return self.one(
            f"CREATE {replace}FUNCTION f1() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"CREATE {replace}FUNCTION f2(x int) RETURNS int {self.one('IMMUTABLE', 'STABLE', '')} LANGUAGE sql AS 'SELECT 1'",
            f"CREATE {replace}FUNCTION f2(x text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"CREATE {replace}FUNCTION f4(x e1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"CREATE {replace}FUNCTION f5(x {self.table()}) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"CREATE {replace}FUNCTION f6() RETURNS bigint BEGIN ATOMIC SELECT count({self.column()}) FROM {self.table()}; END",
            f"CREATE {replace}FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "ALTER FUNCTION f2(int) SECURITY DEFINER",
        )

    def trigger(self) -> str:
        return (
            f"CREATE {self.one('', 'OR REPLACE ')}TRIGGER {self.one('g1', 'g2')} "
            f"{self.one('BEFORE', 'AFTER')} INSERT ON {self.table()} FOR EACH ROW EXECUTE FUNCTION tr()"
        )

    def policy(self) -> str:
        return self.one(
            f"CREATE POLICY p1 ON {self.table()} USING ({self.column()} IS NOT NULL)",
            f"CREATE POLICY p2 ON {self.table()} USING (f1() > 0)",
        )

    def sequence(self) -> str:
        return self.one(
            f"CREATE SEQUENCE {self.one(*_IF_NOT)}q1",
            f"CREATE SEQUENCE q2 OWNED BY {self.table()}.{self.column()}",
            f"ALTER SEQUENCE q1 OWNED BY {self.table()}.{self.column()}",
            "ALTER SEQUENCE q1 OWNED BY NONE",
            f"ALTER TABLE {self.table()} ALTER {self.column()} SET DEFAULT nextval('q1')",
        )

    def move(self) -> str:
        to = self.one("public", "s1", "s2")
        return self.one(
            f"ALTER TABLE {self.table()} SET SCHEMA {to}",
            f"ALTER TABLE {self.table()} SET SCHEMA {to}",
            f"ALTER TYPE {self.one('e1', 's1.e1')} SET SCHEMA {to}",
            f"ALTER FUNCTION {self.one('f1()', 's1.f1()', 'f2(int)')} SET SCHEMA {to}",
            f"ALTER VIEW {self.one('v1', 's1.v1')} SET SCHEMA {to}",
        )

    # -- what stands on its own less often -----------------------------------------------------------

    def simple(self) -> str:
        """A statement for a block or a transaction."""
        self.depth += 1
        try:
            return self.statement()
        finally:
            self.depth -= 1

    def owner(self) -> str:
        role = self.one("pg_monitor", "pg_read_all_data", "CURRENT_USER")
        return self.one(
            f"ALTER TABLE {self.one(*_IF)}{self.table()} OWNER TO {role}",
            f"ALTER TABLE {self.table()} OWNER TO {role}",
            f"ALTER VIEW {self.one('v1', 'v2')} OWNER TO {role}",
            f"ALTER MATERIALIZED VIEW m1 OWNER TO {role}",
            f"ALTER SEQUENCE {self.one('q1', 'q2', 't2_c_seq')} OWNER TO {role}",
            f"ALTER FUNCTION {self.one('f1()', 'f2', 'tr()')} OWNER TO {role}",
            f"ALTER TYPE {self.one('e1', 'c1', 'r1')} OWNER TO {role}",
            f"ALTER DOMAIN d1 OWNER TO {role}",
            f"ALTER SCHEMA s1 OWNER TO {role}",
            f"CREATE SCHEMA s2 AUTHORIZATION {role}",
            "REASSIGN OWNED BY pg_monitor TO pg_read_all_data",
            f"DROP OWNED BY pg_monitor{self.one(*_CASCADE)}",
        )

    def comment(self) -> str:
        text = self.one("'one'", "'two'", "NULL")
        return self.one(
            f"COMMENT ON TABLE {self.table()} IS {text}",
            f"COMMENT ON COLUMN {self.table()}.{self.column()} IS {text}",
            f"COMMENT ON COLUMN {self.one('v1', 'v2')}.a IS {text}",
            f"COMMENT ON VIEW {self.one('v1', 'v2')} IS {text}",
            f"COMMENT ON MATERIALIZED VIEW m1 IS {text}",
            f"COMMENT ON FUNCTION {self.one('f1()', 'f2', 'tr()')} IS {text}",
            f"COMMENT ON TYPE {self.one('e1', 'c1')} IS {text}",
            f"COMMENT ON DOMAIN d1 IS {text}",
            f"COMMENT ON SCHEMA s1 IS {text}",
        )

    def several(self) -> str:
        """ALTER TABLE with several subcommands, which are not carried out in the order they are written in."""
        commands = [self.command() for _ in range(self.dice.randint(2, 3))]
        return f"ALTER TABLE {self.table()} {', '.join(commands)}"

    def block(self) -> str:
        if self.depth:
            return self.alter_table()
        inner = self.simple()
        return self.one(
            f"DO $$ BEGIN {inner}; END $$",
            f"DO $$ BEGIN {inner}; {self.simple()}; END $$",
            f"DO $$ BEGIN EXECUTE {_quoted(inner)}; END $$",
            f"DO $$ BEGIN {inner}; EXCEPTION WHEN duplicate_object OR duplicate_table OR duplicate_column THEN NULL; END $$",
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 's1' AND tablename = 't1') THEN {inner}; END IF; END $$",
            f"DO $$ BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't1' "
            f"AND column_name = '{self.column()}') THEN {inner}; END IF; END $$",
            f"DO $$ BEGIN IF to_regclass('public.t3') IS NULL THEN {inner}; END IF; END $$",
            f"DO $$ BEGIN EXECUTE format('ALTER TABLE %I.%I ADD %I int', 'public', '{self.one(*_TABLES)}', '{self.column()}'); END $$",
            f"DO $$ DECLARE n text; BEGIN FOREACH n IN ARRAY ARRAY['a', 'b'] LOOP EXECUTE 'ALTER TABLE {self.table()} DROP COLUMN IF EXISTS ' || n; END LOOP; END $$",
        )

    def transaction(self) -> str:
        if self.depth:
            return self.alter_table()
        one, two, three = self.simple(), self.simple(), self.simple()
        return self.one(
            f"BEGIN; {one}; {two}; COMMIT",
            f"BEGIN; {one}; {two}; ROLLBACK",
            f"BEGIN; {one}; SAVEPOINT s; {two}; ROLLBACK TO s; {three}; COMMIT",
            f"BEGIN; {one}; SAVEPOINT s; {two}; RELEASE s; {three}; COMMIT",
            f"BEGIN; SAVEPOINT s; {one}; SAVEPOINT t; {two}; ROLLBACK TO SAVEPOINT s; {three}; END",
        )

    def typed(self) -> str:
        name = self.table()
        end = self.one(*_CASCADE)
        return self.one(
            f"CREATE TABLE {name} OF c1",
            f"CREATE TABLE {name} OF c1 (a WITH OPTIONS PRIMARY KEY)",
            f"ALTER TABLE {name} OF c1",
            f"ALTER TABLE {name} NOT OF",
            f"ALTER TYPE c1 ADD ATTRIBUTE {self.column()} {self.type_name()}{end}",
            f"ALTER TYPE c1 DROP ATTRIBUTE {self.one(*_IF)}{self.column()}{end}",
            f"ALTER TYPE c1 ALTER ATTRIBUTE {self.column()} TYPE {self.one('text', 'bigint', 'e1')}{end}",
            f"ALTER TYPE c1 ADD ATTRIBUTE {self.column()} int, DROP ATTRIBUTE {self.column()}",
            f"ALTER TYPE c1 RENAME ATTRIBUTE {self.column()} TO {self.column()}{end}",
            f"CREATE TYPE {self.one('r1', 's1.r1')} AS RANGE (subtype = {self.one('int', 'timestamptz')})",
            f"ALTER TABLE {name} ADD {self.column()} {self.one('r1', 'r1[]')}",
            f"DROP TYPE {self.one('r1', 'c1')}{end}",
            f"ALTER TYPE r1 RENAME TO {self.one('r1', 'r2')}",
        )

    def generated(self) -> str:
        column, other = self.column(), self.column()
        return f"ALTER TABLE {self.table()} " + self.one(
            f"ADD {column} int GENERATED ALWAYS AS ({other} * 2) STORED",
            f"ADD {column} int GENERATED ALWAYS AS ({other} * 2)",
            f"ADD {column} text GENERATED ALWAYS AS ('x') STORED",
            f"ALTER {column} DROP EXPRESSION{self.one('', ' IF EXISTS')}",
            f"ALTER {column} SET EXPRESSION AS (3)",
            f"ALTER {column} ADD GENERATED ALWAYS AS IDENTITY (START 5)",
            f"ALTER {column} SET GENERATED BY DEFAULT SET START 3",
            f"ALTER {column} DROP IDENTITY IF EXISTS",
            f"ADD {column} serial",
            f"ADD {column} int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        )

    def domain(self) -> str:
        return self.one(
            f"ALTER DOMAIN d1 ADD {self.one('', 'CONSTRAINT k1 ')}CHECK (VALUE IS NOT NULL){self.one('', ' NOT VALID')}",
            f"ALTER DOMAIN d1 DROP CONSTRAINT {self.one(*_IF)}{self.one('k1', 'd1_check')}",
            "ALTER DOMAIN d1 RENAME CONSTRAINT k1 TO k2",
            "ALTER DOMAIN d1 VALIDATE CONSTRAINT k1",
            f"ALTER DOMAIN d1 SET DEFAULT {self.one('1', 'NULL')}",
            "ALTER DOMAIN d1 DROP DEFAULT",
            "ALTER DOMAIN d1 DROP NOT NULL",
            "ALTER DOMAIN d1 RENAME TO d2",
            "ALTER DOMAIN d2 RENAME TO d1",
            f"ALTER DOMAIN d1 SET SCHEMA {self.one('s1', 'public')}",
            "ALTER DOMAIN s1.d1 SET SCHEMA public",
            "CREATE DOMAIN s1.d1 AS varchar(3) DEFAULT 'x'",
            "CREATE DOMAIN d2 AS d1",
        )

    def rule(self) -> str:
        return self.one(
            f"CREATE {self.one('', 'OR REPLACE ')}RULE u1 AS ON {self.one('INSERT', 'UPDATE')} TO {self.table()} DO {self.one('INSTEAD NOTHING', 'ALSO NOTIFY x')}",
            f"CREATE RULE u2 AS ON DELETE TO {self.table()} DO ALSO DELETE FROM {self.table()}",
            f"DROP RULE {self.one(*_IF)}u1 ON {self.table()}{self.one(*_CASCADE)}",
            f"ALTER RULE u1 ON {self.table()} RENAME TO u3",
            f"CREATE STATISTICS {self.one('', 'x1')} ON {self.column()}, {self.column()} FROM {self.table()}",
            f"DROP STATISTICS {self.one(*_IF)}x1",
            "ALTER STATISTICS x1 RENAME TO x2",
            f"ALTER STATISTICS x1 SET SCHEMA {self.one('s1', 'public')}",
        )

    def rename_more(self) -> str:
        to = self.one("public", "s1", "s2")
        return self.one(
            f"ALTER VIEW {self.one('v1', 'v2')} RENAME COLUMN {self.column()} TO {self.column()}",
            f"ALTER TABLE {self.one('v1', 'v2', 'm1')} RENAME COLUMN {self.column()} TO {self.column()}",
            f"ALTER TABLE {self.one('v1', 'q1', 'm1')} RENAME TO {self.one('v1', 'v2', 'q2', 'm2')}",
            f"ALTER MATERIALIZED VIEW {self.one('m1', 'm2')} RENAME TO {self.one('m1', 'm2')}",
            f"ALTER MATERIALIZED VIEW {self.one('m1', 's1.m1')} SET SCHEMA {to}",
            f"ALTER SEQUENCE {self.one('q1', 's1.q1', 't2_c_seq')} SET SCHEMA {to}",
            f"ALTER ROUTINE {self.one('f1', 'p1', 'f2(int)')} RENAME TO {self.one('f1', 'p2')}",
            f"CREATE {self.one('', 'OR REPLACE ')}PROCEDURE p1({self.one('', 'x int', 'x e1')}) LANGUAGE plpgsql AS 'BEGIN END'",
            f"DROP PROCEDURE {self.one(*_IF)}{self.one('p1', 'p1(int)', 'p2')}",
            f"CREATE AGGREGATE a1({self.one('int', 'bigint')}) (SFUNC = int8pl, STYPE = bigint)",
            f"ALTER AGGREGATE a1(bigint) RENAME TO {self.one('a1', 'a2')}",
            f"DROP AGGREGATE {self.one(*_IF)}a1(bigint){self.one(*_CASCADE)}",
            f"ALTER FUNCTION {self.one('f1()', 'f2(int)')} {self.one('IMMUTABLE', 'STRICT', 'SET work_mem = 1000', 'RESET work_mem', 'RESET ALL', 'SECURITY INVOKER', 'CALLED ON NULL INPUT')}",
            f"ALTER TABLE {self.table()} {self.one('DISABLE', 'ENABLE')} TRIGGER {self.one('g1', 'ALL')}",
            "ALTER TYPE e1 RENAME TO e4",
            f"ALTER VIEW v1 SET ({self.one('security_invoker', 'security_barrier')})",
            f"ALTER VIEW v1 ALTER COLUMN {self.column()} SET DEFAULT 1",
        )

    def path(self) -> str:
        if self.depth:
            return self.rename()
        inner = self.simple()
        return f"SET search_path = {self.one('s1, public', 's2', 'public, s1')}; {inner}; RESET search_path"

    def made_of_query(self) -> str:
        column = self.column()
        return self.one(
            f"CREATE TABLE {self.table()} AS SELECT {column}, {self.column()} AS z FROM {self.table()}",
            f"CREATE TABLE {self.one(*_IF_NOT)}{self.table()} AS SELECT * FROM {self.one(self.table(), 'v1')}",
            f"SELECT {column} INTO {self.table()} FROM {self.table()}",
            f"CREATE VIEW v1 AS SELECT * FROM {self.table()}",
            f"CREATE VIEW v2 AS SELECT x.* FROM {self.one(self.table(), 'v1')} x",
            f"CREATE VIEW v3 AS SELECT * FROM {self.one('v1', 'v2')} UNION ALL SELECT * FROM {self.one('v1', 'v2')}",
            f"CREATE OR REPLACE VIEW v1 AS SELECT *, 1 AS y FROM {self.table()}",
            f"CREATE VIEW v3 AS WITH w AS (SELECT * FROM {self.table()}) SELECT w.{column} FROM w",
            f"CREATE MATERIALIZED VIEW m1 AS SELECT * FROM {self.one(self.table(), 'v1')}",
            f"CREATE VIEW v2 (k, l) AS SELECT {column}, f1() FROM {self.table()}",
            f"CREATE VIEW v1 AS SELECT c, {column} FROM {self.table()} WHERE f2(1) > {column}",
            f"CREATE VIEW v2 AS SELECT t1.{column} FROM t1 JOIN t2 USING (a)",
        )

    def depends(self) -> str:
        return self.one(
            f"ALTER FUNCTION {self.one('f1()', 'f2(int)', 'tr()')} DEPENDS ON EXTENSION hstore",
            "ALTER FUNCTION f1() NO DEPENDS ON EXTENSION hstore",
            f"ALTER INDEX i1 {self.one('', 'NO ')}DEPENDS ON EXTENSION hstore",
            "ALTER TRIGGER g1 ON t1 DEPENDS ON EXTENSION hstore",
            "ALTER MATERIALIZED VIEW m1 DEPENDS ON EXTENSION hstore",
            "DROP EXTENSION hstore",
        )

    def constraint_more(self) -> str:
        column = self.column()
        key = self.one("k1", "k2", f"t1_{column}_key", f"t2_{column}_fkey", f"t1_{column}_check")
        return self.one(
            f"ALTER TABLE {self.table()} ADD CONSTRAINT k1 CHECK ({column} IS NOT NULL) {self.one('NOT VALID', 'NO INHERIT', 'NOT ENFORCED')}",
            f"ALTER TABLE {self.table()} ADD CONSTRAINT k1 FOREIGN KEY ({column}) REFERENCES {self.table()} {self.one('NOT VALID', 'ON DELETE CASCADE', 'DEFERRABLE')}",
            f"ALTER TABLE {self.table()} VALIDATE CONSTRAINT {key}",
            f"ALTER TABLE {self.table()} ALTER CONSTRAINT {key} {self.one('DEFERRABLE INITIALLY DEFERRED', 'NOT DEFERRABLE', 'NOT ENFORCED', 'ENFORCED')}",
            f"ALTER TABLE {self.table()} ADD CONSTRAINT k2 NOT NULL {column}{self.one('', ' NOT VALID', ' NO INHERIT')}",
            f"ALTER TABLE {self.table()} ADD CONSTRAINT k3 UNIQUE USING INDEX i1",
            f"CREATE UNIQUE INDEX {self.one('i1', 'i2')} ON {self.table()} ({column})",
            f"CREATE INDEX ON {self.table()} ((f2({column})), {self.column()}) INCLUDE ({self.column()})",
            f"CREATE INDEX i2 ON ONLY {self.table()} (a)",
            "ALTER INDEX i2 ATTACH PARTITION i1",
            f"CREATE TABLE {self.table()} (a int, b text, EXCLUDE USING btree (a WITH =))",
            f"CREATE TABLE {self.table()} () INHERITS ({self.table()}, {self.table()})",
            f"CREATE TABLE {self.table()} (a int NOT NULL NO INHERIT, b int CHECK (b > 0) NO INHERIT, c int REFERENCES t1 ON DELETE SET NULL)",
            f"CREATE TABLE {self.table()} PARTITION OF {self.table()} DEFAULT PARTITION BY RANGE ({column})",
            f"CREATE TABLE {self.table()} PARTITION OF {self.table()} FOR VALUES FROM (1) TO (10)",
            f"CREATE TABLE {self.table()} (a int, b text, c int, PRIMARY KEY (a, {self.one('b', 'c')})) PARTITION BY {self.one('RANGE (a)', 'HASH (a)', 'LIST (a)')}",
            f"ALTER TABLE ONLY {self.table()} {self.command()}",
            f"CREATE TRIGGER g2 AFTER UPDATE OF {column} ON {self.table()} FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION tr()",
            f"CREATE TRIGGER g1 AFTER INSERT ON {self.table()} {self.one('REFERENCING NEW TABLE AS n ', '')}FOR EACH STATEMENT EXECUTE FUNCTION tr()",
            f"ALTER POLICY p1 ON {self.table()} {self.one('TO pg_monitor', 'USING (true)')}",
            f"CREATE POLICY p2 ON {self.table()} FOR {self.one('SELECT', 'UPDATE')} TO {self.one('pg_monitor', 'PUBLIC')} USING (EXISTS (SELECT FROM {self.table()} x WHERE x.{column} IS NOT NULL))",
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


__all__ = ["PRELUDE", "Generator"]
