-- hazard: alter-generated-expression
-- label: harmful
-- twin: set-expression-virtual
-- postgres: 17..18
-- runner: file
-- why: the stored column is computed for every row, the table written anew
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (total * 1.2) STORED;
-- change:
ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (total * 1.25);
