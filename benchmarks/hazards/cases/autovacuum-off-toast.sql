-- hazard: disable-autovacuum
-- label: harmful
-- twin: autovacuum-tuned
-- postgres: 13..18
-- runner: file
-- why: dead values of the long columns are never taken away
-- proof: after (SELECT 'autovacuum_enabled=off' = ANY (t.reloptions) FROM pg_class AS t JOIN pg_class AS c ON c.reltoastrelid = t.oid WHERE c.relname = 'orders')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET (toast.autovacuum_enabled = off);
