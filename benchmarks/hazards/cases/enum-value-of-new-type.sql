-- hazard: enum-value-used-in-same-transaction
-- label: harmless
-- twin: enum-value-of-new-type-16
-- postgres: 17..18
-- runner: file
-- why: the type itself was made in this transaction
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TYPE shade AS ENUM ('light');
ALTER TYPE shade ADD VALUE 'dark';
CREATE TABLE walls (id bigint PRIMARY KEY, shade shade DEFAULT 'dark');
INSERT INTO walls VALUES (1, 'dark');
