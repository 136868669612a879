-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-underscore-number
-- postgres: 16..18
-- runner: file
-- why: underscores in numbers came with 16
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN limit_cents bigint NOT NULL DEFAULT 1_000_000;
