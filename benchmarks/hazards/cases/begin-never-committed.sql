-- hazard: uncommitted-transaction
-- label: harmful
-- twin: begin-unwrapped
-- postgres: 13..18
-- runner: none
-- why: the transaction is rolled back when the session ends
-- proof: after pg_current_xact_id_if_assigned() IS NOT NULL
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
BEGIN;
CREATE TABLE parcels (id bigint PRIMARY KEY);
