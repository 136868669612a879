-- hazard: set-tablespace
-- label: harmful
-- twin: set-tablespace-same
-- postgres: 15..18
-- runner: file
-- why: the table is copied while nobody can use it
-- proof: rewrite orders
-- proof: lock orders ACCESS EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE hz_space LOCATION '';
-- change:
ALTER TABLE orders SET TABLESPACE hz_space;
