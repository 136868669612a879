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
        ]

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
        command = self.one(
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
            "ENABLE ROW LEVEL SECURITY",
            "SET UNLOGGED",
        )
        return f"ALTER TABLE {self.one(*_IF)}{self.table()} {command}"

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


__all__ = ["PRELUDE", "Generator"]
