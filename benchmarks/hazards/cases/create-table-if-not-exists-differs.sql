-- hazard: if-not-exists-hides-drift
-- label: harmful
-- twin: new-table-whole
-- postgres: 13..18
-- runner: file
-- why: the table exists with other columns, and stays as it is
-- proof: after NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'priority')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text, priority integer);
