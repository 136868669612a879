-- hazard: add-column-volatile-default
-- label: harmful
-- twin: default-two-constants
-- postgres: 13..18
-- runner: file
-- why: one volatile default among several subcommands is enough
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders
    ADD COLUMN level integer DEFAULT 0,
    ADD COLUMN lottery double precision DEFAULT random();
