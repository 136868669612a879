-- hazard: feature-newer-than-target
-- label: harmful
-- twin: version-any-value-16
-- postgres: 13..15
-- runner: file
-- why: any_value() came with 16
-- proof: error 42883
-- expects: missing-object
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE VIEW samples AS SELECT customer_id, any_value(note) AS note FROM orders GROUP BY customer_id;
