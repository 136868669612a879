-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-is-json
-- postgres: 16..18
-- runner: file
-- why: IS JSON came with 16
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, body text CHECK (body IS JSON));
