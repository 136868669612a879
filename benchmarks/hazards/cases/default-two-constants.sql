-- hazard: add-column-volatile-default
-- label: harmless
-- twin: default-one-of-two
-- postgres: 13..18
-- runner: file
-- why: both defaults are constants
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders
    ADD COLUMN level integer NOT NULL DEFAULT 0,
    ADD COLUMN kind text NOT NULL DEFAULT lower('PLAIN');
