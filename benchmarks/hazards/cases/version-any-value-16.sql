-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-any-value
-- postgres: 16..18
-- runner: file
-- why: any_value() came with 16
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE VIEW samples AS SELECT customer_id, any_value(note) AS note FROM orders GROUP BY customer_id;
