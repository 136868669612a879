-- hazard: statement-after-write-blocking-lock
-- label: harmful
-- twin: comment-and-grant
-- postgres: 13..18
-- runner: file
-- why: writers wait while all of another table is updated
-- proof: work-under-lock orders
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- change:
CREATE TRIGGER orders_stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
UPDATE customers SET name = upper(name) WHERE name IS NOT NULL;
