-- hazard: create-trigger-lock
-- label: harmless
-- twin: create-trigger
-- postgres: 13..18
-- runner: file
-- why: a trigger on a view that the migration makes keeps nobody out
-- proof: lock orders ACCESS SHARE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
-- change:
CREATE VIEW small_orders AS SELECT id, qty FROM orders WHERE qty < 10;
CREATE TRIGGER small_orders_quiet INSTEAD OF INSERT ON small_orders FOR EACH ROW EXECUTE FUNCTION refuse();
