-- hazard: create-rule
-- label: harmful
-- twin: create-trigger-on-new-view
-- postgres: 13..18
-- runner: file
-- why: the table is locked against everyone, and its INSERTs mean something else
-- proof: lock orders ACCESS EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE RULE orders_quiet AS ON INSERT TO orders WHERE new.qty < 0 DO INSTEAD NOTHING;
