-- hazard: set-access-method
-- label: harmless
-- twin: set-access-method-other
-- postgres: 15..18
-- runner: file
-- why: the table has this access method already
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET ACCESS METHOD heap;
