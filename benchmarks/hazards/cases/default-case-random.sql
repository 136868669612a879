-- hazard: add-column-volatile-default-hidden
-- label: harmful
-- twin: default-case-stable
-- postgres: 13..18
-- runner: file
-- why: the volatile call hides in a CASE
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN bucket integer DEFAULT CASE WHEN random() < 0.5 THEN 0 ELSE 1 END;
