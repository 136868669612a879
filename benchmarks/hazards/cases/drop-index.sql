-- hazard: drop-index-non-concurrent
-- label: harmful
-- twin: drop-index-concurrently
-- postgres: 13..18
-- runner: file
-- why: the table is locked against everyone
-- proof: lock orders ACCESS EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_note ON orders (note);
-- change:
DROP INDEX orders_note;
