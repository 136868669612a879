-- hazard: enum-value-used-in-same-transaction
-- label: harmful
-- twin: enum-value-of-new-type
-- postgres: 13..16
-- runner: file
-- why: before 17 a label that was added is unsafe even where the type was made in this transaction
-- proof: error 55P04
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TYPE shade AS ENUM ('light');
ALTER TYPE shade ADD VALUE 'dark';
CREATE TABLE walls (id bigint PRIMARY KEY, shade shade DEFAULT 'dark');
