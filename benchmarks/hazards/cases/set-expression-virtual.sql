-- hazard: alter-generated-expression
-- label: harmless
-- twin: set-expression
-- postgres: 18..18
-- runner: file
-- why: a virtual column is computed when it is read
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (total * 1.2) VIRTUAL;
-- change:
ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (total * 1.25);
