"""The schema that the cases stand on, and the cases: bodies and queries, harmful ones with the fault marked.

A mark `«word»` stands where PostgreSQL raises undefined_column, undefined_function, undefined_table, undefined_object
or ambiguous_function when the case is run; a case without one must run, and nothing may be said about it.
"""

from typing import NamedTuple

SCHEMA = """
CREATE SCHEMA app;
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, email text, attrs jsonb, tags text[]);
CREATE TABLE w_order (
    id int PRIMARY KEY, customer_id int REFERENCES customer, total numeric NOT NULL DEFAULT 0, state text,
    placed_at timestamptz DEFAULT now(), UNIQUE (customer_id, state)
);
CREATE TABLE w_line (order_id int, no int, qty int, price numeric, PRIMARY KEY (order_id, no));
CREATE TABLE app.audit (id bigserial, what text, row_data jsonb);
CREATE TABLE plain (a int, b text);
CREATE TYPE addr AS (street text, city text, zip int);
CREATE TABLE person (id int, home addr, homes addr[]);
CREATE VIEW v_order AS SELECT o.id, o.total, c.name AS customer FROM w_order o JOIN customer c ON c.id = o.customer_id;
CREATE FUNCTION add_tax(amount numeric, rate numeric DEFAULT 0.2) RETURNS numeric LANGUAGE sql
AS 'SELECT amount * (1 + rate)';
CREATE FUNCTION lines_of(p_order int) RETURNS TABLE (line_no int, amount numeric) LANGUAGE sql
AS 'SELECT no, qty * price FROM w_line WHERE order_id = p_order';
CREATE FUNCTION one_order(p_id int) RETURNS w_order LANGUAGE sql AS 'SELECT * FROM w_order WHERE id = p_id';
CREATE FUNCTION pair(OUT first_value int, OUT second_value text) LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE FUNCTION any_rows() RETURNS SETOF record LANGUAGE sql AS 'SELECT id, total FROM w_order';
CREATE FUNCTION total_of(o w_order) RETURNS numeric LANGUAGE sql AS 'SELECT o.total';
CREATE FUNCTION sum_all(VARIADIC xs int[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(x) FROM unnest(xs) x';
CREATE PROCEDURE touch(p_id int, INOUT seen int DEFAULT 0) LANGUAGE plpgsql AS 'BEGIN seen := p_id; END';
CREATE SEQUENCE numbers;
CREATE TYPE mood AS ENUM ('calm', 'busy');
INSERT INTO customer VALUES (1, 'A', 'a@example.org', '{"k": 1}', '{x,y}');
INSERT INTO w_order VALUES (1, 1, 10, 'open');
INSERT INTO w_line VALUES (1, 1, 2, 5);
INSERT INTO plain VALUES (1, 'b');
INSERT INTO person VALUES (1, ROW ('s', 'c', 1), ARRAY[ROW ('s', 'c', 1)::addr]);
"""


class Case(NamedTuple):
    """SQL to build and SQL to run, with the faults marked."""

    name: str
    text: str


def plpgsql(name: str, body: str, declare: str = "", head: str = "f()", returns: str = "void") -> Case:
    """A PL/pgSQL function without arguments that is called once."""
    declared = f"DECLARE {declare}\n" if declare else ""
    return Case(
        name,
        f"CREATE FUNCTION {head} RETURNS {returns} LANGUAGE plpgsql AS $f$\n{declared}BEGIN\n  {body}\nEND $f$;\nSELECT * FROM f();",
    )


def sql(name: str, body: str, returns: str = "void", head: str = "f()") -> Case:
    """A function in SQL, which PostgreSQL checks when it is created."""
    return Case(name, f"CREATE FUNCTION {head} RETURNS {returns} LANGUAGE sql AS $f$\n  {body}\n$f$;")


def trigger(name: str, body: str, on: str = "w_order", events: str = "UPDATE", declare: str = "") -> Case:
    """A trigger function, fired by an UPDATE that changes nothing."""
    declared = f"DECLARE {declare}\n" if declare else ""
    column = "b" if on == "plain" else "state" if on == "w_order" else "qty"
    return Case(
        name,
        f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$\n{declared}BEGIN\n  {body}\nEND $f$;\n"
        f"CREATE TRIGGER tr BEFORE {events} ON {on} FOR EACH ROW EXECUTE FUNCTION f();\n"
        f"UPDATE {on} SET {column} = {column};",
    )
